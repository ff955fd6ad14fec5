import { calendarDate } from '#kernel/calendar';
import type { DatedRate, TaxCategory, TaxCode, TaxRounding, TaxTreatment } from '../tax-code.ts';

/** The taxes of a country as the library knows them; books get copies and go their own way from there. */
export interface Jurisdiction {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly name: string;
  readonly codes: readonly TaxCode[];
}

/** A tax code as its country writes it down; what is left out is as for most. */
export interface CodeRow {
  readonly name: string;
  readonly treatment?: TaxTreatment;
  readonly category?: TaxCategory;
  /** `2007-01-01 19, 2020-07-01 16`: each day with its per cent, or `end`. */
  readonly rates?: string;
  readonly components?: readonly string[];
  readonly compound?: boolean;
  readonly recoverablePercent?: string;
  /** The region of the country whose tax it is. */
  readonly region?: string;
}

/** Sum of all lines of a tax, halves up: how most laws round. */
export const roundedPerDocument: TaxRounding = { mode: 'half-up', level: 'DOCUMENT', together: false };

/** Makes a jurisdiction of its rows; the keys are codes without the country before them. */
export function jurisdiction(
  country: { readonly country: string; readonly name: string; readonly rounding?: TaxRounding },
  rows: Readonly<Record<string, CodeRow>>,
): Jurisdiction {
  const codeOf = (key: string) => `${country.country}-${key}`;
  return {
    country: country.country,
    name: country.name,
    codes: Object.entries(rows).map(([key, row]): TaxCode => ({
      code: codeOf(key),
      name: row.name,
      jurisdiction: row.region === undefined ? country.country : `${country.country}-${row.region}`,
      treatment: row.treatment ?? 'TAXED',
      category: row.category,
      rates: ratesOf(row.rates ?? ''),
      components: (row.components ?? []).map(codeOf),
      compound: row.compound ?? false,
      recoverablePercent: row.recoverablePercent ?? '100',
      rounding: country.rounding ?? roundedPerDocument,
    })),
  };
}

function ratesOf(text: string): DatedRate[] {
  if (text === '') return [];
  return text.split(', ').map((rate) => {
    const [from = '', percent = ''] = rate.split(' ');
    return { from: calendarDate(from), percent: percent === 'end' ? null : percent };
  });
}
