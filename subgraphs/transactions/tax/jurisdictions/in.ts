import type { CodeRow } from './jurisdiction.ts';
import { jurisdiction } from './jurisdiction.ts';
import { untaxed } from './value-added-tax.ts';

const begun = '2017-07-01';

/** One slab: half to the Union and half to the state within a state, all to the Union between states. */
function slab(percent: string, half: string, from = begun): Record<string, CodeRow> {
  return {
    [`CGST-${half}`]: { name: `CGST ${half} %`, rates: `${from} ${half}` },
    [`SGST-${half}`]: { name: `SGST ${half} %`, rates: `${from} ${half}` },
    [`GST-${percent}`]: {
      name: `GST ${percent} % within the state`,
      category: 'S',
      components: [`CGST-${half}`, `SGST-${half}`],
    },
    [`IGST-${percent}`]: { name: `IGST ${percent} % between states`, rates: `${from} ${percent}` },
  };
}

/** India: goods and services tax; the slab of 40 per cent came with the reform of September 2025. */
export const india = jurisdiction(
  { country: 'IN', name: 'India' },
  {
    ...slab('5', '2.5'),
    ...slab('12', '6'),
    ...slab('18', '9'),
    ...slab('28', '14'),
    ...slab('40', '20', '2025-09-22'),
    ...untaxed('GST'),
    REVERSE: {
      name: 'IGST 18 % reverse charge',
      treatment: 'REVERSE_CHARGE',
      category: 'AE',
      rates: `${begun} 18`,
    },
    'REVERSE-SUPPLY': { name: 'Supply, GST owed by the buyer', treatment: 'ZERO_RATED', category: 'AE' },
  },
);
