import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemActor } from '#kernel/actor';
import { newId } from '#kernel/ids';
import { formatMoney, money } from '#kernel/money';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { receiveBook } from '../intake/receive-book.ts';
import { submitDocument } from '../intake/submit-document.ts';
import { setExchangeRate } from '../rates/set-exchange-rate.ts';
import { transactions } from '../subgraph.ts';
import { draftJournalEntry } from './draft-journal-entry.ts';
import { installChartOfAccounts } from './install-chart-of-accounts.ts';
import { lockPeriod } from './lock-period.ts';
import { postDraft } from './post-draft.ts';
import { postJournalEntry } from './post-journal-entry.ts';
import { postMatch } from './post-match.ts';
import { revalueBook } from './revalue-book.ts';
import { undoMatchPosting } from './undo-match-posting.ts';

let bench: Workbench;

beforeAll(async () => {
  bench = await openWorkbench([transactions]);
});
afterAll(() => bench.close());

const door = () => bench.door('transactions');
const system = () => systemActor('transactions', bench.actor().organisationId);

async function openBook(baseCurrency = 'EUR'): Promise<string> {
  const bookId = newId('bk');
  const book = {
    bookId,
    name: 'Main',
    legalName: 'Acme GmbH',
    country: 'DE',
    baseCurrency,
    fiscalYearStartMonth: 1,
  };
  await door().run(receiveBook, book, { actor: system() });
  await door().run(installChartOfAccounts, { bookId }, { actor: system() });
  return bookId;
}

async function setRate(bookId: string, pair: string, rate: string, on: string) {
  const [from, to] = pair.split(' ');
  const outcome = await door().run(setExchangeRate, { bookId, from, to, rate, on, reason: 'test' });
  expect(outcome.errors).toEqual([]);
}

/** Posts an amount from one account to another; answers the entry. */
async function post(
  bookId: string,
  on: string,
  entry: { debit: string; credit: string; minor: bigint; currency: string },
): Promise<string> {
  const { debit, credit, minor, currency } = entry;
  const amount = { amount: formatMoney(money(minor, currency)), currency };
  const outcome = await door().run(postJournalEntry, {
    bookId,
    postedOn: on,
    description: 'Test',
    lines: [
      { accountCode: debit, side: 'DEBIT', ...amount },
      { accountCode: credit, side: 'CREDIT', ...amount },
    ],
  });
  expect(outcome.errors).toEqual([]);
  return outcome.result?.journalEntryId ?? '';
}

let matches = 0;

interface Payment {
  readonly on: string;
  readonly bank: readonly [bigint, string];
  readonly applied: readonly [item: string, account: string, minor: bigint, currency: string];
}

async function pay(bookId: string, { on, bank, applied }: Payment) {
  matches += 1;
  const matchId = `mat_fx${matches}`;
  const [journalEntryId, controlAccountCode, minor, currency] = applied;
  const outcome = await door().run(
    postMatch,
    {
      matchId,
      bookId,
      bankAccountCode: '1000',
      bookedOn: on,
      description: 'Payment',
      lines: [{ lineId: 'stl_1', money: { minor: String(bank[0]), currency: bank[1] } }],
      items: [{ journalEntryId, controlAccountCode, applied: { minor: String(minor), currency } }],
    },
    { actor: system() },
  );
  expect(outcome.errors).toEqual([]);
  return { matchId, ...(outcome.result as { journalEntryId?: string; refused?: string }) };
}

async function undo(bookId: string, matchId: string) {
  const outcome = await door().run(undoMatchPosting, { matchId, bookId }, { actor: system() });
  expect(outcome.errors).toEqual([]);
}

/** Balances by account and currency to the end of a day: original and functional, debits positive, zeros left out. */
async function balances(bookId: string, on = '2099-12-31'): Promise<Record<string, string>> {
  const { rows } = await bench.owner.query<{ key: string; minor: string; functional: string }>(
    `select a.code || ' ' || l.currency as key,
            sum(case l.side when 'DEBIT' then l.minor else -l.minor end)::text as minor,
            sum(case l.side when 'DEBIT' then l.functional_minor else -l.functional_minor end)::text as functional
       from transactions.journal_line l join transactions.account a on a.id = l.account_id
      where a.book_id = $1 and l.posted_on <= $2 group by 1 order by 1`,
    [bookId, on],
  );
  return Object.fromEntries(
    rows
      .filter((row) => row.minor !== '0' || row.functional !== '0')
      .map((row) => [row.key, `${row.minor} = ${row.functional}`]),
  );
}

