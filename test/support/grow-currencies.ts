import { mutate, type Company } from './company.ts';

/** Rates set by hand, a further foreign balance on an account of its own, and a revaluation of all of them. */
export async function growCurrencies(
  { owner, bookId }: Pick<Company, 'owner' | 'bookId'>,
  round: number,
): Promise<void> {
  const [postedOn, revaluedOn] = ['2026-02-02', `2026-02-2${round}`];
  const reason = `Contract ${round}`;
  for (const [on, rate] of [
    [postedOn, '0.9'],
    [revaluedOn, `0.8${round}`],
  ]) {
    await mutate(owner, 'setExchangeRate', { input: { bookId, from: 'USD', to: 'EUR', rate, on, reason } });
  }
  const accountCode = `10${60 + round}`;
  await mutate(owner, 'createAccount', {
    input: { bookId, code: accountCode, name: `Dollars ${round}`, type: 'ASSET', currency: 'USD' },
  });
  const amount = { amount: `${round}00.00`, currency: 'USD' };
  const lines = [
    { accountCode, side: 'DEBIT', ...amount },
    { accountCode: '3000', side: 'CREDIT', ...amount },
  ];
  await mutate(owner, 'postJournalEntry', {
    input: { bookId, postedOn, description: `Dollars ${round}`, lines },
  });
  await mutate(owner, 'revalueBook', { input: { bookId, on: revaluedOn } });
}
