import type { GoldenInvoice } from './golden-invoice.ts';

/** Canada: GST, HST, and the sales taxes of provinces beside it; coins of five cents. */
export const ca: readonly GoldenInvoice[] = [
  {
    // 88.88 x 0.13 = 11.5544 -> 11.55; gross 100.43, in cash 100.45.
    title: 'Ontario, harmonised tax',
    on: '2026-08-08',
    currency: 'CAD',
    lines: [['88.88', 'CA-HST-ON']],
    net: '88.88',
    tax: '11.55',
    gross: '100.43',
    taxes: { 'CA-HST-ON': ['88.88', '11.55'] },
    cash: '100.45',
  },
  {
    // 149.95 x 0.05 = 7.4975 -> 7.50; 149.95 x 0.09975 = 14.9575 -> 14.96; gross 172.41.
    title: 'Québec, both taxes on the price',
    on: '2026-08-08',
    currency: 'CAD',
    lines: [
      ['100.00', 'CA-GST-QST-QC'],
      ['49.95', 'CA-GST-QST-QC'],
    ],
    net: '149.95',
    tax: '22.46',
    gross: '172.41',
    taxes: { 'CA-GST': ['149.95', '7.50'], 'CA-QST-QC': ['149.95', '14.96'] },
  },
  {
    // Tax on tax. GST 200.00 x 0.05 = 10.00; QST 9.5 % of 210.00 = 19.95.
    title: 'Québec in 2012, the tax of the province on that of the federation',
    on: '2012-05-05',
    currency: 'CAD',
    lines: [['200.00', 'CA-GST-QST-QC-2012']],
    net: '200.00',
    tax: '29.95',
    gross: '229.95',
    taxes: { 'CA-GST': ['200.00', '10.00'], 'CA-QST-QC-ON-GST': ['210.00', '19.95'] },
  },
  {
    // 19.99 x 0.05 = 0.9995 -> 1.00; 19.99 x 0.07 = 1.3993 -> 1.40, which a buyer does not get back; gross 22.39.
    title: 'British Columbia, federal and provincial tax',
    on: '2026-08-08',
    currency: 'CAD',
    lines: [['19.99', 'CA-GST-PST-BC']],
    net: '19.99',
    tax: '2.40',
    gross: '22.39',
    taxes: { 'CA-GST': ['19.99', '1.00'], 'CA-PST-BC': ['19.99', '1.40', '1.40'] },
  },
  {
    // 15 % until 31 March 2025: 60.10 x 0.15 = 9.015 -> 9.02 (half up).
    title: 'Nova Scotia on the last day of 15 per cent',
    on: '2025-03-31',
    currency: 'CAD',
    lines: [['60.10', 'CA-HST-NS']],
    net: '60.10',
    tax: '9.02',
    gross: '69.12',
    taxes: { 'CA-HST-NS': ['60.10', '9.02'] },
  },
  {
    // 60.10 x 0.14 = 8.414 -> 8.41.
    title: 'Nova Scotia on the first day of 14 per cent',
    on: '2025-04-01',
    currency: 'CAD',
    lines: [['60.10', 'CA-HST-NS']],
    net: '60.10',
    tax: '8.41',
    gross: '68.51',
    taxes: { 'CA-HST-NS': ['60.10', '8.41'] },
  },
];
