import { afterAll, beforeAll, expect, test } from 'vitest';
import { sealedIbanPlace } from '#kernel/events';
import { openWorkbench, type Workbench } from '../../test/support/workbench.ts';
import { addVendorAlias } from './add-vendor-alias.ts';
import { addVendorBankDetail } from './add-vendor-bank-detail.ts';
import { blockVendor } from './block-vendor.ts';
import { identifyDocumentVendor } from './identify-document-vendor.ts';
import { registerVendor } from './register-vendor.ts';
import { vendors } from './subgraph.ts';
import { updateVendor } from './update-vendor.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench([vendors]);
});
afterAll(() => bench.close());

const iban = 'DE89 3704 0044 0532 0130 00';

async function register(input: object): Promise<string> {
  const outcome = await bench.door('vendors').run(registerVendor, input);
  expect(outcome.errors).toEqual([]);
  return outcome.result?.vendorId ?? '';
}

async function identified(documentId: string) {
  const events = await bench.events();
  return events.find((event) => event.type === 'documentVendor.identified' && event.subjectId === documentId)
    ?.facts;
}

async function identify(
  documentId: string,
  { iban: account, ...query }: { iban?: string; name: string; taxId?: string; country?: string },
) {
  const { organisationId } = bench.actor();
  const sealedIban =
    account && bench.services.vault.seal(account, sealedIbanPlace(organisationId, documentId));
  const outcome = await bench
    .door('vendors')
    .run(identifyDocumentVendor, { documentId, sealedIban, ...query });
  expect(outcome.errors).toEqual([]);
  return identified(documentId);
}

test('a vendor keeps its numbers, spellings and accounts, and shows four characters of an account', async () => {
  const vendorId = await register({
    name: 'Nordlicht Hosting GmbH',
    country: 'DE',
    aliases: ['NORDLICHT HOST'],
    identifiers: [{ scheme: 'GLN', value: '4012345000009' }],
    bankDetails: [{ iban, holder: 'Nordlicht Hosting GmbH' }],
  });
  const data = await bench.query<{ vendor: object }>(
    'vendors',
    `query ($id: ID!) { vendor(id: $id) { name status aliases { name } identifiers { scheme value } bankDetails { lastFour holder } } }`,
    { variables: { id: vendorId } },
  );
  expect(data.vendor).toEqual({
    name: 'Nordlicht Hosting GmbH',
    status: 'ACTIVE',
    aliases: [{ name: 'NORDLICHT HOST' }],
    identifiers: [{ scheme: 'GLN', value: '4012345000009' }],
    bankDetails: [{ lastFour: '3000', holder: 'Nordlicht Hosting GmbH' }],
  });
});

test('an account lies sealed in the database and in no event and no audit row', async () => {
  await register({ name: 'Sealed Ltd', bankDetails: [{ accountNumber: '998877665544' }] });
  const dump = await bench.owner.query(
    `select (select string_agg(b::text, ' ') from vendors.vendor_bank_detail b) as details,
            (select string_agg(facts::text, ' ') from kernel.outbox) as facts,
            (select string_agg(record, ' ') from kernel.audit_stage) as audit`,
  );
  expect(JSON.stringify(dump.rows)).not.toContain('99887766');
  expect(dump.rows[0].details).toContain('5544');
});

test('an IBAN with wrong check digits is refused with its path', async () => {
  const outcome = await bench.door('vendors').run(registerVendor, {
    name: 'Typo',
    bankDetails: [{ iban: 'DE88 3704 0044 0532 0130 00' }],
  });
  expect(outcome.errors).toMatchObject([{ code: 'FIELD_INVALID', path: ['bankDetails', '0', 'iban'] }]);
});

test('two vendors cannot carry one tax number, however it is written', async () => {
  await register({ name: 'First', taxId: 'DE 123 456 789' });
  const outcome = await bench.door('vendors').run(registerVendor, { name: 'Second', taxId: 'de123456789' });
  expect(outcome.errors).toMatchObject([{ code: 'ALREADY_EXISTS', path: ['taxId'] }]);
});

