import type { AdmittedOperation, KnownOperation } from '../operations/admission.ts';

/** An operation that was asked lately. */
export interface RecentOperation {
  readonly hash: string;
  readonly name: string | null;
  readonly type: string;
  readonly text: string;
  readonly cost: number;
  /** How often since it is remembered. */
  readonly calls: number;
  /** Of the last call. */
  readonly milliseconds: number;
}

/** The operations asked lately, without their variables. */
export interface RecentOperations {
  seen(admitted: AdmittedOperation, milliseconds: number): void;
  /** The latest first. */
  list(): RecentOperation[];
}

interface Entry {
  readonly known: KnownOperation;
  calls: number;
  cost: number;
  milliseconds: number;
  at: number;
}

const longestText = 20_000;

/** Remembers at most `capacity` operations; the one not asked for longest goes first. */
export function recentOperations(capacity: number): RecentOperations {
  const entries = new Map<KnownOperation, Entry>();
  let clock = 0;
  return {
    seen({ known, cost }, milliseconds) {
      let entry = entries.get(known);
      if (!entry) {
        if (known.text.length > longestText) return;
        if (entries.size >= capacity) forgetOldest(entries);
        entries.set(known, (entry = { known, calls: 0, cost, milliseconds, at: 0 }));
      }
      entry.calls += 1;
      entry.cost = cost;
      entry.milliseconds = milliseconds;
      entry.at = clock += 1;
    },
    list: () =>
      [...entries.values()]
        .toSorted((one, other) => other.at - one.at)
        .map(({ known, cost, calls, milliseconds }) => ({
          hash: known.hash,
          name: known.operation.name?.value ?? null,
          type: known.operation.operation,
          text: known.text,
          cost,
          calls,
          milliseconds: Math.round(milliseconds * 10) / 10,
        })),
  };
}

function forgetOldest(entries: Map<KnownOperation, Entry>): void {
  let oldest: Entry | undefined;
  for (const entry of entries.values()) if (!oldest || entry.at < oldest.at) oldest = entry;
  if (oldest) entries.delete(oldest.known);
}
