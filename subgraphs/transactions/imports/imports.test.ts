import { writeXlsx } from 'hucre/xlsx';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createPool } from '#kernel/database';
import { newId } from '#kernel/ids';
import { openTestBook } from '../../../test/support/book.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { upload } from '../../../test/support/upload.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { transactions } from '../subgraph.ts';
import { cancelImport, pauseImport, resumeImport } from './change-import.ts';
import { importStatuses, isEnd } from './import-status.ts';
import { runImport } from './run-import.ts';
import { startImport } from './start-import.ts';

let bench: Workbench;
let bookId: string;
let pool: pg.Pool;

beforeAll(async () => {
  bench = await openWorkbench([transactions]);
  pool = createPool(bench.database, 'transactions', 4);
});
beforeEach(async () => {
  bookId = await openTestBook(bench);
});
afterAll(async () => {
  await pool.end();
  await bench.close();
});

interface Ended {
  readonly id: string;
  readonly status: string;
  readonly rowsRead: number;
  readonly rowsApplied: number;
  readonly rowsRefused: number;
  readonly recordsMade: number;
  readonly recordsKnown: number;
  readonly problemCount: number;
  readonly problems: readonly {
    row: number;
    column: string | null;
    entry: string | null;
    error: { code: string; message: string };
  }[];
  readonly failure: { code: string; message: string } | null;
  readonly errorFile: { id: string } | null;
}

const shown =
  'id status rowsRead rowsApplied rowsRefused recordsMade recordsKnown problemCount ' +
  'problems { row column entry error { code message } } failure { code message } errorFile { id }';

/** Imports a content and answers how it ended. */
async function importing(
  content: string | Uint8Array,
  input: Readonly<Record<string, unknown>>,
  name = 'file.csv',
): Promise<Ended> {
  const fileId = await upload(bench, content, { name });
  const { result, errors } = await bench.door('transactions').run(startImport, { bookId, fileId, ...input });
  expect(errors).toEqual([]);
  return ended(result?.importId ?? '');
}

function ended(id: string): Promise<Ended> {
  return eventually(async () => {
    const answer = await bench.query<{ import: Ended & { finishedAt: string | null } }>(
      'transactions',
      `query ($id: ID!) { import(id: $id) { ${shown} finishedAt } }`,
      { variables: { id } },
    );
    const { finishedAt, ...rest } = answer.import;
    return finishedAt === null ? undefined : rest;
  }) as Promise<Ended>;
}

/** Debits less credits by account, of the book. */
async function balances(): Promise<Record<string, string>> {
  const { trialBalance } = await bench.query<{
    trialBalance: {
      balanced: boolean;
      rows: { account: { code: string }; balance: { amount: string; currency: string } }[];
    };
  }>(
    'transactions',
    `{ trialBalance(bookId: "${bookId}", on: "2099-12-31") { balanced rows { account { code } balance { amount currency } } } }`,
  );
  expect(trialBalance.balanced).toBe(true);
  return Object.fromEntries(
    trialBalance.rows.map(({ account, balance }) => [`${account.code} ${balance.currency}`, balance.amount]),
  );
}

