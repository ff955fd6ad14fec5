import { writeXlsx } from 'hucre/xlsx';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { upload } from '../../../test/support/upload.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import {
  eventsOf,
  iban,
  importText,
  linesOf,
  mt940,
  openAccount,
} from '../../../test/support/reconciliation.ts';
import { importBankStatement } from './import-bank-statement.ts';
import { openBankAccount } from './open-bank-account.ts';
import { releaseStatement } from './release-statement.ts';
import { reconciliation } from '../subgraph.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench([reconciliation]);
});
afterAll(() => bench.close());

let organisations = 0;
/** An organisation of its own for each test, because an account is open once in an organisation. */
function stranger() {
  organisations += 1;
  return bench.actor('Ines', ['OWNER'], `org_0import${organisations}`);
}

const march = {
  number: '1',
  opening: '1000.00',
  lines: [
    { day: '260302', amount: '250.50', name: 'ADA UND SOEHNE', text: 'Rechnung 7', bankReference: 'B-1' },
    { day: '260302', amount: '-3.20', name: 'CAFE KRONE', text: 'Kaffee' },
    { day: '260302', amount: '-3.20', name: 'CAFE KRONE', text: 'Kaffee' },
  ],
};

test('a statement finds its account and brings each line once, equal lines included', async () => {
  const actor = stranger();
  const { bookId, bankAccountId } = await openAccount(bench, { actor });
  const first = await importText(bench, { bookId, text: mt940(march), actor });
  expect(first.errors).toEqual([]);
  expect(first.result).toMatchObject({ imported: 3, alreadyKnown: 0 });

  const again = await importText(bench, { bookId, text: mt940(march), actor });
  expect(again.result).toEqual({ statementIds: first.result?.statementIds, imported: 0, alreadyKnown: 3 });
  expect(await linesOf(bench, bookId, actor)).toHaveLength(3);

  const data = await bench.query<{ bankAccount: object }>(
    'reconciliation',
    `query ($id: ID!) { bankAccount(id: $id) { ibanLastFour unmatchedCount balance { amount currency }
       statements { edges { node { lineCount from to status openingBalance { amount } lines { edges { node { remittance } } } } } } } }`,
    { actor, variables: { id: bankAccountId } },
  );
  expect(data.bankAccount).toEqual({
    ibanLastFour: '3000',
    unmatchedCount: 3,
    balance: { amount: '1244.10', currency: 'EUR' },
    statements: {
      edges: [
        {
          node: {
            lineCount: 3,
            from: '2026-03-02',
            to: '2026-03-02',
            status: 'IMPORTED',
            openingBalance: { amount: '1000.00' },
            lines: {
              edges: ['Rechnung 7', 'Kaffee', 'Kaffee'].map((remittance) => ({ node: { remittance } })),
            },
          },
        },
      ],
    },
  });
});

test('an overlapping statement adds only what is new', async () => {
  const actor = stranger();
  const { bookId } = await openAccount(bench, { actor });
  await importText(bench, { bookId, text: mt940(march), actor });
  const longer = { ...march, lines: [...march.lines, { day: '260303', amount: '9.00', text: 'new' }] };
  const outcome = await importText(bench, { bookId, text: mt940(longer), actor });
  expect(outcome).toMatchObject({ errors: [], result: { imported: 1, alreadyKnown: 3 } });
  expect(await linesOf(bench, bookId, actor)).toHaveLength(4);
});

test('the same coffee in two statements of one day is two, and in one of the whole day no third', async () => {
  const actor = stranger();
  const { bookId } = await openAccount(bench, { actor });
  const coffee = { day: '260302', amount: '-3.20', name: 'CAFE KRONE', text: 'Kaffee' };
  const halves = [
    mt940({ number: '1', opening: '10.00', lines: [coffee] }),
    mt940({ number: '2', opening: '6.80', lines: [coffee] }),
  ];
  expect(await importText(bench, { bookId, text: halves.join(''), actor })).toMatchObject({
    result: { imported: 2 },
  });
  expect(await importText(bench, { bookId, text: halves[1] ?? '', actor })).toMatchObject({
    result: { imported: 0 },
  });
  const whole = mt940({ number: '9', opening: '10.00', lines: [coffee, coffee] });
  expect(await importText(bench, { bookId, text: whole, actor })).toMatchObject({
    errors: [],
    result: { imported: 0, alreadyKnown: 2 },
  });
});

