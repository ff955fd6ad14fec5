import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { CrossfootError, remedies, userError, type ErrorCode } from '#kernel/errors';
import { id } from '#kernel/input';
import { paymentFiles, type PaymentStatusFile } from '#connectors/payment-ports';
import { lockBook } from '../lock-book.ts';
import { outcomesOfReport, type PaymentOutcome, type ReportedPayment } from './outcomes-of-report.ts';
import {
  noteSentByAnswer,
  refreshOrders,
  tellExecuted,
  tellFailed,
  type SettledPayment,
} from './settle-payments.ts';

/** Imports what the bank says of payments, pain.002: refused ones end and their bills are open again. */
export const importPaymentStatus = command({
  name: 'importPaymentStatus',
  description:
    'Imports what the bank says of payments, pain.002: refused ones end, and their bills are open again. Importing a file ' +
    'again changes nothing.',
  scope: 'reconciliation:write',
  input: z.object({
    bookId: id(),
    fileId: id().meta({ description: 'The file, as the upload answered it.' }),
  }),
  async prepare({ fileId }, { actor, services }): Promise<PaymentStatusFile> {
    const bytes = await services.files.read(actor.organisationId, fileId);
    return services.port(paymentFiles).readStatus(bytes);
  },
  async run(transaction, { bookId }, file) {
    await lockBook(transaction, bookId);
    return applyPaymentStatus(transaction, bookId, file);
  },
});

/** Applies a report that was read to the payments of a book, which is locked; throws before anything is written. */
export async function applyPaymentStatus(
  transaction: Transaction,
  bookId: string,
  file: PaymentStatusFile,
): Promise<{ paymentOrderIds: string[]; accepted: number; executed: number; rejected: number }> {
  const refused = file.problems.find((problem) => problem.severity === 'refused');
  if (refused) {
    const code = refused.code in remedies ? (refused.code as ErrorCode) : 'FILE_UNREADABLE';
    throw new CrossfootError(code, refused.message, { path: ['fileId'] });
  }
  const orders = await concernedOrders(transaction, bookId, file);
  await noteSentByAnswer(transaction, orders);
  const payments = await loadPayments(transaction, orders);
  reportUnknown(transaction, file, payments);
  const outcomes = outcomesOfReport(file.statuses, payments);
  const count = (status: PaymentOutcome['status']) => outcomes.filter((one) => one.status === status).length;
  const settled = await applyOutcomes(transaction, outcomes);
  const of = (status: PaymentOutcome['status']) => {
    const ids = new Set(outcomes.filter((one) => one.status === status).map((one) => one.id));
    return settled.filter((one) => ids.has(one.id));
  };
  tellExecuted(transaction, bookId, of('EXECUTED'));
  await tellFailed(transaction, bookId, { payments: of('REJECTED'), how: 'rejected' });
  await refreshOrders(transaction, [...new Set(settled.map((one) => one.order_id))]);
  return {
    paymentOrderIds: orders,
    accepted: count('ACCEPTED'),
    executed: count('EXECUTED'),
    rejected: count('REJECTED'),
  };
}

/** The orders of the book a report is about; throws NOT_FOUND when there is none. */
async function concernedOrders(
  transaction: Transaction,
  bookId: string,
  { statuses }: PaymentStatusFile,
): Promise<string[]> {
  const named = (pick: (status: PaymentStatusFile['statuses'][number]) => string | undefined) => [
    ...new Set(statuses.flatMap((status) => pick(status) ?? [])),
  ];
  const rows = await transaction.query<{ id: string }>(
    `select o.id from reconciliation.payment_order o
      where o.book_id = $1 and o.status not in ('DRAFT', 'CANCELLED') and o.file_id is not null
        and (o.message_id = any($2)
             or exists (select 1 from reconciliation.payment_line p
                         where p.order_id = o.id and (p.end_to_end_id = any($3) or p.batch_id = any($4))))
      order by o.id`,
    [
      bookId,
      named((status) => status.messageId),
      named((status) => status.endToEndId),
      named((status) => status.batchId),
    ],
  );
  if (rows.length > 0) return rows.map((row) => row.id);
  const [message = 'without an id'] = named((status) => status.messageId);
  throw new CrossfootError(
    'NOT_FOUND',
    `The report is about the message ${message}, which no order of this book has sent`,
    {
      path: ['fileId'],
    },
  );
}

async function loadPayments(
  transaction: Transaction,
  orderIds: readonly string[],
): Promise<ReportedPayment[]> {
  const rows = await transaction.query<Omit<ReportedPayment, 'batchId'> & { batchId: string | null }>(
    `select p.id, o.message_id as "messageId", p.batch_id as "batchId", p.end_to_end_id as "endToEndId", p.status
       from reconciliation.payment_line p join reconciliation.payment_order o on o.id = p.order_id
      where p.order_id = any($1) order by p.id`,
    [orderIds],
  );
  return rows.map((row) => ({ ...row, batchId: row.batchId ?? undefined }));
}

/** A report may be about payments of others too, which are told and left out. */
function reportUnknown(
  transaction: Transaction,
  { statuses }: PaymentStatusFile,
  payments: readonly ReportedPayment[],
): void {
  const known = new Set(payments.map((payment) => payment.endToEndId));
  const unknown = new Set(
    statuses.flatMap(({ endToEndId }) => (endToEndId && !known.has(endToEndId) ? [endToEndId] : [])),
  );
  for (const endToEndId of unknown) {
    transaction.report(
      userError(
        'NOT_FOUND',
        `The report is about the payment ${endToEndId.slice(0, 35)}, which is none of this book`,
      ),
    );
  }
}

async function applyOutcomes(
  transaction: Transaction,
  outcomes: readonly PaymentOutcome[],
): Promise<SettledPayment[]> {
  if (outcomes.length === 0) return [];
  return transaction.query<SettledPayment>(
    `update reconciliation.payment_line p
        set status = r.status, reason = case when r.status = 'REJECTED' then r.reason else p.reason end,
            bank_status = case when r.status = 'REJECTED' then p.bank_status else r.status end,
            live = p.live and r.status <> 'REJECTED'
       from jsonb_to_recordset($1::jsonb) as r (id text, status text, reason text),
            reconciliation.open_item i, reconciliation.payment_order o
      where p.id = r.id and i.id = p.open_item_id and o.id = p.order_id
     returning p.id, p.order_id, p.reason, p.match_id, p.minor, p.currency, i.label, i.journal_entry_id, o.created_by`,
    [JSON.stringify(outcomes)],
  );
}
