import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemActor } from '#kernel/actor';
import { newId } from '#kernel/ids';
import { corpora } from '../../../test/support/corpora.ts';
import { upload } from '../../../test/support/upload.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { transactions } from '../subgraph.ts';
import { receiveBook } from './receive-book.ts';
import { submitDocument } from './submit-document.ts';

const folder = corpora('invoices', 'facturx');
interface Stored {
  readonly status: string;
  readonly kind: string;
  readonly number: string;
  readonly total: { readonly amount: string; readonly currency: string };
}

describe.skipIf(folder === undefined)('published e-invoices', () => {
  let bench: Workbench;

  beforeAll(async () => {
    bench = await openWorkbench([transactions]);
  });
  afterAll(() => bench.close());

  /** The published invoices share numbers and totals, so each gets a book of its own, opened in the name of its buyer. */
  async function openBookOf(buyer: string): Promise<string> {
    const bookId = newId('bk');
    const book = { bookId, name: 'Main', legalName: buyer, country: 'DE', baseCurrency: 'EUR' };
    const actor = systemActor('transactions', bench.actor().organisationId);
    await bench.door('transactions').run(receiveBook, { ...book, fiscalYearStartMonth: 1 }, { actor });
    return bookId;
  }

  async function submit(bookId: string, syntax: string, name: string) {
    const fileId = await upload(bench, readFileSync(join(folder ?? '', syntax, name)), { name });
    return bench.door('transactions').run(submitDocument, { bookId, fileId });
  }

  async function show(id: string): Promise<Stored> {
    const query = `query ($id: ID!) { document(id: $id) { status kind number total { amount currency } } }`;
    return (await bench.query<{ document: Stored }>('transactions', query, { variables: { id } })).document;
  }

  const names =
    folder === undefined
      ? ['an invoice that is not at hand']
      : readdirSync(join(folder, 'CII'))
          .filter((name) => name.endsWith('.cii.xml'))
          .map((name) => name.replace('.cii.xml', ''));

  test.each(names)(
    '%s becomes a document with the total of its file, and its UBL twin answers it',
    async (name) => {
      const xml = readFileSync(join(folder ?? '', 'CII', `${name}.cii.xml`), 'utf8');
      const buyer =
        /<ram:BuyerTradeParty>[^]*?<ram:Name>([^<]*)</.exec(xml)?.[1]?.replace('&amp;', '&') ?? '';
      const bookId = await openBookOf(buyer);
      const cii = await submit(bookId, 'CII', `${name}.cii.xml`);
      const stored = await show(cii.result?.documentId ?? '');
      expect([stored.status, cii.errors]).toEqual(['RECEIVED', []]);
      expect(xml).toContain(`<ram:GrandTotalAmount>${stored.total.amount}</ram:GrandTotalAmount>`);
      expect(xml).toContain(`<ram:ID>${stored.number}</ram:ID>`);
      const ubl = await submit(bookId, 'UBL', `${name}.ubl.xml`);
      expect(ubl.errors).toMatchObject([{ code: 'DUPLICATE_DOCUMENT' }]);
      expect(ubl.result?.documentId).toBe(cii.result?.documentId);
    },
  );
});
