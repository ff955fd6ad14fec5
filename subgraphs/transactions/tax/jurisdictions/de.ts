import { jurisdiction } from './jurisdiction.ts';
import { unionMember } from './value-added-tax.ts';

/** From 1 July to 31 December 2020 both rates were lowered (Zweites Corona-Steuerhilfegesetz). */
const standard = '1998-04-01 16, 2007-01-01 19, 2020-07-01 16, 2021-01-01 19';

/** Germany: Umsatzsteuergesetz. */
export const de = jurisdiction(
  { country: 'DE', name: 'Germany' },
  {
    STANDARD: { name: 'USt standard rate', category: 'S', rates: standard },
    REDUCED: {
      name: 'USt reduced rate',
      category: 'S',
      rates: '1983-07-01 7, 2020-07-01 5, 2021-01-01 7',
    },
    ...unionMember({ tax: 'USt', rates: standard }),
  },
);
