import { canonicalJson } from '#kernel/canonical';

/** What the text of a record says; the kernel writes it when a command commits. */
export interface RecordFacts {
  readonly occurredAt: string;
  readonly actorId: string;
  readonly actorKind: string;
  readonly actorName: string;
  /** The person behind a member, key or embed session. */
  readonly memberId?: string;
  readonly source: string;
  readonly subjectType: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

const known = new WeakMap<object, RecordFacts>();

/** Reads the text of a record, once for each row. Throws a SyntaxError for a text no command left. */
export function factsOf(row: { readonly record: string }): RecordFacts {
  let facts = known.get(row);
  if (!facts) {
    facts = JSON.parse(row.record) as RecordFacts;
    known.set(row, facts);
  }
  return facts;
}

/** A part of a record as canonical JSON; null where the record has none. */
export function jsonOf(value: unknown): string | null {
  return value === undefined ? null : canonicalJson(value);
}
