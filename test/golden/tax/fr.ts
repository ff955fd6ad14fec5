import type { GoldenInvoice } from './golden-invoice.ts';

/** France: 20, 10, 5.5 and 2.1 per cent. */
export const fr: readonly GoldenInvoice[] = [
  {
    // 80.00 x 0.20 = 16.00; 45.50 x 0.10 = 4.55; 12.35 x 0.055 = 0.67925 -> 0.68; 7.10 x 0.021 = 0.1491 -> 0.15.
    // Net 80.00 + 45.50 + 12.35 + 7.10 = 144.95; tax 16.00 + 4.55 + 0.68 + 0.15 = 21.38; gross 166.33.
    title: 'four rates on one invoice',
    on: '2026-02-03',
    currency: 'EUR',
    lines: [
      ['80.00', 'FR-STANDARD'],
      ['45.50', 'FR-INTERMEDIATE'],
      ['12.35', 'FR-REDUCED'],
      ['7.10', 'FR-SPECIAL'],
    ],
    net: '144.95',
    tax: '21.38',
    gross: '166.33',
    taxes: {
      'FR-STANDARD': ['80.00', '16.00'],
      'FR-INTERMEDIATE': ['45.50', '4.55'],
      'FR-REDUCED': ['12.35', '0.68'],
      'FR-SPECIAL': ['7.10', '0.15'],
    },
  },
  {
    // 61.37 x 0.20 = 12.274 -> 12.27; 80 % of it is 9.816 -> 9.82 deducted, 12.27 - 9.82 = 2.45 is cost.
    title: 'fuel of a passenger car, four fifths deductible',
    on: '2026-02-03',
    currency: 'EUR',
    lines: [['61.37', 'FR-CAR-FUEL']],
    net: '61.37',
    tax: '12.27',
    gross: '73.64',
    taxes: { 'FR-CAR-FUEL': ['61.37', '12.27', '2.45'] },
  },
  {
    // 245.00 x 0.196 = 48.02.
    title: 'the last day of 19.6 per cent',
    on: '2013-12-31',
    currency: 'EUR',
    lines: [['245.00', 'FR-STANDARD']],
    net: '245.00',
    tax: '48.02',
    gross: '293.02',
    taxes: { 'FR-STANDARD': ['245.00', '48.02'] },
  },
];
