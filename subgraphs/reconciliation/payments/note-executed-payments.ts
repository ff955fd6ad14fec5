import { z } from 'zod';
import { command } from '#kernel/command';
import { id } from '#kernel/input';
import { lockBook } from '../lock-book.ts';
import {
  noteSentByAnswer,
  refreshOrders,
  resolveFailures,
  tellExecuted,
  type SettledPayment,
} from './settle-payments.ts';

/** Notes for the payments whose bills a match has settled that they were executed. */
export const noteExecutedPayments = command({
  name: 'noteExecutedPayments',
  description: 'Notes for the payments whose bills a match has settled that they were executed.',
  scope: 'platform:internal',
  input: z.object({ matchId: id(), bookId: id() }),
  async run(transaction, { matchId, bookId }) {
    await lockBook(transaction, bookId);
    const concerned = await transaction.query<{ id: string; order_id: string }>(
      `select p.id, p.order_id
         from reconciliation.payment_line p
         join reconciliation.match_item i on i.open_item_id = p.open_item_id and i.match_id = $1
         join reconciliation.match m on m.id = i.match_id and m.status = 'ACCEPTED'
        where p.live and p.batch_id is not null order by p.id`,
      [matchId],
    );
    if (concerned.length === 0) return { payments: 0 };
    const orderIds = [...new Set(concerned.map((row) => row.order_id))];
    await noteSentByAnswer(transaction, orderIds);
    const executed = await transaction.query<SettledPayment & { before: string }>(
      `update reconciliation.payment_line p set status = 'EXECUTED', match_id = $2, live = false
         from (select id, status from reconciliation.payment_line where id = any($1)) old,
              reconciliation.open_item i, reconciliation.payment_order o
        where p.id = old.id and i.id = p.open_item_id and o.id = p.order_id
       returning p.id, p.order_id, p.reason, p.match_id, p.minor, p.currency, i.label, i.journal_entry_id, o.created_by,
                 old.status as before`,
      [concerned.map((row) => row.id), matchId],
    );
    tellExecuted(
      transaction,
      bookId,
      executed.filter((payment) => payment.before !== 'EXECUTED'),
    );
    await resolveFailures(
      transaction,
      bookId,
      executed.map((payment) => payment.id),
    );
    await refreshOrders(transaction, orderIds);
    return { payments: executed.length };
  },
});
