import { inflateSync } from 'node:zlib';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readXlsx } from 'hucre/xlsx';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { openTestBook } from '../../../test/support/book.ts';
import { corpora } from '../../../test/support/corpora.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { createDimensionValue } from '../dimensions/create-dimension-value.ts';
import { postJournalEntry } from '../ledger/post-journal-entry.ts';
import { setExchangeRate } from '../rates/set-exchange-rate.ts';
import { transactions } from '../subgraph.ts';
import { exportReport } from './export-report.ts';
import { exportedReports } from './report-tables.ts';

let bench: Workbench;
let bookId: string;

async function run(
  command: Parameters<ReturnType<Workbench['door']>['run']>[0],
  input: object,
): Promise<void> {
  const { errors } = await bench.door('transactions').run(command, input);
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
}

function post(postedOn: string, description: string, moved: readonly [string, string, string, string]) {
  const [debit, credit, amount, currency] = moved;
  const line = { amount, currency };
  return run(postJournalEntry, {
    bookId,
    postedOn,
    description,
    lines: [
      {
        ...line,
        accountCode: debit,
        side: 'DEBIT',
        dimensions: [{ dimension: 'costCentre', value: 'CC1' }],
        memo: '=2+2, "quoted" & <marked>',
      },
      { ...line, accountCode: credit, side: 'CREDIT' },
    ],
  });
}

beforeAll(async () => {
  bench = await openWorkbench([transactions]);
  bookId = await openTestBook(bench);
  const rate = { bookId, to: 'EUR', on: '2026-01-01', until: '2026-12-31', reason: 'Test' };
  await run(setExchangeRate, { ...rate, from: 'USD', rate: '0.5' });
  await run(setExchangeRate, { ...rate, from: 'KWD', rate: '3.123456789' });
  for (const [code, name] of [
    ['CC1', 'Shop'],
    ['CC2', 'Web'],
  ])
    await run(createDimensionValue, { bookId, dimension: 'costCentre', code, name });
  await post('2026-01-05', 'Capital', ['1000', '3000', '1234567.89', 'EUR']);
  await post('2026-02-05', 'Sale in dollars', ['1200', '4400', '800.00', 'USD']);
  await post('2026-02-06', 'Büromöbel für Łódź', ['0400', '1000', '450.10', 'EUR']);
  await post('2026-03-06', 'Sale in dinars', ['1200', '4400', '10.005', 'KWD']);
});
afterAll(() => bench.close());

interface Exported {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  readonly text: string;
}

async function exported(input: object): Promise<Exported> {
  const outcome = await bench.door('transactions').run(exportReport, { bookId, to: '2026-12-31', ...input });
  expect(outcome.errors).toEqual([]);
  const { fileId = '', name = '', mediaType = '', size } = outcome.result ?? {};
  const bytes = await bench.services.files.read(bench.actor().organisationId, fileId);
  expect(bytes.byteLength).toBe(size);
  return { name, mediaType, bytes, text: Buffer.from(bytes).toString('utf8') };
}

test('a trial balance as CSV has plain amounts with all decimals of each currency', async () => {
  const { text, name } = await exported({ format: 'CSV', report: 'TRIAL_BALANCE' });
  expect(name).toBe('trial-balance-2026-12-31.csv');
  const rows = text.split('\r\n');
  expect(rows[0]).toBe(
    'Code,Account,Currency,Opening,Debit,Credit,Closing,Opening EUR,Debit EUR,Credit EUR,Closing EUR',
  );
  expect(rows).toContain('1200,Trade receivables,KWD,0.000,10.005,0.000,10.005,0.00,31.25,0.00,31.25');
  expect(rows).toContain('1200,Trade receivables,USD,0.00,800.00,0.00,800.00,0.00,400.00,0.00,400.00');
  expect(rows).toContain(',Total,KWD,0.000,10.005,10.005,0.000,,,,');
});

