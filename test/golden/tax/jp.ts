import type { GoldenInvoice } from './golden-invoice.ts';

/** Japan: 10 and 8 per cent, each rounded down once on a qualified invoice. */
export const jp: readonly GoldenInvoice[] = [
  {
    // 10 %: 1234 + 567 = 1801 -> 180.1 -> 180.  8 %: 398 + 128 = 526 -> 42.08 -> 42. Net 2327; tax 222; gross 2549.
    title: 'a qualified invoice with food at the reduced rate',
    on: '2026-03-31',
    currency: 'JPY',
    lines: [
      ['1234', 'JP-STANDARD'],
      ['398', 'JP-REDUCED'],
      ['567', 'JP-STANDARD'],
      ['128', 'JP-REDUCED'],
    ],
    net: '2327',
    tax: '222',
    gross: '2549',
    taxes: { 'JP-STANDARD': ['1801', '180'], 'JP-REDUCED': ['526', '42'] },
  },
  {
    // 1999 x 0.10 = 199.9 -> 199: fractions of a yen are left away.
    title: 'nearly a whole yen is left away',
    on: '2026-03-31',
    currency: 'JPY',
    lines: [['1999', 'JP-STANDARD']],
    net: '1999',
    tax: '199',
    gross: '2198',
    taxes: { 'JP-STANDARD': ['1999', '199'] },
  },
  {
    // 1100 + 999 = 2099; x 10 / 110 = 190.8 -> 190, net 1909. 1080 x 8 / 108 = 80, net 1000. Gross 3179.
    title: 'shelf prices with the tax in them',
    on: '2026-03-31',
    currency: 'JPY',
    pricesInclude: true,
    lines: [
      ['1100', 'JP-STANDARD'],
      ['999', 'JP-STANDARD'],
      ['1080', 'JP-REDUCED'],
    ],
    net: '2909',
    tax: '270',
    gross: '3179',
    taxes: { 'JP-STANDARD': ['1909', '190'], 'JP-REDUCED': ['1000', '80'] },
    ofLines: [['100'], ['90'], ['80']],
  },
  {
    // 1999 x 0.08 = 159.92 -> 159.
    title: 'the rate until September 2019',
    on: '2019-09-30',
    currency: 'JPY',
    lines: [['1999', 'JP-STANDARD']],
    net: '1999',
    tax: '159',
    gross: '2158',
    taxes: { 'JP-STANDARD': ['1999', '159'] },
  },
];
