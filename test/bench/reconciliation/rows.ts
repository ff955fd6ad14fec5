/** A bank line of a benchmark book, one JSON object a line of `bank.jsonl`. */
export interface BankRow {
  readonly id: string;
  readonly account: string;
  /** Booking date, YYYY-MM-DD. */
  readonly date: string;
  readonly value_date: string;
  /** Minor units; positive is money in. */
  readonly amount: number;
  readonly currency: string;
  /** Payer or payee as the bank tells it; empty when it does not. */
  readonly name: string;
  readonly iban: string | null;
  readonly text: string;
  /** The reference field of the payment: an end-to-end id or a structured reference. */
  readonly e2e: string | null;
  /** PMNT, PAYOUT, BATCH, CHRG, or RRTN for a return. */
  readonly code: string;
}

/** An open item of a benchmark book, one JSON object a line of `items.jsonl`. */
export interface ItemRow {
  readonly id: string;
  readonly kind: string;
  readonly ref: string;
  /** The payment reference the document asks for, with check digits. */
  readonly structured: string | null;
  readonly party: string;
  readonly party_name: string;
  readonly party_iban: string | null;
  readonly date: string;
  readonly due: string;
  readonly currency: string;
  /** Minor units, signed as the payment that settles it: payables negative. */
  readonly amount: number;
  /** The payout of a payment processor whose report names the item. */
  readonly payout: string | null;
  /** Our own payment run that holds the item. */
  readonly batch: string | null;
}

/** What belongs together, one JSON object a line of `truth.jsonl`. */
export interface TruthRow {
  readonly group: string;
  readonly kind: string;
  readonly bank: readonly string[];
  /** The items settled and how much of each, in minor units of the item; none when the lines settle nothing. */
  readonly items: readonly { readonly id: string; readonly applied: number }[];
}

/** One match of a program that is scored, one JSON object a line of its predictions. */
export interface PredictionRow {
  readonly bank: readonly string[];
  readonly items: readonly { readonly id: string; readonly applied?: number }[];
  /** Any scale, higher is surer; 1 when left out. */
  readonly confidence?: number;
  /** The program would have taken it without asking; false when left out. */
  readonly automatic?: boolean;
}

/** A whole book with its truth. */
export interface BenchmarkBook {
  readonly lines: readonly BankRow[];
  readonly items: readonly ItemRow[];
  readonly truth: readonly TruthRow[];
}