describe('a journal', () => {
  test('is posted entry by entry, and what cannot be is named row by row while the rest goes on', async () => {
    const content = [
      'Belegnummer;Datum;Konto;Soll;Haben;Buchungstext',
      'A1;31.01.2026;6850;1.234,50;;Büromaterial',
      'A1;31.01.2026;1000;;1.234,50;Büromaterial',
      'A2;31.01.2026;6850;10,00;;Unbalanced',
      'A2;31.01.2026;1000;;9,99;Unbalanced',
      'A3;31.02.2026;6850;10,00;;No such day',
      'A3;28.02.2026;1000;;10,00;No such day',
      'A4;01.03.2026;7777;5,00;;No such account',
      'A4;01.03.2026;1000;;5,00;No such account',
      'A5;02.03.2026;6850;7,00;;Last',
      'A5;02.03.2026;1000;;7,00;Last',
    ].join('\r\n');
    const result = await importing(content, { kind: 'JOURNAL' });
    expect(result).toMatchObject({
      status: 'PARTLY_SUCCEEDED',
      rowsRead: 10,
      rowsApplied: 4,
      recordsMade: 2,
      recordsKnown: 0,
    });
    expect(result.problems.map(({ row, column, entry, error }) => [row, column, entry, error.code])).toEqual([
      [6, 'Datum', 'A3', 'DATE_INVALID'],
      [4, null, 'A2', 'ENTRY_UNBALANCED'],
      [7, null, 'A3', 'ENTRY_INCOMPLETE'],
      [8, null, 'A4', 'ACCOUNT_UNKNOWN'],
    ]);
    expect(await balances()).toEqual({ '6850 EUR': '1241.50', '1000 EUR': '-1241.50' });
    const file = await bench.services.files.read(bench.actor().organisationId, result.errorFile?.id ?? '');
    expect(Buffer.from(file).toString('utf8').split('\r\n')[1]).toContain('6,Datum,A3,DATE_INVALID,');
  });

  const journal = (...lines: string[]) => ['Entry,Date,Account,Amount,Currency', ...lines].join('\n');

  test('that is imported again doubles nothing, and a corrected file adds what was missing', async () => {
    const good = ['1,2026-01-31,6850,10.00,EUR', '1,2026-01-31,1000,-10.00,EUR'];
    const first = await importing(
      journal(...good, '2,2026-01-31,6850,5.00,EUR', '2,2026-01-31,1000,-4.00,EUR'),
      { kind: 'JOURNAL' },
    );
    expect(first).toMatchObject({ status: 'PARTLY_SUCCEEDED', recordsMade: 1 });
    const corrected = journal(...good, '2,2026-01-31,6850,5.00,EUR', '2,2026-01-31,1000,-5.00,EUR');
    expect(await importing(corrected, { kind: 'JOURNAL' })).toMatchObject({
      status: 'SUCCEEDED',
      recordsMade: 1,
      recordsKnown: 1,
    });
    expect(await importing(corrected, { kind: 'JOURNAL' })).toMatchObject({
      status: 'SUCCEEDED',
      recordsMade: 0,
      recordsKnown: 2,
    });
    expect(await balances()).toEqual({ '6850 EUR': '15.00', '1000 EUR': '-15.00' });
  });

  test('whose entries are numbered like those of another file is refused, unless it is said to be another series', async () => {
    await importing(journal('1,2026-01-31,6850,10.00,EUR', '1,2026-01-31,1000,-10.00,EUR'), {
      kind: 'JOURNAL',
    });
    const other = journal('1,2026-02-28,6850,20.00,EUR', '1,2026-02-28,1000,-20.00,EUR');
    const refused = await importing(other, { kind: 'JOURNAL' });
    expect(refused).toMatchObject({ status: 'FAILED', failure: { code: 'ROWS_REFUSED' } });
    expect(refused.problems.map(({ error }) => error.code)).toEqual(['IDEMPOTENCY_CONFLICT']);
    expect(await importing(other, { kind: 'JOURNAL', series: 'February' })).toMatchObject({
      status: 'SUCCEEDED',
      recordsMade: 1,
    });
    expect(await balances()).toEqual({ '6850 EUR': '30.00', '1000 EUR': '-30.00' });
  });

  test('that names no entries takes neighbours together, or both accounts of a row', async () => {
    const neighbours =
      'Date,Account,Debit,Credit,Description\n2026-01-05,6850,1.00,,A\n2026-01-05,1000,,1.00,A\n2026-01-05,6850,2.00,,B\n2026-01-05,1000,,2.00,B\n';
    expect(await importing(neighbours, { kind: 'JOURNAL' })).toMatchObject({
      status: 'SUCCEEDED',
      recordsMade: 2,
    });
    const pairs =
      'Datum;Konto;Gegenkonto;Betrag;S/H\n05.01.2026;6850;1000;4,00;S\n05.01.2026;6850;1000;8,00;S\n';
    expect(await importing(pairs, { kind: 'JOURNAL' })).toMatchObject({
      status: 'SUCCEEDED',
      recordsMade: 2,
      rowsRead: 2,
      rowsApplied: 4,
    });
    // The same file by content is the same file: its rows are known by their places.
    expect(await importing(pairs, { kind: 'JOURNAL' })).toMatchObject({ recordsMade: 0, recordsKnown: 2 });
    expect(await balances()).toEqual({ '6850 EUR': '15.00', '1000 EUR': '-15.00' });
  });

  test('is read from a spreadsheet and from JSON', async () => {
    const sheet = await writeXlsx({
      sheets: [
        {
          name: 'J',
          rows: [
            ['Entry', 'Date', 'Account', 'Debit', 'Credit'],
            ['S1', new Date(Date.UTC(2026, 0, 31)), '6850', 0.1 + 0.2, null],
            ['S1', new Date(Date.UTC(2026, 0, 31)), '1000', null, 0.3],
          ],
        },
      ],
    });
    expect(await importing(sheet, { kind: 'JOURNAL' }, 'journal.xlsx')).toMatchObject({
      status: 'SUCCEEDED',
      recordsMade: 1,
    });
    const json = JSON.stringify([
      {
        id: 'J1',
        date: '2026-01-31',
        lines: [
          { account: '6850', amount: '1.10' },
          { account: '1000', amount: '-1.10' },
        ],
      },
    ]);
    const mapping = [
      { field: 'ENTRY', column: 'id' },
      { field: 'DATE', column: 'date' },
      { field: 'ACCOUNT', column: 'account' },
      { field: 'AMOUNT', column: 'amount' },
    ];
    expect(await importing(json, { kind: 'JOURNAL', mapping }, 'journal.json')).toMatchObject({
      status: 'SUCCEEDED',
      recordsMade: 1,
    });
    expect(await balances()).toEqual({ '6850 EUR': '1.40', '1000 EUR': '-1.40' });
  });

  test('of which no row may be wrong is not applied when one is', async () => {
    const content = journal(
      '1,2026-01-31,6850,10.00,EUR',
      '1,2026-01-31,1000,-10.00,EUR',
      '2,2026-01-31,6850,ten,EUR',
    );
    const result = await importing(content, { kind: 'JOURNAL', stopOnProblems: true });
    expect(result).toMatchObject({ status: 'FAILED', rowsApplied: 0, failure: { code: 'ROWS_REFUSED' } });
    expect(await balances()).toEqual({});
    await eventually(async () => (await staged(result.id)) === 0);
  });

  test('that turns out damaged in the middle fails and posts nothing', async () => {
    const lines = Array.from(
      { length: 3000 },
      (_, index) => `{"entry":"${index >> 1}","date":"2026-01-31","account":"1000","amount":"1.00"}`,
    );
    const result = await importing(
      `[${lines.join(',')},{"entry":`,
      { kind: 'JOURNAL' },
      'journal.json',
    ).catch(() => undefined);
    expect(result).toMatchObject({ status: 'FAILED', failure: { code: 'FILE_UNREADABLE' } });
    expect(await balances()).toEqual({});
  });
});

