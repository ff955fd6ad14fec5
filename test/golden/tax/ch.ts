import type { GoldenInvoice } from './golden-invoice.ts';

/** Switzerland: 8.1, 2.6 and 3.8 per cent since 2024; coins of five rappen. */
export const ch: readonly GoldenInvoice[] = [
  {
    // 245.30 x 0.081 = 19.8693 -> 19.87; 48.60 x 0.026 = 1.2636 -> 1.26; 180.00 x 0.038 = 6.84.
    // Net 473.90; tax 27.97; gross 501.87; in cash 501.85.
    title: 'three rates, paid in cash',
    on: '2026-02-10',
    currency: 'CHF',
    lines: [
      ['245.30', 'CH-STANDARD'],
      ['48.60', 'CH-REDUCED'],
      ['180.00', 'CH-LODGING'],
    ],
    net: '473.90',
    tax: '27.97',
    gross: '501.87',
    taxes: {
      'CH-STANDARD': ['245.30', '19.87'],
      'CH-REDUCED': ['48.60', '1.26'],
      'CH-LODGING': ['180.00', '6.84'],
    },
    cash: '501.85',
  },
  {
    // 245.30 x 0.077 = 18.8881 -> 18.89; 48.60 x 0.025 = 1.215 -> 1.22; 180.00 x 0.037 = 6.66.
    // Tax 26.77; gross 500.67; in cash 500.65.
    title: 'the same on the last day of the rates before',
    on: '2023-12-31',
    currency: 'CHF',
    lines: [
      ['245.30', 'CH-STANDARD'],
      ['48.60', 'CH-REDUCED'],
      ['180.00', 'CH-LODGING'],
    ],
    net: '473.90',
    tax: '26.77',
    gross: '500.67',
    taxes: {
      'CH-STANDARD': ['245.30', '18.89'],
      'CH-REDUCED': ['48.60', '1.22'],
      'CH-LODGING': ['180.00', '6.66'],
    },
    cash: '500.65',
  },
];
