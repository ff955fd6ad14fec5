import { jurisdiction } from './jurisdiction.ts';
import { reverseCharge, untaxed } from './value-added-tax.ts';

const standard = '2001-01-01 7.6, 2011-01-01 8, 2018-01-01 7.7, 2024-01-01 8.1';

/** Switzerland: Mehrwertsteuergesetz; the reverse charge is its Bezugsteuer. */
export const ch = jurisdiction(
  { country: 'CH', name: 'Switzerland' },
  {
    STANDARD: { name: 'MWST Normalsatz', category: 'S', rates: standard },
    REDUCED: {
      name: 'MWST reduzierter Satz',
      category: 'S',
      rates: '2001-01-01 2.4, 2011-01-01 2.5, 2024-01-01 2.6',
    },
    LODGING: {
      name: 'MWST Sondersatz Beherbergung',
      category: 'S',
      rates: '2001-01-01 3.6, 2011-01-01 3.8, 2018-01-01 3.7, 2024-01-01 3.8',
    },
    ...untaxed('MWST'),
    ...reverseCharge({ tax: 'MWST', rates: standard }),
  },
);