test('a general ledger as CSV has every line with its running balance, and no cell a spreadsheet would run', async () => {
  const { text } = await exported({ format: 'CSV', report: 'GENERAL_LEDGER', from: '2026-02-01' });
  const rows = text.split('\r\n');
  const start = rows.findIndex((row) => row.startsWith('1000,'));
  expect(rows.slice(start, start + 4)).toEqual([
    '1000,,Bank account,,,,,',
    ',,Opening balance,,,,,1234567.89',
    '2026-02-06,JE-2026-000003,Büromöbel für Łódź,EUR,-450.10,,450.10,1234117.79',
    ',,Closing balance,,,0.00,450.10,1234117.79',
  ]);
  expect(text).toContain(`"'=2+2, ""quoted"" & <marked>"`);
});

test('a balance sheet as a sheet has numbers where it has amounts', async () => {
  const { bytes, mediaType } = await exported({
    format: 'XLSX',
    report: 'BALANCE_SHEET',
    compareTo: '2025-12-31',
  });
  expect(mediaType).toContain('spreadsheetml');
  const workbook = await readXlsx(bytes);
  const rows = workbook.sheets[0]?.rows ?? [];
  expect(rows[1]?.[0]).toBe('Balance sheet');
  expect(rows.find((row) => row[0] === 'Total assets')?.slice(1, 3)).toEqual([1_234_999.14, 0]);
  expect(rows.find((row) => row[0] === 'Assets less liabilities and equity')?.slice(1, 3)).toEqual([0, 0]);
});

test('aged lists, taxes and variances are tables too', async () => {
  const aged = await exported({ format: 'CSV', report: 'AGED_RECEIVABLES', to: '2026-03-31' });
  expect(aged.name).toBe('aged-receivables-2026-03-31.csv');
  expect(aged.text.split('\r\n')).toContain('Total,USD,0.00,0.00,800.00,0.00,0.00,800.00,400.00');
  expect(aged.text).toContain('Control accounts less what is open,,,,,,,,0.00');
  const tax = await exported({ format: 'CSV', report: 'TAX_REPORT' });
  expect(tax.text).toContain('To be paid,,,,,0.00,,');
  const variance = await exported({
    format: 'CSV',
    report: 'VARIANCE',
    from: '2026-02-01',
    to: '2026-02-28',
  });
  expect(variance.text.split('\r\n')).toContain(',Result,400.00,0.00,400.00,0.00,400.00');
});

test('every report is printed as PDF with a number on every page', async () => {
  for (const report of exportedReports) {
    const { bytes, text, name } = await exported({ format: 'PDF', report });
    expect(text.startsWith('%PDF-1.')).toBe(true);
    expect(name).toMatch(/\.pdf$/);
    const pages = text.match(/\/Type \/Page\b/g)?.length ?? 0;
    expect(pages).toBeGreaterThan(0);
    const printed = printedText(bytes);
    for (let page = 1; page <= pages; page += 1) expect(printed).toContain(`${page} / ${pages}`);
  }
});

/** The texts of a PDF file, in the order in which they are printed. */
function printedText(pdf: Uint8Array): string {
  const file = Buffer.from(pdf);
  const streams = file.toString('latin1').matchAll(/stream\n([\s\S]*?)\nendstream/g);
  return Array.from(streams, ([, stream = '']) => {
    const content = inflateSync(Buffer.from(stream, 'latin1')).toString('latin1');
    const texts = content.matchAll(/\[(.*?)\] TJ/g);
    return Array.from(texts, ([, parts = '']) =>
      Array.from(parts.matchAll(/<([0-9a-f]*)>/g), ([, hex = '']) =>
        Buffer.from(hex, 'hex').toString('latin1'),
      ).join(''),
    ).join('\n');
  }).join('\n');
}

