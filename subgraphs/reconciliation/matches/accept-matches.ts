import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { userError } from '#kernel/errors';
import { id } from '#kernel/input';
import { formatMoney, money } from '#kernel/money';
import { lockBook } from '../lock-book.ts';
import { settleMatches } from './settle-matches.ts';

/** Accepts many suggested matches at once; those that cannot be are told of, the rest goes on. */
export const acceptMatches = command({
  name: 'acceptMatches',
  description: 'Accepts many suggested matches; those that cannot be accepted are told of, the rest goes on.',
  scope: 'reconciliation:write',
  input: z.object({ matchIds: z.array(id()).min(1).max(1_000) }),
  async run(transaction, { matchIds }) {
    const wanted = [...new Set(matchIds)];
    for (const bookId of await booksOf(transaction, wanted)) await lockBook(transaction, bookId);
    const rows = await transaction.query<{ id: string; book_id: string; status: string }>(
      'select id, book_id, status from reconciliation.match where id = any($1)',
      [wanted],
    );
    const found = new Map(rows.map((row) => [row.id, row]));
    const refuse = (matchId: string, code: 'NOT_FOUND' | 'STATE_CONFLICT', message: string) =>
      transaction.report(userError(code, message, ['matchIds', String(matchIds.indexOf(matchId))]));
    const possible: string[] = [];
    for (const matchId of wanted) {
      const status = found.get(matchId)?.status;
      if (status === undefined) refuse(matchId, 'NOT_FOUND', `There is no match ${matchId}`);
      else if (status !== 'SUGGESTED')
        refuse(matchId, 'STATE_CONFLICT', `A match that is ${status} cannot become ACCEPTED`);
      else possible.push(matchId);
    }
    const { payable, short } = await whatItemsAllow(transaction, possible);
    for (const { matchId, message } of short) refuse(matchId, 'STATE_CONFLICT', message);
    const byBook = Map.groupBy(payable, (matchId) => found.get(matchId)?.book_id ?? '');
    for (const [bookId, ids] of byBook) await settleMatches(transaction, bookId, ids);
    return { matchIds: payable };
  },
});

/** The books of matches, in one order for everybody, so that two callers cannot wait for each other. */
export async function booksOf(transaction: Transaction, matchIds: readonly string[]): Promise<string[]> {
  const rows = await transaction.query<{ book_id: string }>(
    'select distinct book_id from reconciliation.match where id = any($1) order by book_id',
    [matchIds],
  );
  return rows.map((row) => row.book_id);
}

/** Takes matches in the order named, as long as their items have enough left. */
async function whatItemsAllow(transaction: Transaction, matchIds: readonly string[]) {
  const rows = await transaction.query<{
    match_id: string;
    item: string;
    label: string;
    applied: bigint;
    open: bigint;
    currency: string;
  }>(
    `select i.match_id, o.id as item, o.label, i.applied_minor as applied, o.open_minor as open, o.currency
       from reconciliation.match_item i join reconciliation.open_item o on o.id = i.open_item_id
      where i.match_id = any($1) order by i.match_id, o.id`,
    [matchIds],
  );
  const uses = Map.groupBy(rows, (row) => row.match_id);
  const left = new Map(rows.map((row) => [row.item, row.open]));
  const payable: string[] = [];
  const short: { matchId: string; message: string }[] = [];
  for (const matchId of matchIds) {
    const own = uses.get(matchId) ?? [];
    const lacking = own.find(({ item, applied }) => !isWithin(applied, left.get(item) ?? 0n));
    if (lacking) {
      const open = formatMoney(money(left.get(lacking.item) ?? 0n, lacking.currency));
      short.push({ matchId, message: `${lacking.label} has only ${open} ${lacking.currency} open by then` });
      continue;
    }
    for (const { item, applied } of own) left.set(item, (left.get(item) ?? 0n) - applied);
    payable.push(matchId);
  }
  return { payable, short };
}

function isWithin(applied: bigint, open: bigint): boolean {
  return open < 0n ? applied <= 0n && applied >= open : applied >= 0n && applied <= open;
}
