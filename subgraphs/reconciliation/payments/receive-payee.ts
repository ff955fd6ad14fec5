import { z } from 'zod';
import { command } from '#kernel/command';
import { id, text } from '#kernel/input';

/** Keeps what is said of a vendor; what is left out stays as it was. */
export const receivePayee = command({
  name: 'receivePayee',
  description: "Keeps reconciliation's own copy of what paying needs of a vendor.",
  scope: 'platform:internal',
  input: z.object({
    vendorId: id(),
    name: text(500).optional(),
    status: text(20).optional(),
    country: text(2).optional(),
    address: z
      .object({
        street: text(70).optional(),
        buildingNumber: text(16).optional(),
        postalCode: text(16).optional(),
        town: text(35),
      })
      .optional(),
  }),
  async run(transaction, { vendorId, name, status, country, address }) {
    await transaction.query(
      `insert into reconciliation.payee as p (organisation_id, vendor_id, name, status, country, address)
       values ($1, $2, $3, $4, $5, $6)
       on conflict (organisation_id, vendor_id) do update
         set name = coalesce($3, p.name), status = coalesce($4, p.status), country = coalesce($5, p.country),
             address = coalesce($6, p.address)`,
      [
        transaction.organisationId,
        vendorId,
        name ?? null,
        status ?? null,
        country ?? null,
        address ? JSON.stringify(address) : null,
      ],
    );
    return { vendorId };
  },
});
