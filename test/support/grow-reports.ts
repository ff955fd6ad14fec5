import { mutate, type Company } from './company.ts';

/** A budget more, with an amount for the whole account and one for a part of it. */
export async function growReports({ owner, bookId }: Company, round: number): Promise<void> {
  const { budget } = await mutate<{ budget: { id: string } }>(owner, 'createBudget', {
    input: { bookId, name: `Plan ${round}` },
    fields: 'budget { id }',
  });
  const amount = { accountCode: '6800', amount: '100.00' };
  await mutate(owner, 'setBudgetAmounts', {
    input: {
      budgetId: budget.id,
      amounts: Array.from({ length: round }, (_, index) => ({
        ...amount,
        month: `2026-1${index % 3}-01`,
        dimensions: ['costCentre', 'project'].map((dimension) => ({ dimension, value: `CC${index + 1}` })),
      })),
    },
  });
}
