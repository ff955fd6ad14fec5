import { z } from 'zod';
import { command } from '#kernel/command';
import { id } from '#kernel/input';

/** Says how many other people have to approve the payment orders of a book; one is the least. */
export const setPaymentApprovals = command({
  name: 'setPaymentApprovals',
  description: 'Says how many other people have to approve the payment orders of a book; one is the least.',
  scope: 'approvals:manage',
  input: z.object({
    bookId: id(),
    approvals: z
      .int()
      .min(1)
      .max(5)
      .meta({ description: 'How many people besides the one who made the order.' }),
  }),
  async run(transaction, { bookId, approvals }) {
    const before = await transaction.maybe<{ approvals: number }>(
      'select approvals from reconciliation.payer where book_id = $1',
      [bookId],
    );
    await transaction.query(
      `insert into reconciliation.payer (organisation_id, book_id, legal_name, approvals) values ($1, $2, '', $3)
       on conflict (organisation_id, book_id) do update set approvals = $3`,
      [transaction.organisationId, bookId, approvals],
    );
    transaction.audit({
      subjectType: 'Book',
      subjectId: bookId,
      before: { paymentApprovals: before?.approvals ?? 1 },
      after: { paymentApprovals: approvals },
    });
    return { bookId, approvals };
  },
});
