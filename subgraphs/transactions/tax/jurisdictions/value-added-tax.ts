import type { CodeRow } from './jurisdiction.ts';

/** The standard rate of a country, over the years. */
interface StandardRate {
  /** What the country calls its tax. */
  readonly tax: string;
  readonly rates: string;
}

/** What every value added tax has beside its rates: nothing charged at home, on exports, and on what is no supply. */
export function untaxed(tax: string): Record<string, CodeRow> {
  return {
    ZERO: { name: `${tax} zero rate`, treatment: 'ZERO_RATED', category: 'Z' },
    EXEMPT: { name: `Exempt from ${tax}`, treatment: 'EXEMPT', category: 'E' },
    EXPORT: { name: 'Export', treatment: 'ZERO_RATED', category: 'G' },
    OUT: { name: `Outside the scope of ${tax}`, treatment: 'OUT_OF_SCOPE', category: 'O' },
  };
}

/** The tax that the buyer owes at the standard rate, and the supply whose tax the buyer owes. */
export function reverseCharge({ tax, rates }: StandardRate): Record<string, CodeRow> {
  return {
    REVERSE: { name: `${tax} reverse charge`, treatment: 'REVERSE_CHARGE', category: 'AE', rates },
    'REVERSE-SUPPLY': { name: `Supply, ${tax} owed by the buyer`, treatment: 'ZERO_RATED', category: 'AE' },
  };
}

/** What members of the European Union have beside their rates: directive 2006/112/EC. */
export function unionMember(standard: StandardRate): Record<string, CodeRow> {
  return {
    ...untaxed(standard.tax),
    ...reverseCharge(standard),
    'EU-ACQUISITION': {
      name: 'Acquisition of goods within the EU',
      treatment: 'REVERSE_CHARGE',
      category: 'K',
      rates: standard.rates,
    },
    'EU-SUPPLY': { name: 'Supply of goods within the EU', treatment: 'ZERO_RATED', category: 'K' },
  };
}
