import type { GoldenInvoice } from './golden-invoice.ts';

/** Australia: 10 per cent in the price, GST-free and input-taxed lines; coins of five cents. */
export const au: readonly GoldenInvoice[] = [
  {
    // 110.00 + 22.55 = 132.55; one eleventh is 12.05, net 120.50. 45.00 is free of tax. Net 165.50; gross 177.55.
    title: 'prices with the tax in them, and a line free of it',
    on: '2026-09-01',
    currency: 'AUD',
    pricesInclude: true,
    lines: [
      ['110.00', 'AU-STANDARD'],
      ['22.55', 'AU-STANDARD'],
      ['45.00', 'AU-ZERO'],
    ],
    net: '165.50',
    tax: '12.05',
    gross: '177.55',
    taxes: { 'AU-STANDARD': ['120.50', '12.05'], 'AU-ZERO': ['45.00', '0.00'] },
    ofLines: [['10.00'], ['2.05'], ['0.00']],
    cash: '177.55',
  },
  {
    // 15.95 x 0.10 = 1.595 -> 1.60 (half up); gross 17.55. Rent of a dwelling is input taxed.
    title: 'a price without the tax, and rent',
    on: '2026-09-01',
    currency: 'AUD',
    lines: [
      ['15.95', 'AU-STANDARD'],
      ['400.00', 'AU-EXEMPT'],
    ],
    net: '415.95',
    tax: '1.60',
    gross: '417.55',
    taxes: { 'AU-STANDARD': ['15.95', '1.60'], 'AU-EXEMPT': ['400.00', '0.00'] },
  },
];
