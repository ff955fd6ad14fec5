import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { systemActor } from '#kernel/actor';
import type { UserError } from '#kernel/errors';
import { sealedIbanPlace } from '#kernel/events';
import { newId } from '#kernel/ids';
import { upload } from '../../../test/support/upload.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { transactions } from '../subgraph.ts';
import { ublInvoice } from './fixtures.ts';
import { receiveBook } from './receive-book.ts';
import { rejectDocument } from './reject-document.ts';
import { releaseFromQuarantine } from './release-from-quarantine.ts';
import { submitDocument } from './submit-document.ts';

let bench: Workbench;
let bookId: string;

beforeAll(async () => {
  bench = await openWorkbench([transactions]);
});
beforeEach(async () => {
  bookId = newId('bk');
  const book = { bookId, name: 'Main', legalName: 'Acme GmbH', country: 'DE', baseCurrency: 'EUR' };
  await bench
    .door('transactions')
    .run(
      receiveBook,
      { ...book, fiscalYearStartMonth: 1 },
      { actor: systemActor('transactions', bench.actor().organisationId) },
    );
});
afterAll(() => bench.close());

const chair = {
  kind: 'INVOICE',
  number: 'R-1',
  issuedOn: '2026-03-01',
  counterpartyName: 'Nordlicht GmbH',
  currency: 'EUR',
  total: '119.00',
  tax: '19.00',
  lines: [{ description: 'Office chair', net: '100.00', tax: '19.00', category: 'Office' }],
};

async function submit(change: Record<string, unknown> = {}): Promise<string> {
  const document = { ...chair, ...change };
  const outcome = await bench.door('transactions').run(submitDocument, { bookId, document });
  return outcome.result?.documentId ?? '';
}

async function submitXml(xml: string): Promise<string> {
  const fileId = await upload(bench, xml, { name: 'a.xml' });
  const outcome = await bench.door('transactions').run(submitDocument, { bookId, fileId });
  return outcome.result?.documentId ?? '';
}

async function release(documentId: string, corrections: object = {}): Promise<readonly UserError[]> {
  const input = { documentId, ...corrections };
  return (await bench.door('transactions').run(releaseFromQuarantine, input, { actor: bench.actor('Bea') }))
    .errors;
}

interface Shown {
  readonly kind: string;
  readonly status: string;
  readonly counterpartyName: string | null;
  readonly net: { amount: string } | null;
  readonly payable: { amount: string } | null;
  readonly total: { amount: string; currency: string } | null;
  readonly lines: { description: string; net: { amount: string } }[];
  readonly problems: { code: string }[];
  readonly duplicateOf: { id: string } | null;
  readonly rejectReason: string | null;
}

async function show(id: string): Promise<Shown> {
  const data = await bench.query<{ document: Shown }>(
    'transactions',
    `query ($id: ID!) { document(id: $id) {
      kind status counterpartyName net { amount } payable { amount } total { amount currency }
      lines { description net { amount } } problems { code } duplicateOf { id } rejectReason } }`,
    { variables: { id } },
  );
  return data.document;
}

const tellsOf = async (id: string) =>
  (await bench.events()).filter((event) => event.subjectId === id).map((event) => event.type);

test('a document with what was missing filled in goes on as if just handed in', async () => {
  const id = await submit({ number: undefined, counterpartyName: undefined });
  expect(await release(id, { number: 'R-1', counterpartyName: 'Nordlicht GmbH' })).toEqual([]);
  expect(await show(id)).toMatchObject({
    status: 'RECEIVED',
    counterpartyName: 'Nordlicht GmbH',
    problems: [],
  });
  expect(await tellsOf(id)).toEqual(['document.quarantined', 'document.submitted']);
});

test('its account goes on with it, unless it turns out to be our own', async () => {
  const iban = 'NL91ABNA0417164300';
  const { organisationId } = bench.actor();
  const told = async (id: string) => {
    const [facts] = (await bench.events())
      .filter((one) => one.subjectId === id && one.type === 'document.submitted')
      .map((one) => one.facts as { sealedIban?: string });
    expect(facts).toBeDefined();
    const sealedIban = facts?.sealedIban;
    return sealedIban && bench.services.vault.open(sealedIban, sealedIbanPlace(organisationId, id));
  };
  const bought = await submitXml(ublInvoice({ iban, buyer: 'Somebody', number: 'A' }));
  expect(await release(bought, { kind: 'INVOICE' })).toEqual([]);
  expect(await told(bought)).toBe(iban);
  const sold = await submitXml(ublInvoice({ iban, buyer: 'Somebody', number: 'B' }));
  await release(sold, { kind: 'SALES_INVOICE' });
  expect(await release(sold, { counterpartyName: 'Havn ApS' })).toEqual([]);
  expect(await told(sold)).toBeUndefined();
});

test('corrections are kept and the rest is told while something still stands in the way', async () => {
  const id = await submit({ number: undefined, issuedOn: 'soon' });
  expect(await release(id, { number: 'R-1' })).toMatchObject([{ code: 'FIELD_MISSING', path: ['issuedOn'] }]);
  expect(await show(id)).toMatchObject({ status: 'QUARANTINED', problems: [{ code: 'FIELD_MISSING' }] });
  expect(await release(id, { issuedOn: '2026-03-01' })).toEqual([]);
  expect((await show(id)).status).toBe('RECEIVED');
});

