import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { systemActor, type Actor } from '#kernel/actor';
import { newId } from '#kernel/ids';
import { upload } from '../../../test/support/upload.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { transactions } from '../subgraph.ts';
import { ublInvoice } from './fixtures.ts';
import { receiveBook } from './receive-book.ts';
import { submitDocument } from './submit-document.ts';

let bench: Workbench;
let bookId: string;

beforeAll(async () => {
  bench = await openWorkbench([transactions]);
});
beforeEach(async () => {
  bookId = await openBook();
});
afterAll(() => bench.close());

async function openBook(): Promise<string> {
  const opened = newId('bk');
  const book = { name: 'Main', legalName: 'Acme GmbH', taxId: 'DE 123 456 789', country: 'DE' };
  await bench
    .door('transactions')
    .run(
      receiveBook,
      { bookId: opened, ...book, baseCurrency: 'EUR', fiscalYearStartMonth: 1 },
      { actor: systemActor('transactions', bench.actor().organisationId) },
    );
  return opened;
}

interface Answer {
  readonly id: string;
  readonly kind: string;
  readonly status: string;
  readonly number: string | null;
  readonly counterpartyName: string | null;
  readonly employee: string | null;
  readonly source: string;
  readonly total: { amount: string; currency: string } | null;
  readonly tax: { amount: string } | null;
  readonly raw: string;
  readonly fileLine: number | null;
  readonly lines: { description: string; net: { amount: string }; category: string | null }[];
  readonly problems: { code: string; message: string; path: string[] }[];
}

interface Payload {
  readonly document: Answer | null;
  readonly documents: Answer[] | null;
  readonly errors: { code: string; message: string; path: string[] }[];
}

const fields = `id kind status number counterpartyName employee source raw fileLine total { amount currency }
  tax { amount } lines { description category net { amount } } problems { code message path }`;

async function submit(input: Record<string, unknown>, actor: Actor = bench.actor()): Promise<Payload> {
  const data = await bench.query<{ submitDocument: Payload }>(
    'transactions',
    `mutation ($input: SubmitDocumentInput!) {
      submitDocument(input: $input) { document { ${fields} } documents { ${fields} } errors { code message path } }
    }`,
    { actor, variables: { input: { bookId, ...input } } },
  );
  return data.submitDocument;
}

async function countOf(status?: string): Promise<number> {
  const data = await bench.query<{ documents: { totalCount: number } }>(
    'transactions',
    `query ($bookId: ID!, $status: DocumentStatus) { documents(bookId: $bookId, status: $status) { totalCount } }`,
    { variables: { bookId, status } },
  );
  return data.documents.totalCount;
}

const submitted = async () =>
  (await bench.events()).filter((event) => event.type === 'document.submitted' && event.bookId === bookId);

const chair = {
  kind: 'INVOICE',
  number: 'R-1',
  issuedOn: '2026-03-01',
  dueOn: '2026-03-31',
  counterpartyName: 'Nordlicht GmbH',
  taxId: 'DE136695976',
  currency: 'EUR',
  total: '119.00',
  tax: '19.00',
  lines: [
    {
      description: 'Office chair',
      quantity: '1',
      net: '100.00',
      taxRate: '19',
      tax: '19.00',
      category: 'Office',
    },
  ],
};

test('a document by its fields is received and told to the other subgraphs', async () => {
  const { document, errors } = await submit({ document: chair, source: 'portal' });
  expect(errors).toEqual([]);
  expect(document).toMatchObject({
    kind: 'INVOICE',
    status: 'RECEIVED',
    number: 'R-1',
    source: 'portal',
    total: { amount: '119.00', currency: 'EUR' },
    tax: { amount: '19.00' },
    lines: [{ description: 'Office chair', category: 'Office', net: { amount: '100.00' } }],
    problems: [],
  });
  expect(await submitted()).toMatchObject([
    {
      subjectId: document?.id,
      facts: { kind: 'INVOICE', counterpartyName: 'Nordlicht GmbH', taxId: 'DE136695976', currency: 'EUR' },
    },
  ]);
});

test('a document without lines is one line, and a receipt by a person was spent by that person', async () => {
  const receipt = { kind: 'RECEIPT', issuedOn: '2026-03-01', counterpartyName: 'Café Zoë', currency: 'EUR' };
  const { document } = await submit({ document: { ...receipt, total: '9.50', note: 'Breakfast' } });
  expect(document).toMatchObject({
    status: 'RECEIVED',
    employee: 'Ana',
    source: 'api',
    tax: { amount: '0.00' },
    lines: [{ description: 'Breakfast', net: { amount: '9.50' } }],
  });
});

