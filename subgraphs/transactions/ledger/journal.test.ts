import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestBook } from '../../../test/support/book.ts';
import { setTestRates } from '../../../test/support/rates.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { transactions } from '../subgraph.ts';
import { createAccount } from './create-account.ts';
import { lockPeriod } from './lock-period.ts';
import { openPeriod } from './open-period.ts';
import { postJournalEntry } from './post-journal-entry.ts';
import { reverseJournalEntry } from './reverse-journal-entry.ts';

let bench: Workbench;
let bookId: string;

beforeAll(async () => {
  bench = await openWorkbench([transactions]);
  bookId = await openTestBook(bench);
  await setTestRates(bench);
});
afterAll(() => bench.close());

/** A line from its account, side, amount and currency. */
function line(...[accountCode, side, amount, currency = 'EUR']: string[]) {
  return { accountCode, side, amount, currency };
}

const sale = (amount = '100.00', postedOn = '2026-03-01', into = bookId) => ({
  bookId: into,
  postedOn,
  description: 'Cash sale',
  lines: [line('1100', 'DEBIT', amount), line('4400', 'CREDIT', amount)],
});

async function post(input: unknown = sale()): Promise<string> {
  const outcome = await bench.door('transactions').run(postJournalEntry, input);
  expect(outcome.errors).toEqual([]);
  return outcome.result?.journalEntryId ?? '';
}

async function refusal(input: unknown): Promise<{ code: string; path: readonly string[] } | undefined> {
  const outcome = await bench.door('transactions').run(postJournalEntry, input);
  expect(outcome.result).toBeUndefined();
  const [error] = outcome.errors;
  return error && { code: error.code, path: error.path };
}

describe('the chart of accounts', () => {
  test('comes with the book, in the order of its codes', async () => {
    const { accounts } = await bench.query<{ accounts: { code: string; type: string }[] }>(
      'transactions',
      `{ accounts(bookId: "${bookId}") { code type active balance { amount } } }`,
    );
    expect(accounts.length).toBeGreaterThan(45);
    expect(accounts.map((account) => account.code)).toEqual(
      accounts.map((account) => account.code).toSorted(),
    );
    expect(accounts).toContainEqual({ code: '2000', type: 'LIABILITY', active: true, balance: [] });
  });

  test('takes a further account once', async () => {
    const input = { bookId, code: '1060', name: 'Dollar account', type: 'ASSET', currency: 'USD' };
    const made = await bench.door('transactions').run(createAccount, input);
    expect(made.errors).toEqual([]);
    const again = await bench.door('transactions').run(createAccount, input);
    expect(again.errors).toMatchObject([{ code: 'ALREADY_EXISTS', path: ['code'] }]);
  });

  test('refuses codes, types and books there are not', async () => {
    const input = { bookId, code: '1 2', name: 'X', type: 'ASSETS' };
    const bad = await bench.door('transactions').run(createAccount, input);
    expect(bad.errors.map((error) => error.path[0])).toEqual(['code', 'type']);
    const nowhere = { ...input, bookId: 'bk_nowhere', code: '12', type: 'ASSET' };
    const outcome = await bench.door('transactions').run(createAccount, nowhere);
    expect(outcome.errors).toMatchObject([{ code: 'NOT_FOUND', path: ['bookId'] }]);
  });
});

