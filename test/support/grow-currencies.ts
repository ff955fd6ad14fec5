import { mutate, type Company } from './company.ts';

/** A rate set by hand, a further foreign balance on an account of its own, and a revaluation of all of them. */
export async function growCurrencies(
  { owner, bookId }: Pick<Company, 'owner' | 'bookId'>,
  round: number,
): Promise<void> {
  await mutate(owner, 'setExchangeRate', {
    input: {
      bookId,
      from: 'USD',
      to: 'EUR',
      rate: `0.9${round}`,
      on: '2026-01-01',
      until: '2026-12-31',
      reason: `Contract ${round}`,
    },
  });
  const accountCode = `10${60 + round}`;
  await mutate(owner, 'createAccount', {
    input: { bookId, code: accountCode, name: `Dollars ${round}`, type: 'ASSET', currency: 'USD' },
  });
  const amount = { amount: `${round}00.00`, currency: 'USD' };
  await mutate(owner, 'postJournalEntry', {
    input: {
      bookId,
      postedOn: '2026-02-02',
      description: `Dollars ${round}`,
      lines: [
        { accountCode, side: 'DEBIT', ...amount },
        { accountCode: '3000', side: 'CREDIT', ...amount },
      ],
    },
  });
  await mutate(owner, 'revalueBook', { input: { bookId, on: `2026-02-2${round}` } });
}
