import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { systemActor } from '#kernel/actor';
import { command } from '#kernel/command';
import { newId } from '#kernel/ids';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { transactions } from '../subgraph.ts';
import { advanceDocument, documentSteps, documentStatuses, type DocumentStatus } from './document-status.ts';
import { loadDocument, setDocumentVendor } from './load-document.ts';
import { receiveBook } from './receive-book.ts';
import { submitDocument } from './submit-document.ts';

let bench: Workbench;
let bookId: string;

beforeAll(async () => {
  bench = await openWorkbench([transactions]);
  bookId = newId('bk');
  const book = { bookId, name: 'Main', legalName: 'Acme GmbH', country: 'DE', baseCurrency: 'EUR' };
  const actor = systemActor('transactions', bench.actor().organisationId);
  await bench.door('transactions').run(receiveBook, { ...book, fiscalYearStartMonth: 1 }, { actor });
});
afterAll(() => bench.close());

/** What the ledger does with a document, as a command of its own. */
const advance = command({
  name: 'advance',
  description: 'Moves a document on.',
  scope: 'transactions:write',
  input: z.object({ id: z.string(), to: z.enum(documentStatuses) }),
  async run(transaction, { id, to }) {
    await setDocumentVendor(transaction, id, { id: 'ven_1', name: 'Nordlicht' });
    await advanceDocument(transaction, id, to);
    const { status, vendorName, lines, amounts } = await loadDocument(transaction, id);
    return { status, vendorName, lines: lines.length, total: String(amounts?.total.minor) };
  },
});

let made = 0;
async function newDocument(): Promise<string> {
  const document = {
    kind: 'INVOICE',
    number: `R-${(made += 1)}`,
    issuedOn: '2026-03-01',
    counterpartyName: 'Nordlicht',
  };
  const input = { bookId, document: { ...document, currency: 'EUR', total: '119.00', tax: '19.00' } };
  return (await bench.door('transactions').run(submitDocument, input)).result?.documentId ?? '';
}

test('the way of a document from received to posted', async () => {
  const id = await newDocument();
  const drafted = await bench.door('transactions').run(advance, { id, to: 'DRAFTED' });
  expect(drafted.result).toEqual({ status: 'DRAFTED', vendorName: 'Nordlicht', lines: 1, total: '11900' });
  await bench.door('transactions').run(advance, { id, to: 'POSTED' });
  const types = (await bench.events()).filter((event) => event.subjectId === id).map((event) => event.type);
  expect(types).toEqual(['document.submitted', 'document.drafted', 'document.posted']);
});

test('a document that is there already stays and nothing is told twice', async () => {
  const id = await newDocument();
  await bench.door('transactions').run(advance, { id, to: 'DRAFTED' });
  await bench.door('transactions').run(advance, { id, to: 'DRAFTED' });
  const types = (await bench.events()).filter((event) => event.subjectId === id).map((event) => event.type);
  expect(types).toEqual(['document.submitted', 'document.drafted']);
});

test('a step the state machine does not have is refused', async () => {
  const id = await newDocument();
  const outcome = await bench.door('transactions').run(advance, { id, to: 'POSTED' });
  expect(outcome.errors).toMatchObject([{ code: 'STATE_CONFLICT', path: ['documentId'] }]);
  expect((await bench.door('transactions').run(advance, { id: 'doc_x', to: 'POSTED' })).errors).toMatchObject(
    [{ code: 'NOT_FOUND' }],
  );
});

test('every state can be reached, and posted, rejected and duplicate are final', () => {
  const reached = new Set<DocumentStatus>([
    'RECEIVED',
    'QUARANTINED',
    ...Object.values(documentSteps).flat(),
  ]);
  expect([...reached].toSorted()).toEqual([...documentStatuses].toSorted());
  const final = documentStatuses.filter((status) => documentSteps[status].length === 0);
  expect(final).toEqual(['POSTED', 'REJECTED', 'DUPLICATE']);
});
