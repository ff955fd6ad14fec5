import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemActor } from '#kernel/actor';
import { calendarDate } from '#kernel/calendar';
import { money } from '#kernel/money';
import { openTestBook } from '../../../test/support/book.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { transactions } from '../subgraph.ts';
import { lockPeriod } from './lock-period.ts';
import { postMatch } from './post-match.ts';
import { postStatementLine } from './post-statement-line.ts';
import { reverseJournalEntry } from './reverse-journal-entry.ts';
import { accountOfDifference, settlementLines } from './settlement-lines.ts';
import { undoMatchPosting } from './undo-match-posting.ts';

describe('the lines of a settlement', () => {
  const lines = (bank: [bigint, string][], items: [string, bigint, string][]) =>
    settlementLines({
      bankAccountCode: '1000',
      base: 'EUR',
      rateOf: () => ({ rate: '0.9', source: 'ECB', on: calendarDate('2026-03-13'), path: 'USD>EUR' }),
      lines: bank.map(([minor, currency]) => ({ money: money(minor, currency) })),
      items: items.map(([controlAccountCode, minor, currency]) => ({
        controlAccountCode,
        money: money(minor, currency),
        functional: (minor * 9n) / (currency === 'EUR' ? 9n : 10n),
        rate: undefined,
      })),
    }).map((line) => `${line.side} ${line.accountCode} ${line.money.minor} ${line.money.currency}`);

  test('a payment of an invoice debits the payable and credits the bank', () => {
    expect(lines([[-11900n, 'EUR']], [['2000', -11900n, 'EUR']])).toEqual([
      'CREDIT 1000 11900 EUR',
      'DEBIT 2000 11900 EUR',
    ]);
  });

  test('a receipt of money debits the bank and credits the receivable', () => {
    expect(lines([[11900n, 'EUR']], [['1200', 11900n, 'EUR']])).toEqual([
      'DEBIT 1000 11900 EUR',
      'CREDIT 1200 11900 EUR',
    ]);
  });

  test('one line pays invoices less a credit note', () => {
    const items: [string, bigint, string][] = [
      ['2000', -10000n, 'EUR'],
      ['2000', -5000n, 'EUR'],
      ['2000', 2000n, 'EUR'],
    ];
    expect(lines([[-13000n, 'EUR']], items)).toEqual(['CREDIT 1000 13000 EUR', 'DEBIT 2000 13000 EUR']);
  });

  test('a line and its return are both shown', () => {
    expect(
      lines(
        [
          [-500n, 'EUR'],
          [500n, 'EUR'],
        ],
        [],
      ),
    ).toEqual(['CREDIT 1000 500 EUR', 'DEBIT 1000 500 EUR']);
  });

  test.each<[string, bigint, [string, bigint, string], string]>([
    ['charges the bank kept', 9800n, ['1200', 10000n, 'EUR'], 'DEBIT 6855 200 EUR'],
    ['charges on top of a payment', -10200n, ['2000', -10000n, 'EUR'], 'DEBIT 6855 200 EUR'],
    ['a discount taken', -9800n, ['2000', -10000n, 'EUR'], 'CREDIT 4730 200 EUR'],
    ['an overpayment', 10200n, ['1200', 10000n, 'EUR'], 'CREDIT 9999 200 EUR'],
    ['what coins of five rappen leave', 50185n, ['1200', 50187n, 'CHF'], 'DEBIT 6990 2 CHF'],
    ['what whole crowns add', -125700n, ['2000', -125662n, 'SEK'], 'DEBIT 6990 38 SEK'],
    ['a cent of rounding', 9999n, ['1200', 10000n, 'EUR'], 'DEBIT 6990 1 EUR'],
  ])('what is left is booked: %s', (_what, bank, item, line) => {
    expect(lines([[bank, item[2]]], [item])[2]).toBe(line);
  });

  test('what a payment provider kept and added is booked part by part, and nothing is left', () => {
    const item = {
      controlAccountCode: '1200',
      money: money(11_900n, 'EUR'),
      functional: 11_900n,
      rate: undefined,
    };
    const part = (accountCode: string, minor: bigint) => ({
      accountCode,
      money: money(minor, 'EUR'),
      memo: 'Payout',
    });
    const posted = settlementLines({
      bankAccountCode: '1000',
      base: 'EUR',
      rateOf: () => ({ rate: '1', source: 'ECB', on: calendarDate('2026-03-13'), path: 'EUR>EUR' }),
      lines: [{ money: money(15_601n, 'EUR') }],
      items: [item],
      explained: [part('1050', 4_000n), part('6855', -299n)],
    });
    expect(posted.map((line) => `${line.side} ${line.accountCode} ${line.money.minor}`)).toEqual([
      'DEBIT 1000 15601',
      'CREDIT 1200 11900',
      'CREDIT 1050 4000',
      'DEBIT 6855 299',
    ]);
  });

  test('a payout that pays nothing out moves no bank account', () => {
    const part = (accountCode: string, minor: bigint) => ({
      accountCode,
      money: money(minor, 'EUR'),
      memo: 'Payout',
    });
    const posted = settlementLines({
      bankAccountCode: '1000',
      base: 'EUR',
      rateOf: () => ({ rate: '1', source: 'ECB', on: calendarDate('2026-03-13'), path: 'EUR>EUR' }),
      lines: [],
      items: [
        {
          controlAccountCode: '1200',
          money: money(10_000n, 'EUR'),
          functional: 10_000n,
          rate: undefined,
        },
      ],
      explained: [part('6855', -100n), part('1050', -6_000n), part('1050', -3_900n)],
    });
    expect(posted.map((line) => `${line.side} ${line.accountCode} ${line.money.minor}`)).toEqual([
      'CREDIT 1200 10000',
      'DEBIT 6855 100',
      'DEBIT 1050 6000',
      'DEBIT 1050 3900',
    ]);
  });

  test('currencies are exchanged so that each balances', () => {
    expect(lines([[9200n, 'EUR']], [['1200', 10000n, 'USD']])).toEqual([
      'DEBIT 1000 9200 EUR',
      'CREDIT 1200 10000 USD',
      'DEBIT 4840 10000 USD',
      'CREDIT 4840 9000 EUR',
      'CREDIT 4841 200 EUR',
    ]);
  });
});

