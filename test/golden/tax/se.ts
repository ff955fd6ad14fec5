import type { GoldenInvoice } from './golden-invoice.ts';

/** Sweden: 25, 12 and 6 per cent; in cash whole crowns are paid. */
export const se: readonly GoldenInvoice[] = [
  {
    // 799.20 x 0.25 = 199.80; 145.50 x 0.12 = 17.46; 89.30 x 0.06 = 5.358 -> 5.36.
    // Net 1034.00; tax 222.62; gross 1256.62; in cash 1257.
    title: 'three rates, paid in cash',
    on: '2026-03-02',
    currency: 'SEK',
    lines: [
      ['799.20', 'SE-STANDARD'],
      ['145.50', 'SE-REDUCED-12'],
      ['89.30', 'SE-REDUCED-6'],
    ],
    net: '1034.00',
    tax: '222.62',
    gross: '1256.62',
    taxes: {
      'SE-STANDARD': ['799.20', '199.80'],
      'SE-REDUCED-12': ['145.50', '17.46'],
      'SE-REDUCED-6': ['89.30', '5.36'],
    },
    cash: '1257.00',
  },
  {
    // 4560.00 x 0.25 = 1140.00; half of it is cost.
    title: 'the lease of a car',
    on: '2026-03-02',
    currency: 'SEK',
    lines: [['4560.00', 'SE-CAR']],
    net: '4560.00',
    tax: '1140.00',
    gross: '5700.00',
    taxes: { 'SE-CAR': ['4560.00', '1140.00', '570.00'] },
    cash: '5700.00',
  },
];
