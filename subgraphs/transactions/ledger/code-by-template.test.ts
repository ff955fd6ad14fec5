import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemActor } from '#kernel/actor';
import { openTestBook } from '../../../test/support/book.ts';
import { activateTestTemplate } from '../../../test/support/template.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { saveMappingTemplate } from '../classification/save-mapping-template.ts';
import { uploadLookupTable } from '../classification/upload-lookup-table.ts';
import { createDimensionValue } from '../dimensions/create-dimension-value.ts';
import { submitDocument } from '../intake/submit-document.ts';
import { transactions } from '../subgraph.ts';
import { draftJournalEntry } from './draft-journal-entry.ts';

let bench: Workbench;
let bookId: string;

const template = `
name: expenses
title: Expenses
effectiveFrom: 2026-03-01
accounts: { travel: "6670", computers: "0650" }
rules:
  - name: Computers
    for: [ASSET_PURCHASE]
    when: mentions(description, "laptop") && net > 800
    posting: ASSET
    account: computers
  - name: Travel
    for: [EXPENSE, REIMBURSEMENT]
    category: [Travel]
    account: travel
    dimensions: { costCentre: '= lookup("centres", country, "CC0")' }
    memo: '= "Trip with " + counterparty'
  - { name: Fails, for: [EXPENSE], category: [Broken], account: '= lookup("centres", "nowhere")' }
  - { name: Unknown account, for: [EXPENSE], category: [Strange], account: "7777" }
tests:
  - { name: T, in: { kind: EXPENSE, category: Travel, country: DE }, lookups: { centres: { DE: CC1 } }, out: { rule: Travel, dimensions: { costCentre: CC1 } } }
`;

beforeAll(async () => {
  bench = await openWorkbench([transactions]);
  bookId = await openTestBook(bench);
  const door = bench.door('transactions');
  for (const code of ['CC0', 'CC1', 'CC2'])
    await door.run(createDimensionValue, { bookId, dimension: 'costCentre', code, name: code });
  await door.run(uploadLookupTable, { bookId, name: 'centres', csv: 'country,centre\nDE,CC1\n' });
  // Unknown accounts are refused when a template becomes active, so the book loses this one afterwards.
  const account = `insert into transactions.account (organisation_id, id, book_id, code, name, type, created_at)
    values ($1, 'acc_gone', $2, '7777', 'Gone', 'EXPENSE', now())`;
  await bench.owner.query(account, [bench.actor().organisationId, bookId]);
  await activateTestTemplate(bench, bookId, template);
  await bench.owner.query(`update transactions.account set active = false where id = 'acc_gone'`);
});
afterAll(() => bench.close());

const system = () => systemActor('transactions', bench.actor().organisationId);

interface Draft {
  readonly confidence: string;
  readonly reasons: readonly string[];
  readonly templateRule: string | null;
  readonly templateVersion: { readonly number: number } | null;
  readonly lines: readonly {
    readonly account: { readonly code: string };
    readonly side: string;
    readonly money: { readonly amount: string };
    readonly memo: string | null;
    readonly dimensions: readonly { readonly code: string }[];
  }[];
}

let made = 0;

async function draft(lines: readonly object[], more: Record<string, unknown> = {}): Promise<Draft> {
  made += 1;
  const submitted = await bench.door('transactions').run(submitDocument, {
    bookId,
    document: {
      kind: 'INVOICE',
      number: `T-${made}`,
      issuedOn: '2026-03-10',
      counterpartyName: 'Nordlicht GmbH',
      country: 'DE',
      currency: 'EUR',
      lines,
      ...more,
    },
  });
  expect(submitted.errors).toEqual([]);
  const documentId = submitted.result?.documentIds[0] ?? '';
  const vendor = { vendorId: 'ven_n', vendorName: 'Nordlicht GmbH', proposed: false };
  const drafted = await bench
    .door('transactions')
    .run(draftJournalEntry, { documentId, ...vendor }, { actor: system() });
  expect(drafted.errors).toEqual([]);
  const data = await bench.query<{ draft: Draft }>(
    'transactions',
    `{ draft(id: "${drafted.result?.draftId}") { confidence reasons templateRule templateVersion { number }
       lines { account { code } side money { amount } memo dimensions { code } } } }`,
  );
  return data.draft;
}

const short = ({ lines }: Draft) =>
  lines.map(({ account, side, money, memo, dimensions }) =>
    [side, account.code, money.amount, memo, ...dimensions.map(({ code }) => code)].filter(Boolean).join(' '),
  );

