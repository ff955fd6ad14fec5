import { byId, byParent } from '#kernel/loaders';
import { TaxCodeEntity, TaxRateEntity } from './entities.ts';

/** Tax codes by id. */
export const taxCodeById = byId(TaxCodeEntity);
/** All tax codes of a book, retired ones too, in the order of their codes. */
export const taxCodesByBook = byParent(TaxCodeEntity, 'bookId', { code: 'asc' });
/** What tax codes charge, in the order of the days; of rates for one day the latest revision comes last. */
export const ratesByTaxCode = byParent(TaxRateEntity, 'taxCodeId', { validFrom: 'asc', revision: 'asc' });
