import { Counter, type Registry } from 'prom-client';
import type { GraphQLSchema } from 'graphql';
import type { Log } from '#kernel/log';
import type { Gate, KnownOperation } from '../operations/admission.ts';
import { boundedLabels } from '../operations/bounded-labels.ts';
import { profileOf, type OperationProfile } from './coordinates.ts';
import type { UsageCount, UsageStore } from './usage-store.ts';

const flushMilliseconds = 60_000;
/** Of one minute; a caller who makes up operations or client names fills no table. */
const mostCounts = 10_000;

/** Counts who uses what. */
export interface UsageRecorder {
  /** Refuses nothing. */
  readonly gate: Gate;
  /** Hands over what was counted since the last time; it is kept for the next time when the store is away. */
  flush(): Promise<void>;
  /** Hands over the rest and counts no more. */
  stop(): Promise<void>;
}

interface UsageOptions {
  readonly store: UsageStore;
  /** The whole graph that is in force. */
  readonly schema: () => GraphQLSchema;
  readonly registry: Registry;
  readonly log: Log;
}

type Open = { -readonly [Key in keyof UsageCount]: UsageCount[Key] };

/** Starts counting. Counts stay in memory for a minute at most, which is what a process that is killed loses. */
export function recordUsage({ store, schema, registry, log }: UsageOptions): UsageRecorder {
  const uses = deprecatedUses(registry);
  const label = boundedLabels();
  const profiles = new WeakMap<KnownOperation, OperationProfile>();
  let counts = new Map<string, Open>();
  let operations = new Map<string, OperationProfile>();
  const profiled = (known: KnownOperation): OperationProfile => {
    const profile = profileOf(schema(), known);
    profiles.set(known, profile);
    return profile;
  };
  const count = (use: UsageCount): void => {
    const key = `${use.day}\0${use.client}\0${use.version}\0${use.hash}`;
    const known = counts.get(key);
    if (known) {
      known.count += use.count;
      if (known.lastUsedAt < use.lastUsedAt) known.lastUsedAt = use.lastUsedAt;
    } else if (counts.size < mostCounts) {
      counts.set(key, { ...use });
    }
  };
  const flush = async (): Promise<void> => {
    if (counts.size === 0) return;
    const [handed, named] = [counts, operations];
    counts = new Map();
    operations = new Map();
    try {
      await store.add({ counts: [...handed.values()], operations: [...named.values()] });
    } catch (error) {
      log.warn({ err: error }, 'what was used could not be stored; it is kept for the next time');
      for (const use of handed.values()) count(use);
      for (const [hash, profile] of named) operations.set(hash, profile);
    }
  };
  const timer = setInterval(() => void flush(), flushMilliseconds).unref();
  return {
    gate({ known }, { client }) {
      const profile = profiles.get(known) ?? profiled(known);
      const { hash } = profile;
      const now = new Date();
      const day = now.toISOString().slice(0, 10);
      count({ day, client: client.name, version: client.version, hash, count: 1, lastUsedAt: now });
      if (!operations.has(hash) && operations.size < mostCounts) operations.set(hash, profile);
      for (const field of profile.deprecated) uses.inc({ field, client: label(client.name) });
    },
    flush,
    async stop() {
      clearInterval(timer);
      await flush();
    },
  };
}

function deprecatedUses(registry: Registry): Counter<'field' | 'client'> {
  return new Counter({
    name: 'crossfoot_deprecated_field_uses_total',
    help: 'Operations that used something deprecated, by its schema coordinate and the client.',
    labelNames: ['field', 'client'],
    registers: [registry],
  });
}
