import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { PostalAddress } from '#kernel/events';

/** Somebody the organisation buys from, or sells to. */
export const VendorEntity = defineEntity({
  name: 'Vendor',
  tableName: 'vendor',
  properties: {
    id: p.text().primary(),
    name: p.text(),
    status: p.text(),
    taxId: p.text().nullable(),
    country: p.text().nullable(),
    address: p.json<PostalAddress>().nullable(),
    currency: p.text().nullable(),
    paymentTermsDays: p.integer(),
    email: p.text().nullable(),
    defaultAccountCode: p.text().nullable(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});
export type Vendor = InferEntity<typeof VendorEntity>;

/** A number a vendor is known by, such as a GLN or a customer number. */
export const VendorIdentifierEntity = defineEntity({
  name: 'VendorIdentifier',
  tableName: 'vendor_identifier',
  properties: { id: p.text().primary(), vendorId: p.text(), scheme: p.text(), value: p.text() },
});
export type VendorIdentifier = InferEntity<typeof VendorIdentifierEntity>;

/** Another spelling of a vendor's name. */
export const VendorAliasEntity = defineEntity({
  name: 'VendorAlias',
  tableName: 'vendor_alias',
  properties: {
    id: p.text().primary(),
    vendorId: p.text(),
    name: p.text(),
    source: p.text(),
    createdAt: p.datetime(),
  },
});
export type VendorAlias = InferEntity<typeof VendorAliasEntity>;

/** An account of a vendor, as far as it is shown; the sealed account is not mapped. */
export const VendorBankDetailEntity = defineEntity({
  name: 'VendorBankDetail',
  tableName: 'vendor_bank_detail',
  properties: {
    id: p.text().primary(),
    vendorId: p.text(),
    lastFour: p.text(),
    bic: p.text().nullable(),
    holder: p.text().nullable(),
    createdAt: p.datetime(),
  },
});
export type VendorBankDetail = InferEntity<typeof VendorBankDetailEntity>;
