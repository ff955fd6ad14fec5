import { byId, byParent } from '#kernel/loaders';
import {
  VendorAliasEntity,
  VendorBankDetailEntity,
  VendorEntity,
  VendorIdentifierEntity,
} from './entities.ts';

export const vendorById = byId(VendorEntity);
export const identifiersByVendor = byParent(VendorIdentifierEntity, 'vendorId', {
  scheme: 'asc',
  value: 'asc',
});
export const aliasesByVendor = byParent(VendorAliasEntity, 'vendorId', { id: 'asc' });
export const bankDetailsByVendor = byParent(VendorBankDetailEntity, 'vendorId', { id: 'asc' });
