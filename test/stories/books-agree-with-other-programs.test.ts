import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatMoney, money } from '#kernel/money';
import { postJournalEntries } from '../../subgraphs/transactions/ledger/post-journal-entries.ts';
import { setExchangeRate } from '../../subgraphs/transactions/rates/set-exchange-rate.ts';
import { exportReport } from '../../subgraphs/transactions/reports/export-report.ts';
import { transactions } from '../../subgraphs/transactions/subgraph.ts';
import { openTestBook } from '../support/book.ts';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

/** Debian's own Python, for which beancount is installed. */
const python = '/usr/bin/python3';
/** Names in files are UTF-8, whatever the locale of the machine. */
const options = { env: { ...process.env, LC_ALL: 'C.UTF-8' }, maxBuffer: 64 * 1024 * 1024 };
const hledgerFound = spawnSync('hledger', ['--version']).status === 0;
const beancountFound =
  spawnSync('bean-check', ['--version']).status === 0 &&
  spawnSync(python, ['-c', 'import beancount']).status === 0;

const entryCount = 20_000;
const currencies = ['EUR', 'USD', 'JPY', 'KWD'] as const;
const accounts = [
  '0400',
  '1000',
  '1010',
  '1200',
  '2000',
  '2600',
  '3000',
  '4400',
  '5400',
  '6310',
  '6837',
  '9999',
];

/** Balances by account code and currency; base currency amounts under `worth`. */
interface Balances {
  readonly original: Map<string, string>;
  readonly worth: Map<string, string>;
}

let bench: Workbench;
let bookId: string;
let folder: string;

beforeAll(async () => {
  bench = await openWorkbench([transactions]);
  folder = mkdtempSync(join(tmpdir(), 'crossfoot-programs-'));
  bookId = await openTestBook(bench);
  for (const [from, rate] of [
    ['USD', '0.912345'],
    ['JPY', '0.0061728'],
    ['KWD', '2.98765'],
  ]) {
    const input = { bookId, from, to: 'EUR', rate, on: '2026-01-01', until: '2026-12-31', reason: 'Test' };
    const { errors } = await bench.door('transactions').run(setExchangeRate, input);
    if (errors.length > 0) throw new Error(JSON.stringify(errors));
  }
  for (let start = 0; start < entryCount; start += 1000) {
    const entries = Array.from({ length: 1000 }, (_one, place) => entry(start + place));
    const { errors } = await bench
      .door('transactions')
      .run(postJournalEntries, { bookId, entries, atomic: true });
    if (errors.length > 0) throw new Error(JSON.stringify(errors.slice(0, 3)));
  }
}, 300_000);
afterAll(async () => {
  await bench.close();
  rmSync(folder, { recursive: true, force: true });
}, 300_000);

/** An entry that follows from its number: one currency in most, two in every fifth, three lines in every third. */
function entry(number: number) {
  const random = mulberry(number + 1);
  const pick = <One>(list: readonly One[]): One => list[Math.floor(random() * list.length)] as One;
  const first = pick(currencies);
  const second = number % 5 === 0 ? pick(currencies) : first;
  const transfers = [first, ...(second === first ? [] : [second])].flatMap((currency) => {
    const total = BigInt(1 + Math.floor(random() * 9_000_000));
    const part = number % 3 === 0 ? total / 3n : 0n;
    const line = (side: 'DEBIT' | 'CREDIT', minor: bigint) => ({
      accountCode: pick(accounts),
      side,
      amount: formatMoney(money(minor, currency)),
      currency,
    });
    return [line('DEBIT', total - part), ...(part > 0n ? [line('DEBIT', part)] : []), line('CREDIT', total)];
  });
  const day = new Date(Date.UTC(2026, 0, 1 + (number % 365))).toISOString().slice(0, 10);
  return { postedOn: day, description: `Entry "${number}" für ; Łódź`, lines: transfers };
}

/** A small generator of numbers between 0 and 1 that gives the same ones everywhere. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

async function exported(format: string, ending: string, to = '2026-12-31'): Promise<string> {
  const outcome = await bench
    .door('transactions')
    .run(exportReport, { bookId, format, from: '2026-01-01', to });
  expect(outcome.errors).toEqual([]);
  const path = join(folder, `books.${ending}`);
  writeFileSync(
    path,
    await bench.services.files.read(bench.actor().organisationId, outcome.result?.fileId ?? ''),
  );
  return path;
}

/** Our balances, without those that are zero. */
async function ours(): Promise<Balances> {
  const { periodTrialBalance } = await bench.query<{
    periodTrialBalance: {
      balanced: boolean;
      rows: {
        account: { code: string };
        original: { closing: { amount: string; currency: string } };
        functional: { closing: { amount: string } };
      }[];
    };
  }>(
    'transactions',
    `query ($b: ID!) { periodTrialBalance(bookId: $b, to: "2026-12-31") { balanced
       rows { account { code } original { closing { amount currency } } functional { closing { amount } } } } }`,
    { variables: { b: bookId } },
  );
  expect(periodTrialBalance.balanced).toBe(true);
  const original = new Map<string, string>();
  const worth = new Map<string, bigint>();
  for (const row of periodTrialBalance.rows) {
    const { amount, currency } = row.original.closing;
    if (!isZero(amount)) original.set(`${row.account.code} ${currency}`, amount);
    const { code } = row.account;
    worth.set(code, (worth.get(code) ?? 0n) + BigInt(row.functional.closing.amount.replace('.', '')));
  }
  return {
    original,
    worth: new Map(
      [...worth]
        .filter(([, minor]) => minor !== 0n)
        .map(([code, minor]) => [code, formatMoney(money(minor, 'EUR'))]),
    ),
  };
}

