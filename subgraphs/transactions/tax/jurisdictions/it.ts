import { jurisdiction } from './jurisdiction.ts';
import { unionMember } from './value-added-tax.ts';

const standard = '1997-10-01 20, 2011-09-17 21, 2013-10-01 22';

/** Italy: decree 633/1972. */
export const it = jurisdiction(
  { country: 'IT', name: 'Italy' },
  {
    STANDARD: { name: 'IVA aliquota ordinaria', category: 'S', rates: standard },
    REDUCED: { name: 'IVA aliquota ridotta', category: 'S', rates: '1997-10-01 10' },
    'REDUCED-5': { name: 'IVA aliquota ridotta 5', category: 'S', rates: '2016-01-01 5' },
    'SUPER-REDUCED': { name: 'IVA aliquota minima', category: 'S', rates: '1989-01-01 4' },
    // Vehicles that are not used for the business alone: article 19-bis1.
    CAR: { name: 'IVA autoveicoli, detraibile al 40', rates: standard, recoverablePercent: '40' },
    ...unionMember({ tax: 'IVA', rates: standard }),
  },
);