async function staged(importId: string): Promise<number> {
  const found = await bench.owner.query<{ n: number }>(
    'select count(*)::int as n from transactions.import_row where import_id = $1',
    [importId],
  );
  return found.rows[0]?.n ?? 0;
}

describe('a chart of accounts', () => {
  test('adds what is missing, knows what is there, and names what differs', async () => {
    const content =
      'Code,Name,Type,Currency\n1000,Bank,Asset,\n1001,Second bank,Aktiva,USD\n2000,Payables,Expense,\n1001,Again,Asset,USD\n9x 1,Bad,Asset,\n5000,Bad,Fruit,\n';
    const result = await importing(content, { kind: 'CHART_OF_ACCOUNTS' });
    expect(result).toMatchObject({ status: 'PARTLY_SUCCEEDED', recordsMade: 1, recordsKnown: 2 });
    expect(result.problems.map(({ row, error }) => [row, error.code])).toEqual([
      [6, 'ACCOUNT_UNKNOWN'],
      [7, 'FIELD_INVALID'],
      [4, 'ALREADY_EXISTS'],
    ]);
    const { accounts } = await bench.query<{ accounts: object[] }>(
      'transactions',
      `{ accounts(bookId: "${bookId}") { code name type currency } }`,
    );
    expect(accounts).toContainEqual({ code: '1001', name: 'Second bank', type: 'ASSET', currency: 'USD' });
  });
});

