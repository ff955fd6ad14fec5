import type { GoldenInvoice } from './golden-invoice.ts';

/** United States: the taxes of state, county, city and districts, rounded as one sum that is then split. */
export const us: readonly GoldenInvoice[] = [
  {
    // New York City 4 + 0.375 + 4.5 = 8.875 %. 49.99 + 120.00 + 5.25 = 175.24; x 0.08875 = 15.55255 -> 15.55.
    // State 7.0096, district 0.65715, city 7.8858; cut to 7.00 + 0.65 + 7.88 = 15.53; the two missing cents go to the
    // largest remainders, state (0.96) and district (0.72): 7.01 + 0.66 + 7.88 = 15.55. A buyer gets nothing back.
    title: 'three articles in New York City',
    on: '2026-07-07',
    currency: 'USD',
    lines: [
      ['49.99', 'US-NY-NYC'],
      ['120.00', 'US-NY-NYC'],
      ['5.25', 'US-NY-NYC'],
    ],
    net: '175.24',
    tax: '15.55',
    gross: '190.79',
    taxes: {
      'US-NY-STATE': ['175.24', '7.01', '7.01'],
      'US-NY-MCTD': ['175.24', '0.66', '0.66'],
      'US-NY-CITY-NYC': ['175.24', '7.88', '7.88'],
    },
  },
  {
    // Chicago 6.25 + 1.75 + 1.25 + 1 = 10.25 %. 19.99 x 0.1025 = 2.048975 -> 2.05; 1.2494, 0.3498, 0.2499 and 0.1999
    // are cut to 1.24 + 0.34 + 0.24 + 0.19 = 2.01, and each gets one of the four missing cents. The book is exempt.
    title: 'one taxed and one exempt article in Chicago',
    on: '2026-07-07',
    currency: 'USD',
    lines: [
      ['19.99', 'US-IL-CHICAGO'],
      ['40.00', 'US-EXEMPT'],
    ],
    net: '59.99',
    tax: '2.05',
    gross: '62.04',
    taxes: {
      'US-IL-STATE': ['19.99', '1.25', '1.25'],
      'US-IL-COUNTY-COOK': ['19.99', '0.35', '0.35'],
      'US-IL-CITY-CHICAGO': ['19.99', '0.25', '0.25'],
      'US-IL-RTA': ['19.99', '0.20', '0.20'],
      'US-EXEMPT': ['40.00', '0.00'],
    },
  },
  {
    // Los Angeles 6 + 1.25 + 2.25 = 9.5 % until 31 March 2025: 200.00 -> 12.00 + 2.50 + 4.50 = 19.00.
    title: 'Los Angeles on the day before the county raised its tax',
    on: '2025-03-31',
    currency: 'USD',
    lines: [['200.00', 'US-CA-LA']],
    net: '200.00',
    tax: '19.00',
    gross: '219.00',
    taxes: {
      'US-CA-STATE': ['200.00', '12.00', '12.00'],
      'US-CA-LOCAL': ['200.00', '2.50', '2.50'],
      'US-CA-COUNTY-LA': ['200.00', '4.50', '4.50'],
    },
  },
  {
    // 6 + 1.25 + 2.5 = 9.75 %: 12.00 + 2.50 + 5.00 = 19.50.
    title: 'Los Angeles on the day after',
    on: '2025-04-01',
    currency: 'USD',
    lines: [['200.00', 'US-CA-LA']],
    net: '200.00',
    tax: '19.50',
    gross: '219.50',
    taxes: {
      'US-CA-STATE': ['200.00', '12.00', '12.00'],
      'US-CA-LOCAL': ['200.00', '2.50', '2.50'],
      'US-CA-COUNTY-LA': ['200.00', '5.00', '5.00'],
    },
  },
];
