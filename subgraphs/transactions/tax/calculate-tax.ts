import type { CalendarDate } from '#kernel/calendar';
import { CrossfootError } from '#kernel/errors';
import { add, money, parseDecimal, percentOf, subtract, sum, type Money } from '#kernel/money';
import { apportion, roundFraction, sumFractions, type Fraction } from './fractions.ts';
import {
  rateOn,
  requireTaxCode,
  taxesOf,
  type TaxCode,
  type TaxCodes,
  type TaxRounding,
} from './tax-code.ts';

/** A line as it is priced; negative for what lowers a document. */
export interface PricedLine {
  readonly amount: Money;
  /** Its tax codes, in the order in which they are charged; none for a line without any tax. */
  readonly taxCodes: readonly string[];
}

/** What is to be calculated. */
export interface TaxQuestion {
  /** All in one currency. */
  readonly lines: readonly PricedLine[];
  readonly codes: TaxCodes;
  /** The tax point: the day whose rates count. */
  readonly on: CalendarDate;
  /** Whether the prices contain their taxes. */
  readonly pricesInclude: boolean;
  /** Stands before what the codes themselves say. */
  readonly rounding?: Partial<TaxRounding>;
}

/** One tax of one line. */
export interface LineTax {
  readonly code: string;
  /** Per cent, exact decimal text. */
  readonly percent: string;
  /** What it was charged on: the net of the line, and the taxes before it when it is a tax on tax. */
  readonly base: Money;
  readonly tax: Money;
  /** Owed by the buyer to the state, not to the seller. */
  readonly reverse: boolean;
}

/** A line with its taxes: net plus the taxes that are not reversed is gross. */
export interface TaxedLine {
  readonly net: Money;
  readonly gross: Money;
  readonly taxes: readonly LineTax[];
}

/** One tax of the whole document. */
export interface TaxTotal extends LineTax {
  /** What a buyer gets back; with the rest, which is cost, it is the tax. */
  readonly recoverable: Money;
  readonly nonRecoverable: Money;
}

/** The answer: every sum is the sum of its parts. */
export interface TaxAnswer {
  readonly lines: readonly TaxedLine[];
  /** By tax, in the order in which the lines name them. */
  readonly totals: readonly TaxTotal[];
  readonly net: Money;
  /** What the seller charges: taxes the buyer owes to the state are not in it. */
  readonly tax: Money;
  readonly gross: Money;
}

/** One tax of one line before it is closed on whole units. */
interface Share {
  readonly line: number;
  /** The code the line named, of which the tax may be a component. */
  readonly whole: TaxCode;
  readonly tax: TaxCode;
  readonly percent: string;
  readonly exact: Fraction;
}

/**
 * Calculates the taxes of a document exactly and rounds each once: for each line, or for the whole document with the
 * parts of its lines by largest remainder. Throws TAX_CODE_UNKNOWN, TAX_RATE_MISSING, CURRENCY_MISMATCH, FIELD_MISSING.
 */
export function calculateTax(question: TaxQuestion): TaxAnswer {
  const currency = question.lines[0]?.amount.currency;
  if (currency === undefined) {
    throw new CrossfootError('FIELD_MISSING', 'There is no line to calculate the tax of', {
      path: ['lines'],
    });
  }
  // Mixed currencies are refused here, before anything is split.
  sum(
    currency,
    question.lines.map((line) => line.amount),
  );
  const shares = question.lines.flatMap((line, index) => sharesOf(question, line, index));
  const taxes = roundedShares(shares, question.rounding);
  const lines = question.lines.map((line, index): TaxedLine => {
    const own = shares.flatMap((share, place) =>
      share.line === index ? [{ share, tax: money(taxes[place] ?? 0n, currency) }] : [],
    );
    return taxedLine(line.amount, own, question.pricesInclude);
  });
  const net = sum(
    currency,
    lines.map((line) => line.net),
  );
  const gross = sum(
    currency,
    lines.map((line) => line.gross),
  );
  return { lines, totals: totalsOf(lines, question.codes), net, tax: subtract(gross, net), gross };
}

