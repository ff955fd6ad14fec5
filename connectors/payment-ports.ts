import type { CalendarDate } from '#kernel/calendar';
import type { Money } from '#kernel/money';
import { portKey } from '#kernel/ports';
import type { ReadProblem } from '#connectors/ports';

/** Somebody who pays or is paid, with the account that is meant: an IBAN, or a national number with the BIC of its bank. */
export interface PaymentParty {
  readonly name: string;
  readonly iban?: string;
  readonly accountNumber?: string;
  readonly bic?: string;
  /** ISO 3166 code of two letters. */
  readonly country?: string;
  /** Where it is in that country; asked for outside SEPA. */
  readonly address?: {
    readonly street?: string | undefined;
    readonly buildingNumber?: string | undefined;
    readonly postalCode?: string | undefined;
    readonly town: string;
  };
}

/** A reference whose check digits the creditor asks for, and by which structure. */
export interface CreditorReference {
  readonly scheme: 'ISO 11649' | 'QRR' | 'Belgian';
  readonly value: string;
}

/** One payment that is to be made. */
export interface PaymentInstruction {
  /** At most 35 characters of the SEPA character set; everybody up to the creditor sees it, and it comes back in returns. */
  readonly endToEndId: string;
  /** Positive. */
  readonly amount: Money;
  readonly executionOn: CalendarDate;
  readonly debtor: PaymentParty;
  readonly creditor: PaymentParty;
  /** Goes before the remittance text where both are there and the creditor's account takes it. */
  readonly creditorReference?: CreditorReference;
  readonly remittance: string;
}

/** Payments that are handed to a bank together. */
export interface PaymentInitiation {
  /** At most 30 characters, because the ids of its batches are made of it. */
  readonly messageId: string;
  readonly createdAt: Date;
  readonly initiator: string;
  readonly payments: readonly PaymentInstruction[];
}

/** The payments of one account, day and kind, which a bank may book as one sum. */
export interface PaymentBatch {
  readonly id: string;
  readonly endToEndIds: readonly string[];
}

/** A file for the bank. */
export interface PaymentInitiationFile {
  readonly format: string;
  readonly mediaType: string;
  readonly extension: string;
  readonly text: string;
  readonly batches: readonly PaymentBatch[];
  /** Creditors of payments other than SEPA transfers whose town or country is not known, by name. */
  readonly unaddressed: readonly string[];
}

/**
 * What a bank says of payments it was given. With an end-to-end id it says it of one payment, else with a batch id of a
 * batch, else of the whole message; what is said of a part goes before what is said of the whole.
 */
export interface PaymentStatus {
  readonly messageId?: string;
  readonly batchId?: string;
  readonly endToEndId?: string;
  /** ISO 20022 code such as ACCP or RJCT. */
  readonly status: string;
  /** Why, in a sentence that begins with the code of the reason. */
  readonly reason?: string;
}

/** What a reader made of a status report. */
export interface PaymentStatusFile {
  readonly format: string;
  readonly statuses: readonly PaymentStatus[];
  readonly problems: readonly ReadProblem[];
}

/** Writes files of payments for banks, and reads what banks answer to them. */
export interface PaymentFiles {
  /** Throws FIELD_INVALID or FIELD_MISSING for what a bank would refuse, with the end-to-end id in the message. */
  write(initiation: PaymentInitiation): PaymentInitiationFile;
  /** Never throws for what the file contains; what is wrong is among the problems. */
  readStatus(bytes: Uint8Array): PaymentStatusFile;
}

/** Where subgraphs find the files of payments. */
export const paymentFiles = portKey<PaymentFiles>('paymentFiles');
