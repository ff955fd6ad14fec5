import { jurisdiction } from './jurisdiction.ts';
import { unionMember } from './value-added-tax.ts';

const standard = '1993-07-05 22, 2011-01-01 23';

/** Poland: Ustawa o podatku od towarów i usług; halves of a grosz go up (article 106e). */
export const pl = jurisdiction(
  { country: 'PL', name: 'Poland' },
  {
    STANDARD: { name: 'VAT stawka podstawowa', category: 'S', rates: standard },
    REDUCED: { name: 'VAT stawka obniżona', category: 'S', rates: '1993-07-05 7, 2011-01-01 8' },
    'REDUCED-5': { name: 'VAT stawka obniżona 5', category: 'S', rates: '2011-01-01 5' },
    // Cars that are also used privately: article 86a.
    CAR: { name: 'VAT pojazdy, odliczany w 50', rates: standard, recoverablePercent: '50' },
    ...unionMember({ tax: 'VAT', rates: standard }),
  },
);