test('a file with characters the database cannot hold is imported all the same', async () => {
  const actor = stranger();
  const { bookId } = await openAccount(bench, { actor });
  const lines = [{ day: '260302', amount: '1.00', name: 'A\u0000da', text: 'Rech\u0000nung' }];
  expect(await importText(bench, { bookId, text: mt940({ lines }), actor })).toMatchObject({
    result: { imported: 1 },
  });
  expect((await linesOf(bench, bookId, actor))[0]?.remittance).toMatch(/^Rech.?nung$/);
});

test('one reference of the bank on a payment and its fee makes two lines', async () => {
  const actor = stranger();
  const { bookId } = await openAccount(bench, { actor });
  const lines = [
    { day: '260302', amount: '-100.00', text: 'Payment abroad', bankReference: 'FX-9' },
    { day: '260302', amount: '-1.50', text: 'Fee', bankReference: 'FX-9' },
  ];
  expect(await importText(bench, { bookId, text: mt940({ lines }), actor })).toMatchObject({
    result: { imported: 2 },
  });
});

test('the lines of two imports of one file at once are stored once', async () => {
  const actor = stranger();
  const { bookId } = await openAccount(bench, { actor });
  const fileId = await upload(bench, mt940(march), { actor });
  const outcomes = await Promise.all(
    [1, 2, 3].map(() => bench.door('reconciliation').run(importBankStatement, { bookId, fileId }, { actor })),
  );
  expect(outcomes.map((outcome) => outcome.result!.imported).toSorted((a, b) => a - b)).toEqual([0, 0, 3]);
  expect(await linesOf(bench, bookId, actor)).toHaveLength(3);
});

test('a statement that does not add up is held back with one exception until somebody releases it', async () => {
  const actor = stranger();
  const { bookId } = await openAccount(bench, { actor });
  const outcome = await importText(bench, { bookId, text: mt940({ ...march, closing: '1300.00' }), actor });
  expect(outcome.errors.map((error) => error.code)).toEqual(['STATEMENT_UNBALANCED']);
  expect(outcome.result).toMatchObject({ imported: 3 });
  expect((await linesOf(bench, bookId, actor)).map((line) => [line.status, line.exception])).toEqual(
    Array.from({ length: 3 }, () => ['UNMATCHED', null]),
  );
  const read = `query ($bookId: ID!) { exceptions(bookId: $bookId) { edges { node {
    reason severity status owner { id } line { id } resolution statement { status problems { code } } } } } }`;
  const before = await bench.query<{ exceptions: object }>('reconciliation', read, {
    actor,
    variables: { bookId },
  });
  expect(before.exceptions).toMatchObject({
    edges: [
      {
        node: {
          reason: 'STATEMENT_UNBALANCED',
          severity: 'HIGH',
          status: 'OPEN',
          owner: { id: 'mem_ines' },
          line: null,
          statement: { status: 'QUARANTINED', problems: [{ code: 'STATEMENT_UNBALANCED' }] },
        },
      },
    ],
  });

  const [statementId] = outcome.result?.statementIds ?? [];
  const released = await bench.door('reconciliation').run(releaseStatement, { statementId }, { actor });
  expect(released.errors).toEqual([]);
  await bench.settle();
  expect((await linesOf(bench, bookId, actor)).map((line) => line.status)).toEqual(
    Array.from({ length: 3 }, () => 'EXCEPTION'),
  );
  const second = await bench.door('reconciliation').run(releaseStatement, { statementId }, { actor });
  expect(second.errors).toMatchObject([{ code: 'STATE_CONFLICT' }]);
});

const day = (number: string, date: string, [opening, amount]: [string, string]) =>
  mt940({ number, opening, lines: [{ day: date, amount, text: `of ${date}` }] });

