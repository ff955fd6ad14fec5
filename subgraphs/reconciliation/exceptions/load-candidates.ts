import { rankCandidates } from '../matching/rank-candidates.ts';
import { itemsOfLines, type Ask } from '../matches/find-concerned.ts';
import { itemRows, linesByIds, soughtLine, toItems, toLines } from '../matches/open-rows.ts';
import type { Candidate } from './propose-resolutions.ts';

const mostCandidates = 8;

interface Named {
  readonly id: string;
  readonly label: string;
  readonly open_minor: string;
  readonly currency: string;
  readonly vendor_id: string | null;
}

/**
 * The open items, alone and together, that each line of a book may pay as they stand now, the likeliest first. What the
 * matcher saw when an exception was raised is looked at again beside what is found for the line today; what a person
 * has declined for the line is not.
 */
export async function loadCandidates(
  ask: Ask,
  bookId: string,
  seen: ReadonlyMap<string, readonly string[]>,
): Promise<Map<string, Candidate[]>> {
  const rows = await linesByIds(ask, [...seen.keys()]);
  const concerned = await itemsOfLines(ask, bookId, rows.map(soughtLine));
  for (const [lineId, ids] of seen) for (const id of ids) concerned.get(lineId)?.add(id);
  for (const { line_id: lineId, open_item_id: itemId } of await declinedPairs(ask, [...seen.keys()]))
    concerned.get(lineId)?.delete(itemId);
  const itemIds = [...new Set([...concerned.values()].flatMap((ids) => [...ids]))];
  if (itemIds.length === 0) return new Map();
  const found = await itemRows(ask, { bookId, itemIds });
  const items = new Map(
    (await toItems(ask, { bookId, items: found, lines: rows })).map((item) => [item.id, item]),
  );
  const named = await ask<Named>(
    `select id, label, open_minor::text as open_minor, currency, vendor_id from reconciliation.open_item
      where id = any($1)`,
    [itemIds],
  );
  const known = new Map(named.map((row) => [row.id, row]));
  return new Map(
    toLines(rows).map((line) => {
      const own = [...(concerned.get(line.id) ?? [])].flatMap((id) => items.get(id) ?? []);
      return [line.id, rankCandidates(line, own, mostCandidates).map((one) => candidateOf(one, known))];
    }),
  );
}

function declinedPairs(ask: Ask, lineIds: readonly string[]) {
  return ask<{ line_id: string; open_item_id: string }>(
    'select line_id, open_item_id from reconciliation.declined_pair where line_id = any($1)',
    [lineIds],
  );
}

function candidateOf(
  { items, score }: ReturnType<typeof rankCandidates>[number],
  known: ReadonlyMap<string, Named>,
): Candidate {
  return {
    score,
    items: items.flatMap(({ id, applied }) => {
      const row = known.get(id);
      if (!row) return [];
      const { label, open_minor: open, currency, vendor_id: vendorId } = row;
      const vendor = vendorId === null ? {} : { vendorId };
      return [
        { openItemId: id, label, openMinor: BigInt(open), appliedMinor: applied.minor, currency, ...vendor },
      ];
    }),
  };
}
