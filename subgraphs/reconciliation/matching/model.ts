import type { CalendarDate } from '#kernel/calendar';
import type { Money } from '#kernel/money';

/** A bank line that is to be matched. */
export interface MatchLine {
  readonly id: string;
  readonly bookedOn: CalendarDate;
  /** Signed: positive is money in. */
  readonly amount: Money;
  readonly counterpartyName?: string;
  readonly counterpartyAccount?: string;
  /** References in fields of their own: end-to-end id, structured creditor reference. */
  readonly references: readonly string[];
  /** Remittance text as the payer wrote it. */
  readonly text: string;
  /** The bank marks the line as a return or reversal of an earlier one. */
  readonly reversal: boolean;
}

/** An open item of the ledger, or any other expected payment. */
export interface MatchItem {
  readonly id: string;
  readonly kind: 'payable' | 'receivable';
  readonly issuedOn: CalendarDate;
  readonly dueOn?: CalendarDate;
  /** What is open, signed as the bank line that would settle it: payables negative. */
  readonly open: Money;
  /** The invoice number. */
  readonly reference?: string;
  readonly paymentReference?: string;
  /** The payout or payment run that is known to contain the item, as a report or our own batch file names it. */
  readonly groupReference?: string;
  /** Who moves the money when the party does not: a processor that pays out sales by card. */
  readonly through?: 'processor';
  readonly counterpartyName?: string;
  readonly counterpartyAccounts?: readonly string[];
  readonly partyId?: string;
  readonly aliases?: readonly string[];
}

/** What may be set per book; the defaults are in `match.ts`. */
export interface MatchSettings {
  /** Least confidence, in basis points, of a match that needs nobody's approval. */
  readonly automaticFrom?: number;
  /** How many days before the bank line an item may have been issued when no reference names it. */
  readonly daysBefore?: number;
  /** How many days after the bank line an item may have been issued (prepayments). */
  readonly daysAfter?: number;
}

/** How a match was found. */
export type MatchMethod =
  | 'group-report'
  | 'group-in-sequence'
  | 'reference'
  | 'several-references'
  | 'references-completed'
  | 'amount-and-party'
  | 'combination'
  | 'instalments'
  | 'several-lines'
  | 'reference-with-difference'
  | 'reference-other-currency'
  | 'party-with-difference'
  | 'unique-amount';

/** One reason for a match; score in basis points, detail a plain sentence. */
export interface MatchEvidence {
  readonly signal:
    | 'reference'
    | 'amount'
    | 'party'
    | 'date'
    | 'combination'
    | 'group'
    | 'difference'
    | 'currency'
    | 'history';
  readonly score: number;
  readonly detail: string;
}

/** What else could have been meant, and why it was not taken. */
export interface MatchRival {
  readonly itemIds: readonly string[];
  readonly label: string;
  readonly confidence: number;
  readonly reason: string;
}

export interface ProposedMatch {
  readonly lineIds: readonly string[];
  /** The items settled and how much of each, signed as the item. */
  readonly items: readonly { readonly id: string; readonly applied: Money }[];
  readonly method: MatchMethod;
  /** The chance that lines and items are the right ones, in basis points 0 to 10000. */
  readonly confidence: number;
  /** Strong enough to stand without a person's approval. */
  readonly automatic: boolean;
  readonly evidence: readonly MatchEvidence[];
  readonly rivals: readonly MatchRival[];
  /** Lines less applied amounts, when they differ: a fee, a discount, an overpayment. Currency of the lines. */
  readonly difference?: Money;
}

export type UnmatchedReason = 'NO_CANDIDATE' | 'AMBIGUOUS' | 'AMOUNT_DIFFERS' | 'DUPLICATE' | 'RETURNED';

/** An open item that was looked at for a line and not taken. */
export interface ConsideredItem {
  readonly itemId: string;
  readonly label: string;
  /** What was open of it. */
  readonly open: Money;
  /** How near it came, in basis points. */
  readonly score: number;
  /** Why it was not taken, in a sentence. */
  readonly reason: string;
}

export interface UnmatchedLine {
  readonly lineId: string;
  readonly reason: UnmatchedReason;
  readonly detail: string;
  /** What was looked at, the nearest first; a few of them. */
  readonly considered?: readonly ConsideredItem[];
  /** The other lines the reason speaks of: the payment returned, the first of two equal payments. */
  readonly relatedLineIds: readonly string[];
}

/** Every line given is in exactly one match or in `unmatched`. */
export interface MatchResult {
  readonly matches: readonly ProposedMatch[];
  readonly unmatched: readonly UnmatchedLine[];
}
