import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

/** Tells whoever balances load that this gateway is about to stop, while it still answers. */
export interface Drain {
  readonly isDraining: boolean;
  /** `/readyz` says no from now on; resolves when others have had time to see it. */
  begin(): Promise<void>;
}

/** A drain that lasts so long. */
export function createDrain(milliseconds: number): Drain {
  let isDraining = false;
  return {
    get isDraining() {
      return isDraining;
    },
    async begin() {
      if (isDraining) return;
      isDraining = true;
      if (milliseconds > 0) await sleep(milliseconds);
    },
  };
}

/** While draining, answers ask their clients to come back over another connection. */
export function leaveConnections(server: FastifyInstance, drain: Drain): void {
  server.addHook('onSend', (_request, reply, _payload, done) => {
    if (drain.isDraining) reply.header('connection', 'close');
    done();
  });
}
