import type { GoldenInvoice } from './golden-invoice.ts';

/** The Netherlands: 21 and 9 per cent; 6 until the end of 2018. */
export const nl: readonly GoldenInvoice[] = [
  {
    // 3 x 33.33 = 99.99; x 0.21 = 20.9979 -> 21.00; each line is 6.9993, so each of the three gets 7.00.
    // 18.45 x 0.09 = 1.6605 -> 1.66. Net 118.44; tax 22.66; gross 141.10.
    title: 'three equal lines and one at the low rate',
    on: '2026-01-20',
    currency: 'EUR',
    lines: [
      ['33.33', 'NL-STANDARD'],
      ['33.33', 'NL-STANDARD'],
      ['33.33', 'NL-STANDARD'],
      ['18.45', 'NL-REDUCED'],
    ],
    net: '118.44',
    tax: '22.66',
    gross: '141.10',
    taxes: { 'NL-STANDARD': ['99.99', '21.00'], 'NL-REDUCED': ['18.45', '1.66'] },
    ofLines: [['7.00'], ['7.00'], ['7.00'], ['1.66']],
  },
  {
    // 18.45 x 0.06 = 1.107 -> 1.11.
    title: 'the low rate before 2019',
    on: '2018-12-31',
    currency: 'EUR',
    lines: [['18.45', 'NL-REDUCED']],
    net: '18.45',
    tax: '1.11',
    gross: '19.56',
    taxes: { 'NL-REDUCED': ['18.45', '1.11'] },
  },
  {
    // 1000.00 x 0.21 = 210.00 owed and deducted by the buyer; the German seller gets 1000.00.
    title: 'goods from Germany',
    on: '2026-01-20',
    currency: 'EUR',
    lines: [['1000.00', 'NL-EU-ACQUISITION']],
    net: '1000.00',
    tax: '0.00',
    gross: '1000.00',
    taxes: { 'NL-EU-ACQUISITION': ['1000.00', '210.00'] },
  },
];
