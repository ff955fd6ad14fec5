import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { calendarDate } from '#kernel/calendar';
import { formatMoney, money, parseMoney } from '#kernel/money';
import type { LedgerEntry } from '#connectors/ports';
import { hledgerJournal } from './hledger-journal.ts';
import { accountName, entryLine, renderJournal } from './journal-text.ts';

const folder = mkdtempSync(join(tmpdir(), 'crossfoot-journal-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let made = 0;
const newPath = () => join(folder, `${(made += 1)}`, 'book.journal');

const simple = (index: number): LedgerEntry => ({
  id: `je_${index}`,
  number: `JE-${index}`,
  postedOn: calendarDate('2026-03-01'),
  description: `Entry ${index}`,
  postings: [
    { account: '6000:Costs', amount: parseMoney(`${index}.50`, 'EUR') },
    { account: '2000:Payables', amount: parseMoney(`-${index}.50`, 'EUR') },
  ],
});

/** Balanced entries in one to three currencies, with texts of every kind. */
const entries = fc
  .array(
    fc.record({
      description: fc.string({ unit: 'grapheme', maxLength: 30 }),
      memo: fc.option(fc.string({ unit: 'binary', maxLength: 20 }), { nil: undefined }),
      day: fc.integer({ min: 1, max: 28 }),
      legs: fc.array(
        fc.record({
          currency: fc.constantFrom('EUR', 'JPY', 'KWD'),
          minor: fc.bigInt({ min: -(10n ** 13n), max: 10n ** 13n }),
          account: fc.constantFrom('1000:Cash', '1200:Bank: main', '(2000):Payables ; old', '6000:Ümlaut  ×'),
        }),
        { minLength: 1, maxLength: 4 },
      ),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((list) =>
    list.map(({ description, memo, day, legs }, index): LedgerEntry => ({
      id: `je_${index}`,
      number: `JE-${index}`,
      postedOn: calendarDate(`2026-02-${String(day).padStart(2, '0')}`),
      description,
      postings: legs.flatMap(({ currency, minor, account }) => [
        { account, amount: money(minor, currency), memo },
        { account: '9000:Contra', amount: money(-minor, currency) },
      ]),
    })),
  );

function idsIn(path: string): string[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => entryLine.exec(line)?.[1] ?? []);
}

const push = (path: string, list: readonly LedgerEntry[]) => hledgerJournal(path).pushJournalEntries(list);

async function pushInBatches(path: string, list: readonly LedgerEntry[], size: number): Promise<void> {
  const system = hledgerJournal(path);
  for (let at = 0; at < list.length; at += size) await system.pushJournalEntries(list.slice(at, at + size));
}

test('entries pushed once are there; pushed again they are already there', async () => {
  const path = newPath();
  const first = await push(path, [simple(1), simple(2)]);
  expect(first).toEqual([
    { id: 'je_1', result: 'pushed', externalId: 'entry:je_1' },
    { id: 'je_2', result: 'pushed', externalId: 'entry:je_2' },
  ]);
  const second = await push(path, [simple(2), simple(3), simple(3)]);
  expect(second.map((outcome) => outcome.result)).toEqual(['already-there', 'pushed', 'already-there']);
  expect(idsIn(path)).toEqual(['je_1', 'je_2', 'je_3']);
  expect(readFileSync(path, 'utf8').match(/^account 6000:Costs$/gm)).toHaveLength(1);
  expect(readdirSync(join(path, '..'))).toEqual(['book.journal']);
});

test('an entry that cannot be written is refused and the others go on', async () => {
  const path = newPath();
  const unbalanced = { ...simple(2), postings: simple(2).postings.slice(0, 1) };
  const outcomes = await push(path, [simple(1), unbalanced, simple(3)]);
  expect(outcomes).toMatchObject([
    { result: 'pushed' },
    { result: 'refused', code: 'SYNC_REFUSED', message: expect.stringContaining('JE-2') as string },
    { result: 'pushed' },
  ]);
  expect(idsIn(path)).toEqual(['je_1', 'je_3']);
});

test('after the file was cut at any byte, pushing again yields every entry once and the same journal', async () => {
  const path = newPath();
  const list = [1, 2, 3].map(simple);
  await pushInBatches(path, list, 2);
  const whole = readFileSync(path);
  for (let length = 0; length <= whole.length; length += 1) {
    writeFileSync(path, whole.subarray(0, length));
    await pushInBatches(path, list, 2);
    expect(readFileSync(path).equals(whole), `cut at byte ${length}`).toBe(true);
  }
});

test('random entries, batches and cuts yield every entry once', async () => {
  await fc.assert(
    fc.asyncProperty(
      entries,
      fc.integer({ min: 1, max: 5 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (list, size, place) => {
        const path = newPath();
        await pushInBatches(path, list, size);
        truncateSync(path, Math.floor(readFileSync(path).length * place));
        await pushInBatches(path, list, size + 1);
        expect(idsIn(path).toSorted()).toEqual(list.map((entry) => entry.id).toSorted());
      },
    ),
    { numRuns: 60 },
  );
});

test('a batch whose bytes never reached the disk is written again', async () => {
  const path = newPath();
  await push(path, [simple(1)]);
  const sound = readFileSync(path);
  await push(path, [simple(2)]);
  const lost = readFileSync(path);
  lost.fill(0, sound.length + 40, sound.length + 60);
  writeFileSync(path, lost);
  await push(path, [simple(2)]);
  expect(idsIn(path)).toEqual(['je_1', 'je_2']);
  appendFileSync(path, Buffer.alloc(512));
  await push(path, [simple(3)]);
  expect(idsIn(path)).toEqual(['je_1', 'je_2', 'je_3']);
});

test('what people wrote behind the last batch is never cut off', async () => {
  const path = newPath();
  await push(path, [simple(1)]);
  appendFileSync(path, '2026-05-05 my own entry\n    a  1 EUR\n    b\n');
  const before = readFileSync(path, 'utf8');
  await expect(push(path, [simple(2)])).rejects.toMatchObject({
    code: 'SYNC_UNAVAILABLE',
    message: expect.stringContaining('by hand') as string,
  });
  expect(readFileSync(path, 'utf8')).toBe(before);
});

test('a correction made by hand inside a batch stays', async () => {
  const path = newPath();
  const system = hledgerJournal(path);
  await system.pushJournalEntries([simple(1)]);
  writeFileSync(path, readFileSync(path, 'utf8').replace('Entry 1', 'Entry one'));
  const outcomes = await system.pushJournalEntries([simple(1), simple(2)]);
  expect(outcomes.map((outcome) => outcome.result)).toEqual(['already-there', 'pushed']);
  expect(readFileSync(path, 'utf8')).toContain('Entry one');
});

test('a target that cannot be written says so', async () => {
  const path = newPath();
  mkdirSync(path, { recursive: true });
  await expect(push(path, [simple(1)])).rejects.toMatchObject({ code: 'SYNC_UNAVAILABLE' });
  rmSync(path, { recursive: true });
  await expect(push(path, [simple(1)])).resolves.toMatchObject([{ result: 'pushed' }]);
});

test('writers of one file take turns and write every entry once', async () => {
  const path = newPath();
  const list = Array.from({ length: 30 }, (_, index) => simple(index + 1));
  const writers = [1, 2, 3, 4].map(() => pushInBatches(path, list, 7));
  await Promise.all(writers);
  expect(idsIn(path)).toEqual(list.map((entry) => entry.id));
});

test('the lock of a process that died is taken over, that of a living one is waited for', async () => {
  const path = newPath();
  mkdirSync(join(path, '..'));
  const gone = spawnSync(process.execPath, ['-e', '']).pid;
  writeFileSync(`${path}.lock`, JSON.stringify({ host: hostname(), pid: gone, token: 'x' }));
  await push(path, [simple(1)]);
  expect(existsSync(`${path}.lock`)).toBe(false);

  writeFileSync(`${path}.lock`, JSON.stringify({ host: hostname(), pid: process.ppid, token: 'y' }));
  const waiting = push(path, [simple(2)]);
  await push(newPath(), [simple(9)]);
  expect(idsIn(path)).toEqual(['je_1']);
  rmSync(`${path}.lock`);
  await waiting;
  expect(idsIn(path)).toEqual(['je_1', 'je_2']);
});

test('a process killed while it writes loses and doubles nothing', async () => {
  const path = newPath();
  const list = Array.from({ length: 800 }, (_, index) => simple(index + 1));
  const code = `
    import { hledgerJournal } from ${JSON.stringify(join(import.meta.dirname, 'hledger-journal.ts'))};
    const revive = (_, value) => typeof value === 'string' && /^-?\\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value;
    const list = JSON.parse((await import('node:fs')).readFileSync(${JSON.stringify(join(folder, 'list.json'))}, 'utf8'), revive);
    const system = hledgerJournal(${JSON.stringify(path)});
    process.stdout.write('ready');
    for (let at = 0; at < list.length; at += 20) await system.pushJournalEntries(list.slice(at, at + 20));
    process.stdout.write('done');`;
  const written = JSON.stringify(list, (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value,
  );
  writeFileSync(join(folder, 'list.json'), written);
  let kills = 0;
  for (let done = false; !done;) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { cwd: process.cwd() });
    done = await new Promise<boolean>((resolve) => {
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        // Killed right after it began, wherever it then is; each attempt gets further than the one before.
        if (said === 'ready' && kills < 5) setTimeout(() => child.kill('SIGKILL'), 4 * (kills += 1));
      });
      child.once('exit', () => resolve(said.endsWith('done')));
    });
  }
  expect(kills).toBeGreaterThan(0);
  expect(idsIn(path)).toEqual(list.map((entry) => entry.id));
});

const hledgerFound = spawnSync('hledger', ['--version']).status === 0;

/** Runs only where the program hledger is installed; it is the independent judge of what we write. */
describe.skipIf(!hledgerFound)('hledger itself', () => {
  const strict = ['check', 'balancednoautoconversion', 'accounts', 'commodities', 'parseable'];
  // The program refuses letters beyond ASCII unless the locale says how to read them.
  const hledger = (...args: string[]): string =>
    execFileSync('env', ['LC_ALL=C.UTF-8', 'hledger', ...args], { encoding: 'utf8' });

  function sums(list: readonly LedgerEntry[]): string[] {
    const totals = new Map<string, bigint>();
    for (const { account, amount } of list.flatMap((entry) => entry.postings)) {
      const key = JSON.stringify([accountName(account), amount.currency]);
      totals.set(key, (totals.get(key) ?? 0n) + amount.minor);
    }
    return [...totals]
      .filter(([, minor]) => minor !== 0n)
      .map(([key, minor]) => {
        const [account, currency] = JSON.parse(key) as [string, string];
        return `"${account}","${currency}","${formatMoney(money(minor, currency))}"`;
      })
      .toSorted();
  }

  function balances(path: string): string[] {
    const csv = hledger('-f', path, 'balance', '--flat', '-N', '-O', 'csv', '--layout=bare');
    return csv.trim().split('\n').slice(1).toSorted();
  }

  test('accepts random journals and finds our sums to the last minor unit', async () => {
    await fc.assert(
      fc.asyncProperty(entries, async (list) => {
        const path = newPath();
        await pushInBatches(path, list, 3);
        hledger('-f', path, ...strict);
        expect(balances(path)).toEqual(sums(list));
        const exported = `${path}.export`;
        writeFileSync(exported, renderJournal(list));
        hledger('-f', exported, ...strict);
        expect(balances(exported)).toEqual(sums(list));
      }),
      { numRuns: 15 },
    );
  });
});
