import type { CodeRow } from './jurisdiction.ts';
import { jurisdiction } from './jurisdiction.ts';

interface Place {
  readonly name: string;
  /** Its taxes, state first: name and rates of each. */
  readonly taxes: Readonly<Record<string, readonly [name: string, rates: string]>>;
}

/** A place and the taxes that are charged there as one; a buyer gets none of it back. */
function place(state: string, key: string, { name, taxes }: Place): Record<string, CodeRow> {
  const components = Object.fromEntries(
    Object.entries(taxes).map(([level, [tax, rates]]): [string, CodeRow] => [
      `${state}-${level}`,
      { name: tax, region: state, rates, recoverablePercent: '0' },
    ]),
  );
  const whole: CodeRow = {
    name: `Sales tax ${name}`,
    region: state,
    category: 'S',
    components: Object.keys(components),
    recoverablePercent: '0',
  };
  return { ...components, [`${state}-${key}`]: whole };
}

/**
 * United States: sales taxes of states, counties, cities and districts. There are thousands of places; these are
 * the ones of six large cities, others are made as codes of the book in the same way. The taxes of a place are rounded
 * as one sum, as the Streamlined Sales and Use Tax Agreement lets sellers do.
 */
export const us = jurisdiction(
  {
    country: 'US',
    name: 'United States',
    rounding: { mode: 'half-up', level: 'DOCUMENT', together: true },
  },
  {
    ...place('NY', 'NYC', {
      name: 'New York City',
      taxes: {
        STATE: ['New York State', '2005-06-01 4'],
        MCTD: ['Metropolitan Commuter Transportation District', '2005-06-01 0.375'],
        'CITY-NYC': ['New York City', '2009-08-01 4.5'],
      },
    }),
    ...place('CA', 'LA', {
      name: 'Los Angeles',
      taxes: {
        STATE: ['California', '2017-01-01 6'],
        LOCAL: ['California local tax', '2017-01-01 1.25'],
        'COUNTY-LA': ['Los Angeles County districts', '2017-07-01 2.25, 2025-04-01 2.5'],
      },
    }),
    ...place('TX', 'AUSTIN', {
      name: 'Austin',
      taxes: {
        STATE: ['Texas', '1990-07-01 6.25'],
        'CITY-AUSTIN': ['Austin', '1990-07-01 1'],
        'TRANSIT-AUSTIN': ['Austin transit authority', '1995-10-01 1'],
      },
    }),
    ...place('IL', 'CHICAGO', {
      name: 'Chicago',
      taxes: {
        STATE: ['Illinois', '1990-01-01 6.25'],
        'COUNTY-COOK': ['Cook County', '2016-01-01 1.75'],
        'CITY-CHICAGO': ['Chicago', '2005-07-01 1.25'],
        RTA: ['Regional Transportation Authority', '2008-04-01 1'],
      },
    }),
    ...place('FL', 'MIAMI', {
      name: 'Miami',
      taxes: {
        STATE: ['Florida', '1988-02-01 6'],
        'COUNTY-MIAMI-DADE': ['Miami-Dade County', '2003-01-01 1'],
      },
    }),
    ...place('CO', 'DENVER', {
      name: 'Denver',
      taxes: {
        STATE: ['Colorado', '2001-01-01 2.9'],
        RTD: ['Regional Transportation District and cultural facilities', '2005-01-01 1.1'],
        'CITY-DENVER': ['Denver', '2019-01-01 4.31, 2021-01-01 4.81, 2025-01-01 5.15'],
      },
    }),
    EXEMPT: { name: 'Exempt from sales tax', treatment: 'EXEMPT', category: 'E' },
    RESALE: { name: 'For resale', treatment: 'EXEMPT' },
    OUT: { name: 'No sales tax', treatment: 'OUT_OF_SCOPE', category: 'O' },
  },
);
