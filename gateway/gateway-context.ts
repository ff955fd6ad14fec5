import type { Actor } from '#kernel/actor';

/** What the gateway knows of a request while it runs; the actor carries the trace id. */
export interface GatewayContext {
  readonly actor: Actor;
}
