import { expect } from 'vitest';
import type { Workbench } from './workbench.ts';
import { addVendorBankDetail } from '../../subgraphs/vendors/add-vendor-bank-detail.ts';
import { blockVendor } from '../../subgraphs/vendors/block-vendor.ts';
import { registerVendor } from '../../subgraphs/vendors/register-vendor.ts';

/** Registers a vendor with accounts and waits until reconciliation knows it; answers its id. */
export async function registerPayee(
  bench: Workbench,
  name: string,
  ...ibans: readonly string[]
): Promise<string> {
  const bankDetails = ibans.map((each) => ({ iban: each }));
  const outcome = await bench.door('vendors').run(registerVendor, { name, country: 'DE', bankDetails });
  expect(outcome.errors).toEqual([]);
  await bench.settle();
  return outcome.result?.vendorId ?? '';
}

/** A vendor gets a further account, and reconciliation knows it. */
export async function addAccount(bench: Workbench, vendorId: string, accountNumber: string): Promise<void> {
  const outcome = await bench
    .door('vendors')
    .run(addVendorBankDetail, { vendorId, bankDetail: { iban: accountNumber } });
  expect(outcome.errors).toEqual([]);
  await bench.settle();
}

/** A vendor is blocked, and reconciliation knows it. */
export async function block(bench: Workbench, vendorId: string): Promise<void> {
  const outcome = await bench.door('vendors').run(blockVendor, { vendorId });
  expect(outcome.errors).toEqual([]);
  await bench.settle();
}
