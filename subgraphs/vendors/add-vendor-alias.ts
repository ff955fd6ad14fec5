import { z } from 'zod';
import { command } from '#kernel/command';
import { id, text } from '#kernel/input';
import { lockVendor, storeAlias } from './store-vendor.ts';

/** Teaches another spelling of a vendor's name. */
export const addVendorAlias = command({
  name: 'addVendorAlias',
  description: "Teaches another spelling of a vendor's name, as banks and tills write it.",
  scope: 'vendors:write',
  input: z.object({ vendorId: id(), name: text() }),
  async run(transaction, { vendorId, name }) {
    await lockVendor(transaction, vendorId);
    await storeAlias(transaction, vendorId, { name, source: 'taught' });
    transaction.emit({ type: 'vendor.changed', subjectId: vendorId, facts: {} });
    transaction.audit({ subjectType: 'Vendor', subjectId: vendorId, after: { alias: name } });
    return { vendorId };
  },
});
