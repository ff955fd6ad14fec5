import type { CalendarDate } from '#kernel/calendar';
import { rateOn, taxesOf, type TaxCode, type TaxCodes } from './tax-code.ts';

/** Whose tax it is: owed on sales, deducted on purchases, or both at once because the buyer owes it. */
export const taxDirections = ['OUTPUT', 'INPUT', 'REVERSE_CHARGE'] as const;

/** Whose tax it is. */
export type TaxDirection = (typeof taxDirections)[number];

/** Posted lines with one tax code, added up by account and tax point. */
export interface TaxSum {
  readonly taxCode: string;
  readonly role: 'BASE' | 'TAX';
  readonly accountType: string;
  /** Of a sale, or of a purchase. */
  readonly sale: boolean;
  /** The day whose rates counted: that of the document, of a reversal that of what it takes back. */
  readonly on: CalendarDate;
  /** Debits less credits in minor units of the base currency. */
  readonly amount: bigint;
  readonly lines: number;
}

/** One code at one rate; amounts in minor units of the base currency. */
export interface TaxReportRow {
  readonly direction: TaxDirection;
  readonly taxCode: string;
  /** Null for a code the book does not have. */
  readonly name: string | null;
  /** Per cent; null where none was in force. */
  readonly percent: string | null;
  readonly base: bigint;
  /** Owed to the state. */
  readonly owed: bigint;
  readonly deductible: bigint;
  /** Tax that is cost. */
  readonly nonDeductible: bigint;
  /** How many lines these figures add up. */
  readonly lines: number;
}

/** The rows of a tax report and what they come to. */
export interface TaxFigures {
  readonly rows: readonly TaxReportRow[];
  readonly output: bigint;
  readonly input: bigint;
  readonly reverseChargeOwed: bigint;
  readonly reverseChargeDeductible: bigint;
  /** Owed less deductible: what is to be paid, or below zero what comes back. */
  readonly netPayable: bigint;
}

interface Share {
  readonly direction: TaxDirection;
  readonly tax: TaxCode | undefined;
  readonly taxCode: string;
  readonly on: CalendarDate;
  readonly base: bigint;
  readonly owed: bigint;
  readonly deductible: bigint;
  readonly nonDeductible: bigint;
  readonly lines: number;
}

/** Adds up posted lines by direction, code and rate; a base counts for each tax its code is made of. */
export function taxFigures(sums: readonly TaxSum[], codes: TaxCodes): TaxFigures {
  const rows = new Map<string, TaxReportRow>();
  for (const share of sums.flatMap((sum) => sharesOf(sum, codes))) {
    const percent = share.tax ? (rateOn(share.tax, share.on) ?? null) : null;
    const key = `${share.direction} ${share.taxCode} ${percent}`;
    const known = rows.get(key);
    rows.set(key, {
      direction: share.direction,
      taxCode: share.taxCode,
      name: share.tax?.name ?? null,
      percent,
      base: (known?.base ?? 0n) + share.base,
      owed: (known?.owed ?? 0n) + share.owed,
      deductible: (known?.deductible ?? 0n) + share.deductible,
      nonDeductible: (known?.nonDeductible ?? 0n) + share.nonDeductible,
      lines: (known?.lines ?? 0) + share.lines,
    });
  }
  const sorted = [...rows.values()].toSorted(
    (a, b) =>
      taxDirections.indexOf(a.direction) - taxDirections.indexOf(b.direction) ||
      order(a.taxCode, b.taxCode) ||
      order(a.percent ?? '', b.percent ?? ''),
  );
  const total = (direction: readonly TaxDirection[], figure: 'owed' | 'deductible') =>
    sorted
      .filter((row) => direction.includes(row.direction))
      .reduce((running, row) => running + row[figure], 0n);
  const [output, input] = [total(['OUTPUT', 'INPUT'], 'owed'), total(['OUTPUT', 'INPUT'], 'deductible')];
  const reverseChargeOwed = total(['REVERSE_CHARGE'], 'owed');
  const reverseChargeDeductible = total(['REVERSE_CHARGE'], 'deductible');
  const netPayable = output + reverseChargeOwed - input - reverseChargeDeductible;
  return { rows: sorted, output, input, reverseChargeOwed, reverseChargeDeductible, netPayable };
}

function sharesOf(sum: TaxSum, codes: TaxCodes): Share[] {
  if (sum.role === 'TAX') return [taxShare(sum, codes.get(sum.taxCode))];
  const known = codes.has(sum.taxCode);
  const taxes = known ? taxesOf(codes, sum.taxCode) : [undefined];
  return taxes.map((tax) => ({ ...shareOf(sum, tax), base: sum.sale ? -sum.amount : sum.amount }));
}

/** By the account: what is owed is a liability, what comes back an asset, and the rest is cost. */
function taxShare(sum: TaxSum, tax: TaxCode | undefined): Share {
  const share = shareOf(sum, tax);
  if (sum.accountType === 'LIABILITY') return { ...share, owed: -sum.amount };
  if (sum.accountType === 'ASSET') return { ...share, deductible: sum.amount };
  return { ...share, nonDeductible: sum.amount };
}

function shareOf(sum: TaxSum, tax: TaxCode | undefined): Share {
  const direction: TaxDirection = tax?.treatment === 'REVERSE_CHARGE' ? 'REVERSE_CHARGE' : directionOf(sum);
  const none = { base: 0n, owed: 0n, deductible: 0n, nonDeductible: 0n };
  return { direction, tax, taxCode: tax?.code ?? sum.taxCode, on: sum.on, lines: sum.lines, ...none };
}

/** A tax stands where its account says; a base where its document says. */
function directionOf({ role, accountType, sale }: TaxSum): TaxDirection {
  if (role === 'TAX' && accountType === 'LIABILITY') return 'OUTPUT';
  if (role === 'TAX' && accountType === 'ASSET') return 'INPUT';
  return sale ? 'OUTPUT' : 'INPUT';
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
