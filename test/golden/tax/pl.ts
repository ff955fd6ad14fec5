import type { GoldenInvoice } from './golden-invoice.ts';

/** Poland: 23, 8 and 5 per cent. */
export const pl: readonly GoldenInvoice[] = [
  {
    // 1234.56 x 0.23 = 283.9488 -> 283.95; 89.99 x 0.08 = 7.1992 -> 7.20; 17.30 x 0.05 = 0.865 -> 0.87 (half up).
    // Net 1341.85; tax 292.02; gross 1633.87.
    title: 'three rates, one of them on the half grosz',
    on: '2026-06-01',
    currency: 'PLN',
    lines: [
      ['1234.56', 'PL-STANDARD'],
      ['89.99', 'PL-REDUCED'],
      ['17.30', 'PL-REDUCED-5'],
    ],
    net: '1341.85',
    tax: '292.02',
    gross: '1633.87',
    taxes: {
      'PL-STANDARD': ['1234.56', '283.95'],
      'PL-REDUCED': ['89.99', '7.20'],
      'PL-REDUCED-5': ['17.30', '0.87'],
    },
  },
  {
    // "W stu": 222.99 x 23 / 123 = 41.6973 -> 41.70; net 181.29. 123.00 holds 23.00, 99.99 holds 18.697 -> 18.70.
    title: 'an invoice made of gross prices',
    on: '2026-06-01',
    currency: 'PLN',
    pricesInclude: true,
    lines: [
      ['123.00', 'PL-STANDARD'],
      ['99.99', 'PL-STANDARD'],
    ],
    net: '181.29',
    tax: '41.70',
    gross: '222.99',
    taxes: { 'PL-STANDARD': ['181.29', '41.70'] },
    ofLines: [['23.00'], ['18.70']],
  },
];
