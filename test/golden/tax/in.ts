import type { GoldenInvoice } from './golden-invoice.ts';

/** India: half to the Union and half to the state, or all to the Union between states. */
export const india: readonly GoldenInvoice[] = [
  {
    // 2345.67 x 0.09 = 211.1103 -> 211.11, twice; 99.50 x 0.025 = 2.4875 -> 2.49, twice.
    // Net 2445.17; tax 422.22 + 4.98 = 427.20; gross 2872.37. Both halves are always equal.
    title: 'within the state, two slabs',
    on: '2026-10-10',
    currency: 'INR',
    lines: [
      ['2345.67', 'IN-GST-18'],
      ['99.50', 'IN-GST-5'],
    ],
    net: '2445.17',
    tax: '427.20',
    gross: '2872.37',
    taxes: {
      'IN-CGST-9': ['2345.67', '211.11'],
      'IN-SGST-9': ['2345.67', '211.11'],
      'IN-CGST-2.5': ['99.50', '2.49'],
      'IN-SGST-2.5': ['99.50', '2.49'],
    },
  },
  {
    // 2345.67 x 0.18 = 422.2206 -> 422.22.
    title: 'between states',
    on: '2026-10-10',
    currency: 'INR',
    lines: [['2345.67', 'IN-IGST-18']],
    net: '2345.67',
    tax: '422.22',
    gross: '2767.89',
    taxes: { 'IN-IGST-18': ['2345.67', '422.22'] },
  },
  {
    // 999.00 x 18 / 118: both halves are 999 x 9 / 118 = 76.1949 -> 76.19; net 999.00 - 152.38 = 846.62.
    title: 'a price with both halves in it',
    on: '2026-10-10',
    currency: 'INR',
    pricesInclude: true,
    lines: [['999.00', 'IN-GST-18']],
    net: '846.62',
    tax: '152.38',
    gross: '999.00',
    taxes: { 'IN-CGST-9': ['846.62', '76.19'], 'IN-SGST-9': ['846.62', '76.19'] },
  },
  {
    // 1000.00 x 0.20 = 200.00, twice, from the day the slab began.
    title: 'the first day of the slab of 40 per cent',
    on: '2025-09-22',
    currency: 'INR',
    lines: [['1000.00', 'IN-GST-40']],
    net: '1000.00',
    tax: '400.00',
    gross: '1400.00',
    taxes: { 'IN-CGST-20': ['1000.00', '200.00'], 'IN-SGST-20': ['1000.00', '200.00'] },
  },
];