test.each([
  ['PAYOUT_FEE', -299n, '6855'],
  ['PAYOUT_TAX', -299n, '6855'],
  ['PAYOUT_REFUND', -299n, '1050'],
  ['ROUNDING', -1n, '6990'],
  ['BANK_CHARGE', -500n, '6855'],
  ['OVERPAYMENT', 500n, '9999'],
  // What a supplier allows us is income, what we allow a customer makes revenue less.
  ['EARLY_PAYMENT_DISCOUNT', 200n, '4730'],
  ['EARLY_PAYMENT_DISCOUNT', -200n, '4400'],
  ['TOLERANCE', -200n, undefined],
])('a difference of kind %s over %s that names no account goes to %s', (kind, minor, account) => {
  expect(accountOfDifference(kind, money(minor, 'EUR'))).toBe(account);
});

describe('in the books', () => {
  let bench: Workbench;
  let bookId: string;
  let made = 0;

  beforeAll(async () => {
    bench = await openWorkbench([transactions]);
    bookId = await openTestBook(bench);
  });
  afterAll(() => bench.close());

  const actor = () => systemActor('transactions', bench.actor().organisationId);

  async function match(more: Record<string, unknown> = {}, into = bookId) {
    made += 1;
    const matchId = `mat_${made}`;
    const input = {
      matchId,
      bookId: into,
      bankAccountCode: '1000',
      bookedOn: '2026-03-15',
      description: 'Payment of INV-1',
      lines: [{ lineId: 'stl_1', money: { minor: '-11900', currency: 'EUR' } }],
      items: [
        { journalEntryId: 'je_1', controlAccountCode: '2000', applied: { minor: '-11900', currency: 'EUR' } },
      ],
      ...more,
    };
    const outcome = await bench.door('transactions').run(postMatch, input, { actor: actor() });
    expect(outcome.errors).toEqual([]);
    return { matchId, result: outcome.result as { journalEntryId?: string; refused?: string } };
  }

  const eventsOf = async (subjectId: string | undefined) =>
    (await bench.events()).filter((event) => event.subjectId === subjectId);

  test('an accepted match is a payment with its cause', async () => {
    const { matchId, result } = await match();
    const [event] = await eventsOf(result.journalEntryId);
    expect(event).toMatchObject({
      type: 'journalEntry.posted',
      bookId,
      facts: { kind: 'PAYMENT', postedOn: '2026-03-15', cause: { matchId } },
    });
  });

  test.each([
    ['an unknown bank account', { bankAccountCode: '1099' }, 'ACCOUNT_UNKNOWN'],
    ['nothing at all', { lines: [], items: [] }, 'ENTRY_TOO_SMALL'],
  ])('a match over %s is refused and told of, and does not come back', async (_what, more, code) => {
    const { matchId, result } = await match(more);
    expect(result).toEqual({ refused: code });
    expect(await eventsOf(matchId)).toMatchObject([
      { type: 'posting.refused', facts: { cause: { matchId }, code } },
    ]);
  });

  test('a match in a closed period is refused and told of', async () => {
    const own = await openTestBook(bench);
    await bench.door('transactions').run(lockPeriod, {
      bookId: own,
      startsOn: '2026-03-01',
      endsOn: '2026-03-31',
    });
    expect((await match({}, own)).result).toEqual({ refused: 'PERIOD_CLOSED' });
  });

  test('an undone match takes its payment back, once', async () => {
    const { matchId, result } = await match();
    const undo = () =>
      bench.door('transactions').run(undoMatchPosting, { matchId, bookId }, { actor: actor() });
    await undo();
    await undo();
    const told = (await bench.events()).filter(
      (event) =>
        event.type === 'journalEntry.posted' &&
        (event.facts as { reversalOf?: string }).reversalOf === result.journalEntryId,
    );
    expect(told).toHaveLength(1);
    expect(told[0]?.facts).toMatchObject({ kind: 'REVERSAL', postedOn: '2026-03-15', cause: { matchId } });
  });

  test('an undone match of a closed period is taken back today', async () => {
    const own = await openTestBook(bench);
    const { matchId } = await match({}, own);
    await bench.door('transactions').run(lockPeriod, {
      bookId: own,
      startsOn: '2026-03-01',
      endsOn: '2026-03-31',
    });
    const input = { matchId, bookId: own };
    const outcome = await bench.door('transactions').run(undoMatchPosting, input, { actor: actor() });
    const [event] = await eventsOf(String((outcome.result as { reversal?: string }).reversal));
    expect(event?.facts).toMatchObject({ kind: 'REVERSAL' });
    expect(event?.facts).not.toMatchObject({ postedOn: '2026-03-15' });
  });

  test('a match that was never posted is undone without a posting', async () => {
    const input = { matchId: 'mat_none', bookId };
    const outcome = await bench.door('transactions').run(undoMatchPosting, input, { actor: actor() });
    expect(outcome).toMatchObject({ result: {}, errors: [] });
  });

  test('a payment is taken back through its match only', async () => {
    const { result } = await match();
    const input = { journalEntryId: result.journalEntryId, reason: 'x' };
    const outcome = await bench.door('transactions').run(reverseJournalEntry, input);
    expect(outcome.errors).toMatchObject([{ code: 'STATE_CONFLICT' }]);
    expect(outcome.errors[0]?.message).toContain('undo the match');
  });

  const booked = (more: Record<string, unknown> = {}) => ({
    lineId: 'stl_9',
    bookId,
    bankAccountCode: '1000',
    accountCode: '6855',
    money: { minor: '-350', currency: 'EUR' },
    bookedOn: '2026-03-31',
    memo: 'Account fee',
    ...more,
  });

  test.each([
    ['-350', ['CREDIT 1000', 'DEBIT 6855']],
    ['350', ['DEBIT 1000', 'CREDIT 6855']],
  ])('a bank line of %s goes to its account', async (minor, lines) => {
    const input = booked({ money: { minor, currency: 'EUR' } });
    const outcome = await bench.door('transactions').run(postStatementLine, input, { actor: actor() });
    const [event] = await eventsOf(String((outcome.result as { journalEntryId?: string }).journalEntryId));
    const facts = event?.facts as { kind: string; lines: { side: string; accountCode: string }[] };
    expect(facts.kind).toBe('BANK');
    expect(facts.lines.map((line) => `${line.side} ${line.accountCode}`)).toEqual(lines);
  });

  test('a bank line for an unknown account is refused and told of', async () => {
    const outcome = await bench.door('transactions').run(postStatementLine, booked({ accountCode: '4711' }), {
      actor: actor(),
    });
    expect(outcome).toMatchObject({ result: { refused: 'ACCOUNT_UNKNOWN' }, errors: [] });
    expect((await eventsOf('stl_9')).at(-1)).toMatchObject({
      type: 'posting.refused',
      facts: { cause: { statementLineId: 'stl_9' } },
    });
  });
});