describe('opening balances', () => {
  const content =
    'Account,Debit,Credit\n1000,100.00,\n1200,50.00,\n2000,,30.00\n3000,,100.00\n1100,0.00,\n1200,5.00,\n';
  const opening = { kind: 'OPENING_BALANCES', postedOn: '2026-01-01' };

  test('that do not balance are refused with their difference', async () => {
    const result = await importing(content, opening);
    expect(result).toMatchObject({ status: 'FAILED', recordsMade: 0 });
    expect(result.problems[0]?.error).toEqual({
      code: 'ENTRY_UNBALANCED',
      message: 'Opening balances in EUR: debits exceed credits by 25.00',
    });
    expect(await balances()).toEqual({});
  });

  test('become one entry for each currency, their difference where it was asked to go, once', async () => {
    const input = { ...opening, differenceAccount: '3900' };
    expect(await importing(content, input)).toMatchObject({
      status: 'SUCCEEDED',
      recordsMade: 1,
      rowsApplied: 5,
    });
    expect(await balances()).toEqual({
      '1000 EUR': '100.00',
      '1200 EUR': '55.00',
      '2000 EUR': '-30.00',
      '3000 EUR': '-100.00',
      '3900 EUR': '-25.00',
    });
    expect(await importing(content, input)).toMatchObject({
      status: 'SUCCEEDED',
      recordsMade: 0,
      recordsKnown: 1,
    });
    const { rows } = await bench.owner.query(
      'select kind, posted_on::text from transactions.journal_entry where book_id = $1',
      [bookId],
    );
    expect(rows).toEqual([{ kind: 'OPENING', posted_on: '2026-01-01' }]);
  });

  test('of which a row is wrong, or names an account there is none of, are refused whole', async () => {
    const wrong = await importing('Account,Amount\n1000,5.00\n3000,minus five\n', opening);
    expect(wrong).toMatchObject({ status: 'FAILED' });
    const unknown = await importing('Account,Amount\n1000,5.00\n7777,-5.00\n', opening);
    expect(unknown.problems.map(({ row, error }) => [row, error.code])).toEqual([[3, 'ACCOUNT_UNKNOWN']]);
    expect(await balances()).toEqual({});
  });
});

describe('a budget', () => {
  test('takes amounts by account and month, and names what it cannot take', async () => {
    const budgetId = newId('bud');
    await bench.owner.query(
      `insert into transactions.budget (organisation_id, id, book_id, name, version, created_at)
       values ($1, $2, $3, 'Plan', 1, now())`,
      [bench.actor().organisationId, budgetId, bookId],
    );
    const content =
      'Month;Account;Amount;Cost centre\n2026-01;6850;1.000,00;\n02/2026;6850;500,00;\n15.03.2026;4400;-20,00;\n' +
      '2026-01;6850;0,00;\n2026-01;7777;1,00;\n2026-01;6850;5,00;CC9\nsoon;6850;5,00;\n';
    const result = await importing(content, { kind: 'BUDGET', budgetId });
    expect(result).toMatchObject({ status: 'PARTLY_SUCCEEDED', rowsApplied: 4, rowsRefused: 3 });
    expect(result.problems.map(({ row, error }) => [row, error.code])).toEqual([
      [8, 'DATE_INVALID'],
      [6, 'ACCOUNT_UNKNOWN'],
      [7, 'DIMENSION_VALUE_UNKNOWN'],
    ]);
    const { rows } = await bench.owner.query(
      `select a.code, b.month::text, b.minor::int from transactions.budget_amount b join transactions.account a on a.id = b.account_id
        where budget_id = $1 order by month`,
      [budgetId],
    );
    expect(rows).toEqual([
      { code: '6850', month: '2026-01-01', minor: 0 },
      { code: '6850', month: '2026-02-01', minor: 50000 },
      { code: '4400', month: '2026-03-01', minor: -2000 },
    ]);
    const other = await bench.door('transactions').run(startImport, {
      bookId: await openTestBook(bench),
      fileId: await upload(bench, content, { name: 'plan.csv' }),
      kind: 'BUDGET',
      budgetId,
    });
    expect(other.errors.map(({ code }) => code)).toEqual(['NOT_FOUND']);
  });
});

