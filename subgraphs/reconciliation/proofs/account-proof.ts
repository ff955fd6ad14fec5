import type { CalendarDate } from '#kernel/calendar';
import type { BankBalance } from './bank-balance.ts';
import type { Proof } from './prove.ts';

/** An account of the bank in a proof, with what the bank says of it. */
export interface ProvenAccount {
  readonly id: string;
  readonly name: string;
  readonly lastFour: string;
  readonly balance: BankBalance;
}

/** A proof with what it is of. */
export interface AccountProof extends Proof {
  readonly bankAccountId: string;
  readonly bookId: string;
  readonly legalName: string | undefined;
  readonly ledgerAccountCode: string;
  readonly currency: string;
  readonly from: CalendarDate;
  readonly asOf: CalendarDate;
  /** The account that was asked for, and those that share its account of the ledger and its currency. */
  readonly accounts: readonly ProvenAccount[];
  /** The last entry of the books that is known here. */
  readonly lastEntry: { readonly number: string; readonly postedAt: Date } | undefined;
  readonly booksKnown: boolean;
}
