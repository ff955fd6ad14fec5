import { daysBetween } from '#kernel/calendar';
import type { CalendarDate } from '#kernel/calendar';
import { subtract, type Money } from '#kernel/money';
import { spell } from './explain.ts';
import type { MatchEvidence, MatchRival } from './model.ts';
import { readReferences } from './references.ts';

/** A payout that is to reach the bank. */
export interface ExpectedPayout {
  readonly id: string;
  readonly provider: string;
  /** The provider's own id. */
  readonly reference: string;
  readonly amount: Money;
  /** Compact words by which a bank line may name it. */
  readonly keys: readonly string[];
  readonly initiatedOn?: CalendarDate;
  readonly arrivesOn?: CalendarDate;
}

/** A bank line that may be a payout. */
export interface PayoutLine {
  readonly id: string;
  readonly bookedOn: CalendarDate;
  readonly amount: Money;
  readonly counterpartyName?: string;
  readonly references: readonly string[];
  readonly text: string;
}

/** A bank line that is a payout, or may be. */
export interface PayoutPair {
  readonly payoutId: string;
  readonly lineId: string;
  /** In basis points. */
  readonly confidence: number;
  /** Nobody need be asked: the line is just the amount and says whose payout it is. */
  readonly certain: boolean;
  /** What the line has more than the payout. */
  readonly difference: Money;
  readonly evidence: readonly MatchEvidence[];
  readonly rivals: readonly MatchRival[];
}

/** How providers are called in bank lines. */
const names: Readonly<Record<string, RegExp | undefined>> = {
  STRIPE: /\bstripe\b/i,
  ADYEN: /\badyen\b/i,
  PAYPAL: /\bpay\s?pal\b/i,
  SQUARE: /\bsquare(up)?\b|\bsq\s?\*/i,
  SHOPIFY: /\bshopify\b/i,
  AMAZON: /\bamazon\b|\bamzn\b/i,
};

/** Days around the day a payout is said to arrive on: banks rest, and providers give the day they send it. */
const daysBefore = 2;
const daysAfter = 8;

interface Candidate {
  readonly payout: ExpectedPayout;
  readonly line: PayoutLine;
  readonly named: string | undefined;
  readonly calledByProvider: boolean;
  readonly gap: number;
}

/**
 * Pairs payouts with the bank lines that brought them. A line that names a payout is it, whatever its amount; else
 * amount, currency and days have to fit. Where several fit, the days decide in their order and a person has to agree.
 */
export function pairPayouts(
  payouts: readonly ExpectedPayout[],
  lines: readonly PayoutLine[],
  declined: ReadonlyMap<string, ReadonlySet<string>> = new Map(),
): PayoutPair[] {
  const candidates = candidatesOf(payouts, lines, declined).toSorted(byStrength);
  const [usedLines, usedPayouts] = [new Set<string>(), new Set<string>()];
  const sure = new Set<string>();
  return candidates.flatMap((one) => {
    if (usedLines.has(one.line.id) || usedPayouts.has(one.payout.id)) return [];
    usedLines.add(one.line.id);
    usedPayouts.add(one.payout.id);
    const rivals = candidates.filter(
      (other) =>
        other !== one &&
        (other.line === one.line || other.payout === one.payout) &&
        other.named === one.named &&
        !sure.has(other.line.id) &&
        !sure.has(other.payout.id),
    );
    const pair = pairOf(one, rivals);
    if (pair.certain) sure.add(pair.lineId).add(pair.payoutId);
    return [pair];
  });
}

function candidatesOf(
  payouts: readonly ExpectedPayout[],
  lines: readonly PayoutLine[],
  declined: ReadonlyMap<string, ReadonlySet<string>>,
): Candidate[] {
  const words = lines.map((line) => new Set(readReferences([...line.references, line.text]).keys));
  return payouts.flatMap((payout) =>
    lines.flatMap((line, at): Candidate[] => {
      if (line.amount.currency !== payout.amount.currency || declined.get(line.id)?.has(payout.id)) return [];
      if (line.amount.minor < 0n !== payout.amount.minor < 0n) return [];
      const expected = payout.arrivesOn ?? payout.initiatedOn;
      const gap = expected === undefined ? 0 : daysBetween(expected, line.bookedOn);
      const named = payout.keys.find((key) => words[at]?.has(key));
      const fits = line.amount.minor === payout.amount.minor && gap >= -daysBefore && gap <= daysAfter;
      if (named === undefined && !fits) return [];
      const called = names[payout.provider]?.test(`${line.counterpartyName ?? ''} ${line.text}`) ?? false;
      return [{ payout, line, named, calledByProvider: called, gap }];
    }),
  );
}

function byStrength(a: Candidate, b: Candidate): number {
  return (
    rank(a) - rank(b) ||
    Math.abs(a.gap) - Math.abs(b.gap) ||
    a.line.bookedOn.localeCompare(b.line.bookedOn) ||
    a.payout.id.localeCompare(b.payout.id) ||
    a.line.id.localeCompare(b.line.id)
  );
}

function rank({ payout, line, named, calledByProvider }: Candidate): number {
  const exact = line.amount.minor === payout.amount.minor;
  if (named !== undefined) return exact ? 0 : 2;
  return calledByProvider ? 1 : 3;
}

function pairOf(one: Candidate, rivals: readonly Candidate[]): PayoutPair {
  const { payout, line, named, calledByProvider, gap } = one;
  const exact = line.amount.minor === payout.amount.minor;
  const alone = rivals.length === 0;
  const confidence = named !== undefined ? (exact ? 9_990 : 9_000) : calledByProvider ? 9_950 : 8_500;
  return {
    payoutId: payout.id,
    lineId: line.id,
    confidence: alone ? confidence : Math.min(confidence, 7_000),
    certain: exact && alone && (named !== undefined || calledByProvider),
    difference: subtract(line.amount, payout.amount),
    evidence: [
      ...(named === undefined
        ? []
        : [
            {
              signal: 'reference',
              score: 10_000,
              detail: `The bank line names ${named} of payout ${payout.reference}.`,
            } as const,
          ]),
      ...(calledByProvider
        ? [{ signal: 'party', score: 9_000, detail: `The bank line names ${payout.provider}.` } as const]
        : []),
      {
        signal: 'amount',
        score: exact ? 10_000 : 4_000,
        detail: exact
          ? `The payout is exactly ${spell(payout.amount.minor, payout.amount.currency)}.`
          : `The payout is ${spell(payout.amount.minor, payout.amount.currency)}, the line ${spell(line.amount.minor, line.amount.currency)}.`,
      },
      { signal: 'date', score: gap >= -daysBefore && gap <= daysAfter ? 10_000 : 3_000, detail: sayGap(gap) },
    ],
    rivals: rivals.slice(0, 5).map((other) => ({
      itemIds: [],
      label:
        other.line === line
          ? `Payout ${other.payout.reference}`
          : `Line of ${other.line.bookedOn} for ${other.payout.reference}`,
      confidence: 5_000,
      reason: 'It has the same amount within the same days.',
    })),
  };
}

function sayGap(gap: number): string {
  if (gap === 0) return 'It was booked on the day it was expected.';
  const days = `${Math.abs(gap)} ${Math.abs(gap) === 1 ? 'day' : 'days'}`;
  return gap > 0
    ? `It was booked ${days} after it was expected.`
    : `It was booked ${days} before it was expected.`;
}
