import type { CalendarDate } from '#kernel/calendar';
import type { Money } from '#kernel/money';
import { portKey } from '#kernel/ports';
import type { ReadProblem, TableSource } from '#connectors/ports';

/** The payment providers whose reports are read. */
export const payoutProviders = ['STRIPE', 'ADYEN', 'PAYPAL', 'SQUARE', 'SHOPIFY', 'AMAZON'] as const;

/** One payment provider. */
export type PayoutProvider = (typeof payoutProviders)[number];

/** What moved money within a payout; a CONVERSION exchanged the provider's balance in one currency for another. */
export const payoutMemberKinds = [
  'CHARGE',
  'REFUND',
  'FEE',
  'CHARGEBACK',
  'ADJUSTMENT',
  'RESERVE',
  'TAX',
  'CONVERSION',
  'OTHER',
] as const;

/** One kind of member. */
export type PayoutMemberKind = (typeof payoutMemberKinds)[number];

/** A part of what the provider kept: what it calls it, negative for a cost. */
export interface PayoutFee {
  readonly kind: 'FEE' | 'TAX';
  readonly label: string;
  readonly amount: Money;
}

/** One movement that a payout is made of; gross plus fee is net, all signed as the payout is: money to us is positive. */
export interface PayoutMember {
  /** Tells the member from all others of its payout, the same in every report of it. */
  readonly key: string;
  readonly kind: PayoutMemberKind;
  /** What the provider calls it. */
  readonly type: string;
  readonly gross: Money;
  /** What was kept; zero or negative unless it was given back. */
  readonly fee: Money;
  readonly net: Money;
  /** The parts of `fee`, where the report tells them apart. */
  readonly fees: readonly PayoutFee[];
  /** What the customer paid in another currency, and the rate where the report says it. */
  readonly exchange?: { readonly original: Money; readonly rate?: string };
  /** Order, invoice, charge and other ids by which the books may know it, the most telling first. */
  readonly references: readonly string[];
  /** How the customer paid, as the provider writes it in lower case: visa, ideal. */
  readonly method?: string;
  /** ISO 3166 code of the country of the card, where the report says it. */
  readonly country?: string;
  readonly occurredOn?: CalendarDate;
  readonly description?: string;
  /** The record as it stood in the file, as JSON. */
  readonly raw: string;
  /** One-based line of the file at which the record begins, where it has lines. */
  readonly line?: number;
}

/** One payout to a bank account, or one settlement that pays nothing out. */
export interface Payout {
  readonly provider: PayoutProvider;
  readonly payoutId: string;
  /** The account at the provider, where the report names it. */
  readonly merchant?: string;
  readonly currency: string;
  /** What goes to the bank; negative when the provider collects. Members may be in other currencies besides. */
  readonly amount: Money;
  /** Whether the report says the amount; else it is what its members come to, which may not be all of them. */
  readonly stated: boolean;
  readonly initiatedOn?: CalendarDate;
  readonly arrivesOn?: CalendarDate;
  /** Words by which the bank line may name the payout, besides its id. */
  readonly references: readonly string[];
  /** The provider says that it never arrived or was called back. */
  readonly failed: boolean;
  /** SUMMARY members are totals, one for each kind; NONE says only that there is a payout. */
  readonly detail: 'ITEMS' | 'SUMMARY' | 'NONE';
  readonly members: readonly PayoutMember[];
}

/** What a reader made of a file: the payouts, each as far as the file tells, and everything that was wrong. */
export interface PayoutReportFile {
  /** The exact dialect, for example `Stripe payout reconciliation CSV`. */
  readonly format: string;
  readonly payouts: readonly Payout[];
  readonly problems: readonly ReadProblem[];
}

/** Reads reports of payment providers, recognised by what they contain; rows of tables are read as a stream. */
export interface PayoutReportReader {
  /** Never fails for what the file contains; what is wrong is among the problems, by `['payouts', n]` or by line. */
  readFile(source: TableSource): Promise<PayoutReportFile>;
}

/** Where subgraphs find the reader of payout reports. */
export const payoutReportReader = portKey<PayoutReportReader>('payoutReportReader');
