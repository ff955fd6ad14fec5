import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openForeignBook, type ForeignBook } from '../../../test/support/foreign-book.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { transactions } from '../subgraph.ts';
import { lockPeriod } from './lock-period.ts';
import { revalueBook } from './revalue-book.ts';

let bench: Workbench;

beforeAll(async () => {
  bench = await openWorkbench([transactions]);
});
afterAll(() => bench.close());

describe('revaluation', () => {
  const revalue = ({ bookId }: ForeignBook, on: string, dryRun = false) =>
    bench.query<{
      revalueBook: {
        posted: boolean;
        lines: { accountCode: string; difference: { amount: string } }[];
        revaluation: {
          id: string;
          journalEntry: { id: string; kind: string } | null;
          reversal: { postedOn: string; reversalOf: { id: string } } | null;
        } | null;
        errors: { code: string }[];
      };
    }>(
      'transactions',
      `mutation { revalueBook(input: { bookId: "${bookId}", on: "${on}", dryRun: ${dryRun} }) {
         posted errors { code message }
         lines { accountCode balance { amount currency } carried { amount } exchangeRate { rate } worth { amount }
                 difference { amount } }
         revaluation { id journalEntry { id kind } reversal { postedOn reversalOf { id } } } } }`,
    );

  /** A receivable of 100.00 USD, a bank with 50.00 USD, a payable of 80.00 GBP and equipment of 30.00 USD. */
  async function bookWithBalances(): Promise<ForeignBook> {
    const book = await openForeignBook(bench);
    await book.rate('USD EUR', '0.90', '2026-03-02');
    await book.rate('GBP EUR', '1.15', '2026-03-02');
    const on = '2026-03-02';
    await book.post(on, ['1200', '4400'], [10000n, 'USD']);
    await book.post(on, ['1000', '3000'], [5000n, 'USD']);
    await book.post(on, ['6000', '2000'], [8000n, 'GBP']);
    await book.post(on, ['0400', '3000'], [3000n, 'USD']);
    await book.rate('USD EUR', '0.93', '2026-03-31');
    await book.rate('GBP EUR', '1.20', '2026-03-31');
    return book;
  }

  test('values bank, receivables and payables at the day and takes it back on the next', async () => {
    const book = await bookWithBalances();
    const before = await book.balances();
    const { revalueBook: made } = await revalue(book, '2026-03-31');
    expect(made.errors).toEqual([]);
    expect(made.lines).toEqual([
      // 50.00 USD at 0.93 are 46.50, in the books at 45.00
      {
        accountCode: '1000',
        balance: { amount: '50.00', currency: 'USD' },
        carried: { amount: '45.00' },
        exchangeRate: { rate: '0.93' },
        worth: { amount: '46.50' },
        difference: { amount: '1.50' },
      },
      // 100.00 USD at 0.93 are 93.00, in the books at 90.00
      expect.objectContaining({ accountCode: '1200', difference: { amount: '3.00' } }),
      // 80.00 GBP owed at 1.20 are 96.00, in the books at 92.00
      expect.objectContaining({
        accountCode: '2000',
        carried: { amount: '-92.00' },
        worth: { amount: '-96.00' },
        difference: { amount: '-4.00' },
      }),
    ]);
    expect(made.revaluation).toMatchObject({
      journalEntry: { kind: 'REVALUATION' },
      reversal: { postedOn: '2026-04-01', reversalOf: { id: made.revaluation?.journalEntry?.id } },
    });
    expect(await book.balances('2026-03-31')).toEqual({
      ...before,
      '1090 EUR': '150 = 150',
      '1290 EUR': '300 = 300',
      '2090 EUR': '-400 = -400',
      '4842 EUR': '-450 = -450',
      '6842 EUR': '400 = 400',
    });
    expect(await book.balances('2026-04-01')).toEqual(before);
  });

  test('a dry run shows it and posts nothing', async () => {
    const book = await bookWithBalances();
    const before = await book.balances('2026-03-31');
    const { revalueBook: shown } = await revalue(book, '2026-03-31', true);
    expect(shown).toMatchObject({ posted: true, revaluation: null, errors: [] });
    expect(shown.lines.map((line) => line.difference.amount)).toEqual(['1.50', '3.00', '-4.00']);
    expect(await book.balances('2026-03-31')).toEqual(before);
  });

  test('repeated it posts nothing, and after a change of rates or balances what has changed', async () => {
    const book = await bookWithBalances();
    const first = (await revalue(book, '2026-03-31')).revalueBook;
    const standing = await book.balances('2026-03-31');
    const again = (await revalue(book, '2026-03-31')).revalueBook;
    expect(again).toMatchObject({ posted: false, revaluation: { id: first.revaluation?.id } });
    expect(await book.balances('2026-03-31')).toEqual(standing);

    // The dollar falls: 50.00 at 0.88 are 44.00 (a loss of 1.00), 100.00 are 88.00 (a loss of 2.00).
    await book.rate('USD EUR', '0.88', '2026-03-31');
    // Half of the pounds are paid late for March: 40.00 at 1.20 are 48.00, in the books at 46.00.
    await book.post('2026-03-02', ['2000', '3000'], [4000n, 'GBP']);
    expect((await revalue(book, '2026-03-31')).revalueBook).toMatchObject({ posted: true });
    expect(await book.balances('2026-03-31')).toMatchObject({
      '1090 EUR': '-100 = -100',
      '1290 EUR': '-200 = -200',
      '2090 EUR': '-200 = -200',
      '6842 EUR': '500 = 500',
    });
    const after = await book.balances('2026-04-01');
    for (const account of ['1090', '1290', '2090', '4842', '6842']) {
      expect(after).not.toHaveProperty(`${account} EUR`);
    }
    const { revaluations } = await bench.query<{ revaluations: { totalCount: number } }>(
      'transactions',
      `{ revaluations(bookId: "${book.bookId}", on: "2026-03-31") { totalCount edges { node { lines { accountCode } } } } }`,
    );
    expect(revaluations).toMatchObject({
      totalCount: 2,
      edges: [
        { node: { lines: [{ accountCode: '1000' }, { accountCode: '1200' }, { accountCode: '2000' }] } },
        {},
      ],
    });
  });

  test('leaves what is realised later as it is', async () => {
    const book = await bookWithBalances();
    await revalue(book, '2026-03-31');
    const item = await book.post('2026-03-02', ['1200', '4400'], [2000n, 'USD']);
    // 20.00 USD stand at 18.00 and bring 19.00.
    await book.pay({ on: '2026-04-10', bank: [1900n, 'EUR'], applied: [item, '1200', 2000n, 'USD'] });
    expect(await book.balances()).toMatchObject({ '4841 EUR': '-100 = -100' });
  });

  test('what was posted before there were rates stands at the rate of its day', async () => {
    const book = await openForeignBook(bench);
    await book.rate('USD EUR', '0.90', '2026-03-02');
    await book.age(await book.post('2026-03-02', ['1200', '4400'], [10000n, 'USD']));
    await book.rate('USD EUR', '0.93', '2026-03-31');
    const { revalueBook: made } = await revalue(book, '2026-03-31');
    expect(made.lines).toMatchObject([{ carried: { amount: '90.00' }, difference: { amount: '3.00' } }]);
  });

  test('a book without foreign amounts is revalued with nothing to post, and that is known', async () => {
    const book = await openForeignBook(bench);
    const { revalueBook: made } = await revalue(book, '2026-03-31');
    expect(made).toMatchObject({ posted: false, lines: [], revaluation: { journalEntry: null } });
  });

  test('a missing rate and closed days are told', async () => {
    const book = await bookWithBalances();
    expect((await revalue(book, '2026-06-30')).revalueBook.errors).toMatchObject([{ code: 'RATE_MISSING' }]);
    const { bookId } = book;
    const door = bench.door('transactions');
    await door.run(lockPeriod, { bookId, startsOn: '2026-04-01', endsOn: '2026-04-30' });
    expect((await door.run(revalueBook, { bookId, on: '2026-03-31' })).errors).toMatchObject([
      { code: 'PERIOD_CLOSED' },
    ]);
  });
});
