import type { RecordedUse } from '../usage/usage-store.ts';
import type { SchemaChange } from './schema-changes.ts';

/** Somebody who uses what a change touches. */
export interface Use {
  /** The client as it names itself, or the manifest in which the operation is registered. */
  readonly client: string;
  readonly version: string;
  /** The operation by name, or by the beginning of its hash where it has none. */
  readonly operation: string;
  /** How often in the span looked at; 0 for what is only registered. */
  readonly count: number;
  readonly lastUsedAt: string | undefined;
}

/** What is to be said about a change. */
export type Verdict =
  /** Breaks somebody who uses it, or nobody recorded who does. */
  | 'breaks'
  /** Breaking, but nobody used it in the span and nobody has registered it. */
  | 'unused'
  | 'dangerous'
  | 'safe';

/** A change with who is concerned. */
export interface JudgedChange extends SchemaChange {
  readonly verdict: Verdict;
  readonly uses: readonly Use[];
}

/** What is known of who uses the schema. */
export interface KnownUsage {
  readonly recorded: readonly RecordedUse[];
  readonly registered: readonly Pick<RecordedUse, 'client' | 'hash' | 'name' | 'coordinates'>[];
  /** Whether gateways have counted at all in the span; without that nothing is proven to be unused. */
  readonly isRecorded: boolean;
}

/** Judges each change by who uses what it touches. */
export function judgeChanges(changes: readonly SchemaChange[], usage: KnownUsage): readonly JudgedChange[] {
  const sent = [
    ...usage.recorded.map((one) => ({ coordinates: one.coordinates, use: useOf(one) })),
    ...usage.registered.map((one) => ({
      coordinates: one.coordinates,
      use: useOf({ ...one, version: '', count: 0, lastUsedAt: undefined }),
    })),
  ];
  return changes.map((change) => {
    if (change.criticality === 'safe') return { ...change, verdict: 'safe', uses: [] };
    const uses = sent
      .filter(({ coordinates }) => coordinates.some((one) => change.concerns.some((it) => covers(it, one))))
      .map(({ use }) => use);
    if (change.criticality === 'dangerous') return { ...change, verdict: 'dangerous', uses };
    return { ...change, verdict: uses.length > 0 || !usage.isRecorded ? 'breaks' : 'unused', uses };
  });
}

/** The coordinates that operations used and a schema does not have, as changes that break them. */
export function goneFrom(
  exists: (coordinate: string) => boolean,
  usage: Pick<KnownUsage, 'recorded' | 'registered'>,
): readonly SchemaChange[] {
  const used = new Set([...usage.recorded, ...usage.registered].flatMap(({ coordinates }) => coordinates));
  return [...used]
    .filter((coordinate) => !exists(coordinate))
    .toSorted()
    .map((coordinate) => ({
      criticality: 'breaking',
      coordinate,
      message: `${coordinate} is not there`,
      concerns: [coordinate],
    }));
}

function covers(concern: string, coordinate: string): boolean {
  return concern.endsWith('.*') ? coordinate.startsWith(concern.slice(0, -1)) : concern === coordinate;
}

function useOf(
  one: Pick<RecordedUse, 'client' | 'version' | 'hash' | 'name' | 'count'> & {
    readonly lastUsedAt: Date | undefined;
  },
): Use {
  return {
    client: one.client,
    version: one.version,
    operation: one.name === '' ? one.hash.slice(0, 12) : one.name,
    count: one.count,
    lastUsedAt: one.lastUsedAt?.toISOString(),
  };
}
