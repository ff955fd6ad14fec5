import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { compactNumber } from '#kernel/account-number';
import { vendorAccountPlace, type EventFacts } from '#kernel/events';
import { kernelMigrations, migrate } from '#kernel/migrate';
import { openWorkbench, type Workbench } from '../../test/support/workbench.ts';
import { activateVendor } from './activate-vendor.ts';
import { addVendorBankDetail } from './add-vendor-bank-detail.ts';
import { blockVendor } from './block-vendor.ts';
import { registerVendor } from './register-vendor.ts';
import { vendors } from './subgraph.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench([vendors]);
});
afterAll(() => bench?.close());

const iban = 'DE89 3704 0044 0532 0130 00';

async function told<T extends keyof EventFacts>(type: T, vendorId: string): Promise<EventFacts[T][]> {
  const all = (await bench.events()).filter((event) => event.type === type);
  return all
    .filter(
      ({ subjectId, facts }) =>
        subjectId === vendorId || (facts as { vendorId?: string }).vendorId === vendorId,
    )
    .map(({ facts }) => facts as EventFacts[T]);
}

test('whoever pays learns of vendors and their accounts, which it alone opens', async () => {
  const door = bench.door('vendors');
  const made = await door.run(registerVendor, {
    name: 'Nordlicht',
    country: 'DE',
    bankDetails: [{ iban, bic: 'COBADEFFXXX' }],
  });
  const vendorId = made.result?.vendorId ?? '';
  expect(await told('vendor.registered', vendorId)).toEqual([
    { name: 'Nordlicht', status: 'ACTIVE', country: 'DE' },
  ]);
  const [account] = (await bench.events()).filter(({ type }) => type === 'vendorBankDetail.added');
  const facts = account?.facts as EventFacts['vendorBankDetail.added'];
  const { organisationId } = bench.actor();
  expect(facts).toMatchObject({ vendorId, lastFour: '3000', bic: 'COBADEFFXXX' });
  expect(facts.accountIndex).toBe(bench.services.vault.blindIndex(compactNumber(iban), organisationId));
  expect(JSON.stringify(facts)).not.toContain(compactNumber(iban));
  const place = vendorAccountPlace(organisationId, account?.subjectId ?? '');
  expect(bench.services.vault.open(facts.sealedAccount, place)).toBe(compactNumber(iban));
  expect(() => bench.services.vault.open(facts.sealedAccount, { ...place, rowId: 'vbd_other' })).toThrow(
    /auth/,
  );

  // Handed in again it is the same account, told again for those who missed it.
  await door.run(addVendorBankDetail, { vendorId, bankDetail: { iban: compactNumber(iban) } });
  expect(await told('vendorBankDetail.added', vendorId)).toEqual([facts, facts]);
  await door.run(blockVendor, { vendorId });
  await door.run(activateVendor, { vendorId });
  expect((await told('vendor.changed', vendorId)).map(({ status }) => status)).toEqual([
    undefined,
    'BLOCKED',
    'ACTIVE',
  ]);
});

test('vendors that were registered before are told once, their accounts sealed as they are', async () => {
  const migrations = join(import.meta.dirname, 'migrations');
  const folder = mkdtempSync(join(tmpdir(), 'crossfoot-vendors-'));
  cpSync(join(migrations, '001-vendors.sql'), join(folder, '001-vendors.sql'));
  const name = `vendors_${process.pid}_${Date.now()}`;
  const server = new pg.Client({ connectionString: inject('serverUrl') });
  await server.connect();
  await server.query(`create database ${name}`);
  const url = new URL(inject('serverUrl'));
  url.pathname = `/${name}`;
  const database = { ownerUrl: url.toString(), secret: inject('secret') };
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  try {
    await migrate(database, [kernelMigrations, { schema: 'vendors', folder }]);
    await owner.connect();
    await owner.query(
      `insert into vendors.vendor (organisation_id, id, name, status, payment_terms_days, created_at, updated_at)
       values ('org', 'ven', 'Earlier', 'ACTIVE', 30, now(), now())`,
    );
    await owner.query(
      `insert into vendors.vendor_bank_detail (organisation_id, id, vendor_id, sealed_account, account_index, last_four, created_at)
       values ('org', 'vbd', 'ven', 'sealed', 'index', '3000', now())`,
    );
    await migrate(database, [kernelMigrations, { schema: 'vendors', folder: migrations }]);
    await migrate(database, [kernelMigrations, { schema: 'vendors', folder: migrations }]);
    const { rows } = await owner.query('select type, subject_id, facts from kernel.outbox order by id');
    expect(rows).toEqual([
      { type: 'vendor.changed', subject_id: 'ven', facts: { name: 'Earlier', status: 'ACTIVE' } },
      {
        type: 'vendorBankDetail.added',
        subject_id: 'vbd',
        facts: { vendorId: 'ven', sealedAccount: 'sealed', accountIndex: 'index', lastFour: '3000' },
      },
    ]);
  } finally {
    await owner.end();
    await server.query(`drop database if exists ${name} with (force)`);
    await server.end();
    rmSync(folder, { recursive: true, force: true });
  }
});
