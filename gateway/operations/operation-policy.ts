import type { Registry } from 'prom-client';
import type { Config } from '#kernel/config';
import type { Gate } from './admission.ts';
import { createPersistedOperations, type ResolveText } from './persisted.ts';
import { noRegisteredOperations, type RegisteredOperations } from './registered-operations.ts';
import { createSafelist } from './safelist.ts';

/** How operations are named, which are let through, and who is remembered to have sent them. */
export interface OperationPolicy {
  readonly resolveText: ResolveText;
  /** To be asked after those that refuse for other reasons. */
  readonly gates: readonly Gate[];
}

/** What decides about operations besides the graph itself. */
export interface PolicyOptions {
  readonly config: Partial<Pick<Config, 'safelist'>>;
  /** Operations that clients announced before; none when left out. */
  readonly registered?: RegisteredOperations | undefined;
  readonly registry: Registry;
}

/** Puts the parts together; what they remember outlives a change of the graph. */
export function createOperationPolicy({ config, registry, ...options }: PolicyOptions): OperationPolicy {
  const registered = options.registered ?? noRegisteredOperations;
  const { safelist } = config;
  return {
    resolveText: createPersistedOperations(registered),
    gates: safelist ? [createSafelist({ modes: safelist, registered, registry })] : [],
  };
}
