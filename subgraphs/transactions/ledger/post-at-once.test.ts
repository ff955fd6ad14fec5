import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resultOf } from '#kernel/command-door';
import { openTestBook } from '../../../test/support/book.ts';
import { setTestRates } from '../../../test/support/rates.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { transactions } from '../subgraph.ts';
import { createAccount } from './create-account.ts';
import { postJournalEntry } from './post-journal-entry.ts';

let bench: Workbench;
let bookId: string;

/** The same command without its short way. */
const inSteps: typeof postJournalEntry = { ...postJournalEntry };
delete inSteps.atOnce;

beforeAll(async () => {
  bench = await openWorkbench([transactions]);
  bookId = await openTestBook(bench);
  await setTestRates(bench);
  for (const [code, name] of [
    ['1901', 'Says "\\ \u0001 \u2028 ü 🧾'],
    ['1902', '"}]'],
  ]) {
    resultOf(await bench.door('transactions').run(createAccount, { bookId, code, name, type: 'ASSET' }));
  }
});
afterAll(() => bench.close());

const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
  .filter((value) => value.trim() !== '');
const money = fc.record({
  cents: fc.integer({ min: 1, max: 9_999_999 }),
  currency: fc.constantFrom('EUR', 'EUR', 'EUR', 'USD'),
});
const input = fc
  .record({
    description: text,
    accounts: fc.array(fc.constantFrom('1901', '1902', '1000', '4400', 'none'), {
      minLength: 1,
      maxLength: 4,
    }),
    contra: fc.constantFrom('1901', '1100'),
    money,
    memo: fc.option(text, { nil: undefined }),
    postedOn: fc.constantFrom('2026-03-01', '2026-03-31', '2025-11-30'),
  })
  .map(({ description, accounts, contra, money: { cents, currency }, memo, postedOn }) => {
    const amount = (units: number) => (units / 100).toFixed(2);
    return {
      description,
      postedOn,
      lines: [
        ...accounts.map((accountCode) => ({
          accountCode,
          side: 'DEBIT',
          amount: amount(cents),
          currency,
          memo,
        })),
        { accountCode: contra, side: 'CREDIT', amount: amount(cents * accounts.length), currency },
      ],
    };
  });

/** All that a call left, without what is another's each time: ids, keys, moments and the place in the count. */
async function left(key: string): Promise<string> {
  const { rows } = await bench.owner.query<{ all: unknown }>(
    `with memory as (select * from kernel.command_log where key = $1),
          entry as (select e.* from transactions.journal_entry e join memory m on e.id = m.result->>'journalEntryId')
     select jsonb_build_array(
       (select jsonb_agg(to_jsonb(m) - 'key') from memory m),
       (select jsonb_agg(to_jsonb(e)) from entry e),
       (select jsonb_agg(to_jsonb(l) order by position) from transactions.journal_line l join entry e on e.id = l.journal_entry_id),
       (select jsonb_agg(to_jsonb(o) - 'id' - 'xid') from kernel.outbox o join entry e on e.id = o.subject_id),
       (select jsonb_agg(record) from kernel.audit_stage a join entry e on e.id = a.record::jsonb->>'subjectId')) as all`,
    [key],
  );
  return JSON.stringify(rows[0]?.all)
    .replaceAll(/je_\w+|JE-\d+-\d+|\d{4}-\d\d-\d\dT[\d:.+Z]+|"(sequence|input_hash)":"?\w+/g, '?')
    .replaceAll(/[0-9a-f]{64}/g, '?');
}

test('an entry by hand leaves the same behind whether it is one statement or several', async () => {
  const door = bench.door('transactions');
  let posted = 0;
  await fc.assert(
    fc.asyncProperty(input, fc.uuid(), async (entry, key) => {
      const [once, steps] = [
        await door.run(postJournalEntry, { bookId, ...entry }, { idempotencyKey: `once ${key}` }),
        await door.run(inSteps, { bookId, ...entry }, { idempotencyKey: `steps ${key}` }),
      ];
      expect(once.errors).toEqual(steps.errors);
      expect(await left(`once ${key}`)).toBe(await left(`steps ${key}`));
      if (once.result) posted += 1;
    }),
    { numRuns: 60 },
  );
  expect(posted).toBeGreaterThan(10);
});

test('no blank is ever left where the database has a text of its own', async () => {
  const { rows } = await bench.owner.query<{ facts: unknown }>(
    `select facts from kernel.outbox where type = 'journalEntry.posted'
     union all select record::jsonb from kernel.audit_stage`,
  );
  expect(rows.length).toBeGreaterThan(20);
  for (const { facts } of rows) {
    expect(JSON.stringify(facts)).not.toMatch(
      /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\d/,
    );
  }
});
