import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openForeignBook } from '../../../test/support/foreign-book.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { transactions } from '../subgraph.ts';

let bench: Workbench;

beforeAll(async () => {
  bench = await openWorkbench([transactions]);
});
afterAll(() => bench.close());

describe('an invoice in dollars, paid in parts', () => {
  test('gives up its posted value; undoing a part gives it back; the last part clears it', async () => {
    const book = await openForeignBook(bench);
    await book.rate('USD EUR', '0.90', '2026-03-02');
    await book.rate('USD EUR', '0.92', '2026-03-10');
    await book.rate('USD EUR', '0.88', '2026-03-20');
    await book.rate('USD EUR', '0.95', '2026-03-25');
    // 100.00 USD at 0.90 are 90.00 EUR.
    const item = await book.post('2026-03-02', ['1200', '4400'], [10000n, 'USD']);
    expect(await book.balances()).toMatchObject({ '1200 USD': '10000 = 9000' });

    // 40.00 USD at 0.92 are 36.80 for what stood at 36.00: a gain of 0.80.
    const first = await book.pay({
      on: '2026-03-10',
      bank: [4000n, 'USD'],
      applied: [item, '1200', 4000n, 'USD'],
    });
    expect(await book.balances()).toMatchObject({
      '1000 USD': '4000 = 3680',
      '1200 USD': '6000 = 5400',
      '4841 EUR': '-80 = -80',
    });

    // 60.00 USD at 0.88 are 52.80 for what stood at 54.00: a loss of 1.20.
    await book.pay({ on: '2026-03-20', bank: [6000n, 'USD'], applied: [item, '1200', 6000n, 'USD'] });
    expect(await book.balances()).toEqual({
      '1000 USD': '10000 = 8960',
      '4400 USD': '-10000 = -9000',
      // The account of exchange holds no dollars, and nothing in euros altogether.
      '4840 EUR': '-40 = -40',
      '4840 USD': '0 = 40',
      '4841 EUR': '-80 = -80',
      '6841 EUR': '120 = 120',
    });

    await book.undo(first.matchId);
    expect(await book.balances()).toMatchObject({ '1200 USD': '4000 = 3600', '1000 USD': '6000 = 5280' });
    expect(await book.balances()).not.toHaveProperty('4841 EUR');

    // The part that came back, at 0.95: 38.00 for 36.00.
    await book.pay({ on: '2026-03-25', bank: [4000n, 'USD'], applied: [item, '1200', 4000n, 'USD'] });
    expect(await book.balances()).toEqual({
      '1000 USD': '10000 = 9080',
      '4400 USD': '-10000 = -9000',
      '4840 EUR': '80 = 80',
      '4840 USD': '0 = -80',
      '4841 EUR': '-200 = -200',
      '6841 EUR': '120 = 120',
    });
  });

  test('can be paid in euros on a day without any rate', async () => {
    const book = await openForeignBook(bench);
    await book.rate('USD EUR', '0.90', '2026-03-02');
    const item = await book.post('2026-03-02', ['1200', '4400'], [10000n, 'USD']);
    await book.pay({ on: '2027-01-04', bank: [9250n, 'EUR'], applied: [item, '1200', 10000n, 'USD'] });
    expect(await book.balances()).toEqual({
      '1000 EUR': '9250 = 9250',
      '4400 USD': '-10000 = -9000',
      // The account of exchange took the dollars and gave the euros they stood at.
      '4840 EUR': '-9000 = -9000',
      '4840 USD': '10000 = 9000',
      '4841 EUR': '-250 = -250',
    });
  });

  test('posted before there were rates is worth what its day says', async () => {
    const book = await openForeignBook(bench);
    await book.rate('USD EUR', '0.90', '2026-03-02');
    const item = await book.post('2026-03-02', ['1200', '4400'], [10000n, 'USD']);
    await book.age(item);
    await book.pay({ on: '2026-03-10', bank: [9250n, 'EUR'], applied: [item, '1200', 10000n, 'USD'] });
    expect(await book.balances()).toMatchObject({ '4841 EUR': '-250 = -250' });
  });

  test('of a book from before there were accounts of exchange gives it those accounts', async () => {
    const book = await openForeignBook(bench);
    await book.rate('USD EUR', '0.90', '2026-03-02');
    const item = await book.post('2026-03-02', ['1200', '4400'], [10000n, 'USD']);
    await bench.owner.query(
      `alter table transactions.account disable trigger user;
       delete from transactions.account where book_id = '${book.bookId}' and code in ('4840', '4841', '6841');
       alter table transactions.account enable trigger user`,
    );
    await book.pay({ on: '2026-03-10', bank: [9250n, 'EUR'], applied: [item, '1200', 10000n, 'USD'] });
    expect(await book.balances()).toMatchObject({ '4841 EUR': '-250 = -250' });
  });

  test('a payment whose day has no rate is refused and told of', async () => {
    const book = await openForeignBook(bench);
    const paid = await book.pay({
      on: '2026-03-10',
      bank: [4000n, 'USD'],
      applied: ['je_none', '1200', 4000n, 'USD'],
    });
    expect(paid).toMatchObject({ refused: 'RATE_MISSING' });
    const told = (await bench.events()).filter((event) => event.subjectId === paid.matchId);
    expect(told).toMatchObject([{ type: 'posting.refused', facts: { code: 'RATE_MISSING' } }]);
  });

  test('lines show their worth and the rate with its evidence', async () => {
    const book = await openForeignBook(bench);
    await book.rate('USD EUR', '0.90', '2026-03-02');
    const id = await book.post('2026-03-02', ['1200', '4400'], [10000n, 'USD']);
    const { journalEntry } = await bench.query<{ journalEntry: { lines: unknown[] } }>(
      'transactions',
      `{ journalEntry(id: "${id}") { lines { functional { amount currency } exchangeRate { rate source on path } } } }`,
    );
    expect(journalEntry.lines[0]).toEqual({
      functional: { amount: '90.00', currency: 'EUR' },
      exchangeRate: { rate: '0.9', source: 'MANUAL', on: '2026-03-02', path: 'USD>EUR' },
    });
  });
});