describe('posting by hand', () => {
  test('gives numbers without gaps, also when entries in between are refused or only tried', async () => {
    const own = await openTestBook(bench);
    const first = await bench.door('transactions').run(postJournalEntry, sale('1', '2026-01-01', own));
    await bench.door('transactions').run(postJournalEntry, sale('1', '2026-01-01', own), { dryRun: true });
    await bench.door('transactions').run(postJournalEntry, { ...sale('1', '2026-01-01', own), lines: [] });
    const second = await bench.door('transactions').run(postJournalEntry, sale('1', '2026-12-31', own));
    const other = await bench.door('transactions').run(postJournalEntry, sale('1', '2027-01-01', own));
    expect([first, second, other].map((outcome) => outcome.result?.number)).toEqual([
      'JE-2026-000001',
      'JE-2026-000002',
      'JE-2027-000001',
    ]);
  });

  test('gives numbers without gaps to many at once', async () => {
    const own = await openTestBook(bench);
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, () =>
        bench.door('transactions').run(postJournalEntry, sale('1', '2026-01-01', own)),
      ),
    );
    const numbers = outcomes.map((outcome) => outcome.result!.number).toSorted();
    expect(numbers).toEqual(
      Array.from({ length: 30 }, (_, index) => `JE-2026-${String(index + 1).padStart(6, '0')}`),
    );
  });

  test('tells of the entry with its lines and account names', async () => {
    const id = await post(sale('12.34'));
    const event = (await bench.events()).find((one) => one.subjectId === id);
    expect(event).toMatchObject({
      type: 'journalEntry.posted',
      bookId,
      facts: {
        kind: 'MANUAL',
        postedOn: '2026-03-01',
        lines: [
          {
            accountCode: '1100',
            accountName: 'Petty cash',
            side: 'DEBIT',
            money: { minor: '1234', currency: 'EUR' },
          },
          { accountCode: '4400', side: 'CREDIT', money: { minor: '1234', currency: 'EUR' } },
        ],
      },
    });
  });

  test('happens once under one key', async () => {
    const own = await openTestBook(bench);
    const input = sale('5', '2026-01-01', own);
    const keyed = () => bench.door('transactions').run(postJournalEntry, input, { idempotencyKey: 'sale 5' });
    const [first, second, third] = [...(await Promise.all([keyed(), keyed()])), await keyed()];
    expect(new Set([first, second, third].map((one) => one.result?.journalEntryId)).size).toBe(1);
    const { journalEntries } = await bench.query<{ journalEntries: { totalCount: number } }>(
      'transactions',
      `{ journalEntries(bookId: "${own}") { totalCount } }`,
    );
    expect(journalEntries.totalCount).toBe(1);
  });

  test('takes several currencies when each balances', async () => {
    await post({
      ...sale(),
      lines: [
        line('1000', 'DEBIT', '10.00'),
        line('4840', 'CREDIT', '10.00'),
        line('4840', 'DEBIT', '1500', 'JPY'),
        line('1010', 'CREDIT', '1500', 'JPY'),
      ],
    });
    const lines = [line('1000', 'DEBIT', '10.00'), line('1010', 'CREDIT', '10.00', 'USD')];
    expect(await refusal({ ...sale(), lines })).toEqual({ code: 'ENTRY_UNBALANCED', path: ['lines'] });
  });

  test.each([
    [
      'a difference of a cent',
      [line('1100', 'DEBIT', '100.01'), line('4400', 'CREDIT', '100')],
      'ENTRY_UNBALANCED',
    ],
    ['two debits', [line('1100', 'DEBIT', '1'), line('4400', 'DEBIT', '1')], 'ENTRY_UNBALANCED'],
    ['no lines', [], 'ENTRY_TOO_SMALL'],
    ['one line', [line('1100', 'DEBIT', '1')], 'ENTRY_TOO_SMALL'],
    ['lines of zero', [line('1100', 'DEBIT', '0'), line('4400', 'CREDIT', '0.00')], 'ENTRY_TOO_SMALL'],
    ['negative amounts', [line('1100', 'DEBIT', '-1'), line('4400', 'CREDIT', '-1')], 'AMOUNT_INVALID'],
    ['half a cent', [line('1100', 'DEBIT', '0.005'), line('4400', 'CREDIT', '0.005')], 'AMOUNT_TOO_PRECISE'],
    [
      'more than the database counts',
      [line('1100', 'DEBIT', '99999999999999999999'), line('4400', 'CREDIT', '99999999999999999999')],
      'AMOUNT_INVALID',
    ],
    ['an unknown account', [line('1100', 'DEBIT', '1'), line('4711', 'CREDIT', '1')], 'ACCOUNT_UNKNOWN'],
    [
      'an unknown currency',
      [line('1100', 'DEBIT', '1', 'EUX'), line('4400', 'CREDIT', '1', 'EUX')],
      'CURRENCY_UNKNOWN',
    ],
    ['an unknown side', [line('1100', 'LEFT', '1'), line('4400', 'CREDIT', '1')], 'FIELD_INVALID'],
    ['words for an amount', [line('1100', 'DEBIT', 'ten'), line('4400', 'CREDIT', '1')], 'AMOUNT_INVALID'],
  ])('refuses %s', async (_what, lines, code) => {
    expect(await refusal({ ...sale(), lines })).toMatchObject({ code });
  });

  test('names the line and the account that is wrong', async () => {
    const lines = [line('1100', 'DEBIT', '1'), line('4711', 'CREDIT', '1')];
    expect(await refusal({ ...sale(), lines })).toEqual({
      code: 'ACCOUNT_UNKNOWN',
      path: ['lines', '1', 'accountCode'],
    });
  });

  test('keeps an account of one currency to it', async () => {
    const input = { bookId, code: '1070', name: 'Pound account', type: 'ASSET', currency: 'GBP' };
    await bench.door('transactions').run(createAccount, input);
    const lines = [line('1070', 'DEBIT', '1'), line('4400', 'CREDIT', '1')];
    expect(await refusal({ ...sale(), lines })).toMatchObject({ code: 'CURRENCY_MISMATCH' });
  });

  test('is for those who may post', async () => {
    const submitter = bench.actor('Sam', ['SUBMITTER']);
    const outcome = await bench.door('transactions').run(postJournalEntry, sale(), { actor: submitter });
    expect(outcome.errors).toMatchObject([{ code: 'FORBIDDEN' }]);
  });

  test("does not reach another organisation's book", async () => {
    const stranger = bench.actor('Mallory', ['OWNER'], 'org_other');
    const outcome = await bench.door('transactions').run(postJournalEntry, sale(), { actor: stranger });
    expect(outcome.errors).toMatchObject([{ code: 'NOT_FOUND' }]);
    const seen = await bench.query<{ accounts: unknown[] }>(
      'transactions',
      `{ accounts(bookId: "${bookId}") { id } }`,
      {
        actor: stranger,
      },
    );
    expect(seen.accounts).toEqual([]);
  });
});

