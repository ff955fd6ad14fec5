import { z } from 'zod';
import { isIban } from '#kernel/account-number';
import { currency, text } from '#kernel/input';

/** What is said of a vendor, the same when it is registered and when it is updated. */
export const vendorFields = {
  taxId: text(40)
    .optional()
    .meta({ description: 'VAT or tax number; unique among the vendors of the organisation.' }),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'is not an ISO 3166 code of two capital letters')
    .optional()
    .meta({ description: 'ISO 3166 code of two letters.' }),
  currency: currency().optional(),
  address: z
    .object({
      street: text(70).optional(),
      buildingNumber: text(16).optional(),
      postalCode: text(16).optional(),
      town: text(35),
    })
    .meta({ graphql: 'VendorAddressInput' })
    .optional()
    .meta({ description: 'Where it is; banks ask for it in all but SEPA transfers.' }),
  email: z.email().max(200).optional(),
  defaultAccountCode: text(20)
    .optional()
    .meta({ description: 'The account its documents are booked to unless a rule says otherwise.' }),
};

/** An account of a vendor: an IBAN, or a national account number. */
export const bankDetailInput = z
  .object({
    iban: z.string().max(42).optional(),
    accountNumber: text(40).optional(),
    bic: text(11).optional(),
    holder: text().optional(),
  })
  .refine((detail) => (detail.iban === undefined) !== (detail.accountNumber === undefined), {
    message: 'give either an iban or an accountNumber',
  })
  .refine((detail) => detail.iban === undefined || isIban(detail.iban), {
    message: 'is not an IBAN: its check digits do not fit',
    path: ['iban'],
  });

/** An account as it was handed in. */
export type BankDetailInput = z.output<typeof bankDetailInput>;
