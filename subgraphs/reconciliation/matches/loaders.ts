import { byBatch, byId } from '#kernel/loaders';
import { rankCandidates, type Candidate } from '../matching/rank-candidates.ts';
import { MatchingRunEntity, PayerAliasEntity } from './entities.ts';
import { itemsOfLines } from './find-concerned.ts';
import { itemRows, linesByIds, soughtLine, toItems, toLines } from './open-rows.ts';

/** As many candidates as are ever asked for of one line. */
export const mostCandidates = 25;

export const matchingRunById = byId(MatchingRunEntity);
export const payerAliasById = byId(PayerAliasEntity);

/** The open items and combinations a line may pay, the likeliest first; none for lines that are settled. */
export const candidatesByLine = byBatch<Candidate[]>(async (lineIds, context) => {
  const rows = await linesByIds(context.sql, lineIds);
  const books = new Map<string, Candidate[]>();
  for (const [bookId, own] of Map.groupBy(rows, (row) => row.book_id)) {
    const concerned = await itemsOfLines(context.sql, bookId, own.map(soughtLine));
    const itemIds = [...new Set([...concerned.values()].flatMap((ids) => [...ids]))];
    const items = await itemRows(context.sql, { bookId, itemIds });
    const known = new Map(
      (await toItems(context.sql, { bookId, items, lines: own })).map((item) => [item.id, item]),
    );
    for (const line of toLines(own)) {
      const near = [...(concerned.get(line.id) ?? [])].flatMap((id) => known.get(id) ?? []);
      books.set(line.id, rankCandidates(line, near, mostCandidates));
    }
  }
  return lineIds.map((id) => books.get(id) ?? []);
});