describe('a reversal', () => {
  const reverse = (journalEntryId: string, more: object = {}) =>
    bench.door('transactions').run(reverseJournalEntry, { journalEntryId, reason: 'Typing error', ...more });

  test('mirrors the entry, is linked both ways, and is told of', async () => {
    const id = await post();
    const outcome = await reverse(id);
    const reversalId = outcome.result?.journalEntryId;
    const { journalEntry } = await bench.query<{ journalEntry: unknown }>(
      'transactions',
      `{ journalEntry(id: "${id}") { reversedBy { id kind description reversalOf { id } lines { side money { amount } } } } }`,
    );
    expect(journalEntry).toMatchObject({
      reversedBy: {
        id: reversalId,
        kind: 'REVERSAL',
        reversalOf: { id },
        lines: [
          { side: 'CREDIT', money: { amount: '100.00' } },
          { side: 'DEBIT', money: { amount: '100.00' } },
        ],
      },
    });
    const told = (await bench.events()).find(
      (event) => event.type === 'journalEntry.reversed' && event.subjectId === id,
    );
    expect(told?.facts).toEqual({ reversedBy: reversalId });
  });

  test('is made once, also when two people try at once', async () => {
    const id = await post();
    const outcomes = await Promise.all([reverse(id), reverse(id), reverse(id)]);
    expect(outcomes.filter((outcome) => outcome.result)).toHaveLength(1);
    expect(outcomes.flatMap((outcome) => outcome.errors.map((error) => error.code))).toEqual([
      'ALREADY_REVERSED',
      'ALREADY_REVERSED',
    ]);
  });

  test('is not reversed itself', async () => {
    const reversal = (await reverse(await post())).result?.journalEntryId ?? '';
    expect((await reverse(reversal)).errors).toMatchObject([{ code: 'STATE_CONFLICT' }]);
  });

  test('of an entry that is not there is not found', async () => {
    expect((await reverse('je_nothing')).errors).toMatchObject([
      { code: 'NOT_FOUND', path: ['journalEntryId'] },
    ]);
  });
});