test('a document finds its vendor by account, tax number or a known spelling', async () => {
  const vendorId = await register({
    name: 'Brightline Rail plc',
    taxId: 'GB999888777',
    country: 'GB',
    bankDetails: [{ iban: 'GB82WEST12345698765432' }],
  });
  expect(
    await identify('doc_1', { name: 'BR Ticketing', iban: 'GB82 WEST 1234 5698 7654 32' }),
  ).toMatchObject({ vendorId, proposed: false });
  expect(await identify('doc_2', { name: 'somebody', taxId: 'GB 999 888 777' })).toMatchObject({ vendorId });
  await bench.door('vendors').run(addVendorAlias, { vendorId, name: 'BLR Tickets Online' });
  expect(await identify('doc_3', { name: 'BLR TICKETS ONLINE' })).toMatchObject({ vendorId });
});

test('an unknown name becomes a proposed vendor once', async () => {
  const first = await identify('doc_4', { name: 'Osito Software SL', country: 'ES' });
  expect(first).toMatchObject({ proposed: true, confidence: 0 });
  const again = await identify('doc_5', { name: 'OSITO SOFTWARE, S.L.', country: 'ES' });
  expect(again).toMatchObject({ vendorId: (first as { vendorId: string }).vendorId, proposed: true });
});

test('a blocked vendor is no longer recognised', async () => {
  const vendorId = await register({ name: 'Shady Supplies' });
  await bench.door('vendors').run(blockVendor, { vendorId });
  expect(await identify('doc_6', { name: 'Shady Supplies' })).not.toMatchObject({ vendorId });
});

test('changes leave what was not named, and a stranger can change nothing', async () => {
  const vendorId = await register({ name: 'Paper & Co', paymentTermsDays: 14, email: 'a@paper.example' });
  await bench.door('vendors').run(updateVendor, { vendorId, email: 'b@paper.example' });
  await bench.door('vendors').run(addVendorBankDetail, { vendorId, bankDetail: { iban } });
  const read = `query ($id: ID!) { vendor(id: $id) { name email paymentTermsDays bankDetails { lastFour } } }`;
  const data = await bench.query<{ vendor: object }>('vendors', read, { variables: { id: vendorId } });
  expect(data.vendor).toEqual({
    name: 'Paper & Co',
    email: 'b@paper.example',
    paymentTermsDays: 14,
    bankDetails: [{ lastFour: '3000' }],
  });
  const stranger = bench.actor('Mallory', ['OWNER'], 'org_0other');
  const outcome = await bench
    .door('vendors')
    .run(updateVendor, { vendorId, name: 'Mine' }, { actor: stranger });
  expect(outcome.errors.map((error) => error.code)).toEqual(['NOT_FOUND']);
  expect(await bench.query('vendors', read, { actor: stranger, variables: { id: vendorId } })).toEqual({
    vendor: null,
  });
});

test('vendors are paged and searched, and a name is explained', async () => {
  const page = await bench.query<{
    vendors: { edges: { cursor: string; node: { name: string } }[]; totalCount: number };
  }>(
    'vendors',
    '{ vendors(first: 2) { totalCount pageInfo { hasNextPage } edges { cursor node { name } } } }',
  );
  expect(page.vendors.edges).toHaveLength(2);
  const rest = await bench.query<typeof page>(
    'vendors',
    `query ($after: String) { vendors(first: 500, after: $after) { totalCount edges { cursor node { name } } } }`,
    { variables: { after: page.vendors.edges[1]?.cursor } },
  );
  expect(rest.vendors.edges).toHaveLength(page.vendors.totalCount - 2);
  const found = await bench.query<{ matchVendorName: { vendor: { name: string }; reason: string }[] }>(
    'vendors',
    '{ matchVendorName(name: "Nordlicht Hosting") { confidence reason vendor { name } } }',
  );
  expect(found.matchVendorName[0]?.vendor.name).toBe('Nordlicht Hosting GmbH');
});
