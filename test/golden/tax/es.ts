import type { GoldenInvoice } from './golden-invoice.ts';

/** Spain: 21, 10 and 4 per cent, and the surcharge that suppliers add for small retailers. */
export const es: readonly GoldenInvoice[] = [
  {
    // 150.25 x 0.21 = 31.5525 -> 31.55; 60.60 x 0.10 = 6.06; 22.90 x 0.04 = 0.916 -> 0.92.
    // Net 233.75; tax 31.55 + 6.06 + 0.92 = 38.53; gross 272.28.
    title: 'three rates',
    on: '2026-04-15',
    currency: 'EUR',
    lines: [
      ['150.25', 'ES-STANDARD'],
      ['60.60', 'ES-REDUCED'],
      ['22.90', 'ES-SUPER-REDUCED'],
    ],
    net: '233.75',
    tax: '38.53',
    gross: '272.28',
    taxes: {
      'ES-STANDARD': ['150.25', '31.55'],
      'ES-REDUCED': ['60.60', '6.06'],
      'ES-SUPER-REDUCED': ['22.90', '0.92'],
    },
  },
  {
    // Two taxes on each line. 200.00: 21 % = 42.00, surcharge 5.2 % = 10.40.
    // 55.55: 10 % = 5.555 -> 5.56, surcharge 1.4 % = 0.7777 -> 0.78.
    // Net 255.55; tax 42.00 + 10.40 + 5.56 + 0.78 = 58.74; gross 314.29. The surcharge is never deducted.
    title: 'a supply to a retailer with the equivalence surcharge',
    on: '2026-04-15',
    currency: 'EUR',
    lines: [
      ['200.00', 'ES-RETAILER-STANDARD'],
      ['55.55', 'ES-RETAILER-REDUCED'],
    ],
    net: '255.55',
    tax: '58.74',
    gross: '314.29',
    taxes: {
      'ES-STANDARD': ['200.00', '42.00'],
      'ES-SURCHARGE-STANDARD': ['200.00', '10.40', '10.40'],
      'ES-REDUCED': ['55.55', '5.56'],
      'ES-SURCHARGE-REDUCED': ['55.55', '0.78', '0.78'],
    },
    ofLines: [
      ['42.00', '10.40'],
      ['5.56', '0.78'],
    ],
  },
];
