import { jurisdiction } from './jurisdiction.ts';
import { unionMember } from './value-added-tax.ts';

const standard = '1995-01-01 16, 2010-07-01 18, 2012-09-01 21';
const surcharged = { recoverablePercent: '0' };

/** Spain, peninsula and Balearic Islands: Ley 37/1992, with the surcharge that suppliers add for small retailers. */
export const es = jurisdiction(
  { country: 'ES', name: 'Spain' },
  {
    STANDARD: { name: 'IVA tipo general', category: 'S', rates: standard },
    REDUCED: {
      name: 'IVA tipo reducido',
      category: 'S',
      rates: '1995-01-01 7, 2010-07-01 8, 2012-09-01 10',
    },
    'SUPER-REDUCED': { name: 'IVA tipo superreducido', category: 'S', rates: '1995-01-01 4' },
    'SURCHARGE-STANDARD': {
      name: 'Recargo de equivalencia general',
      rates: '1995-01-01 4, 2012-09-01 5.2',
      ...surcharged,
    },
    'SURCHARGE-REDUCED': {
      name: 'Recargo de equivalencia reducido',
      rates: '1995-01-01 1, 2012-09-01 1.4',
      ...surcharged,
    },
    'RETAILER-STANDARD': {
      name: 'IVA general con recargo',
      components: ['STANDARD', 'SURCHARGE-STANDARD'],
    },
    'RETAILER-REDUCED': {
      name: 'IVA reducido con recargo',
      components: ['REDUCED', 'SURCHARGE-REDUCED'],
    },
    CAR: { name: 'IVA vehículos, deducible al 50', rates: standard, recoverablePercent: '50' },
    ...unionMember({ tax: 'IVA', rates: standard }),
  },
);
