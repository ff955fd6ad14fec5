import { z } from 'zod';
import { compactNumber } from '#kernel/account-number';
import { command } from '#kernel/command';
import { id } from '#kernel/input';
import { lockVendor, storeBankDetail } from './store-vendor.ts';
import { bankDetailInput } from './vendor-input.ts';

/** Adds a bank account to a vendor; it is sealed at once and shown by its last four characters only. */
export const addVendorBankDetail = command({
  name: 'addVendorBankDetail',
  description:
    'Adds a bank account to a vendor; it is sealed at once and shown by its last four characters only.',
  scope: 'vendors:write',
  input: z.object({ vendorId: id(), bankDetail: bankDetailInput.meta({ graphql: 'VendorBankDetailInput' }) }),
  async run(transaction, { vendorId, bankDetail }) {
    await lockVendor(transaction, vendorId);
    await storeBankDetail(transaction, vendorId, bankDetail);
    transaction.emit({ type: 'vendor.changed', subjectId: vendorId, facts: {} });
    const lastFour = compactNumber(bankDetail.iban ?? bankDetail.accountNumber ?? '').slice(-4);
    transaction.audit({ subjectType: 'Vendor', subjectId: vendorId, after: { bankDetail: `…${lastFour}` } });
    return { vendorId };
  },
});
