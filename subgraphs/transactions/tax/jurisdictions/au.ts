import { jurisdiction } from './jurisdiction.ts';
import { reverseCharge, untaxed } from './value-added-tax.ts';

const standard = '2000-07-01 10';

/** Australia: A New Tax System (Goods and Services Tax) Act 1999; the zero rate is called GST-free, exempt input taxed. */
export const au = jurisdiction(
  { country: 'AU', name: 'Australia' },
  {
    STANDARD: { name: 'GST', category: 'S', rates: standard },
    ...untaxed('GST'),
    ...reverseCharge({ tax: 'GST', rates: standard }),
  },
);
