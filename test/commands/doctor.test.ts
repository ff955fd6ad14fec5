import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '#kernel/config';
import { migrateAll, openDatabase, type OpenDatabase } from '../../commands/installation.ts';
import { openFolder, runCommand, type CommandRun } from './installation.ts';

const folder = openFolder();
const dataFolder = join(folder.path, 'data');
const hash = 'a'.repeat(64);
let opened: OpenDatabase;
let owner: pg.Client;
let healthy: CommandRun;
let sick: CommandRun;

/** Each check that must fail, what it must say, and the fault planted for it where an earlier one does not do already. */
const faults: readonly { check: string; says: string; plant?: string }[] = [
  {
    check: 'the server keeps what it acknowledges',
    says: 'synchronous_commit is off for crossfoot_vendors',
    plant: 'alter role crossfoot_vendors set synchronous_commit = off',
  },
  {
    check: 'the schema is that of this version',
    says: 'sync/999-later.sql was applied by another version',
    plant: `insert into migrations.applied (name, hash) values ('sync/999-later.sql', 'x')`,
  },
  {
    check: 'every role signs in with the password of this secret',
    says: 'crossfoot_jobs: password authentication failed',
    plant: "alter role crossfoot_jobs password 'another one'",
  },
  {
    check: 'no role can pass by row-level security',
    says: 'crossfoot_sync passes by row-level security',
    plant: 'alter role crossfoot_sync bypassrls',
  },
  {
    check: 'no role can pass by row-level security',
    says: 'crossfoot_audit owns audit.head, so its policy could be dropped',
    plant: 'alter table audit.head owner to crossfoot_audit',
  },
  {
    check: 'every table belongs to organisations, by row and by key',
    says: 'vendors.vendor does not force row-level security on its owner',
    plant: 'alter table vendors.vendor no force row level security',
  },
  {
    check: 'every table belongs to organisations, by row and by key',
    says: 'the policy open of vendors.vendor_alias does not ask for the organisation',
    plant: 'create policy open on vendors.vendor_alias using (true)',
  },
  {
    check: 'every table belongs to organisations, by row and by key',
    says: 'sync.stray has no row-level security',
    plant: 'create table sync.stray (id text primary key)',
  },
  {
    check: 'every table belongs to organisations, by row and by key',
    says: 'the primary key of sync.stray does not begin with organisation_id',
  },
  {
    check: 'every guard of the database stands',
    says: 'the trigger append_only_rows on transactions.journal_line is disabled',
    plant: 'alter table transactions.journal_line disable trigger append_only_rows',
  },
  {
    check: 'every guard of the database stands',
    says: 'the trigger guard_decision on approvals.approval_decision is gone',
    plant: 'drop trigger guard_decision on approvals.approval_decision',
  },
  {
    check: 'every guard of the database stands',
    says: 'crossfoot_audit may update rows of audit.record',
    plant: 'grant update on audit.record to crossfoot_audit',
  },
  {
    check: 'every journal entry balances in each currency',
    says: 'Debits and credits of JE-2026-000002 differ: expected 10.00 EUR, found 9.99 EUR. (book bk_1 of org_1)',
    plant: `insert into transactions.journal_line
              (organisation_id, journal_entry_id, position, account_id, side, minor, currency, posted_on, functional_minor)
            values ('org_1', 'je_2', 1, 'acc_1', 'DEBIT', 1000, 'EUR', '2026-01-02', 1000),
                   ('org_1', 'je_2', 2, 'acc_2', 'CREDIT', 999, 'EUR', '2026-01-02', 999)`,
  },
  {
    check: 'every journal entry has two lines at least',
    says: 'JE-2026-000003 has too few lines',
    plant: `insert into transactions.journal_entry
              (organisation_id, id, book_id, sequence, kind, posted_on, description, posted_at)
            values ('org_1', 'je_2', 'bk_1', 2, 'MANUAL', '2026-01-02', 'two', now()),
                   ('org_1', 'je_3', 'bk_1', 3, 'MANUAL', '2026-01-03', 'three', now())`,
  },
  {
    check: 'every line is posted to an account of its own book that takes its currency',
    says: 'Line 1 of JE-2026-000002 is on an account it cannot be on: expected an account of its own book, found no account',
  },
  {
    check: 'numbers of journal entries have no gaps',
    says: 'The newest entry of 2026 is not the last that got a number: expected JE-2026-000004, found JE-2026-000003',
    plant: `insert into transactions.entry_counter (organisation_id, book_id, year, last) values ('org_1', 'bk_1', 2026, 4)`,
  },
  {
    check: 'numbers of journal entries have no gaps',
    says: 'The entry before JE-2026-000002 is not there: expected JE-2026-000001, found nothing',
  },
  {
    check: 'every journal entry balances in the base currency of its book',
    says: 'Debits and credits of JE-2026-000001 differ in the base currency: expected 10.00 EUR, found 9.99 EUR',
    plant: `insert into transactions.book
              (organisation_id, id, name, legal_name, country, base_currency, fiscal_year_start_month, opened_at)
            values ('org_1', 'bk_2', 'Two', 'Two', 'DE', 'EUR', 1, now());
            insert into transactions.account (organisation_id, id, book_id, code, name, type, created_at)
            values ('org_1', 'acc_9', 'bk_2', '1100', 'Petty cash', 'ASSET', now());
            insert into transactions.journal_entry
              (organisation_id, id, book_id, sequence, kind, posted_on, description, posted_at)
            values ('org_1', 'je_4', 'bk_2', 1, 'MANUAL', '2026-01-04', 'four', now());
            insert into transactions.journal_line
              (organisation_id, journal_entry_id, position, account_id, side, minor, currency, posted_on, functional_minor)
            values ('org_1', 'je_4', 1, 'acc_9', 'DEBIT', 1000, 'EUR', '2026-01-04', 1000),
                   ('org_1', 'je_4', 2, 'acc_9', 'CREDIT', 1000, 'EUR', '2026-01-04', 999)`,
  },
  {
    check: 'a line in the base currency is worth its own amount, and a line has the day of its entry',
    says: 'Line 1 of JE-2026-000002 is not worth what it says, or has another day',
    plant: `insert into transactions.journal_entry
              (organisation_id, id, book_id, sequence, kind, posted_on, description, posted_at)
            values ('org_1', 'je_5', 'bk_2', 2, 'MANUAL', '2026-01-05', 'five', now());
            insert into transactions.journal_line
              (organisation_id, journal_entry_id, position, account_id, side, minor, currency, posted_on, functional_minor)
            values ('org_1', 'je_5', 1, 'acc_9', 'DEBIT', 1000, 'EUR', '2026-01-09', 1000),
                   ('org_1', 'je_5', 2, 'acc_9', 'CREDIT', 1000, 'EUR', '2026-01-05', 1000)`,
  },
  {
    check: 'every reversal is its original with debit and credit exchanged',
    says: 'JE-2026-000003 does not take back what it says: expected the lines of JE-2026-000002 exchanged',
    plant: `insert into transactions.journal_entry
              (organisation_id, id, book_id, sequence, kind, posted_on, description, posted_at, reversal_of)
            values ('org_1', 'je_6', 'bk_2', 3, 'REVERSAL', '2026-01-06', 'six', now(), 'je_5')`,
  },
  {
    check: 'every line belongs to a journal entry',
    says: 'Lines of the entry je_gone stand without it',
    plant: `insert into transactions.journal_line
              (organisation_id, journal_entry_id, position, account_id, side, minor, currency, posted_on, functional_minor)
            values ('org_1', 'je_gone', 1, 'acc_9', 'DEBIT', 1000, 'EUR', '2026-01-04', 1000)`,
  },
  {
    check: 'the entry of a document leaves what the document says is owed',
    says: 'JE-2026-000004 does not leave what its document comes to: expected 5.00 EUR, found 0.00 EUR',
    plant: `insert into transactions.document
              (organisation_id, id, book_id, kind, status, issued_on, counterparty_name, currency, net, tax, total, payable,
               fingerprint, source, format, raw, record_hash, problems, received_at)
            values ('org_1', 'doc_2', 'bk_2', 'INVOICE', 'POSTED', '2026-01-07', 'x', 'EUR', 500, 0, 500, 500, 'f', 'api', 'x',
                    'x', 'h', '[]', now());
            insert into transactions.journal_entry
              (organisation_id, id, book_id, sequence, kind, posted_on, description, posted_at, document_id, draft_id)
            values ('org_1', 'je_7', 'bk_2', 4, 'DOCUMENT', '2026-01-07', 'seven', now(), 'doc_2', 'dr_2')`,
  },
  {
    check: 'nothing was posted into closed days after they were closed',
    says: 'JE-2026-000005 was posted into closed days: expected nothing after number 0 on the days 2026-03-01 to 2026-03-31',
    plant: `insert into transactions.period (organisation_id, id, book_id, starts_on, ends_on, status, changed_at)
            values ('org_1', 'per_1', 'bk_2', '2026-03-01', '2026-03-31', 'LOCKED', now());
            insert into transactions.period_change (organisation_id, period_id, book_id, status, last_numbers, changed_at)
            values ('org_1', 'per_1', 'bk_2', 'LOCKED', '{}', now());
            insert into transactions.journal_entry
              (organisation_id, id, book_id, sequence, kind, posted_on, description, posted_at)
            values ('org_1', 'je_8', 'bk_2', 5, 'MANUAL', '2026-03-05', 'eight', now())`,
  },
  {
    check: 'every period stands as its last change left it',
    says: 'The period 2026-04-01 to 2026-04-30 does not stand as it was left: expected a change on record, found OPEN',
    plant: `insert into transactions.period (organisation_id, id, book_id, starts_on, ends_on, status, changed_at)
            values ('org_1', 'per_2', 'bk_2', '2026-04-01', '2026-04-30', 'OPEN', now())`,
  },
  {
    check: 'every payment takes from its items what its entry says',
    says: 'JE-2026-000005 takes from its items another amount than from account 2000: expected 0.00 EUR, found -1.00 EUR',
    plant: `insert into transactions.settled_amount
              (organisation_id, payment_entry_id, position, item_entry_id, account_code, currency, minor, functional_minor)
            values ('org_1', 'je_8', 1, 'je_7', '2000', 'EUR', -100, -100)`,
  },
  {
    check: 'balances kept by day are the sums of their lines',
    says: 'The balance kept of account 1100 on 2026-01-31 is not the sum of its lines',
    plant: `insert into transactions.balance_day (organisation_id, book_id, on_day, state)
            values ('org_1', 'bk_2', '2026-01-31', 'READY');
            insert into transactions.balance_snapshot
              (organisation_id, book_id, on_day, account_id, currency, debit, credit, functional_debit, functional_credit)
            values ('org_1', 'bk_2', '2026-01-31', 'acc_9', 'EUR', 7, 7, 7, 7)`,
  },
  {
    check: 'accounts with bounds stay within them',
    says: 'The balance of account 1100 parts from what is kept of it or leaves its bounds',
    plant: `update transactions.account set bounds_currency = 'EUR', balance_at_most = 5 where id = 'acc_9'`,
  },
  {
    check: 'documents, drafts and entries agree on where they stand',
    says: 'Draft dr_1 belongs to a document that is not there: expected doc_gone, found nothing',
    plant: `insert into transactions.draft
              (organisation_id, id, book_id, status, document_id, description, total_minor, total_currency, posted_on,
               confidence, reasons, journal_entry_id, created_at, updated_at)
            values ('org_1', 'dr_1', 'bk_1', 'POSTED', 'doc_gone', 'x', 1, 'EUR', '2026-01-02', 1, '{}', 'je_2', now(), now())`,
  },
  {
    check: 'documents, drafts and entries agree on where they stand',
    says: 'Draft dr_1 is posted and its entry does not say so: expected je_2, found nothing',
  },
  {
    check: 'no event is parked',
    says: 'transactions could not take book.opened of bk_1 (event 1, tried 3 times): it broke',
    plant: `with event as (
              insert into kernel.outbox (organisation_id, book_id, type, subject_id, facts, actor_id, occurred_at)
              values ('org_1', 'bk_1', 'book.opened', 'bk_1', '{}', 'x', now() - interval '1 hour') returning id)
            insert into kernel.parked_event (consumer, event_id, attempts, problem, next_attempt_at)
            select 'transactions', id, 3, 'it broke', now() from event`,
  },
  {
    check: 'every subgraph has heard what happened',
    says: 'transactions has 1 events waiting, the oldest for 36',
  },
  {
    check: 'audit records are sealed',
    says: '1 records wait to be sealed, the oldest for 36',
    plant: `insert into kernel.audit_stage (organisation_id, record)
            values ('org_1', json_build_object('occurredAt', now() - interval '1 hour')::text)`,
  },
  {
    check: 'every audit chain verifies',
    says: 'org_2: record 1:',
    plant: `insert into audit.head (organisation_id, sequence, hash) values ('org_2', 3, '${hash}')`,
  },
  {
    check: 'every file is there and has its hash',
    says: `file_${hash} was changed: its content has the hash`,
  },
  {
    check: 'every file is there and has its hash',
    says: `file_${'b'.repeat(64)} of org_1 is gone`,
    plant: `insert into transactions.file (organisation_id, id, name, media_type, size, sha256)
            values ('org_1', 'file_${'b'.repeat(64)}', 'x', 'x', 1, 'x')`,
  },
];

