import type { Actor } from '#kernel/actor';
import type { AdmittedOperation } from './operations/admission.ts';

/** What the gateway knows of a request while it runs; the actor carries the trace id. */
export interface GatewayContext {
  readonly actor: Actor;
  /** The operation as it was let in. */
  readonly admitted?: AdmittedOperation | undefined;
}
