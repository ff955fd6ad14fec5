import type { GoldenInvoice } from './golden-invoice.ts';

/** Germany: 19 and 7 per cent, 16 and 5 in the second half of 2020; each rate once on the sum of its lines. */
export const de: readonly GoldenInvoice[] = [
  {
    // 19 %: 1249.00 + 4.90 = 1253.90; x 0.19 = 238.241 -> 238.24.  7 %: 37.45 x 0.07 = 2.6215 -> 2.62.
    // Net 1253.90 + 37.45 = 1291.35; tax 238.24 + 2.62 = 240.86; gross 1532.21.
    title: 'a computer, a book and the freight',
    on: '2026-03-10',
    currency: 'EUR',
    lines: [
      ['1249.00', 'DE-STANDARD'],
      ['37.45', 'DE-REDUCED'],
      ['4.90', 'DE-STANDARD'],
    ],
    net: '1291.35',
    tax: '240.86',
    gross: '1532.21',
    taxes: { 'DE-STANDARD': ['1253.90', '238.24'], 'DE-REDUCED': ['37.45', '2.62'] },
  },
  {
    // 1253.90 x 0.16 = 200.624 -> 200.62; 37.45 x 0.05 = 1.8725 -> 1.87; tax 202.49; gross 1291.35 + 202.49 = 1493.84.
    title: 'the same on the first day of the lowered rates',
    on: '2020-07-01',
    currency: 'EUR',
    lines: [
      ['1253.90', 'DE-STANDARD'],
      ['37.45', 'DE-REDUCED'],
    ],
    net: '1291.35',
    tax: '202.49',
    gross: '1493.84',
    taxes: { 'DE-STANDARD': ['1253.90', '200.62'], 'DE-REDUCED': ['37.45', '1.87'] },
  },
  {
    // The last day was 31 December 2020: 1253.90 x 0.19 = 238.24 again from 1 January 2021.
    title: 'the first day after the lowered rates',
    on: '2021-01-01',
    currency: 'EUR',
    lines: [['1253.90', 'DE-STANDARD']],
    net: '1253.90',
    tax: '238.24',
    gross: '1492.14',
    taxes: { 'DE-STANDARD': ['1253.90', '238.24'] },
  },
  {
    // 11.90 + 4.99 = 16.89; x 19 / 119 = 2.69672 -> 2.70, net 14.19.  2.14 x 7 / 107 = 0.14, net 2.00.
    // Of the 2.70: 11.90 holds exactly 1.90, 4.99 holds 0.7967; cut to 1.90 and 0.79, the missing cent goes to 0.7967.
    title: 'a till receipt with the tax in its prices',
    on: '2026-03-10',
    currency: 'EUR',
    pricesInclude: true,
    lines: [
      ['11.90', 'DE-STANDARD'],
      ['4.99', 'DE-STANDARD'],
      ['2.14', 'DE-REDUCED'],
    ],
    net: '16.19',
    tax: '2.84',
    gross: '19.03',
    taxes: { 'DE-STANDARD': ['14.19', '2.70'], 'DE-REDUCED': ['2.00', '0.14'] },
    ofLines: [['1.90'], ['0.80'], ['0.14']],
  },
  {
    // 850.00 x 0.19 = 161.50, owed to the tax office and not to the supplier, who gets 850.00.
    title: 'a service from abroad whose tax the buyer owes',
    on: '2026-03-10',
    currency: 'EUR',
    lines: [['850.00', 'DE-REVERSE']],
    net: '850.00',
    tax: '0.00',
    gross: '850.00',
    taxes: { 'DE-REVERSE': ['850.00', '161.50'] },
  },
  {
    // 249.95 x 0.19 = 47.4905 -> 47.49, with the sign of the credit.
    title: 'a credit mirrors its invoice',
    on: '2026-03-10',
    currency: 'EUR',
    lines: [['-249.95', 'DE-STANDARD']],
    net: '-249.95',
    tax: '-47.49',
    gross: '-297.44',
    taxes: { 'DE-STANDARD': ['-249.95', '-47.49'] },
  },
];