test.each([
  ['no number', { number: undefined }, 'FIELD_MISSING', 'number'],
  ['a blank number', { number: '  ' }, 'FIELD_MISSING', 'number'],
  ['no day', { issuedOn: undefined }, 'FIELD_MISSING', 'issuedOn'],
  ['a day the calendar lacks', { issuedOn: '2026-02-30' }, 'DATE_INVALID', 'issuedOn'],
  ['a due day the calendar lacks', { dueOn: 'soon' }, 'DATE_INVALID', 'dueOn'],
  ['no counterparty', { counterpartyName: undefined }, 'FIELD_MISSING', 'counterpartyName'],
  ['no currency', { currency: undefined }, 'FIELD_MISSING', 'currency'],
  ['an unknown currency', { currency: 'EURO' }, 'CURRENCY_UNKNOWN', 'currency'],
  ['no total', { total: undefined }, 'FIELD_MISSING', 'total'],
  ['a total in words', { total: 'twelve' }, 'AMOUNT_INVALID', 'total'],
  ['a total too precise for its currency', { total: '119.001' }, 'AMOUNT_TOO_PRECISE', 'total'],
  ['a total of zero', { total: '0', tax: '0', lines: undefined }, 'AMOUNT_INVALID', 'total'],
  ['a total no account can hold', { total: '9'.repeat(30) }, 'AMOUNT_INVALID', 'total'],
  ['lines that do not add up', { total: '219.00' }, 'DOCUMENT_TOTALS_DIFFER', 'net'],
  ['a line without an amount', { lines: [{ description: 'Chair' }] }, 'FIELD_MISSING', 'lines'],
  [
    'a negative credit note',
    { kind: 'CREDIT_NOTE', total: '-119', tax: '-19', lines: undefined },
    'AMOUNT_INVALID',
    'total',
  ],
  [
    'money back to a customer',
    { kind: 'SALES_INVOICE', total: '-119', tax: '-19', lines: undefined },
    'DOCUMENT_UNSUPPORTED',
    'kind',
  ],
])('%s puts a document in quarantine and says why', async (_title, change, code, path) => {
  const { document, errors } = await submit({ document: { ...chair, ...change } });
  expect(document?.status).toBe('QUARANTINED');
  expect(document?.problems).toMatchObject([{ code }]);
  expect(document?.problems[0]?.path[0]).toBe(path);
  expect(errors).toMatchObject([{ code }]);
  expect(document?.raw).toContain('"kind"');
  expect(await submitted()).toEqual([]);
});

test('an invoice below zero is taken as the credit note it is', async () => {
  const { document } = await submit({ document: { ...chair, total: '-119', tax: '-19', lines: undefined } });
  expect(document).toMatchObject({ kind: 'CREDIT_NOTE', status: 'RECEIVED', total: { amount: '119.00' } });
  expect(document?.problems[0]?.message).toContain('taken as a credit note');
});

test('text no database takes does not stop a document', async () => {
  const { document } = await submit({
    document: { ...chair, counterpartyName: 'Nord\u0000licht \uD800', note: '\u0000' },
  });
  expect(document).toMatchObject({ status: 'RECEIVED', counterpartyName: 'Nordlicht \uFFFD' });
});

test('neither a document nor a file, both, an unknown book or file are refused', async () => {
  expect((await submit({})).errors).toMatchObject([{ code: 'FIELD_MISSING', path: ['document'] }]);
  const fileId = await upload(bench, ublInvoice());
  expect((await submit({ fileId, document: chair })).errors).toMatchObject([{ code: 'FIELD_MISSING' }]);
  expect((await submit({ bookId: 'bk_1', document: chair })).errors).toMatchObject([
    { code: 'NOT_FOUND', path: ['bookId'] },
  ]);
  expect((await submit({ fileId: 'file_1' })).errors).toMatchObject([{ code: 'NOT_FOUND' }]);
  expect((await submit({ document: chair, source: 'fax' })).errors).toMatchObject([
    { code: 'FIELD_INVALID', path: ['source'] },
  ]);
});

test('an e-invoice to the book is an invoice, one from it a sales invoice, another is kept in quarantine', async () => {
  const bought = await submit({ fileId: await upload(bench, ublInvoice({ number: 'A' })) });
  expect(bought.document).toMatchObject({
    kind: 'INVOICE',
    status: 'RECEIVED',
    counterpartyName: 'Nordlicht GmbH',
    source: 'file',
  });
  const sold = { seller: 'Acme Gesellschaft', sellerTaxId: 'DE123456789', buyer: 'Havn ApS', number: 'B' };
  const sale = await submit({ fileId: await upload(bench, ublInvoice(sold)) });
  expect(sale.document).toMatchObject({
    kind: 'SALES_INVOICE',
    status: 'RECEIVED',
    counterpartyName: 'Havn ApS',
  });
  const foreign = await submit({
    fileId: await upload(bench, ublInvoice({ buyer: 'Havn ApS', number: 'C' })),
  });
  expect(foreign.document).toMatchObject({
    status: 'QUARANTINED',
    problems: [{ code: 'DOCUMENT_DIRECTION_UNKNOWN' }],
  });
  expect(foreign.errors[0]?.message).toContain('Havn ApS');
  const own = await submit({ fileId: await upload(bench, ublInvoice({ seller: 'ACME GMBH', number: 'D' })) });
  expect(own.errors[0]?.message).toContain('both Acme GmbH');
  const given = await submit({
    fileId: await upload(bench, ublInvoice({ ...sold, credit: true, number: 'E' })),
  });
  expect(given.document).toMatchObject({
    kind: 'SALES_INVOICE',
    total: { amount: '-119.00' },
    problems: [{ code: 'DOCUMENT_UNSUPPORTED' }],
  });
});