test('a missing statement holds the next one back, and releases it when it comes', async () => {
  const actor = stranger();
  const { bookId } = await openAccount(bench, { actor });
  await importText(bench, { bookId, text: day('1', '260302', ['0.00', '10.00']), actor });
  const third = await importText(bench, { bookId, text: day('3', '260304', ['30.00', '5.00']), actor });
  expect(third.errors).toMatchObject([{ code: 'STATEMENT_GAP' }]);
  expect(third.errors[0]?.message).toContain('missing');
  const second = await importText(bench, { bookId, text: day('2', '260303', ['10.00', '20.00']), actor });
  expect(second.errors).toEqual([]);
  const lines = await linesOf(bench, bookId, actor);
  expect(lines.map((line) => line.status)).toEqual(['EXCEPTION', 'EXCEPTION', 'EXCEPTION']);
  const resolved = await eventsOf(bench, bookId, 'exception.resolved');
  expect(resolved).toHaveLength(1);
});

test('statements of one file are held against each other in the order of their days', async () => {
  const actor = stranger();
  const { bookId } = await openAccount(bench, { actor });
  const file = [day('2', '260303', ['10.00', '20.00']), day('1', '260302', ['0.00', '10.00'])].join('');
  expect(await importText(bench, { bookId, text: file, actor })).toMatchObject({
    errors: [],
    result: { imported: 2 },
  });
});

test('a complete statement takes over the lines of one that did not add up', async () => {
  const actor = stranger();
  const { bookId } = await openAccount(bench, { actor });
  const cut = mt940({ ...march, lines: march.lines.slice(0, 2), closing: '1244.10' });
  await importText(bench, { bookId, text: cut, actor });
  const whole = await importText(bench, { bookId, text: mt940(march), actor });
  expect(whole).toMatchObject({ errors: [], result: { imported: 1, alreadyKnown: 2 } });
  expect((await linesOf(bench, bookId, actor)).map((line) => line.status)).toEqual(
    Array.from({ length: 3 }, () => 'EXCEPTION'),
  );
  expect(await eventsOf(bench, bookId, 'exception.resolved')).toHaveLength(1);
});

test('a statement of an unknown account is named by its last four, and the rest of the file goes on', async () => {
  const actor = stranger();
  const { bookId } = await openAccount(bench, { actor });
  const other = mt940({ ...march, account: 'NL91ABNA0417164300' });
  const outcome = await importText(bench, { bookId, text: other + mt940(march), actor });
  expect(outcome.result).toMatchObject({ imported: 3 });
  expect(outcome.errors).toMatchObject([{ code: 'BANK_ACCOUNT_UNKNOWN' }]);
  expect(outcome.errors[0]?.message).toContain('…4300');
  expect(outcome.errors[0]?.message).not.toContain('0417164300');
});

test('a bank may write the national number of an account that was opened by its IBAN', async () => {
  const actor = stranger();
  const { bookId } = await openAccount(bench, { actor });
  const outcome = await importText(bench, {
    bookId,
    text: mt940({ ...march, account: '37040044/0532013000' }),
    actor,
  });
  expect(outcome).toMatchObject({ errors: [], result: { imported: 3 } });
});

test('a file nobody can read and a line nobody can read are told with code and line', async () => {
  const actor = stranger();
  const { bookId } = await openAccount(bench, { actor });
  const nonsense = await importText(bench, { bookId, text: 'Dear customer', actor, name: 'letter.txt' });
  expect(nonsense).toMatchObject({ result: { imported: 0, statementIds: [] } });
  expect(nonsense.errors).toMatchObject([{ code: 'FORMAT_UNKNOWN', path: ['files', '0', 'line', '1'] }]);
  const broken = mt940(march).replace(':61:2603020302C250,50', ':61:2699990302C250,50');
  const outcome = await importText(bench, { bookId, text: broken, actor });
  expect(outcome.errors[0]).toMatchObject({ path: ['files', '0', 'line', '5'] });
  expect(outcome.errors.map((error) => error.code)).toContain('STATEMENT_UNBALANCED');
  const missing = await bench
    .door('reconciliation')
    .run(importBankStatement, { bookId, fileId: 'file_none' }, { actor });
  expect(missing.errors).toMatchObject([{ code: 'NOT_FOUND', path: ['files', '0'] }]);
});