describe('a period', () => {
  test('refuses postings while it is locked, naming its days, and takes them again', async () => {
    const own = await openTestBook(bench);
    const days = { bookId: own, startsOn: '2026-01-01', endsOn: '2026-01-31' };
    const id = await post(sale('1', '2026-01-15', own));
    await bench.door('transactions').run(lockPeriod, days);
    const refused = await bench.door('transactions').run(postJournalEntry, sale('1', '2026-01-31', own));
    expect(refused.errors).toMatchObject([{ code: 'PERIOD_CLOSED' }]);
    expect(refused.errors[0]?.message).toContain('2026-01-01 to 2026-01-31');
    const back = { journalEntryId: id, reason: 'x' };
    expect((await bench.door('transactions').run(reverseJournalEntry, back)).errors).toMatchObject([
      { code: 'PERIOD_CLOSED' },
    ]);
    await post(sale('1', '2026-02-01', own));
    await bench.door('transactions').run(openPeriod, { ...days, reason: 'Late invoice' });
    await post(sale('1', '2026-01-31', own));
    const { periods } = await bench.query<{ periods: unknown[] }>(
      'transactions',
      `{ periods(bookId: "${own}") { startsOn endsOn status } }`,
    );
    expect(periods).toEqual([{ startsOn: '2026-01-01', endsOn: '2026-01-31', status: 'OPEN' }]);
  });

  test('that is closed softly still takes entries made by hand', async () => {
    const own = await openTestBook(bench);
    const days = { bookId: own, startsOn: '2026-01-01', endsOn: '2026-01-31', status: 'SOFT_CLOSED' };
    await bench.door('transactions').run(lockPeriod, days);
    expect(await post(sale('1', '2026-01-15', own))).toMatch(/^je_/);
  });

  test('does not overlap another and does not end before it begins', async () => {
    const own = await openTestBook(bench);
    const lock = (startsOn: string, endsOn: string) =>
      bench.door('transactions').run(lockPeriod, { bookId: own, startsOn, endsOn });
    expect((await lock('2026-01-01', '2026-01-31')).errors).toEqual([]);
    expect((await lock('2026-01-31', '2026-02-28')).errors).toMatchObject([{ code: 'PERIOD_OVERLAPS' }]);
    expect((await lock('2026-04-30', '2026-04-01')).errors).toMatchObject([
      { code: 'FIELD_INVALID', path: ['endsOn'] },
    ]);
    expect((await lock('2026-02-30', '2026-03-01')).errors).toMatchObject([
      { code: 'DATE_INVALID', path: ['startsOn'] },
    ]);
  });
});

describe('reading', () => {
  interface Rows {
    trialBalance: { balanced: boolean; rows: unknown[] };
    account: { balance: unknown };
    journalEntries: { totalCount: number; edges: { node: { number: string } }[] };
  }

  test('adds up exactly to a day, by account and currency', async () => {
    const own = await openTestBook(bench);
    await post(sale('0.10', '2026-01-01', own));
    await post(sale('0.20', '2026-01-02', own));
    await post({
      ...sale('1', '2026-01-02', own),
      lines: [line('1100', 'DEBIT', '7', 'JPY'), line('4400', 'CREDIT', '7', 'JPY')],
    });
    await post(sale('1000', '2026-01-03', own));
    const { accounts } = await bench.query<{ accounts: { id: string; code: string }[] }>(
      'transactions',
      `{ accounts(bookId: "${own}") { id code } }`,
    );
    const cash = accounts.find((account) => account.code === '1100')?.id ?? '';
    const amount = '{ amount currency }';
    const data = await bench.query<Rows>(
      'transactions',
      `{ trialBalance(bookId: "${own}", on: "2026-01-02") { balanced rows { account { code } debit ${amount} credit ${amount} balance ${amount} } }
         account(id: "${cash}") { balance(on: "2026-01-01") ${amount} }
         journalEntries(bookId: "${own}", accountId: "${cash}", from: "2026-01-02", to: "2026-01-02", first: 1) { totalCount edges { node { number total ${amount} } } } }`,
    );
    const eur = (value: string) => ({ amount: value, currency: 'EUR' });
    const jpy = (value: string) => ({ amount: value, currency: 'JPY' });
    expect(data.trialBalance).toEqual({
      balanced: true,
      rows: [
        { account: { code: '1100' }, debit: eur('0.30'), credit: eur('0.00'), balance: eur('0.30') },
        { account: { code: '1100' }, debit: jpy('7'), credit: jpy('0'), balance: jpy('7') },
        { account: { code: '4400' }, debit: eur('0.00'), credit: eur('0.30'), balance: eur('-0.30') },
        { account: { code: '4400' }, debit: jpy('0'), credit: jpy('7'), balance: jpy('-7') },
      ],
    });
    expect(data.account.balance).toEqual([eur('0.10')]);
    expect(data.journalEntries).toMatchObject({ totalCount: 2, edges: [{ node: { total: jpy('7') } }] });
  });
});
