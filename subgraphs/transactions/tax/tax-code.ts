import type { CalendarDate } from '#kernel/calendar';
import { CrossfootError } from '#kernel/errors';
import type { Rounding } from '#kernel/money';

/** What a tax code does to a line. */
export const taxTreatments = ['TAXED', 'ZERO_RATED', 'EXEMPT', 'OUT_OF_SCOPE', 'REVERSE_CHARGE'] as const;

/** One of the things a tax code does to a line. */
export type TaxTreatment = (typeof taxTreatments)[number];

/** The tax categories of EN 16931 (UNTDID 5305): what e-invoices say of a line. */
export const taxCategories = ['S', 'Z', 'E', 'AE', 'K', 'G', 'O'] as const;

/** One tax category of EN 16931. */
export type TaxCategory = (typeof taxCategories)[number];

/** Whether a text is one of those categories. */
export function isTaxCategory(text: string): text is TaxCategory {
  return (taxCategories as readonly string[]).includes(text);
}

/** Where the tax of a document is closed on whole minor units. */
export const roundingLevels = ['LINE', 'DOCUMENT'] as const;

/** How the tax of a document is closed on whole minor units. */
export interface TaxRounding {
  readonly mode: Rounding;
  /** Each line by itself, or the sum of all lines of a tax. */
  readonly level: (typeof roundingLevels)[number];
  /** Whether the components of a code are rounded as one sum that is then split, as US sales taxes are. */
  readonly together: boolean;
}

/** What holds from a day on, until the next rate begins. */
export interface DatedRate {
  readonly from: CalendarDate;
  /** Per cent as exact decimal text; null when the tax ends on that day. */
  readonly percent: string | null;
}

/** A tax, or several taxes that go together, as a book knows it. */
export interface TaxCode {
  /** Unique in its book, for example `DE-19`. */
  readonly code: string;
  readonly name: string;
  /** The country, or country and region (`US-NY`), whose tax it is. */
  readonly jurisdiction: string;
  readonly treatment: TaxTreatment;
  /** The category by which e-invoices name it; none for codes that only people and templates choose. */
  readonly category?: TaxCategory;
  /** In the order of their days; none for a code of components and for treatments without a rate. */
  readonly rates: readonly DatedRate[];
  /** The codes of the taxes that make it up, in the order in which they are charged; none for a single tax. */
  readonly components: readonly string[];
  /** Charged on the price with the taxes before it, not on the price alone. */
  readonly compound: boolean;
  /** How much of it a buyer gets back, per cent; the rest is cost. */
  readonly recoverablePercent: string;
  readonly rounding: TaxRounding;
}

/** The tax codes of a book by their code. */
export type TaxCodes = ReadonlyMap<string, TaxCode>;

/** The code; throws TAX_CODE_UNKNOWN. */
export function requireTaxCode(codes: TaxCodes, code: string): TaxCode {
  const found = codes.get(code);
  if (found) return found;
  throw new CrossfootError('TAX_CODE_UNKNOWN', `The book has no tax code ${code}`, { path: ['taxCode'] });
}

/** The rate in force on a day, per cent; undefined when none is. Codes without rates count as 0 per cent. */
export function rateOn(code: Pick<TaxCode, 'rates' | 'treatment'>, on: CalendarDate): string | undefined {
  if (code.rates.length === 0 && !hasRates(code.treatment)) return '0';
  return code.rates.findLast((rate) => rate.from <= on)?.percent ?? undefined;
}

/** Whether codes of a treatment have rates of their own: the others charge nothing, whatever the day. */
export function hasRates(treatment: TaxTreatment): boolean {
  return treatment === 'TAXED' || treatment === 'REVERSE_CHARGE';
}

/** The single taxes of a code in the order in which they are charged; throws TAX_CODE_UNKNOWN. */
export function taxesOf(codes: TaxCodes, code: string): TaxCode[] {
  const whole = requireTaxCode(codes, code);
  return whole.components.length === 0
    ? [whole]
    : whole.components.map((component) => requireTaxCode(codes, component));
}
