import { z } from 'zod';
import { command } from '#kernel/command';
import { id } from '#kernel/input';

/** Says after how many days what a bank announced and never booked has lapsed. */
export const setPendingDays = command({
  name: 'setPendingDays',
  description:
    'Says after how many days what the bank of an account announced and never booked has lapsed; 14 at first.',
  scope: 'reconciliation:write',
  input: z.object({ bankAccountId: id(), days: z.int().min(1).max(120) }),
  async run(transaction, { bankAccountId, days }) {
    const before = await transaction.require<{ pending_days: number }>(
      `There is no bank account ${bankAccountId}`,
      'select pending_days from reconciliation.bank_account where id = $1 for no key update',
      [bankAccountId],
    );
    await transaction.query('update reconciliation.bank_account set pending_days = $2 where id = $1', [
      bankAccountId,
      days,
    ]);
    transaction.audit({
      subjectType: 'BankAccount',
      subjectId: bankAccountId,
      before: { pendingDays: before.pending_days },
      after: { pendingDays: days },
    });
    return { bankAccountId };
  },
});