test('the audit file is built as OECD SAF-T 2.0 says: header, accounts, journal, in this order', async () => {
  const { text, name } = await exported({ format: 'SAF_T', from: '2026-01-01' });
  expect(name).toBe('saf-t-2026-12-31.xml');
  expect(text).toContain('<AuditFile xmlns="urn:OECD:StandardAuditFile-Taxation/2.00">');
  const order = [
    '<Header>',
    '<AuditFileVersion>2.00<',
    '<AuditFileCountry>DE<',
    '<Company>',
    '<DefaultCurrencyCode>EUR<',
    '<SelectionStartDate>2026-01-01<',
    '<TaxAccountingBasis>',
    '<MasterFiles>',
    '<GeneralLedgerAccounts>',
    '<AnalysisTypeTable>',
    '<GeneralLedgerEntries>',
    '<NumberOfEntries>4<',
    '<TotalDebit>1235449.24<',
    '<TotalCredit>1235449.24<',
    '<Journal>',
    '<TransactionID>JE-2026-000001<',
  ].map((mark) => text.indexOf(mark));
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(order).not.toContain(-1);
  // Three decimals do not fit: rounded, and exact in the words of the line.
  expect(text).toContain('<CurrencyAmount>10.01</CurrencyAmount>\n<ExchangeRate>3.12345679</ExchangeRate>');
  expect(text).toContain('(KWD 10.005)</Description>');
  expect(text).toContain('=2+2, "quoted" &amp; &lt;marked&gt;');
});

/**
 * No schema of OECD's own may be had; that of Norway is made from it, with a name of its own, one kind of account and
 * one kind of tax. So the file is held against it with these three put in.
 */
test('the audit file is valid by the schema Norway made of SAF-T 2.0', async (context) => {
  const folder = corpora('samples', 'saf-t-no');
  context.skip(!folder, 'the schema is not at hand: set CROSSFOOT_CORPORA');
  if (!folder) return;
  const { text } = await exported({ format: 'SAF_T', from: '2026-01-01' });
  const schema = readdirSync(folder).find((file) => file.endsWith('v_1.10.xsd')) ?? '';
  const norwegian = text
    .replace('urn:OECD:StandardAuditFile-Taxation/2.00', 'urn:StandardAuditFile-Taxation-Financial:NO')
    .replaceAll(/<AccountType>[A-Za-z]+</g, '<AccountType>GL<')
    .replaceAll('<TaxType>VAT<', '<TaxType>MVA<')
    .replace('<TaxAccountingBasis>Invoice<', '<TaxAccountingBasis>A<');
  const checked = await validateXML({
    xml: { fileName: 'saf-t.xml', contents: norwegian },
    schema: { fileName: 'saf-t.xsd', contents: readFileSync(join(folder, schema), 'utf8') },
  });
  expect(checked.errors.map(({ message }) => message)).toEqual([]);
  const broken = await validateXML({
    xml: { fileName: 'saf-t.xml', contents: norwegian.replace('<PeriodYear>2026</PeriodYear>', '') },
    schema: { fileName: 'saf-t.xsd', contents: readFileSync(join(folder, schema), 'utf8') },
  });
  expect(broken.valid).toBe(false);
});

test.each([
  [{ format: 'PDF' }, 'FIELD_MISSING', ['report']],
  [{ format: 'CSV', report: 'GENERAL_LEDGER', accountId: 'acc_no' }, 'ACCOUNT_UNKNOWN', ['accountId']],
  [{ format: 'CSV', report: 'CASH_FLOW', from: '2027-01-01' }, 'FIELD_INVALID', ['from']],
  [{ format: 'HLEDGER', bookId: 'bk_nowhere' }, 'NOT_FOUND', ['bookId']],
])('an export of %o is refused with %s', async (input, code, path) => {
  const outcome = await bench.door('transactions').run(exportReport, { bookId, to: '2026-12-31', ...input });
  expect(outcome.errors).toMatchObject([{ code, path }]);
});

test('the mutation answers where the file is to be fetched', async () => {
  const answer = await bench.query<{ exportReport: { file: object; errors: object[] } }>(
    'transactions',
    `mutation ($input: ExportReportInput!) { exportReport(input: $input) { file { path name mediaType size } errors { code } } }`,
    { variables: { input: { bookId, format: 'HLEDGER' } } },
  );
  expect(answer.exportReport).toMatchObject({
    errors: [],
    file: {
      path: expect.stringMatching(/^\/files\/file_[0-9a-f]{64}$/) as string,
      name: expect.stringMatching(/\.journal$/) as string,
    },
  });
});
