import { jurisdiction } from './jurisdiction.ts';
import { unionMember } from './value-added-tax.ts';

const standard = '1990-07-01 25';

/** Sweden: Mervärdesskattelag. */
export const se = jurisdiction(
  { country: 'SE', name: 'Sweden' },
  {
    STANDARD: { name: 'Moms normal', category: 'S', rates: standard },
    'REDUCED-12': { name: 'Moms 12', category: 'S', rates: '1996-01-01 12' },
    'REDUCED-6': { name: 'Moms 6', category: 'S', rates: '1996-01-01 6' },
    // Leased passenger cars: half of the tax is cost.
    CAR: { name: 'Moms personbil, avdrag 50', rates: standard, recoverablePercent: '50' },
    ...unionMember({ tax: 'Moms', rates: standard }),
  },
);
