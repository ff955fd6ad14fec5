import type { GoldenInvoice } from './golden-invoice.ts';

/** Italy: 22, 10, 5 and 4 per cent. */
export const it: readonly GoldenInvoice[] = [
  {
    // 199.99 x 0.22 = 43.9978 -> 44.00; 33.33 x 0.10 = 3.333 -> 3.33; 14.70 x 0.05 = 0.735 -> 0.74 (half up);
    // 8.12 x 0.04 = 0.3248 -> 0.32. Net 256.14; tax 44.00 + 3.33 + 0.74 + 0.32 = 48.39; gross 304.53.
    title: 'four rates, one of them on the half cent',
    on: '2026-05-04',
    currency: 'EUR',
    lines: [
      ['199.99', 'IT-STANDARD'],
      ['33.33', 'IT-REDUCED'],
      ['14.70', 'IT-REDUCED-5'],
      ['8.12', 'IT-SUPER-REDUCED'],
    ],
    net: '256.14',
    tax: '48.39',
    gross: '304.53',
    taxes: {
      'IT-STANDARD': ['199.99', '44.00'],
      'IT-REDUCED': ['33.33', '3.33'],
      'IT-REDUCED-5': ['14.70', '0.74'],
      'IT-SUPER-REDUCED': ['8.12', '0.32'],
    },
  },
  {
    // 500.00 x 0.22 = 110.00; 40 % = 44.00 deducted, 66.00 is cost.
    title: 'a car that is not used for the business alone',
    on: '2026-05-04',
    currency: 'EUR',
    lines: [['500.00', 'IT-CAR']],
    net: '500.00',
    tax: '110.00',
    gross: '610.00',
    taxes: { 'IT-CAR': ['500.00', '110.00', '66.00'] },
  },
];