describe('before a file is imported', () => {
  const preview = async (content: string, input: Readonly<Record<string, unknown>>) => {
    const fileId = await upload(bench, content, { name: 'file.csv' });
    const { previewImport } = await bench.query<{
      previewImport: { preview: Record<string, unknown> | null; errors: { code: string }[] };
    }>(
      'transactions',
      `mutation ($input: PreviewImportInput!) { previewImport(input: $input) { errors { code } preview {
         settings { delimiter decimalMark dateStyle mapping { field column } } remembered
         columns { column field samples } rows { row entry accountCode side amount { amount currency } problems { code } }
         problems { code path } notes } } }`,
      { variables: { input: { bookId, fileId, ...input } } },
    );
    expect(previewImport.errors).toEqual([]);
    return previewImport.preview;
  };

  test('it is shown how it would be read, and nothing is kept', async () => {
    expect(
      await preview('Beleg Nr;Datum;Konto;Betrag\nA1;31.01.2026;1000;1.000,50\nA1;31.01.2026;3000;oops\n', {
        kind: 'JOURNAL',
      }),
    ).toMatchObject({
      settings: { delimiter: ';', decimalMark: 'COMMA', dateStyle: 'DAY_MONTH_YEAR_DOTS' },
      remembered: false,
      columns: [
        { column: 'Beleg Nr', field: 'ENTRY', samples: ['A1', 'A1'] },
        { field: 'DATE' },
        { field: 'ACCOUNT' },
        { field: 'AMOUNT' },
      ],
      rows: [
        {
          row: 2,
          entry: 'A1',
          accountCode: '1000',
          side: 'DEBIT',
          amount: { amount: '1000.50', currency: 'EUR' },
          problems: [],
        },
        { row: 3, entry: 'A1', problems: [{ code: 'AMOUNT_INVALID' }] },
      ],
      problems: [],
    });
    const { rows } = await bench.owner.query('select 1 from transactions.import where book_id = $1', [
      bookId,
    ]);
    expect(rows).toEqual([]);
  });

  test('what cannot be told from it has to be said', async () => {
    const shown = await preview('When,Account,Amount\n03/04/2026,1000,1.00\n', { kind: 'JOURNAL' });
    expect(shown?.['problems']).toEqual([{ code: 'COLUMN_MISSING', path: ['mapping'] }]);
    const mapping = [
      { field: 'DATE', column: 'When' },
      { field: 'ACCOUNT', column: 'Account' },
      { field: 'AMOUNT', column: 'Amount' },
    ];
    const mapped = await preview('When,Account,Amount\n03/04/2026,1000,1.00\n', { kind: 'JOURNAL', mapping });
    expect(mapped?.['problems']).toEqual([{ code: 'DATE_INVALID', path: ['dateStyle'] }]);
    const fileId = await upload(bench, 'When,Account,Amount\n03/04/2026,1000,1.00\n', { name: 'f.csv' });
    const refused = await bench
      .door('transactions')
      .run(startImport, { bookId, fileId, kind: 'JOURNAL', mapping });
    expect(refused.errors.map(({ code }) => code)).toEqual(['DATE_INVALID']);
  });

  test('the columns chosen for a file are remembered for the next one with the same headings', async () => {
    const mapping = [
      { field: 'DATE', column: 'When' },
      { field: 'ACCOUNT', column: 'Where' },
      { field: 'CONTRA_ACCOUNT', column: 'From' },
      { field: 'AMOUNT', column: 'How much' },
    ];
    const content = (amount: string) => `When,Where,From,How much\n2026-01-31,6850,1000,${amount}\n`;
    await importing(content('1.00'), { kind: 'JOURNAL', mapping });
    expect(await preview(content('2.00'), { kind: 'JOURNAL' })).toMatchObject({
      remembered: true,
      problems: [],
    });
    expect(await importing(content('2.00'), { kind: 'JOURNAL' })).toMatchObject({
      status: 'SUCCEEDED',
      recordsMade: 1,
    });
    const { rows } = await bench.owner.query(
      'select 1 from transactions.import_mapping where organisation_id <> $1',
      [bench.actor().organisationId],
    );
    expect(rows).toEqual([]);
  });
});

