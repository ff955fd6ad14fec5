import { jurisdiction } from './jurisdiction.ts';
import { unionMember } from './value-added-tax.ts';

const standard = '1992-10-01 17.5, 2001-01-01 19, 2012-10-01 21';

/** The Netherlands: Wet op de omzetbelasting 1968. */
export const nl = jurisdiction(
  { country: 'NL', name: 'Netherlands' },
  {
    STANDARD: { name: 'Btw hoog tarief', category: 'S', rates: standard },
    REDUCED: { name: 'Btw laag tarief', category: 'S', rates: '1986-10-01 6, 2019-01-01 9' },
    ...unionMember({ tax: 'Btw', rates: standard }),
  },
);
