import { z } from 'zod';
import type { CalendarDate } from '#kernel/calendar';
import { command, type Transaction } from '#kernel/command';
import { newId } from '#kernel/ids';
import { id, text } from '#kernel/input';
import { requireKnownBook } from '../dimensions/require-known-book.ts';
import { storeBudgetAmounts } from '../ledger/store-budget-amounts.ts';
import { requireBudget } from './load-budget.ts';

/** Begins a budget, or a new version of one. */
export const createBudget = command({
  name: 'createBudget',
  description:
    'Begins a budget; a name that is there gets a new version, and the versions before no longer change. It begins ' +
    'empty, or with the amounts of another.',
  scope: 'transactions:write',
  input: z.object({
    bookId: id(),
    name: text(100).meta({ description: 'Versions of one budget share it, for example Plan 2026.' }),
    copyOf: id().optional().meta({ description: 'A budget of the book whose amounts it begins with.' }),
    note: text(500).optional().meta({ description: 'Why there is this version.' }),
  }),
  async run(transaction, input) {
    const { bookId, name } = input;
    await requireKnownBook(transaction, bookId);
    await transaction.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `budget ${bookId} ${name}`,
    ]);
    if (input.copyOf !== undefined) await requireBudget(transaction, input.copyOf, bookId);
    const budgetId = newId('bud');
    const [made] = await transaction.query<{ version: number }>(
      `insert into transactions.budget (organisation_id, id, book_id, name, version, note, created_by, created_at)
       select $1, $2, $3, $4, coalesce(max(version), 0) + 1, $5, $6, $7
         from transactions.budget where book_id = $3 and name = $4 returning version`,
      [
        transaction.organisationId,
        budgetId,
        bookId,
        name,
        input.note ?? null,
        transaction.actor.memberId ?? null,
        transaction.now,
      ],
    );
    if (input.copyOf !== undefined) await copyAmounts(transaction, { from: input.copyOf, to: budgetId });
    transaction.audit({
      subjectType: 'Budget',
      subjectId: budgetId,
      after: { ...input, version: made?.version },
    });
    return { budgetId };
  },
});

async function copyAmounts(
  transaction: Transaction,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  const rows = await transaction.query<{
    account_id: string;
    month: CalendarDate;
    dimensions: Record<string, string>;
    minor: bigint;
  }>('select account_id, month, dimensions, minor from transactions.budget_amount where budget_id = $1', [
    from,
  ]);
  await storeBudgetAmounts(
    transaction,
    to,
    rows.map(({ account_id: accountId, month, dimensions, minor }) => ({
      accountId,
      month,
      dimensions,
      minor,
    })),
  );
}