const isZero = (amount: string): boolean => /^-?0(\.0+)?$/.test(amount);
const sorted = (balances: ReadonlyMap<string, string>) =>
  [...balances].toSorted(([a], [b]) => (a < b ? -1 : 1));

function hledgerBalances(
  path: string,
  ...more: string[]
): [code: string, currency: string, amount: string][] {
  const balance = ['-f', path, 'balance', '--flat', '-N', '-O', 'csv', '--layout=bare', ...more];
  return execFileSync('hledger', balance, options)
    .toString()
    .trim()
    .split('\n')
    .slice(1)
    .map((line): [string, string, string] => {
      const [account = '', currency = '', amount = ''] = line.replaceAll('"', '').split(',');
      return [account.split(':')[0] ?? '', currency, amount];
    })
    .filter(([, , amount]) => !isZero(amount));
}

describe(`${entryCount} entries in four currencies, of which one has no decimals and one has three`, () => {
  test('hledger reads the export strictly and has our balances, to the last minor unit', async (context) => {
    context.skip(!hledgerFound, 'hledger is not installed');
    const path = await exported('HLEDGER', 'journal');
    const check = ['-f', path, 'check', 'balancednoautoconversion', 'accounts', 'commodities'];
    expect(execFileSync('hledger', check, options).toString()).toBe('');
    const { original, worth } = await ours();
    const theirs = hledgerBalances(path).map(([code, currency, amount]): [string, string] => [
      `${code} ${currency}`,
      amount,
    ]);
    expect(sorted(new Map(theirs))).toEqual(sorted(original));
    expect(original.size).toBe(accounts.length * currencies.length);
    const theirWorth = hledgerBalances(path, '-B').map(([code, currency, amount]): [string, string] => {
      expect(currency).toBe('EUR');
      return [code, amount];
    });
    expect(sorted(new Map(theirWorth))).toEqual(sorted(worth));
  }, 300_000);

  test('hledger refuses the export when one amount is another', async (context) => {
    context.skip(!hledgerFound, 'hledger is not installed');
    const path = await exported('HLEDGER', 'journal', '2026-01-31');
    expect(spawnSync('hledger', ['-f', path, 'check'], options).status).toBe(0);
    const text = execFileSync('cat', [path], options).toString();
    const spoilt = join(folder, 'spoilt.journal');
    // The last decimal of the first euros of an entry.
    const wrong = text.replace(
      /^( {4}\d.*\.\d)(\d) EUR$/m,
      (_all, before: string, last: string) => `${before}${(Number(last) + 1) % 10} EUR`,
    );
    expect(wrong).not.toBe(text);
    writeFileSync(spoilt, wrong);
    expect(spawnSync('hledger', ['-f', spoilt, 'check'], options).status).not.toBe(0);
  }, 300_000);

  test('beancount reads the export without an error and has our balances, to the last minor unit', async (context) => {
    context.skip(!beancountFound, 'beancount is not installed');
    const path = await exported('BEANCOUNT', 'beancount');
    const checked = spawnSync('bean-check', [path], options);
    expect([checked.status, checked.stdout.toString(), checked.stderr.toString()]).toEqual([0, '', '']);
    // Its own query language cuts decimals, so the balances are added up from what it has loaded.
    const script = `
import sys, collections, decimal
from beancount import loader
from beancount.core import data
entries, errors, _ = loader.load_file(sys.argv[1])
sums = collections.defaultdict(decimal.Decimal)
for entry in data.filter_txns(entries):
    for posting in entry.postings:
        sums[posting.account.split(':')[1] + ' ' + posting.units.currency] += posting.units.number
print(len(errors))
for key, amount in sums.items():
    if amount: print(key + '=' + format(amount, 'f'))
`;
    const [errors, ...lines] = execFileSync(python, ['-c', script, path], options)
      .toString()
      .trim()
      .split('\n');
    expect(errors).toBe('0');
    const theirs = lines.map((line) => line.split('=') as [string, string]);
    expect(sorted(new Map(theirs))).toEqual(sorted((await ours()).original));
  }, 300_000);
});
