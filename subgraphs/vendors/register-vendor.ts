import { z } from 'zod';
import { command } from '#kernel/command';
import { newId } from '#kernel/ids';
import { text } from '#kernel/input';
import { refuseTakenTaxId, storeAlias, storeBankDetail } from './store-vendor.ts';
import { bankDetailInput, vendorFields } from './vendor-input.ts';

/** Registers a vendor with its numbers, spellings and accounts. */
export const registerVendor = command({
  name: 'registerVendor',
  description: 'Registers a vendor with its numbers, other spellings of its name, and bank accounts.',
  scope: 'vendors:write',
  input: z.object({
    name: text(),
    paymentTermsDays: z.int().min(0).max(365).default(30),
    ...vendorFields,
    identifiers: z.array(z.object({ scheme: text(40), value: text(80) })).default([]),
    aliases: z.array(text()).default([]),
    bankDetails: z.array(bankDetailInput.meta({ graphql: 'VendorBankDetailInput' })).default([]),
  }),
  async run(transaction, input) {
    await refuseTakenTaxId(transaction, input.taxId);
    const vendorId = newId('ven');
    const { now } = transaction;
    await transaction.insert('vendors.vendor', {
      id: vendorId,
      name: input.name,
      status: 'ACTIVE',
      tax_id: input.taxId ?? null,
      country: input.country ?? null,
      address: input.address ? JSON.stringify(input.address) : null,
      currency: input.currency ?? null,
      payment_terms_days: input.paymentTermsDays,
      email: input.email ?? null,
      default_account_code: input.defaultAccountCode ?? null,
      created_at: now,
      updated_at: now,
    });
    for (const { scheme, value } of input.identifiers) {
      await transaction.insert('vendors.vendor_identifier', {
        id: newId('vid'),
        vendor_id: vendorId,
        scheme,
        value,
      });
    }
    for (const name of new Set(input.aliases))
      await storeAlias(transaction, vendorId, { name, source: 'registered' });
    for (const detail of input.bankDetails) await storeBankDetail(transaction, vendorId, detail);
    transaction.emit({
      type: 'vendor.registered',
      subjectId: vendorId,
      facts: { name: input.name, status: 'ACTIVE', country: input.country, address: input.address },
    });
    transaction.audit({
      subjectType: 'Vendor',
      subjectId: vendorId,
      after: { ...input, bankDetails: input.bankDetails.length },
    });
    return { vendorId };
  },
});
