import { jurisdiction } from './jurisdiction.ts';
import { reverseCharge, untaxed } from './value-added-tax.ts';

const standard = '1989-04-01 3, 1997-04-01 5, 2014-04-01 8, 2019-10-01 10';

/** Japan: consumption tax. A qualified invoice rounds once for each rate; most sellers leave fractions of a yen away. */
export const jp = jurisdiction(
  { country: 'JP', name: 'Japan', rounding: { mode: 'down', level: 'DOCUMENT', together: false } },
  {
    STANDARD: { name: 'Consumption tax', category: 'S', rates: standard },
    REDUCED: { name: 'Consumption tax, reduced rate', category: 'S', rates: '2019-10-01 8' },
    ...untaxed('consumption tax'),
    ...reverseCharge({ tax: 'Consumption tax', rates: standard }),
  },
);
