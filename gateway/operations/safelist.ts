import { Counter, type Registry } from 'prom-client';
import { viewOf } from '#kernel/actor';
import type { SafelistConfig } from '#kernel/edge-config';
import { CrossfootError } from '#kernel/errors';
import type { Gate } from './admission.ts';
import { boundedLabels } from './bounded-labels.ts';
import type { RegisteredOperations } from './registered-operations.ts';

interface SafelistOptions {
  readonly modes: SafelistConfig;
  readonly registered: RegisteredOperations;
  readonly registry: Registry;
}

/** Makes the gate that keeps to registered operations. Throws OPERATION_NOT_REGISTERED. */
export function createSafelist({ modes, registered, registry }: SafelistOptions): Gate {
  const strangers = new Counter({
    name: 'crossfoot_unregistered_operations_total',
    help: 'Operations nobody registered, by view, client and whether they were refused.',
    labelNames: ['view', 'client', 'outcome'],
    registers: [registry],
  });
  const label = boundedLabels();
  return ({ hash }, { actor, client }) => {
    const view = viewOf(actor);
    const mode = modes[view];
    if (mode === 'off' || registered.has(hash)) return;
    const outcome = mode === 'enforce' ? 'refused' : 'let through';
    strangers.inc({ view, client: label(client.name), outcome });
    if (mode === 'enforce') {
      throw new CrossfootError(
        'OPERATION_NOT_REGISTERED',
        `The view ${view} answers registered operations only, and none has the SHA-256 ${hash}`,
      );
    }
  };
}
