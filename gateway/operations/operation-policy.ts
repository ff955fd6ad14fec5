import type { GraphQLSchema } from 'graphql';
import type { Registry } from 'prom-client';
import type { Config } from '#kernel/config';
import type { Log } from '#kernel/log';
import { recordUsage } from '../usage/usage.ts';
import type { UsageStore } from '../usage/usage-store.ts';
import type { Gate } from './admission.ts';
import { createPersistedOperations, type ResolveText } from './persisted.ts';
import { noRegisteredOperations, type RegisteredOperations } from './registered-operations.ts';
import { createSafelist } from './safelist.ts';

/** How operations are named, which are let through, and who is remembered to have sent them. */
export interface OperationPolicy {
  readonly resolveText: ResolveText;
  /** To be asked after those that refuse for other reasons. */
  readonly gates: readonly Gate[];
  /** Stores what was counted last. */
  stop(): Promise<void>;
}

/** What decides about operations besides the graph itself. */
export interface PolicyOptions {
  readonly config: Partial<Pick<Config, 'safelist'>>;
  /** Operations that clients announced before; none when left out. */
  readonly registered?: RegisteredOperations | undefined;
  /** Where it is kept who uses what; nobody counts when left out. */
  readonly usage?: UsageStore | undefined;
  /** The whole graph that is in force. */
  readonly schema: () => GraphQLSchema;
  readonly registry: Registry;
  readonly log: Log;
}

/** Puts the parts together; what they remember outlives a change of the graph. */
export function createOperationPolicy(options: PolicyOptions): OperationPolicy {
  const { config, registry, usage: store } = options;
  const registered = options.registered ?? noRegisteredOperations;
  const { safelist } = config;
  const usage = store && recordUsage({ ...options, store });
  return {
    resolveText: createPersistedOperations(registered),
    gates: [
      ...(safelist ? [createSafelist({ modes: safelist, registered, registry })] : []),
      ...(usage ? [usage.gate] : []),
    ],
    stop: async () => usage?.stop(),
  };
}