beforeAll(async () => {
  const settings = { CROSSFOOT_DATA: dataFolder };
  opened = await openDatabase({ ...readConfig(settings), databaseUrl: undefined });
  await migrateAll(opened.database);
  owner = new pg.Client({ connectionString: opened.database.ownerUrl });
  await owner.connect();
  healthy = await runCommand(['doctor'], settings);
  // As only somebody with the server in their hands can: without triggers and foreign keys.
  await owner.query('set session_replication_role = replica');
  for (const { plant } of faults) if (plant) await owner.query(plant);
  mkdirSync(join(dataFolder, 'files/org_1/aa'), { recursive: true });
  writeFileSync(join(dataFolder, `files/org_1/aa/file_${hash}`), 'other bytes');
  sick = await runCommand(['doctor'], settings);
}, 300_000);

afterAll(async () => {
  await owner?.end();
  await opened?.stop();
  folder.remove();
});

test('a healthy installation passes every check', () => {
  expect(healthy.lines.filter((line) => !/^(ok {6}|all is well)/.test(line))).toEqual([]);
  expect(healthy.lines.length).toBeGreaterThan(12);
  expect(healthy.code).toBe(0);
});

test('every check has failed, and nothing else is said to be well', () => {
  expect(sick.lines.filter((line) => line.startsWith('ok'))).toEqual([]);
  expect(sick.code).toBe(1);
});

