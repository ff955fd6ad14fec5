import { expect } from 'vitest';
import type { Workbench } from './workbench.ts';
import { addVendorBankDetail } from '../../subgraphs/vendors/add-vendor-bank-detail.ts';
import { blockVendor } from '../../subgraphs/vendors/block-vendor.ts';
import { registerVendor } from '../../subgraphs/vendors/register-vendor.ts';
import { updateVendor } from '../../subgraphs/vendors/update-vendor.ts';

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

/** Registers a vendor of another country with an account that is no IBAN; answers its id. */
export async function registerForeignPayee(
  bench: Workbench,
  payee: {
    readonly name: string;
    readonly country: string;
    readonly accountNumber: string;
    readonly bic: string;
  },
): Promise<string> {
  const { accountNumber, bic, ...vendor } = payee;
  const bankDetails = [{ accountNumber, bic }];
  const outcome = await bench.door('vendors').run(registerVendor, { ...vendor, bankDetails });
  expect(outcome.errors).toEqual([]);
  await bench.settle();
  return outcome.result?.vendorId ?? '';
}

/** Says where a vendor is, and waits until reconciliation knows it. */
export async function moveTo(
  bench: Workbench,
  vendorId: string,
  address: { street: string; buildingNumber: string; postalCode: string; town: string },
): Promise<void> {
  const outcome = await bench.door('vendors').run(updateVendor, { vendorId, address });
  expect(outcome.errors).toEqual([]);
  await bench.settle();
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
