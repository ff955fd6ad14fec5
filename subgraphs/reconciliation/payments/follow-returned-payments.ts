import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { id } from '#kernel/input';
import { lockBook } from '../lock-book.ts';
import { giveUpMatch, restoreItems } from '../matches/give-up-match.ts';
import { lockMatch } from '../matches/load-match.ts';
import { advance, matchTransitions } from '../states.ts';
import { reopenPayments } from './note-undone-payments.ts';
import { noteSentByAnswer, refreshOrders, tellFailed, type SettledPayment } from './settle-payments.ts';

/** Finds the payments that bank lines bring back, by end-to-end id: what they settled is undone, their bills are open again. */
export const followReturnedPayments = command({
  name: 'followReturnedPayments',
  description:
    'Finds the payments that bank lines bring back, by end-to-end id: what they settled is undone, their bills are open again.',
  scope: 'platform:internal',
  input: z.object({ bookId: id() }),
  async run(transaction, { bookId }) {
    await lockBook(transaction, bookId);
    const found = await transaction.query<{
      id: string;
      order_id: string;
      match_id: string | null;
      line_id: string;
      reason: string;
    }>(
      `select distinct on (p.id) p.id, p.order_id, p.match_id, l.id as line_id,
              coalesce(l.return_reason, 'The bank gave no reason.') as reason
         from reconciliation.statement_line l
        cross join lateral unnest(l.refs) as named (ref)
         join reconciliation.payment_line p on p.end_to_end_id = upper(named.ref)
        where l.book_id = $1 and l.status in ('UNMATCHED', 'SUGGESTED', 'EXCEPTION') and not l.held and l.minor > 0
          and p.book_id = $1 and p.batch_id is not null and p.status in ('PENDING', 'SENT', 'ACCEPTED', 'EXECUTED')
          -- A bank may keep a fee of what it sends back; without its word only the whole amount counts.
          and (l.reversal or l.return_reason is not null or (l.minor = p.minor and l.currency = p.currency))
        order by p.id, l.booked_on, l.id`,
      [bookId],
    );
    if (found.length === 0) return { returned: 0 };
    const orderIds = [...new Set(found.map((row) => row.order_id))];
    await noteSentByAnswer(transaction, orderIds);
    const returned = await transaction.query<SettledPayment>(
      `update reconciliation.payment_line p
          set status = 'RETURNED', live = false, match_id = null, reason = r.reason, return_line_id = r.line_id
         from jsonb_to_recordset($1::jsonb) as r (id text, line_id text, reason text),
              reconciliation.open_item i, reconciliation.payment_order o
        where p.id = r.id and i.id = p.open_item_id and o.id = p.order_id
       returning p.id, p.order_id, p.reason, p.match_id, p.minor, p.currency, i.label, i.journal_entry_id, o.created_by`,
      [JSON.stringify(found)],
    );
    const matchIds = new Set(found.flatMap((row) => row.match_id ?? []));
    for (const matchId of matchIds) await takeBack(transaction, matchId);
    await tellFailed(transaction, bookId, { payments: returned, how: 'returned' });
    await refreshOrders(transaction, orderIds);
    return { returned: returned.length };
  },
});

/**
 * Undoes the match by which a returned payment settled its bill. The other payments of its batch did pay; they are
 * settled anew with the line that brought the returned one back, so what people would have said by undoing is not kept.
 */
async function takeBack(transaction: Transaction, matchId: string): Promise<void> {
  const match = await lockMatch(transaction, matchId);
  advance('A match', matchTransitions, { from: match.status, to: 'UNDONE' });
  await restoreItems(transaction, matchId);
  await giveUpMatch(transaction, match, {
    status: 'UNDONE',
    reason: 'The bank returned the payment.',
    wrong: false,
  });
  await transaction.query(
    `delete from reconciliation.declined_pair d
      where d.match_id = $1 and exists (select 1 from reconciliation.payment_line p
                                         where p.match_id = $1 and p.open_item_id = d.open_item_id)`,
    [matchId],
  );
  await reopenPayments(transaction, matchId);
  const { bookId, journalEntryId } = match;
  transaction.emit({ type: 'match.undone', subjectId: matchId, bookId, facts: { journalEntryId } });
}