test('an e-invoice whose totals differ is kept in quarantine with its text and its file', async () => {
  const fileId = await upload(bench, ublInvoice({ gross: '129.00' }), { name: 'differs.xml' });
  const { document, errors } = await submit({ fileId });
  expect(document).toMatchObject({ status: 'QUARANTINED', total: { amount: '129.00' } });
  expect(document?.problems.map((problem) => problem.code)).toContain('DOCUMENT_TOTALS_DIFFER');
  expect(errors.map((error) => error.code)).toContain('DOCUMENT_TOTALS_DIFFER');
  expect(document?.raw).toContain('<cbc:ID>R-100</cbc:ID>');
  const data = await bench.query<{ document: { file: object } }>(
    'transactions',
    `query ($id: ID!) { document(id: $id) { file { id name size url } } }`,
    { variables: { id: document?.id } },
  );
  expect(data.document.file).toMatchObject({ id: fileId, name: 'differs.xml', url: `/files/${fileId}` });
});

test('an unreadable file is refused with the line, a bank statement with the operation for it', async () => {
  const broken = ublInvoice().replace('<cbc:IssueDate>', '<cbc:IssueDate');
  const refused = await submit({ fileId: await upload(bench, broken) });
  expect(refused.document).toBeNull();
  expect(refused.errors).toMatchObject([{ code: 'FILE_UNREADABLE', path: ['fileId'] }]);
  expect(refused.errors[0]?.message).toMatch(/line \d+/i);
  const statement = ':20:START\n:25:DE89370400440532013000\n:60F:C260301EUR0,00\n';
  expect(
    (await submit({ fileId: await upload(bench, statement, { name: 'bank.sta' }) })).errors,
  ).toMatchObject([{ code: 'FORMAT_WRONG' }]);
  expect((await submit({ fileId: await upload(bench, 'hello', { name: 'note.txt' }) })).errors).toMatchObject(
    [{ code: 'FORMAT_UNKNOWN' }],
  );
  expect(await countOf()).toBe(0);
});

test('bad rows of an expense file are kept in quarantine and the rest goes on', async () => {
  const fixture = new URL('../../../connectors/formats/fixtures/expenses.csv', import.meta.url);
  const { documents, errors } = await submit({
    fileId: await upload(bench, readFileSync(fixture, 'utf8'), { name: 'expenses.csv' }),
  });
  const standing = documents?.map((document) => document.status) ?? [];
  expect(standing.filter((status) => status === 'RECEIVED').length).toBeGreaterThan(2);
  expect(standing.filter((status) => status === 'QUARANTINED').length).toBeGreaterThan(3);
  expect(documents?.every((document) => document.kind === 'EXPENSE')).toBe(true);
  const impossible = documents?.find((document) => document.raw.startsWith('31.02.2026'));
  expect(impossible).toMatchObject({
    status: 'QUARANTINED',
    fileLine: 5,
    problems: [{ code: 'DATE_INVALID' }],
  });
  expect(errors.find((error) => error.path.join('.') === 'lines.5.issuedOn')?.message).toMatch(/^Line 5: /);
  expect((await submitted()).length).toBe(standing.filter((status) => status === 'RECEIVED').length);
});

const coffees = `Date,Merchant,Amount,Currency,Category,Employee
2026-03-02,Café Zoë,4.50,EUR,Meals,Ada Lind
2026-03-02,Café Zoë,4.50,EUR,Meals,Ada Lind
2026-03-02,Café Zoë,4.50,EUR,Meals,Bo Berg
not a day,Café Zoë,4.50,EUR,Meals,Bo Berg
`;

test('two equal coffees of one file stay two, and the same file again doubles nothing, bad rows included', async () => {
  const first = await submit({ fileId: await upload(bench, coffees, { name: 'march.csv' }) });
  expect(new Set(first.documents?.map((document) => document.id)).size).toBe(4);
  const again = await submit({ fileId: await upload(bench, coffees, { name: 'march again.csv' }) });
  expect(again.documents?.map((document) => document.id)).toEqual(
    first.documents?.map((document) => document.id),
  );
  expect(again.errors.map((error) => error.code)).toEqual(Array(4).fill('DUPLICATE_DOCUMENT'));
  expect(await countOf()).toBe(4);
});