/** The taxes of a line as fractions of its amount. */
function sharesOf(question: TaxQuestion, line: PricedLine, index: number): Share[] {
  const charged = line.taxCodes.flatMap((code) => {
    const whole = requireTaxCode(question.codes, code);
    return taxesOf(question.codes, code).map((tax) => ({
      whole,
      tax,
      percent: requireRate(tax, question.on),
    }));
  });
  const scale = charged.reduce((most, { percent }) => Math.max(most, parseDecimal(percent).scale + 2), 0);
  // Every tax is `factor / unit` of the net; a tax on tax takes the factors before it into its own.
  const unit = 10n ** BigInt(scale * Math.max(1, charged.length));
  let before = 0n;
  const factors = charged.map(({ tax, percent }) => {
    const { digits, scale: places } = parseDecimal(percent);
    const base = tax.compound ? unit + before : unit;
    const factor = (base * digits) / 10n ** BigInt(places + 2);
    if (tax.treatment !== 'REVERSE_CHARGE') before += factor;
    return factor;
  });
  const denominator = question.pricesInclude ? unit + before : unit;
  return charged.map((one, place) => ({
    ...one,
    line: index,
    exact: { numerator: line.amount.minor * (factors[place] ?? 0n), denominator },
  }));
}

function requireRate(tax: TaxCode, on: CalendarDate): string {
  const percent = rateOn(tax, on);
  if (percent !== undefined) return percent;
  throw new CrossfootError('TAX_RATE_MISSING', `Tax code ${tax.code} has no rate on ${on}`, {
    path: ['taxCode'],
  });
}

/** Whole units for every share: one rounding for each unit, then parts by largest remainder. */
function roundedShares(shares: readonly Share[], override: Partial<TaxRounding> | undefined): bigint[] {
  const units = new Map<string, { readonly mode: TaxRounding['mode']; readonly places: number[] }>();
  shares.forEach((share, place) => {
    const rounding = { ...share.whole.rounding, ...override };
    const what = rounding.together ? `whole ${share.whole.code}` : `tax ${share.tax.code}`;
    const key = rounding.level === 'LINE' ? `${what} ${share.line}` : what;
    const unit = units.get(key);
    if (unit) unit.places.push(place);
    else units.set(key, { mode: rounding.mode, places: [place] });
  });
  const rounded = shares.map(() => 0n);
  for (const { mode, places } of units.values()) {
    const exact = (of: readonly number[]) => of.map((place) => (shares[place] as Share).exact);
    const byTax = [...Map.groupBy(places, (place) => shares[place]?.tax.code).values()];
    const total = roundFraction(sumFractions(exact(places)), mode);
    const ofTaxes = apportion(
      total,
      byTax.map((of) => sumFractions(exact(of))),
    );
    byTax.forEach((of, index) => {
      apportion(ofTaxes[index] ?? 0n, exact(of)).forEach((minor, nth) => {
        rounded[of[nth] as number] = minor;
      });
    });
  }
  return rounded;
}

function taxedLine(
  amount: Money,
  own: readonly { readonly share: Share; readonly tax: Money }[],
  pricesInclude: boolean,
): TaxedLine {
  const isReverse = ({ share }: { share: Share }) => share.tax.treatment === 'REVERSE_CHARGE';
  const charged = sum(
    amount.currency,
    own.filter((one) => !isReverse(one)).map((one) => one.tax),
  );
  const net = pricesInclude ? subtract(amount, charged) : amount;
  let before = net;
  const taxes = own.map((one): LineTax => {
    const { share, tax } = one;
    const reverse = isReverse(one);
    const base = share.tax.compound ? before : net;
    if (!reverse) before = add(before, tax);
    return { code: share.tax.code, percent: share.percent, base, tax, reverse };
  });
  return { net, gross: add(net, charged), taxes };
}

function totalsOf(lines: readonly TaxedLine[], codes: TaxCodes): TaxTotal[] {
  const byCode = Map.groupBy(
    lines.flatMap((line) => line.taxes),
    (tax) => tax.code,
  );
  return [...byCode.values()].map((taxes) => {
    const [{ code, percent, reverse, base }] = taxes as [LineTax, ...LineTax[]];
    const tax = sum(
      base.currency,
      taxes.map((one) => one.tax),
    );
    const recoverable = percentOf(tax, requireTaxCode(codes, code).recoverablePercent);
    return {
      code,
      percent,
      reverse,
      base: sum(
        base.currency,
        taxes.map((one) => one.base),
      ),
      tax,
      recoverable,
      nonRecoverable: subtract(tax, recoverable),
    };
  });
}
