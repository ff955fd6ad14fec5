import type { GoldenInvoice } from './golden-invoice.ts';

/** United Kingdom: 20 and 5 per cent and the zero rate. */
export const gb: readonly GoldenInvoice[] = [
  {
    // 129.99 x 0.20 = 25.998 -> 26.00; 62.50 x 0.05 = 3.125 -> 3.13 (half up); 15.00 at zero.
    // Net 207.49; tax 29.13; gross 236.62.
    title: 'standard, reduced and zero rate',
    on: '2026-04-06',
    currency: 'GBP',
    lines: [
      ['129.99', 'GB-STANDARD'],
      ['62.50', 'GB-REDUCED'],
      ['15.00', 'GB-ZERO'],
    ],
    net: '207.49',
    tax: '29.13',
    gross: '236.62',
    taxes: {
      'GB-STANDARD': ['129.99', '26.00'],
      'GB-REDUCED': ['62.50', '3.13'],
      'GB-ZERO': ['15.00', '0.00'],
    },
  },
  {
    // Invoice traders may leave away fractions of a penny: 25.998 -> 25.99.
    title: 'rounded down, as invoice traders may',
    on: '2026-04-06',
    currency: 'GBP',
    rounding: { mode: 'down' },
    lines: [['129.99', 'GB-STANDARD']],
    net: '129.99',
    tax: '25.99',
    gross: '155.98',
    taxes: { 'GB-STANDARD': ['129.99', '25.99'] },
  },
  {
    // 0.99 x 0.20 = 0.198 -> 0.20 for each line, 0.60 for three.
    title: 'three lines, each rounded by itself',
    on: '2026-04-06',
    currency: 'GBP',
    rounding: { level: 'LINE' },
    lines: [
      ['0.99', 'GB-STANDARD'],
      ['0.99', 'GB-STANDARD'],
      ['0.99', 'GB-STANDARD'],
    ],
    net: '2.97',
    tax: '0.60',
    gross: '3.57',
    taxes: { 'GB-STANDARD': ['2.97', '0.60'] },
  },
  {
    // 2.97 x 0.20 = 0.594 -> 0.59; 0.198 each is cut to 0.19 and the two missing pennies go to the first two lines.
    title: 'the same lines, rounded once',
    on: '2026-04-06',
    currency: 'GBP',
    lines: [
      ['0.99', 'GB-STANDARD'],
      ['0.99', 'GB-STANDARD'],
      ['0.99', 'GB-STANDARD'],
    ],
    net: '2.97',
    tax: '0.59',
    gross: '3.56',
    taxes: { 'GB-STANDARD': ['2.97', '0.59'] },
    ofLines: [['0.20'], ['0.20'], ['0.19']],
  },
  {
    // 15 per cent from 1 December 2008: 129.99 x 0.15 = 19.4985 -> 19.50.
    title: 'the lowered rate of 2009',
    on: '2009-06-15',
    currency: 'GBP',
    lines: [['129.99', 'GB-STANDARD']],
    net: '129.99',
    tax: '19.50',
    gross: '149.49',
    taxes: { 'GB-STANDARD': ['129.99', '19.50'] },
  },
];
