import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemActor } from '#kernel/actor';
import { openForeignBook, type ForeignBook } from '../../../test/support/foreign-book.ts';
import { publishedRates } from '../../../test/support/published-rates.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { submitDocument } from '../intake/submit-document.ts';
import { fetchReferenceRates } from '../rates/jobs.ts';
import { transactions } from '../subgraph.ts';
import { draftJournalEntry } from './draft-journal-entry.ts';
import { postDraft } from './post-draft.ts';

let bench: Workbench;
let published: Uint8Array | undefined;

beforeAll(async () => {
  bench = await openWorkbench([transactions], [publishedRates(() => published)]);
});
afterAll(() => bench.close());

/** An approved draft of 119.00 dollars of 10 March, which no rate values yet. */
async function waitingDraft({ bookId }: ForeignBook): Promise<string> {
  const door = bench.door('transactions');
  const system = { actor: systemActor('transactions', bench.actor().organisationId) };
  const submitted = await door.run(submitDocument, {
    bookId,
    document: {
      kind: 'INVOICE',
      number: 'FX-1',
      issuedOn: '2026-03-10',
      counterpartyName: 'Hudson Inc',
      currency: 'USD',
      total: '119.00',
      tax: '19.00',
      lines: [{ description: 'Virtual server hosting', net: '100.00', taxRate: '19', tax: '19.00' }],
    },
  });
  const documentId = submitted.result?.documentIds[0] ?? '';
  const vendor = { documentId, vendorId: 'ven_hudson', vendorName: 'Hudson Inc', proposed: false };
  const drafted = await door.run(draftJournalEntry, vendor, system);
  const draftId = drafted.result?.draftId ?? '';
  await door.run(postDraft, { draftId, draftVersion: 1, approvedBy: 'mem_bea' }, system);
  return draftId;
}

async function read(draftId: string) {
  const { draft } = await bench.query<{ draft: Record<string, unknown> }>(
    'transactions',
    `{ draft(id: "${draftId}") { status refusal { code } functionalTotal { amount currency } exchangeRate { source }
       document { functionalTotal { amount currency } exchangeRate { rate path } } } }`,
  );
  return draft;
}

test('a draft that waits for a rate is posted when one is set by hand, and shows its worth', async () => {
  const book = await openForeignBook(bench);
  const draftId = await waitingDraft(book);
  expect(await read(draftId)).toEqual({
    status: 'APPROVED',
    refusal: { code: 'RATE_MISSING' },
    functionalTotal: null,
    exchangeRate: null,
    document: { functionalTotal: null, exchangeRate: null },
  });

  await book.rate('USD EUR', '0.5', '2026-03-10');
  await bench.settle();
  expect(await read(draftId)).toEqual({
    status: 'POSTED',
    refusal: null,
    functionalTotal: { amount: '59.50', currency: 'EUR' },
    exchangeRate: { source: 'MANUAL' },
    document: {
      functionalTotal: { amount: '59.50', currency: 'EUR' },
      exchangeRate: { rate: '0.5', path: 'USD>EUR' },
    },
  });
  expect(await book.balances()).toMatchObject({ '2000 USD': '-11900 = -5950' });
});

test('a draft that waits is posted when the platform fetches the rate of the last business day', async () => {
  const book = await openForeignBook(bench);
  const draftId = await waitingDraft(book);
  published = Buffer.from('Date,USD\n2026-03-06,1.2500\n');
  const { door } = bench.running('transactions');
  await fetchReferenceRates.run({}, { services: bench.services, door, pool: bench.owner });
  await bench.settle();
  expect(await read(draftId)).toMatchObject({
    status: 'POSTED',
    // 119.00 / 1.25
    functionalTotal: { amount: '95.20', currency: 'EUR' },
    exchangeRate: { source: 'ECB' },
  });
});

test('a rate of other days leaves it waiting', async () => {
  const book = await openForeignBook(bench, 'GBP');
  const draftId = await waitingDraft(book);
  await book.rate('USD GBP', '0.8', '2026-03-11');
  await bench.settle();
  expect(await read(draftId)).toMatchObject({ status: 'APPROVED', refusal: { code: 'RATE_MISSING' } });
});