test('the template decides each line, with dimensions and memo, and the draft says which version and rule', async () => {
  const found = await draft(
    [
      { description: 'Laptop 14 inch', net: '1200.00', tax: '0.00' },
      { description: 'Train', category: 'Travel', net: '100.00', tax: '0.00' },
    ],
    { total: '1300.00', tax: '0.00' },
  );
  expect(short(found)).toEqual([
    'DEBIT 0650 1200.00',
    'DEBIT 6670 100.00 Trip with Nordlicht GmbH CC1',
    'CREDIT 2000 1300.00',
  ]);
  expect(found).toMatchObject({
    templateRule: 'Computers',
    templateVersion: { number: 1 },
    confidence: '0.9900',
  });
  expect(found.reasons).toEqual([
    'Template expenses v1, rule "Computers" says 0650.',
    'Template expenses v1, rule "Travel" says 6670.',
  ]);
});

test('what the sender says of a line counts before the template', async () => {
  const dimensions = [{ dimension: 'costCentre', value: 'CC2' }];
  const line = { description: 'Train', category: 'Travel', net: '50.00', tax: '0.00', dimensions };
  const found = await draft([line], { total: '50.00', tax: '0.00' });
  expect(short(found)[0]).toBe('DEBIT 6670 50.00 Trip with Nordlicht GmbH CC2');
});

test('lines no rule fits are coded as before, and so is everything outside the days of the template', async () => {
  const lines = [
    { description: 'Train', category: 'Travel', net: '100.00', tax: '0.00' },
    { description: 'Virtual server hosting', net: '40.00', tax: '0.00' },
  ];
  const found = await draft(lines, { total: '140.00', tax: '0.00' });
  expect(short(found)).toEqual([
    'DEBIT 6670 100.00 Trip with Nordlicht GmbH CC1',
    'DEBIT 6330 40.00',
    'CREDIT 2000 140.00',
  ]);
  const before = await draft(lines, { total: '140.00', tax: '0.00', issuedOn: '2026-02-28' });
  expect(short(before)).toEqual(['DEBIT 6670 100.00', 'DEBIT 6330 40.00', 'CREDIT 2000 140.00']);
  expect(before).toMatchObject({ templateRule: null, templateVersion: null });
});

test('a rule that fails, or an account the book lost, is passed over and told', async () => {
  const line = (category: string) => [
    { description: 'Virtual server hosting', category, net: '10.00', tax: '0.00' },
  ];
  const failing = await draft(line('Broken'), { total: '10.00', tax: '0.00' });
  expect(short(failing)[0]).toBe('DEBIT 6330 10.00');
  expect(failing.reasons.at(-1)).toContain('Rule "Fails": Look-up table "centres" has no key "nowhere"');
  const strange = await draft(line('Strange'), { total: '10.00', tax: '0.00' });
  expect(short(strange)[0]).toBe('DEBIT 6330 10.00');
  expect(strange.reasons.at(-1)).toBe(
    'Template expenses v1, rule "Unknown account" says 7777. The book has no active account 7777.',
  );
});

test('a preview tells what a new version would change of what was booked, and changes nothing', async () => {
  await draft([{ description: 'Train', category: 'Travel', net: '77.00', tax: '0.00' }], {
    total: '77.00',
    tax: '0.00',
    number: 'PREVIEWED',
  });
  const preview = async (yaml: string) => {
    const saved = await bench.door('transactions').run(saveMappingTemplate, { bookId, yaml });
    const data = await bench.query<{ previewMappingTemplate: { documents: number; changed: object[] } }>(
      'transactions',
      `query ($versionId: ID!) { previewMappingTemplate(versionId: $versionId, first: 1) {
         documents transactions changed { label reasons changes { part before after } document { number } } } }`,
      { variables: { versionId: saved.result?.versionId } },
    );
    return data.previewMappingTemplate;
  };
  const count = async () =>
    (
      await bench.owner.query(
        'select (select count(*) from transactions.draft) + (select count(*) from kernel.outbox) as n',
      )
    ).rows[0];
  const before = await count();
  expect(await preview(template)).toEqual({ documents: 1, transactions: 0, changed: [] });
  const changed = template
    .replace('travel: "6670"', 'travel: "6640"')
    .replace('"CC0")', '"CC0") == "CC1" ? "CC2" : "CC0"');
  expect(await preview(changed)).toEqual({
    documents: 1,
    transactions: 0,
    changed: [
      {
        label: 'INVOICE PREVIEWED Nordlicht GmbH',
        reasons: ['Template expenses v2, rule "Travel" says 6640.'],
        changes: [
          { part: 'ACCOUNTS', before: '6670 77.00', after: '6640 77.00' },
          { part: 'DIMENSIONS', before: 'costCentre=CC1', after: 'costCentre=CC2' },
        ],
        document: { number: 'PREVIEWED' },
      },
    ],
  });
  expect(await count()).toEqual(before);
});
