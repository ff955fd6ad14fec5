import { canonicalJson, sha256Hex } from '#kernel/canonical';
import type { Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import type { NewEntry } from './entry.ts';

/** An entry that was posted before under a key that came again. */
export interface EarlierPosting {
  readonly id: string;
  readonly number: string;
}

interface EarlierRow extends EarlierPosting {
  readonly book_id: string;
  readonly idempotency_key: string;
  readonly input_hash: string;
}

/** What of an entry makes it the same entry when its key is sent again. */
export function hashOf(entry: NewEntry): string {
  const { bookId, kind, postedOn, description, vendorId, documentId, reversalOf, fields, cause } = entry;
  const lines = entry.lines.map(({ money, functional, rate, tax, ...line }) => ({
    ...line,
    minor: String(money.minor),
    currency: money.currency,
    functional: functional === undefined ? undefined : String(functional),
    rate: rate && { ...rate },
    tax: tax && { ...tax },
  }));
  const said = {
    bookId,
    kind,
    postedOn,
    description,
    vendorId,
    documentId,
    reversalOf,
    fields,
    cause,
    lines,
  };
  return sha256Hex(canonicalJson(said));
}

/**
 * The entries that stand in the books already, by their place in the list: those whose key was used for the same
 * content. Throws IDEMPOTENCY_CONFLICT when a key was used for other content, in the books or within the list.
 */
export async function earlierPostings(
  transaction: Transaction,
  entries: readonly NewEntry[],
): Promise<Map<number, EarlierPosting>> {
  const keyed = entries.flatMap((entry, place) =>
    entry.idempotencyKey === undefined ? [] : [{ entry, place, key: entry.idempotencyKey }],
  );
  if (keyed.length === 0) return new Map();
  const seen = new Set<string>();
  for (const { entry, place, key } of keyed) {
    const name = `${entry.bookId} ${key}`;
    if (seen.has(name)) throw conflict(key, 'twice in this batch', place);
    seen.add(name);
  }
  const rows = await transaction.query<EarlierRow>(
    `select e.id, e.number, e.book_id, e.idempotency_key, e.input_hash
       from transactions.journal_entry e
       join unnest($1::text[], $2::text[]) as w (book_id, idempotency_key) using (book_id, idempotency_key)`,
    [keyed.map(({ entry }) => entry.bookId), keyed.map(({ key }) => key)],
  );
  const known = new Map(rows.map((row) => [`${row.book_id} ${row.idempotency_key}`, row]));
  const earlier = new Map<number, EarlierPosting>();
  for (const { entry, place, key } of keyed) {
    const row = known.get(`${entry.bookId} ${key}`);
    if (!row) continue;
    if (row.input_hash !== hashOf(entry)) throw conflict(key, `for other content: ${row.number}`, place);
    earlier.set(place, { id: row.id, number: row.number });
  }
  return earlier;
}

function conflict(key: string, what: string, place: number): CrossfootError {
  return new CrossfootError('IDEMPOTENCY_CONFLICT', `The key ${key} of an entry was used ${what}`, {
    path: ['entries', String(place), 'idempotencyKey'],
  });
}
