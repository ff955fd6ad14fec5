import type { Ask } from './load-history.ts';
import type { Candidate } from './propose-resolutions.ts';

/** A line for which open items are sought. */
export interface SeekingLine {
  readonly id: string;
  readonly minor: bigint;
  readonly currency: string;
  readonly counterpartyName: string | null;
  readonly text: string;
  readonly references: readonly string[];
  /** What the matcher saw when the exception was raised. */
  readonly seen: readonly string[];
}

const mostCandidates = 12;
const mostTokens = 20;

/**
 * The open items of a book that may answer to lines, as they stand now: those the matcher saw, those the line names,
 * those of the same other side, those of the same amount. One statement for all lines, each way of finding an equality
 * that the planner can hash.
 */
export async function loadCandidates(
  ask: Ask,
  bookId: string,
  lines: readonly SeekingLine[],
): Promise<Map<string, Candidate[]>> {
  if (lines.length === 0) return new Map();
  const wanted = lines.map((line) => ({
    line_id: line.id,
    minor: String(line.minor),
    currency: line.currency,
    name: line.counterpartyName?.toLowerCase() ?? null,
    tokens: tokensOf(line),
    seen: line.seen,
  }));
  const rows = await ask<{
    line_id: string;
    id: string;
    label: string;
    open_minor: string;
    currency: string;
    vendor_id: string | null;
    score: number;
  }>(
    `with wanted as (
       select * from jsonb_to_recordset($1::jsonb)
         as w (line_id text, minor bigint, currency text, name text, tokens text[], seen text[])
     ), item as (
       select id, label, reference, open_minor, currency, vendor_id, lower(counterparty_name) as name
         from reconciliation.open_item where book_id = $2 and open_minor <> 0
     ), hit as (
       select w.line_id, s.id, 4000 as score from wanted w, unnest(w.seen) as s (id)
       union all
       select w.line_id, i.id, 3000 from wanted w, unnest(w.tokens) as t (token), item i where lower(i.reference) = t.token
       union all
       select w.line_id, i.id, 2000 from wanted w join item i on i.name = w.name
       union all
       select w.line_id, i.id, 1000 from wanted w join item i on i.open_minor = w.minor and i.currency = w.currency
     ), ranked as (
       select h.line_id, i.id, i.label, i.open_minor, i.currency, i.vendor_id, sum(h.score)::int as score,
              row_number() over (partition by h.line_id order by sum(h.score) desc, i.id) as place
         from hit h join item i on i.id = h.id
        group by h.line_id, i.id, i.label, i.open_minor, i.currency, i.vendor_id
     )
     select line_id, id, label, open_minor::text as open_minor, currency, vendor_id, score
       from ranked where place <= $3 order by line_id, place`,
    [JSON.stringify(wanted), bookId, mostCandidates],
  );
  const groups = Map.groupBy(rows, (row) => row.line_id);
  return new Map(
    [...groups].map(([lineId, ofLine]) => [
      lineId,
      ofLine.map((row) => ({
        openItemId: row.id,
        label: row.label,
        openMinor: BigInt(row.open_minor),
        currency: row.currency,
        vendorId: row.vendor_id ?? undefined,
        score: row.score,
      })),
    ]),
  );
}

/** Words that may be the number of a document: with a digit, and long enough not to be a day. */
function tokensOf({ text, references }: SeekingLine): string[] {
  const words = [...references, ...text.split(/[\s,;]+/u)].map((word) => word.toLowerCase());
  return [...new Set(words.filter((word) => word.length >= 4 && /\d/.test(word)))].slice(0, mostTokens);
}
