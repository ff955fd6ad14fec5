import type { Transaction } from '#kernel/command';
import type { OpenBook } from './plan-matches.ts';

/**
 * Leaves out of a book what belongs to payouts: lines that stand in a match with one, suggested or not, and items that a
 * payout on its way pays. No other line is to be brought together with them.
 */
export async function withoutPayouts<Book extends OpenBook>(
  transaction: Pick<Transaction, 'query'>,
  bookId: string,
  book: Book,
): Promise<Book> {
  const rows = await transaction.query<{ id: string }>(
    `select l.line_id as id from reconciliation.match m join reconciliation.match_line l on l.match_id = m.id
      where m.book_id = $1 and m.status = 'SUGGESTED' and m.payout_id is not null
     union all
     select m.id from reconciliation.match m
      where m.book_id = $1 and m.status = 'SUGGESTED' and m.payout_id is not null
     union all
     select m.open_item_id from reconciliation.payout_member m
       join reconciliation.payout p on p.id = m.payout_id and p.organisation_id = m.organisation_id
      where p.book_id = $1 and not p.failed and m.open_item_id is not null
        and not exists (select 1 from reconciliation.match s where s.payout_id = p.id and s.status = 'ACCEPTED')`,
    [bookId],
  );
  if (rows.length === 0) return book;
  const taken = new Set(rows.map(({ id }) => id));
  return {
    ...book,
    lines: book.lines.filter(({ id }) => !taken.has(id)),
    items: book.items.filter(({ id }) => !taken.has(id)),
    suggestions: book.suggestions.filter(({ id }) => !taken.has(id)),
  };
}