test('a record that could not be read at all is filled in by hand', async () => {
  const id = await submit({ currency: 'EURO', lines: undefined });
  expect((await show(id)).total).toBeNull();
  expect(await release(id, { currency: 'EUR' })).toMatchObject([{ code: 'FIELD_MISSING', path: ['total'] }]);
  expect(await release(id, { total: '119.00', tax: '19.00' })).toEqual([]);
  expect(await show(id)).toMatchObject({
    status: 'RECEIVED',
    net: { amount: '100.00' },
    total: { amount: '119.00', currency: 'EUR' },
    lines: [{ description: 'Nordlicht GmbH', net: { amount: '100.00' } }],
  });
});

test('a corrected total stands, and lines that no longer add up become one', async () => {
  const id = await submitXml(ublInvoice({ gross: '129.00' }));
  const codes = (await release(id)).map((error) => error.code);
  expect(codes).toEqual(['DOCUMENT_TOTALS_DIFFER']);
  expect(await release(id, { total: '238.00', tax: '38.00' })).toEqual([]);
  expect(await show(id)).toMatchObject({
    status: 'RECEIVED',
    net: { amount: '200.00' },
    payable: { amount: '238.00' },
    lines: [{ description: 'Office chair', net: { amount: '200.00' } }],
  });
});

test('a document of unknown direction needs somebody to say what it is to the book', async () => {
  const id = await submitXml(ublInvoice({ buyer: 'Acme Europe Holding' }));
  expect(await release(id)).toMatchObject([{ code: 'DOCUMENT_DIRECTION_UNKNOWN', path: ['kind'] }]);
  expect(await release(id, { kind: 'INVOICE' })).toEqual([]);
  expect(await show(id)).toMatchObject({
    kind: 'INVOICE',
    status: 'RECEIVED',
    counterpartyName: 'Nordlicht GmbH',
  });
});

test('a purchase that turns out to be a sale needs the name of the buyer', async () => {
  const id = await submitXml(ublInvoice({ seller: 'Acme Europe', buyer: 'Havn ApS' }));
  expect(await release(id, { kind: 'SALES_INVOICE' })).toMatchObject([
    { code: 'FIELD_MISSING', path: ['counterpartyName'] },
  ]);
  expect(await release(id, { counterpartyName: 'Havn ApS' })).toEqual([]);
  expect(await show(id)).toMatchObject({
    kind: 'SALES_INVOICE',
    status: 'RECEIVED',
    counterpartyName: 'Havn ApS',
  });
});

test('a document that turns out to be in the book already is set down as a copy of it', async () => {
  const first = await submit();
  const id = await submit({ number: undefined });
  expect(await release(id, { number: 'R 1' })).toMatchObject([{ code: 'DUPLICATE_DOCUMENT' }]);
  expect(await show(id)).toMatchObject({ status: 'DUPLICATE', duplicateOf: { id: first } });
  expect(await tellsOf(id)).toEqual(['document.quarantined']);
});

test('a used number needs a number of its own', async () => {
  await submit();
  const id = await submit({ total: '238.00', tax: '38.00', lines: undefined });
  expect(await release(id)).toMatchObject([{ code: 'DOCUMENT_NUMBER_REUSED' }]);
  expect(await release(id, { number: 'R-1/2' })).toEqual([]);
  expect((await show(id)).status).toBe('RECEIVED');
});

test('the uncorrected original sent again answers the corrected document', async () => {
  const id = await submit({ number: undefined });
  await release(id, { number: 'R-1' });
  expect(await submit({ number: undefined })).toBe(id);
  expect(await submit()).toBe(id);
});

test('who corrected a document is kept beside who handed it in', async () => {
  const id = await submit({ number: undefined });
  await release(id, { number: 'R-1' });
  const { rows } = await bench.owner.query(
    'select submitted_by, corrected_by from transactions.document where id = $1',
    [id],
  );
  expect(rows).toEqual([{ submitted_by: 'mem_ana', corrected_by: 'mem_bea' }]);
});

test('only a document in quarantine is released, and an unknown one is not found', async () => {
  const id = await submit();
  expect(await release(id)).toMatchObject([{ code: 'STATE_CONFLICT', path: ['documentId'] }]);
  expect(await release('doc_unknown')).toMatchObject([{ code: 'NOT_FOUND' }]);
});

test('a rejected document keeps the reason, stays rejected and may be handed in again', async () => {
  const id = await submit();
  const reject = () => bench.door('transactions').run(rejectDocument, { documentId: id, reason: 'Private' });
  expect((await reject()).errors).toEqual([]);
  expect(await show(id)).toMatchObject({ status: 'REJECTED', rejectReason: 'Private' });
  expect(await tellsOf(id)).toEqual(['document.submitted', 'document.rejected']);
  expect((await reject()).errors).toMatchObject([{ code: 'STATE_CONFLICT' }]);
  const again = await submit();
  expect(again).not.toBe(id);
  expect((await show(again)).status).toBe('RECEIVED');
});

test('a rejection needs a reason', async () => {
  const outcome = await bench.door('transactions').run(rejectDocument, {
    documentId: await submit(),
    reason: ' ',
  });
  expect(outcome.errors).toMatchObject([{ code: 'FIELD_INVALID', path: ['reason'] }]);
});
