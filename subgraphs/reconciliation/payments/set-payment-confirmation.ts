import { z } from 'zod';
import { command } from '#kernel/command';
import { id } from '#kernel/input';

/** Says how long banks may take to confirm the payments of a book before somebody is told. */
export const setPaymentConfirmation = command({
  name: 'setPaymentConfirmation',
  description:
    'Says how many working days a bank may take to confirm a payment, by its report or by a line on the account, before somebody is told.',
  scope: 'reconciliation:write',
  input: z.object({
    bookId: id(),
    workingDays: z
      .int()
      .min(1)
      .max(30)
      .meta({ description: 'Counted from the day of execution, or of sending where that was later.' }),
  }),
  async run(transaction, { bookId, workingDays }) {
    const before = await transaction.maybe<{ confirm_within: number }>(
      'select confirm_within from reconciliation.payer where book_id = $1',
      [bookId],
    );
    await transaction.query(
      `insert into reconciliation.payer (organisation_id, book_id, legal_name, confirm_within) values ($1, $2, '', $3)
       on conflict (organisation_id, book_id) do update set confirm_within = $3`,
      [transaction.organisationId, bookId, workingDays],
    );
    transaction.audit({
      subjectType: 'Book',
      subjectId: bookId,
      before: { paymentConfirmation: before?.confirm_within ?? 3 },
      after: { paymentConfirmation: workingDays },
    });
    return { bookId, workingDays };
  },
});