test.each(faults)('$check: $says', ({ check, says }) => {
  const from = sick.lines.indexOf(`FAILED  ${check}`);
  expect(from).toBeGreaterThanOrEqual(0);
  const rest = sick.lines.slice(from + 1);
  const problems = rest.slice(
    0,
    rest.findIndex((line) => !line.startsWith('        ')),
  );
  expect(problems.join('\n')).toContain(says);
  expect(problems.at(-1)).toMatch(/^ {8}-> \w/);
});

test('verify-audit names the broken chain, and the exit code says so', async () => {
  const run = await runCommand(['verify-audit'], { CROSSFOOT_DATA: dataFolder });
  expect(run.output).toMatch(/^BROKEN {2}org_2: record 1: \w/m);
  expect(run.code).toBe(1);
}, 120_000);

test('another secret is told from a sick database', async () => {
  const run = await runCommand(['doctor'], {
    DATABASE_URL: opened.database.ownerUrl,
    CROSSFOOT_DATA: dataFolder,
    CROSSFOOT_SECRET: 'some other secret, long enough to be one',
  });
  expect(run.output).toContain('crossfoot_access: password authentication failed');
  expect(run.code).toBe(1);
}, 120_000);

test('a folder without an installation stays as it is', async () => {
  const empty = join(folder.path, 'empty');
  const run = await runCommand(['doctor'], { CROSSFOOT_DATA: empty });
  expect(run.problem).toContain(`There is no database in ${empty}`);
  expect(run.code).toBe(1);
  expect(existsSync(empty)).toBe(false);
}, 120_000);
