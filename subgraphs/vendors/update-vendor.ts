import { z } from 'zod';
import { command } from '#kernel/command';
import { id, text } from '#kernel/input';
import { lockVendor, refuseTakenTaxId } from './store-vendor.ts';
import { vendorFields } from './vendor-input.ts';

/** Changes what is said of a vendor; what is left out stays. */
export const updateVendor = command({
  name: 'updateVendor',
  description: 'Changes what is said of a vendor; what is left out stays as it is.',
  scope: 'vendors:write',
  input: z.object({
    vendorId: id(),
    name: text().optional(),
    paymentTermsDays: z.int().min(0).max(365).optional(),
    ...vendorFields,
  }),
  async run(transaction, { vendorId, ...changes }) {
    const before = await lockVendor(transaction, vendorId);
    await refuseTakenTaxId(transaction, changes.taxId, vendorId);
    await transaction.query(
      `update vendors.vendor set name = coalesce($2, name), tax_id = coalesce($3, tax_id),
              country = coalesce($4, country), currency = coalesce($5, currency), email = coalesce($6, email),
              default_account_code = coalesce($7, default_account_code),
              payment_terms_days = coalesce($8, payment_terms_days), address = coalesce($9, address), updated_at = $10
        where id = $1`,
      [
        vendorId,
        changes.name ?? null,
        changes.taxId ?? null,
        changes.country ?? null,
        changes.currency ?? null,
        changes.email ?? null,
        changes.defaultAccountCode ?? null,
        changes.paymentTermsDays ?? null,
        changes.address ? JSON.stringify(changes.address) : null,
        transaction.now,
      ],
    );
    const { name, country, address } = changes;
    transaction.emit({ type: 'vendor.changed', subjectId: vendorId, facts: { name, country, address } });
    transaction.audit({ subjectType: 'Vendor', subjectId: vendorId, before, after: changes });
    return { vendorId };
  },
});