describe('whatever is paid, undone and paid again', () => {
  const rate = fc
    .integer({ min: 100, max: 3000 })
    .map((thousandths) => `0.${String(thousandths).padStart(4, '0')}`);

  test(
    'the item ends at zero in both amounts and undoing restores what stood',
    { timeout: 60_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(['EUR', 'USD'], ['EUR', 'JPY'], ['JPY', 'KWD'], ['KWD', 'USD']),
          fc.array(fc.record({ part: fc.bigInt({ min: 1n, max: 9999n }), rate, undone: fc.boolean() }), {
            minLength: 1,
            maxLength: 5,
          }),
          rate,
          async ([base = '', currency = ''], payments, postedAt) => {
            const book = await openForeignBook(bench, base);
            await book.rate(`${currency} ${base}`, postedAt, '2026-03-01');
            const whole = payments.reduce((sum, { part }) => sum + part, 0n);
            const item = await book.post('2026-03-01', ['6000', '2000'], [whole, currency]);
            for (const [index, payment] of payments.entries()) {
              const on = `2026-03-1${index}`;
              await book.rate(`${currency} ${base}`, payment.rate, on);
              const once = () =>
                book.pay({
                  on,
                  bank: [-payment.part, currency],
                  applied: [item, '2000', -payment.part, currency],
                });
              const before = await book.balances();
              const { matchId } = await once();
              if (!payment.undone) continue;
              await book.undo(matchId);
              expect(await book.balances()).toEqual(before);
              await once();
            }
            const after = await book.balances();
            expect(after).not.toHaveProperty(`2000 ${currency}`);
            const exchanged = Object.entries(after).filter(([key]) => key.startsWith('4840'));
            expect(
              exchanged.reduce((sum, [, amounts]) => sum + BigInt(amounts.split(' = ')[1] ?? ''), 0n),
            ).toBe(0n);
          },
        ),
        { numRuns: 12 },
      );
    },
  );
});
