import { z } from 'zod';
import { calendarDate, startOfMonth } from '#kernel/calendar';
import { command, type Transaction } from '#kernel/command';
import { CrossfootError, userError, type ErrorCode, type UserError } from '#kernel/errors';
import { date, decimal, id, text } from '#kernel/input';
import { parseMoney } from '#kernel/money';
import { dimensionList, dimensionsOf } from '../dimensions/dimension-input.ts';
import { loadCatalogue, loadValues } from '../dimensions/load-catalogue.ts';
import { normaliseDimensions } from '../dimensions/normalise-dimensions.ts';
import { storeBudgetAmounts, type NewBudgetAmount } from '../ledger/store-budget-amounts.ts';
import { requireBudget, type StoredBudget } from './load-budget.ts';

/** Sets amounts of a budget. */
export const setBudgetAmounts = command({
  name: 'setBudgetAmounts',
  description:
    'Sets what a budget plans for accounts by month, in the base currency. Amounts that cannot be set are told and the ' +
    'rest goes on; zero plans nothing.',
  scope: 'transactions:write',
  input: z.object({
    budgetId: id(),
    amounts: z
      .array(
        z.object({
          accountCode: text(20),
          month: date().meta({ graphql: 'Date', description: 'Any day of the month.' }),
          amount: decimal().meta({
            graphql: 'Decimal',
            description: 'Positive on the side on which the account grows: costs and sales alike.',
          }),
          dimensions: dimensionList('What it is for; left out, the rest of the account.').optional(),
        }),
      )
      .min(1)
      .max(5000),
  }),
  async run(transaction, { budgetId, amounts }) {
    const budget = await requireBudget(transaction, budgetId);
    const read = await readerOf(transaction, budget, amounts);
    const sound = amounts.flatMap((given, index) => {
      const one = read(given, index);
      if (!('problem' in one)) return [one];
      transaction.report(one.problem);
      return [];
    });
    if (sound.length > 0) await storeBudgetAmounts(transaction, budgetId, sound);
    transaction.audit({ subjectType: 'Budget', subjectId: budgetId, after: { amounts: sound.length } });
    return { budgetId, amounts: sound.length };
  },
});

interface GivenAmount {
  readonly accountCode: string;
  readonly month: string;
  readonly amount: string;
  readonly dimensions?: readonly { readonly dimension: string; readonly value: string }[] | undefined;
}

/** Reads one amount after another, by what was loaded for all of them. */
async function readerOf(
  transaction: Transaction,
  budget: StoredBudget,
  amounts: readonly GivenAmount[],
): Promise<(given: GivenAmount, index: number) => NewBudgetAmount | { readonly problem: UserError }> {
  const rows = await transaction.query<{ id: string; code: string }>(
    'select id, code from transactions.account where book_id = $1 and code = any ($2)',
    [budget.book_id, amounts.map((one) => one.accountCode)],
  );
  const accounts = new Map(rows.map((row) => [row.code, row.id]));
  const known = await loadCatalogue(transaction, budget.book_id);
  const texts = new Set(amounts.flatMap((one) => one.dimensions?.map(({ value }) => value) ?? []));
  const catalogue = { ...known, values: await loadValues(transaction, known.dimensions, texts) };
  return (given, index) => {
    const path = ['amounts', String(index)];
    const wrong = (code: ErrorCode, message: string, ...at: string[]) => ({
      problem: userError(code, `Amount ${index + 1}: ${message}`, [...path, ...at]),
    });
    try {
      const accountId = accounts.get(given.accountCode);
      if (accountId === undefined)
        return wrong('ACCOUNT_UNKNOWN', `the book has no account ${given.accountCode}`, 'accountCode');
      const { minor } = parseMoney(given.amount, budget.currency);
      const { result: dimensions, problems } = normaliseDimensions(dimensionsOf(given.dimensions), catalogue);
      const [problem] = problems;
      if (problem) return wrong(problem.code, problem.message, ...problem.path);
      return { accountId, month: startOfMonth(calendarDate(given.month)), dimensions, minor };
    } catch (error) {
      if (!(error instanceof CrossfootError)) throw error;
      return wrong(error.code, error.message, 'amount');
    }
  };
}