describe('an invoice in dollars, paid in parts', () => {
  test('gives up its posted value; undoing a part gives it back; the last part clears it', async () => {
    const bookId = await openBook();
    await setRate(bookId, 'USD EUR', '0.90', '2026-03-02');
    await setRate(bookId, 'USD EUR', '0.92', '2026-03-10');
    await setRate(bookId, 'USD EUR', '0.88', '2026-03-20');
    await setRate(bookId, 'USD EUR', '0.95', '2026-03-25');
    // 100.00 USD at 0.90 are 90.00 EUR.
    const item = await post(bookId, '2026-03-02', {
      debit: '1200',
      credit: '4400',
      minor: 10000n,
      currency: 'USD',
    });
    expect(await balances(bookId)).toMatchObject({ '1200 USD': '10000 = 9000' });

    // 40.00 USD at 0.92 are 36.80 for what stood at 36.00: a gain of 0.80.
    const first = await pay(bookId, {
      on: '2026-03-10',
      bank: [4000n, 'USD'],
      applied: [item, '1200', 4000n, 'USD'],
    });
    expect(await balances(bookId)).toMatchObject({
      '1000 USD': '4000 = 3680',
      '1200 USD': '6000 = 5400',
      '4841 EUR': '-80 = -80',
    });

    // 60.00 USD at 0.88 are 52.80 for what stood at 54.00: a loss of 1.20.
    await pay(bookId, { on: '2026-03-20', bank: [6000n, 'USD'], applied: [item, '1200', 6000n, 'USD'] });
    expect(await balances(bookId)).toEqual({
      '1000 USD': '10000 = 8960',
      '4400 USD': '-10000 = -9000',
      // The account of exchange holds no dollars, and nothing in euros altogether.
      '4840 EUR': '-40 = -40',
      '4840 USD': '0 = 40',
      '4841 EUR': '-80 = -80',
      '6841 EUR': '120 = 120',
    });

    await undo(bookId, first.matchId);
    expect(await balances(bookId)).toMatchObject({ '1200 USD': '4000 = 3600', '1000 USD': '6000 = 5280' });
    expect(await balances(bookId)).not.toHaveProperty('4841 EUR');

    // The part that came back, at 0.95: 38.00 for 36.00.
    await pay(bookId, { on: '2026-03-25', bank: [4000n, 'USD'], applied: [item, '1200', 4000n, 'USD'] });
    expect(await balances(bookId)).toEqual({
      '1000 USD': '10000 = 9080',
      '4400 USD': '-10000 = -9000',
      '4840 EUR': '80 = 80',
      '4840 USD': '0 = -80',
      '4841 EUR': '-200 = -200',
      '6841 EUR': '120 = 120',
    });
  });

  test('can be paid in euros on a day without any rate', async () => {
    const bookId = await openBook();
    await setRate(bookId, 'USD EUR', '0.90', '2026-03-02');
    const item = await post(bookId, '2026-03-02', {
      debit: '1200',
      credit: '4400',
      minor: 10000n,
      currency: 'USD',
    });
    await pay(bookId, { on: '2027-01-04', bank: [9250n, 'EUR'], applied: [item, '1200', 10000n, 'USD'] });
    expect(await balances(bookId)).toEqual({
      '1000 EUR': '9250 = 9250',
      '4400 USD': '-10000 = -9000',
      // The account of exchange took the dollars and gave the euros they stood at.
      '4840 EUR': '-9000 = -9000',
      '4840 USD': '10000 = 9000',
      '4841 EUR': '-250 = -250',
    });
  });

  test('a payment whose day has no rate is refused and told of', async () => {
    const bookId = await openBook();
    const paid = await pay(bookId, {
      on: '2026-03-10',
      bank: [4000n, 'USD'],
      applied: ['je_none', '1200', 4000n, 'USD'],
    });
    expect(paid).toMatchObject({ refused: 'RATE_MISSING' });
    const told = (await bench.events()).filter((event) => event.subjectId === paid.matchId);
    expect(told).toMatchObject([{ type: 'posting.refused', facts: { code: 'RATE_MISSING' } }]);
  });

  test('lines show their worth and the rate with its evidence', async () => {
    const bookId = await openBook();
    await setRate(bookId, 'USD EUR', '0.90', '2026-03-02');
    const id = await post(bookId, '2026-03-02', {
      debit: '1200',
      credit: '4400',
      minor: 10000n,
      currency: 'USD',
    });
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

test('a draft that waits for a rate is posted when one is set, and shows its worth', async () => {
  const bookId = await openBook();
  const submitted = await door().run(submitDocument, {
    bookId,
    document: {
      kind: 'INVOICE',
      number: 'FX-1',
      issuedOn: '2026-03-10',
      counterpartyName: 'Hudson Inc',
      currency: 'USD',
      total: '119.00',
      tax: '19.00',
      lines: [{ description: 'Virtual server hosting', net: '100.00', taxRate: '19', tax: '19.00' }],
    },
  });
  const documentId = submitted.result?.documentIds[0] ?? '';
  const vendor = { documentId, vendorId: 'ven_hudson', vendorName: 'Hudson Inc', proposed: false };
  const drafted = await door().run(draftJournalEntry, vendor, { actor: system() });
  const draftId = drafted.result?.draftId ?? '';
  const read = async () =>
    (
      await bench.query<{ draft: Record<string, unknown> }>(
        'transactions',
        `{ draft(id: "${draftId}") { status refusal { code } functionalTotal { amount currency } exchangeRate { source }
           document { functionalTotal { amount currency } exchangeRate { rate path } } } }`,
      )
    ).draft;
  await door().run(postDraft, { draftId, draftVersion: 1, approvedBy: 'mem_bea' }, { actor: system() });
  expect(await read()).toEqual({
    status: 'APPROVED',
    refusal: { code: 'RATE_MISSING' },
    functionalTotal: null,
    exchangeRate: null,
    document: { functionalTotal: null, exchangeRate: null },
  });

  await setRate(bookId, 'USD EUR', '0.5', '2026-03-10');
  await bench.settle();
  expect(await read()).toEqual({
    status: 'POSTED',
    refusal: null,
    functionalTotal: { amount: '59.50', currency: 'EUR' },
    exchangeRate: { source: 'MANUAL' },
    document: {
      functionalTotal: { amount: '59.50', currency: 'EUR' },
      exchangeRate: { rate: '0.5', path: 'USD>EUR' },
    },
  });
  expect(await balances(bookId)).toMatchObject({ '2000 USD': '-11900 = -5950' });
});

describe('revaluation', () => {
  const revalue = (bookId: string, on: string, dryRun = false) =>
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
  async function bookWithBalances(): Promise<string> {
    const bookId = await openBook();
    await setRate(bookId, 'USD EUR', '0.90', '2026-03-02');
    await setRate(bookId, 'GBP EUR', '1.15', '2026-03-02');
    const on = '2026-03-02';
    await post(bookId, on, { debit: '1200', credit: '4400', minor: 10000n, currency: 'USD' });
    await post(bookId, on, { debit: '1000', credit: '3000', minor: 5000n, currency: 'USD' });
    await post(bookId, on, { debit: '6000', credit: '2000', minor: 8000n, currency: 'GBP' });
    await post(bookId, on, { debit: '0400', credit: '3000', minor: 3000n, currency: 'USD' });
    await setRate(bookId, 'USD EUR', '0.93', '2026-03-31');
    await setRate(bookId, 'GBP EUR', '1.20', '2026-03-31');
    return bookId;
  }

  test('values bank, receivables and payables at the day and takes it back on the next', async () => {
    const bookId = await bookWithBalances();
    const before = await balances(bookId);
    const { revalueBook: made } = await revalue(bookId, '2026-03-31');
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
    expect(await balances(bookId, '2026-03-31')).toEqual({
      ...before,
      '1090 EUR': '150 = 150',
      '1290 EUR': '300 = 300',
      '2090 EUR': '-400 = -400',
      '4842 EUR': '-450 = -450',
      '6842 EUR': '400 = 400',
    });
    expect(await balances(bookId, '2026-04-01')).toEqual(before);
  });

  test('a dry run shows it and posts nothing', async () => {
    const bookId = await bookWithBalances();
    const before = await balances(bookId, '2026-03-31');
    const { revalueBook: shown } = await revalue(bookId, '2026-03-31', true);
    expect(shown).toMatchObject({ posted: true, revaluation: null, errors: [] });
    expect(shown.lines.map((line) => line.difference.amount)).toEqual(['1.50', '3.00', '-4.00']);
    expect(await balances(bookId, '2026-03-31')).toEqual(before);
  });

  test('repeated it posts nothing, and after a change of rates or balances what has changed', async () => {
    const bookId = await bookWithBalances();
    const first = (await revalue(bookId, '2026-03-31')).revalueBook;
    const standing = await balances(bookId, '2026-03-31');
    const again = (await revalue(bookId, '2026-03-31')).revalueBook;
    expect(again).toMatchObject({ posted: false, revaluation: { id: first.revaluation?.id } });
    expect(await balances(bookId, '2026-03-31')).toEqual(standing);

    // The dollar falls: 50.00 at 0.88 are 44.00 (a loss of 1.00), 100.00 are 88.00 (a loss of 2.00).
    await setRate(bookId, 'USD EUR', '0.88', '2026-03-31');
    // Half of the pounds are paid late for March: 40.00 at 1.20 are 48.00, in the books at 46.00.
    await post(bookId, '2026-03-02', { debit: '2000', credit: '3000', minor: 4000n, currency: 'GBP' });
    expect((await revalue(bookId, '2026-03-31')).revalueBook).toMatchObject({ posted: true });
    expect(await balances(bookId, '2026-03-31')).toMatchObject({
      '1090 EUR': '-100 = -100',
      '1290 EUR': '-200 = -200',
      '2090 EUR': '-200 = -200',
      '6842 EUR': '500 = 500',
    });
    const after = await balances(bookId, '2026-04-01');
    for (const account of ['1090', '1290', '2090', '4842', '6842']) {
      expect(after).not.toHaveProperty(`${account} EUR`);
    }
    const { revaluations } = await bench.query<{ revaluations: { totalCount: number } }>(
      'transactions',
      `{ revaluations(bookId: "${bookId}", on: "2026-03-31") { totalCount edges { node { lines { accountCode } } } } }`,
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
    const bookId = await bookWithBalances();
    await revalue(bookId, '2026-03-31');
    const item = await post(bookId, '2026-03-02', {
      debit: '1200',
      credit: '4400',
      minor: 2000n,
      currency: 'USD',
    });
    // 20.00 USD stand at 18.00 and bring 19.00.
    await pay(bookId, { on: '2026-04-10', bank: [1900n, 'EUR'], applied: [item, '1200', 2000n, 'USD'] });
    expect(await balances(bookId)).toMatchObject({ '4841 EUR': '-100 = -100' });
  });

  test('a book without foreign amounts is revalued with nothing to post, and that is known', async () => {
    const bookId = await openBook();
    const { revalueBook: made } = await revalue(bookId, '2026-03-31');
    expect(made).toMatchObject({ posted: false, lines: [], revaluation: { journalEntry: null } });
  });

  test('a missing rate and closed days are told', async () => {
    const bookId = await bookWithBalances();
    expect((await revalue(bookId, '2026-06-30')).revalueBook.errors).toMatchObject([
      { code: 'RATE_MISSING' },
    ]);
    await door().run(lockPeriod, { bookId, startsOn: '2026-04-01', endsOn: '2026-04-30' });
    expect((await door().run(revalueBook, { bookId, on: '2026-03-31' })).errors).toMatchObject([
      { code: 'PERIOD_CLOSED' },
    ]);
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
            const bookId = await openBook(base);
            await setRate(bookId, `${currency} ${base}`, postedAt, '2026-03-01');
            const whole = payments.reduce((sum, { part }) => sum + part, 0n);
            const item = await post(bookId, '2026-03-01', {
              debit: '6000',
              credit: '2000',
              minor: whole,
              currency,
            });
            for (const [index, payment] of payments.entries()) {
              const on = `2026-03-1${index}`;
              await setRate(bookId, `${currency} ${base}`, payment.rate, on);
              const once = () =>
                pay(bookId, {
                  on,
                  bank: [-payment.part, currency],
                  applied: [item, '2000', -payment.part, currency],
                });
              const before = await balances(bookId);
              const { matchId } = await once();
              if (!payment.undone) continue;
              await undo(bookId, matchId);
              expect(await balances(bookId)).toEqual(before);
              await once();
            }
            const after = await balances(bookId);
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