describe('an import under way', () => {
  const long = (entries: number) =>
    [
      'Entry,Date,Account,Amount',
      ...Array.from(
        { length: entries },
        (_, index) => `${index},2026-01-31,6850,1.00\n${index},2026-01-31,1000,-1.00`,
      ),
    ].join('\n');
  const context = () => ({ services: bench.services, door: bench.running('transactions').door, pool });

  /** Starts one that no background job takes, so that the test has it step by step. */
  async function startPaused(entries: number) {
    const fileId = await upload(bench, long(entries), { name: 'long.csv' });
    const { result } = await bench.door('transactions').run(startImport, { bookId, fileId, kind: 'JOURNAL' });
    const importId = result?.importId ?? '';
    await bench.door('transactions').run(pauseImport, { importId });
    return importId;
  }

  const status = async (importId: string) =>
    (
      await bench.owner.query<{ status: string }>('select status from transactions.import where id = $1', [
        importId,
      ])
    ).rows[0]?.status;

  test('is paused, resumed to its end, and told of all along', async () => {
    const importId = await startPaused(3000);
    const key = { organisationId: bench.actor().organisationId, importId };
    expect(await status(importId)).toBe('PAUSED');
    expect(await runImport(context(), key)).toBe(false);
    const resumed = await bench.door('transactions').run(resumeImport, { importId });
    expect(resumed.errors).toEqual([]);
    expect(await ended(importId)).toMatchObject({
      status: 'SUCCEEDED',
      recordsMade: 3000,
      rowsApplied: 6000,
    });
    const told = (await bench.events())
      .filter(({ subjectId }) => subjectId === importId)
      .map(({ type }) => type);
    expect(told.slice(0, 3)).toEqual(['import.started', 'import.paused', 'import.resumed']);
    expect(told.at(-1)).toBe('import.finished');
    const again = await bench.door('transactions').run(resumeImport, { importId });
    expect(again.errors.map(({ code }) => code)).toEqual(['STATE_CONFLICT']);
  });

  test('that is cancelled keeps what it posted, drops what waits, and stays ended', async () => {
    const importId = await startPaused(3000);
    await bench.door('transactions').run(cancelImport, { importId });
    expect(await ended(importId)).toMatchObject({ status: 'CANCELLED' });
    await eventually(async () => (await staged(importId)) === 0);
    const resumed = await bench.door('transactions').run(resumeImport, { importId });
    expect(resumed.errors.map(({ code }) => code)).toEqual(['STATE_CONFLICT']);
    await expect(
      bench.owner.query(
        "update transactions.import set status = 'READING', finished_at = null where id = $1",
        [importId],
      ),
    ).rejects.toThrow(/stays as it ended/);
  });

  test('has two workers at once and is posted once', async () => {
    const importId = await startPaused(2500);
    const key = { organisationId: bench.actor().organisationId, importId };
    await bench.owner.query("update transactions.import set status = 'QUEUED' where id = $1", [importId]);
    await Promise.all([runImport(context(), key), runImport(context(), key), runImport(context(), key)]);
    await runImport(context(), key);
    expect(await ended(importId)).toMatchObject({
      status: 'SUCCEEDED',
      recordsMade: 2500,
      rowsRead: 5000,
      rowsApplied: 5000,
    });
    expect(await balances()).toEqual({ '6850 EUR': '2500.00', '1000 EUR': '-2500.00' });
  });
});

test('the table of steps and the database know the same statuses', async () => {
  const { rows } = await bench.owner.query<{ text: string }>(
    "select pg_get_constraintdef(oid) as text from pg_constraint where conrelid = 'transactions.import'::regclass and conname = 'import_status_check'",
  );
  const named = [...(rows[0]?.text ?? '').matchAll(/'([A-Z_]+)'/g)].map(([, name]) => name);
  expect(new Set(named)).toEqual(new Set(importStatuses));
  expect(importStatuses.filter(isEnd)).toEqual(['SUCCEEDED', 'PARTLY_SUCCEEDED', 'FAILED', 'CANCELLED']);
});
