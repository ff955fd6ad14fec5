import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { calendarDate } from '#kernel/calendar';
import { money } from '#kernel/money';
import type { LedgerEntry } from '#connectors/ports';
import { hledgerJournal } from './hledger-journal.ts';
import { renderJournal } from './journal-text.ts';
import { readJournal } from './read-journal.ts';

const folder = mkdtempSync(join(tmpdir(), 'crossfoot-read-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const key = fc
  .stringMatching(/^[a-z][A-Za-z0-9]{0,8}$/)
  .filter((word) => !/^(amt|date2?|desc|entry|type)$/.test(word));
const code = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9./+&-]{0,8}$/);
const value = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .map((text) => text.toWellFormed().trim())
  .filter((text) => text !== '');

const entries = fc
  .array(
    fc.record({
      minor: fc.bigInt({ min: 1n, max: 10n ** 12n }),
      currency: fc.constantFrom('EUR', 'JPY', 'KWD'),
      dimensions: fc.dictionary(key, code, { maxKeys: 3, noNullPrototype: true }),
      fields: fc.dictionary(key, value, { maxKeys: 3, noNullPrototype: true }),
      memo: fc.option(fc.constantFrom('INV 7', 'a, b', 'x=y'), { nil: undefined }),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((list) =>
    list.map(({ minor, currency, dimensions, fields, memo }, index): LedgerEntry => ({
      id: `je_${index}`,
      number: `JE-${index}`,
      postedOn: calendarDate('2026-02-03'),
      description: `Entry ${index}`,
      postings: [
        {
          account: '6000:Costs of all',
          amount: money(minor, currency),
          dimensions,
          ...(memo ? { memo } : {}),
        },
        { account: '2000:Payables', amount: money(-minor, currency), dimensions: {} },
      ],
      fields,
    })),
  );

test('a journal is read back as it was written: amounts, memos, dimensions and custom fields', () => {
  fc.assert(
    fc.property(entries, (list) => {
      expect(readJournal(renderJournal(list))).toEqual(list);
    }),
  );
});

test('hledger finds the tags that were written, and reads no day of its own out of them', (context) => {
  context.skip(spawnSync('hledger', ['--version']).status !== 0, 'hledger is not installed');
  const [sample] = fc.sample(entries, { numRuns: 1, seed: 7 });
  const path = join(folder, 'tags.journal');
  const list = (sample ?? []).map((entry, index) => ({
    ...entry,
    fields: { contract: `C${index}, [2020-01-01] date:2020-01-02` },
    postings: entry.postings.map((posting) => ({ ...posting, dimensions: { project: `P${index}` } })),
  }));
  writeFileSync(path, renderJournal(list));
  const run = (...more: string[]) => execFileSync('hledger', ['-f', path, ...more], { encoding: 'utf8' });
  for (const { number } of list) {
    const index = number.slice(3);
    expect(run('print', `tag:project=^P${index}$`)).toContain(`(${number})`);
    expect(run('print', `tag:contract=^C${index}%2C`)).toContain(`(${number})`);
  }
  expect(run('print', 'date:2020').trim()).toBe('');
});

test('what was pushed can be read; of a file that is not there, nothing', async () => {
  const system = hledgerJournal(join(folder, 'book', 'main.journal'));
  expect(await system.readJournalEntries?.()).toEqual([]);
  const [list = []] = fc.sample(entries, { numRuns: 1, seed: 3 });
  await system.pushJournalEntries(list);
  expect(await system.readJournalEntries?.()).toEqual(list);
});