test('a CSV file without an account is read by its mapping into the account that is named', async () => {
  const actor = stranger();
  const { bookId, bankAccountId } = await openAccount(bench, { actor });
  const csv =
    'Wann;Wieviel;Wer;Wozu\n02.03.2026;-1.040,00;Stadtwerke;Abschlag\n03.03.2026;2.250,00;Ada;Rechnung 7\n';
  const csvMapping = {
    bookedOn: 'Wann',
    amount: 'Wieviel',
    counterpartyName: 'Wer',
    remittance: 'Wozu',
    decimalSeparator: ',',
    currency: 'EUR',
  };
  const name = 'export.csv';
  const unnamed = await importText(bench, { bookId, text: csv, actor, name, csvMapping });
  expect(unnamed.errors).toMatchObject([{ code: 'BANK_ACCOUNT_UNKNOWN' }]);
  const outcome = await importText(bench, { bookId, text: csv, actor, name, csvMapping, bankAccountId });
  expect(outcome).toMatchObject({ errors: [], result: { imported: 2 } });
  const lines = await linesOf(bench, bookId, actor);
  expect(lines.map((line) => line.amount.amount)).toEqual(['-1040.00', '2250.00']);
});

test('a QIF file takes currency and account from the account that is named', async () => {
  const actor = stranger();
  const { bookId, bankAccountId } = await openAccount(bench, { actor });
  const text = '!Type:Bank\nD03/04/2026\nT-1,040.00\nPStadtwerke\n^\nD05/04/2026\nT2,250.00\nPAda\n^\n';
  const unnamed = await importText(bench, { bookId, text, actor, name: 'a.qif' });
  expect(unnamed.errors).toMatchObject([{ code: 'CURRENCY_UNKNOWN' }]);
  const fields = { bookId, text, actor, name: 'a.qif', bankAccountId, dayFirst: false };
  expect(await importText(bench, fields)).toMatchObject({ errors: [], result: { imported: 2 } });
  const query =
    'query ($bookId: ID!) { statementLines(bookId: $bookId, first: 9) { edges { node { bookedOn } } } }';
  const data = await bench.query<{ statementLines: { edges: { node: { bookedOn: string } }[] } }>(
    'reconciliation',
    query,
    { actor, variables: { bookId } },
  );
  const days = data.statementLines.edges.map(({ node }) => node.bookedOn);
  expect(days).toEqual(['2026-05-04', '2026-03-04']);
});

test('an XLSX file is read from the sheet that is named, days and amounts as the sheet holds them', async () => {
  const actor = stranger();
  const { bookId, bankAccountId } = await openAccount(bench, { actor });
  const day = new Date(Date.UTC(2026, 2, 4));
  const sheets = [
    {
      name: 'Old',
      rows: [
        ['Wann', 'Wieviel'],
        [day, 1],
      ],
    },
    {
      name: 'New',
      rows: [
        ['Wann', 'Wieviel'],
        [day, -1040.5],
        [day, 12],
      ],
    },
  ];
  const fileId = await upload(bench, await writeXlsx({ sheets }), { actor, name: 'umsaetze.xlsx' });
  const csvMapping = { bookedOn: 'Wann', amount: 'Wieviel', sheet: 'New' };
  const outcome = await bench
    .door('reconciliation')
    .run(importBankStatement, { bookId, bankAccountId, fileId, csvMapping }, { actor });
  expect(outcome).toMatchObject({ errors: [], result: { imported: 2 } });
  const lines = await linesOf(bench, bookId, actor);
  expect(lines.map((line) => line.amount.amount)).toEqual(['-1040.50', '12.00']);
});

