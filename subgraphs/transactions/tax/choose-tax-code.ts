import type { CalendarDate } from '#kernel/calendar';
import { parseDecimal, type Money } from '#kernel/money';
import { roundFraction, type Fraction } from './fractions.ts';
import { isTaxCategory, rateOn, taxesOf, type TaxCategory, type TaxCode, type TaxCodes } from './tax-code.ts';

/** What a document says of the tax of a line. */
export interface StatedTax {
  readonly net: Money;
  /** Per cent, exact decimal text. */
  readonly taxRate?: string;
  readonly taxCategory?: string;
  readonly tax?: Money;
}

/** Whose taxes a document can carry. */
export interface TaxPlace {
  readonly codes: TaxCodes;
  /** The tax point. */
  readonly on: CalendarDate;
  /** Bought, or sold. */
  readonly purchase: boolean;
  /** The country whose taxes the seller charges; the country of the book unless a foreign seller is known. */
  readonly country: string;
  /** Whether the seller charges the taxes of another country than that of the book. */
  readonly foreign: boolean;
}

/** The code that fits what a document says of a line, or why none does. */
export type ChosenTaxCode =
  | { readonly code: string }
  | { readonly code?: undefined; readonly reason?: string };

/**
 * Finds the tax code of a line by the category and the rate its document states; without a rate, by the only rate that
 * gives its tax. No code and no reason for a line of which the document says nothing.
 */
export function chooseTaxCode(stated: StatedTax, place: TaxPlace): ChosenTaxCode {
  const category = categoryOf(stated);
  if (category === undefined) return stated.taxRate === undefined ? byAmount(stated, place) : {};
  if (category === 'S') return stated.taxRate === undefined ? byAmount(stated, place) : byRate(stated, place);
  // What a foreign seller does not tax is no matter of this country, unless the buyer owes the tax.
  if (place.foreign && category !== 'AE' && category !== 'K') return {};
  // An export of the seller is an import here, which the customs tax, not the seller.
  if (place.purchase && category === 'G') return {};
  const reverse = place.purchase && (category === 'AE' || category === 'K');
  const fitting = [...place.codes.values()].filter(
    (code) =>
      code.category === category &&
      (code.treatment === 'REVERSE_CHARGE') === reverse &&
      percentOn(place.codes, code, place.on) !== undefined,
  );
  return only(fitting, `category ${category}`);
}

/** The rate of a code with all its components on a day, as a fraction of one; undefined when one has none. */
export function percentOn(codes: TaxCodes, code: TaxCode, on: CalendarDate): Fraction | undefined {
  let sum: Fraction = { numerator: 0n, denominator: 1n };
  for (const tax of taxesOf(codes, code.code)) {
    const percent = rateOn(tax, on);
    if (percent === undefined) return undefined;
    const own = fractionOf(percent);
    const base = tax.compound
      ? plus({ numerator: 1n, denominator: 1n }, sum)
      : { numerator: 1n, denominator: 1n };
    sum = plus(sum, {
      numerator: base.numerator * own.numerator,
      denominator: base.denominator * own.denominator,
    });
  }
  return sum;
}

function categoryOf({ taxCategory, taxRate }: StatedTax): TaxCategory | undefined {
  if (taxCategory !== undefined) return isTaxCategory(taxCategory) ? taxCategory : undefined;
  return taxRate !== undefined && fractionOf(taxRate).numerator > 0n ? 'S' : undefined;
}

function byRate({ taxRate = '0' }: StatedTax, place: TaxPlace): ChosenTaxCode {
  const wanted = fractionOf(taxRate);
  const fitting = standardCodes(place).filter(({ percent }) => equal(percent, wanted));
  return only(
    fitting.map(({ code }) => code),
    `${taxRate} % in ${place.country} on ${place.on}`,
  );
}

/** By the amounts alone a code is chosen only when no other gives the same tax. */
function byAmount({ net, tax }: StatedTax, place: TaxPlace): ChosenTaxCode {
  if (tax === undefined || tax.minor === 0n) return {};
  const fitting = standardCodes(place).filter(
    ({ code, percent }) =>
      roundFraction({ ...percent, numerator: percent.numerator * net.minor }, code.rounding.mode) ===
      tax.minor,
  );
  const [first] = fitting;
  return fitting.length === 1 && first
    ? { code: first.code.code }
    : { reason: 'The document states no tax rate' };
}

function standardCodes({ codes, on, country }: TaxPlace): { code: TaxCode; percent: Fraction }[] {
  return [...codes.values()].flatMap((code) => {
    if (code.category !== 'S' || code.jurisdiction.slice(0, 2) !== country) return [];
    const percent = percentOn(codes, code, on);
    return percent === undefined ? [] : [{ code, percent }];
  });
}

function only(fitting: readonly TaxCode[], what: string): ChosenTaxCode {
  const [first] = fitting;
  if (first === undefined) return { reason: `No tax code of the book stands for ${what}` };
  if (fitting.length === 1) return { code: first.code };
  return { reason: `Several tax codes stand for ${what}: ${fitting.map(({ code }) => code).join(', ')}` };
}

/** Per cent as a fraction of one. */
function fractionOf(percent: string): Fraction {
  const { digits, scale } = parseDecimal(percent);
  return { numerator: digits, denominator: 10n ** BigInt(scale + 2) };
}

function plus(a: Fraction, b: Fraction): Fraction {
  return {
    numerator: a.numerator * b.denominator + b.numerator * a.denominator,
    denominator: a.denominator * b.denominator,
  };
}

function equal(a: Fraction, b: Fraction): boolean {
  return a.numerator * b.denominator === b.numerator * a.denominator;
}
