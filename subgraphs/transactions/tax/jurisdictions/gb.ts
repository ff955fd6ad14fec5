import { jurisdiction } from './jurisdiction.ts';
import { reverseCharge, untaxed } from './value-added-tax.ts';

const standard = '1991-04-01 17.5, 2008-12-01 15, 2010-01-01 17.5, 2011-01-04 20';

/** United Kingdom: Value Added Tax Act 1994. */
export const gb = jurisdiction(
  { country: 'GB', name: 'United Kingdom' },
  {
    STANDARD: { name: 'VAT standard rate', category: 'S', rates: standard },
    REDUCED: { name: 'VAT reduced rate', category: 'S', rates: '1997-09-01 5' },
    // Leased cars that are also used privately: half of the tax is blocked.
    CAR: { name: 'VAT on leased cars, half blocked', rates: standard, recoverablePercent: '50' },
    ...untaxed('VAT'),
    ...reverseCharge({ tax: 'VAT', rates: standard }),
  },
);