test('a later export that overlaps an earlier one adds only what is new', async () => {
  await submit({ fileId: await upload(bench, coffees, { name: 'march.csv' }) });
  const longer = `${coffees}2026-03-02,Café Zoë,4.50,EUR,Meals,Ada Lind\n2026-03-09,Bahn,53.50,EUR,Travel,Ada Lind\n`;
  const { documents, errors } = await submit({ fileId: await upload(bench, longer, { name: 'more.csv' }) });
  expect(documents).toHaveLength(6);
  expect(errors).toHaveLength(4);
  expect(await countOf()).toBe(6);
});

test('the same document answers the first copy, however it came and whatever it was called', async () => {
  const first = await submit({ fileId: await upload(bench, ublInvoice({ sellerTaxId: 'DE136695976' })) });
  const byName = {
    ...chair,
    number: 'r 100',
    taxId: undefined,
    counterpartyName: 'NORDLICHT Gesellschaft mbH'.slice(0, 9),
  };
  const second = await submit({ document: byName, source: 'chat' });
  expect(second.document?.id).toBe(first.document?.id);
  expect(second.errors).toMatchObject([{ code: 'DUPLICATE_DOCUMENT' }]);
  expect(second.errors[0]?.message).toContain('R-100');
  expect(await countOf()).toBe(1);
  expect(await submitted()).toHaveLength(1);
});

test('the number of another document of the vendor with another total is kept in quarantine', async () => {
  const first = await submit({ document: chair });
  const other = await submit({ document: { ...chair, total: '238.00', tax: '38.00', lines: undefined } });
  expect(other.document).toMatchObject({
    status: 'QUARANTINED',
    problems: [{ code: 'DOCUMENT_NUMBER_REUSED', path: ['number'] }],
  });
  expect(other.errors[0]?.message).toContain(first.document?.id);
  const otherVendor = {
    ...chair,
    total: '238.00',
    tax: '38.00',
    lines: undefined,
    counterpartyName: 'Südlicht AG',
    taxId: undefined,
  };
  expect((await submit({ document: otherVendor })).document?.status).toBe('RECEIVED');
});

test('two books and two organisations know nothing of each other', async () => {
  await submit({ document: chair });
  bookId = await openBook();
  expect((await submit({ document: chair })).document?.status).toBe('RECEIVED');
  const stranger = bench.actor('Mallory', ['OWNER'], newId('org'));
  expect((await submit({ document: chair }, stranger)).errors).toMatchObject([{ code: 'NOT_FOUND' }]);
});

test('copies sent at the same moment become one document', async () => {
  const answers = await Promise.all([1, 2, 3, 4].map(() => submit({ document: chair })));
  expect(new Set(answers.map((answer) => answer.document?.id)).size).toBe(1);
  expect(answers.filter((answer) => answer.errors.length === 0)).toHaveLength(1);
  expect(await countOf()).toBe(1);
});

test('the same idempotency key answers the first result, a dry run keeps nothing', async () => {
  const input = { bookId, document: chair };
  const dry = await bench.door('transactions').run(submitDocument, input, { dryRun: true });
  expect(dry.result?.documentId).toMatch(/^doc_/);
  expect(await countOf()).toBe(0);
  const first = await bench
    .door('transactions')
    .run(submitDocument, input, { idempotencyKey: `key ${bookId}` });
  const again = await bench
    .door('transactions')
    .run(submitDocument, input, { idempotencyKey: `key ${bookId}` });
  expect(again).toMatchObject({ replayed: true, errors: [], result: first.result });
  expect(await countOf('RECEIVED')).toBe(1);
});

test('a member who may only read cannot hand in', async () => {
  const outcome = await bench
    .door('transactions')
    .run(submitDocument, { bookId, document: chair }, { actor: bench.actor('Rita', ['AUDITOR']) });
  expect(outcome.errors).toMatchObject([{ code: 'FORBIDDEN' }]);
});

test('a book that is opened while a document is on its way is waited for', async () => {
  const late = newId('bk');
  const sending = submit({ bookId: late, document: chair });
  const book = {
    bookId: late,
    name: 'Late',
    legalName: 'Acme GmbH',
    country: 'DE',
    baseCurrency: 'EUR',
    fiscalYearStartMonth: 1,
  };
  await bench.door('transactions').run(receiveBook, book, {
    actor: systemActor('transactions', bench.actor().organisationId),
  });
  expect((await sending).document?.status).toBe('RECEIVED');
});
