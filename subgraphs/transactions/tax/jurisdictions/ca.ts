import type { CodeRow } from './jurisdiction.ts';
import { jurisdiction } from './jurisdiction.ts';
import { untaxed } from './value-added-tax.ts';

/** The harmonised tax of a province. */
const harmonised = (region: string, province: string, rates: string): Record<string, CodeRow> => ({
  [`HST-${region}`]: { name: `HST ${province}`, region, category: 'S', rates },
});

/** The retail sales tax of a province beside the federal tax; a buyer does not get it back. */
const retail = (region: string, tax: string, rates: string): Record<string, CodeRow> => ({
  [`${tax}-${region}`]: { name: `${tax} ${region}`, region, rates, recoverablePercent: '0' },
  [`GST-${tax}-${region}`]: {
    name: `GST and ${tax} ${region}`,
    region,
    category: 'S',
    components: ['GST', `${tax}-${region}`],
  },
});

/** Canada: the federal tax (GST), and what the provinces add to it. */
export const ca = jurisdiction(
  { country: 'CA', name: 'Canada' },
  {
    GST: { name: 'GST', category: 'S', rates: '1991-01-01 7, 2006-07-01 6, 2008-01-01 5' },
    ...harmonised('ON', 'Ontario', '2010-07-01 13'),
    ...harmonised('NB', 'New Brunswick', '2008-01-01 13, 2016-07-01 15'),
    ...harmonised('NL', 'Newfoundland and Labrador', '2008-01-01 13, 2016-07-01 15'),
    ...harmonised('NS', 'Nova Scotia', '2010-07-01 15, 2025-04-01 14'),
    ...harmonised('PE', 'Prince Edward Island', '2013-04-01 14, 2016-10-01 15'),
    ...retail('BC', 'PST', '2013-04-01 7'),
    ...retail('SK', 'PST', '2006-10-28 5, 2017-03-23 6'),
    ...retail('MB', 'RST', '2013-07-01 8, 2019-07-01 7'),
    'QST-QC': { name: 'QST', region: 'QC', rates: '2013-01-01 9.975' },
    'GST-QST-QC': { name: 'GST and QST', region: 'QC', category: 'S', components: ['GST', 'QST-QC'] },
    // Until the end of 2012 Québec taxed the price with the federal tax in it.
    'QST-QC-ON-GST': {
      name: 'QST on GST',
      region: 'QC',
      rates: '2008-01-01 7.5, 2011-01-01 8.5, 2012-01-01 9.5, 2013-01-01 end',
      compound: true,
    },
    'GST-QST-QC-2012': {
      name: 'GST and QST until 2012',
      region: 'QC',
      components: ['GST', 'QST-QC-ON-GST'],
    },
    ...untaxed('GST'),
  },
);