test('a file of several accounts that nobody knows is not poured into the one that is named', async () => {
  const actor = stranger();
  const { bookId, bankAccountId } = await openAccount(bench, { actor });
  const account = (name: string) => `!Account\nN${name}\n^\n!Type:Bank\nD2026-03-04\nT1.00\n^\n`;
  const text = account('Till') + account('Safe');
  const outcome = await importText(bench, { bookId, text, actor, name: 'a.qif', bankAccountId });
  expect(outcome.errors.map(({ code }) => code)).toEqual(['BANK_ACCOUNT_UNKNOWN', 'BANK_ACCOUNT_UNKNOWN']);
  expect(outcome.result).toMatchObject({ imported: 0 });
});

test('the account of a statement wins over another one that is named', async () => {
  const actor = stranger();
  const { bookId } = await openAccount(bench, { actor });
  const other = await openAccount(bench, { actor, bookId, iban: 'NL91ABNA0417164300' });
  const outcome = await importText(bench, {
    bookId,
    text: mt940(march),
    actor,
    bankAccountId: other.bankAccountId,
  });
  expect(outcome.errors).toMatchObject([{ code: 'BANK_ACCOUNT_UNKNOWN' }]);
  expect(outcome.result).toMatchObject({ imported: 0 });
});

test('an account is opened once, and an IBAN must have its check digits', async () => {
  const actor = stranger();
  const { bookId } = await openAccount(bench, { actor });
  const fields = { bookId, name: 'Again', currency: 'EUR', ledgerAccountCode: '1210' };
  const again = await bench
    .door('reconciliation')
    .run(openBankAccount, { ...fields, iban: 'DE89 3704 0044 0532 0130 00' }, { actor });
  expect(again.errors).toMatchObject([{ code: 'ALREADY_EXISTS', path: ['iban'] }]);
  const wrong = await bench
    .door('reconciliation')
    .run(openBankAccount, { ...fields, iban: 'DE88370400440532013000' }, { actor });
  expect(wrong.errors).toMatchObject([{ code: 'FIELD_INVALID', path: ['iban'] }]);
});

test('no account number stands in clear in a table, an event or an audit row', async () => {
  const actor = stranger();
  const { bookId } = await openAccount(bench, { actor });
  const account = 'NL91ABNA0417164300';
  const lines = [
    { day: '260302', amount: '12.00', text: `From ${account} RF18539007547034`, account, name: 'Ada' },
  ];
  await importText(bench, { bookId, text: mt940({ lines }), actor });
  const [line] = await linesOf(bench, bookId, actor);
  expect(line?.remittance).toContain('…4300');
  expect(line?.remittance).toContain('RF18539007547034');
  const dump = await bench.owner.query(
    `select (select string_agg(l::text, ' ') from reconciliation.statement_line l) as lines,
            (select string_agg(a::text, ' ') from reconciliation.bank_account a) as accounts,
            (select string_agg(facts::text, ' ') from kernel.outbox) as facts,
            (select string_agg(record, ' ') from kernel.audit_stage) as audit`,
  );
  expect(JSON.stringify(dump.rows)).not.toContain('0417164300');
  expect(JSON.stringify(dump.rows)).not.toContain(iban.slice(4));
});

test('another organisation sees nothing and imports into nothing', async () => {
  const actor = stranger();
  const { bookId } = await openAccount(bench, { actor });
  await importText(bench, { bookId, text: mt940(march), actor });
  const mallory = stranger();
  expect(await linesOf(bench, bookId, mallory)).toEqual([]);
  const outcome = await importText(bench, { bookId, text: mt940(march), actor: mallory });
  expect(outcome.errors).toMatchObject([{ code: 'BANK_ACCOUNT_UNKNOWN' }]);
});

test('a dry run shows what would be imported and keeps nothing', async () => {
  const actor = stranger();
  const { bookId } = await openAccount(bench, { actor });
  const fileId = await upload(bench, mt940(march), { actor });
  const outcome = await bench
    .door('reconciliation')
    .run(importBankStatement, { bookId, fileId }, { actor, dryRun: true });
  expect(outcome.result).toMatchObject({ imported: 3 });
  expect(await linesOf(bench, bookId, actor)).toEqual([]);
});
