import type { CalendarDate } from '#kernel/calendar';
import { CrossfootError } from '#kernel/errors';
import type { OpenItemFacts, PostingCause } from '#kernel/events';
import { absolute, formatMoney, type Money } from '#kernel/money';

/** The two columns of a journal. */
export const sides = ['DEBIT', 'CREDIT'] as const;

/** One column of a journal. */
export type Side = (typeof sides)[number];

/** Why an entry is in the books. */
export const entryKinds = [
  'DOCUMENT',
  'PAYMENT',
  'BANK',
  'MANUAL',
  'REVERSAL',
  'OPENING',
  'REVALUATION',
] as const;

/** One reason for an entry. */
export type EntryKind = (typeof entryKinds)[number];

/** Where a rate of exchange comes from; DERIVED from what the line is said to be worth. */
export const rateSources = ['ECB', 'MANUAL', 'BANK', 'CARRIED', 'DERIVED'] as const;

/** One origin of a rate. */
export type RateSource = (typeof rateSources)[number];

/** The rate at which a line in a foreign currency is worth its functional amount. */
export interface LineRate {
  /** Exact decimal: units of the base currency for one unit of the line's currency. */
  readonly rate: string;
  readonly source: RateSource;
  /** The day the rate was made for. */
  readonly on: CalendarDate;
  /** The currencies it leads through: 'GBP>EUR>USD'. */
  readonly path: string;
}

/** What part a line has in a tax: what is taxed, or the tax itself. */
export const taxRoles = ['BASE', 'TAX'] as const;

/** The tax code of a line and its part in that tax. */
export interface LineTax {
  readonly code: string;
  readonly role: (typeof taxRoles)[number];
}

/** One line of an entry to be posted; its amount is positive. */
export interface NewLine {
  readonly accountCode: string;
  readonly side: Side;
  readonly money: Money;
  /** Minor units of the base currency, when they are known already; otherwise the rate of the day gives them. */
  readonly functional?: bigint;
  readonly rate?: LineRate;
  readonly memo?: string;
  /** Codes by dimension: `{ costCentre: 'CC1' }`. */
  readonly dimensions?: Readonly<Record<string, string>>;
  readonly tax?: LineTax;
}

/** An entry to be posted. */
export interface NewEntry {
  readonly bookId: string;
  readonly kind: EntryKind;
  readonly postedOn: CalendarDate;
  readonly description: string;
  readonly lines: readonly NewLine[];
  readonly vendorId?: string;
  readonly documentId?: string;
  readonly cause?: PostingCause;
  readonly reversalOf?: string;
  readonly openItem?: OpenItemFacts;
  /** The person the entry is due to, when it is not whoever runs the command. */
  readonly postedBy?: string;
  /** Posted once in its book, however often it is sent. */
  readonly idempotencyKey?: string;
  /** What the organisation itself keeps of its entries, by name. */
  readonly fields?: Readonly<Record<string, string>>;
}

/** The other side. */
export function opposite(side: Side): Side {
  return side === 'DEBIT' ? 'CREDIT' : 'DEBIT';
}

/** A line from a signed amount: debit when positive, credit when negative, none when zero. */
export function signedLine(accountCode: string, money: Money, memo?: string): NewLine[] {
  if (money.minor === 0n) return [];
  return [{ accountCode, side: money.minor > 0n ? 'DEBIT' : 'CREDIT', money: absolute(money), memo }];
}

/** Debits less credits of each currency, in minor units. */
export function balances(lines: readonly NewLine[]): Map<string, bigint> {
  const totals = new Map<string, bigint>();
  for (const { side, money } of lines) {
    const signed = side === 'DEBIT' ? money.minor : -money.minor;
    totals.set(money.currency, (totals.get(money.currency) ?? 0n) + signed);
  }
  return totals;
}

const largest = 2n ** 63n - 1n;

/** Throws ENTRY_TOO_SMALL, AMOUNT_INVALID or ENTRY_UNBALANCED for lines that are no entry. */
export function checkLines(lines: readonly NewLine[]): void {
  if (lines.length < 2) {
    throw new CrossfootError('ENTRY_TOO_SMALL', `An entry needs at least two lines, not ${lines.length}`, {
      path: ['lines'],
    });
  }
  lines.forEach(({ money }, index) => {
    const path = ['lines', String(index), 'amount'];
    if (money.minor === 0n)
      throw new CrossfootError('ENTRY_TOO_SMALL', `Line ${index + 1} is zero`, { path });
    if (money.minor < 0n || money.minor > largest) {
      const message = `Line ${index + 1} is ${formatMoney(money)}; amounts are positive, the side says the direction`;
      throw new CrossfootError('AMOUNT_INVALID', message, { path });
    }
  });
  for (const [currency, minor] of balances(lines)) {
    if (minor === 0n) continue;
    const more = minor > 0n ? 'Debits exceed credits' : 'Credits exceed debits';
    const difference = formatMoney(absolute({ minor, currency }));
    throw new CrossfootError('ENTRY_UNBALANCED', `${more} by ${difference} ${currency}`, { path: ['lines'] });
  }
}

/** The debits of the entry in the currency of its first line: what lists show as its total. */
export function totalOf(lines: readonly { readonly side: Side; readonly money: Money }[]): Money {
  const currency = lines[0]?.money.currency ?? 'XXX';
  const debits = lines.filter((line) => line.side === 'DEBIT' && line.money.currency === currency);
  return { currency, minor: debits.reduce((sum, line) => sum + line.money.minor, 0n) };
}
