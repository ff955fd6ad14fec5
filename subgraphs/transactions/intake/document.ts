import type { CalendarDate } from '#kernel/calendar';
import { remedies, userError, type ErrorCode, type UserError } from '#kernel/errors';
import type { Money } from '#kernel/money';
import type { Dimensions, Fields } from '../dimensions/catalogue.ts';

/** What a document is to the book it is in. */
export const documentKinds = ['INVOICE', 'CREDIT_NOTE', 'SALES_INVOICE', 'EXPENSE', 'RECEIPT'] as const;

/** One kind of document. */
export type DocumentKind = (typeof documentKinds)[number];

/** Whom a document comes from, or for a sales invoice whom it goes to. */
export interface Counterparty {
  readonly name?: string;
  readonly taxId?: string;
  /** Compact: letters and digits only. In memory alone; it is stored and told sealed. */
  readonly iban?: string;
  readonly country?: string;
  readonly email?: string;
}

/** One line of a document; amounts in minor units of the document's currency. */
export interface DocumentLine {
  readonly description: string;
  /** Exact decimal text. */
  readonly quantity?: string;
  readonly net: Money;
  /** Percent, exact decimal text. */
  readonly taxRate?: string;
  readonly tax?: Money;
  /** How EN 16931 names its tax: S, Z, E, AE, K, G, O, or another code of UNTDID 5305. */
  readonly taxCategory?: string;
  readonly category?: string;
  /** Codes by dimension; texts of the sender while nobody has found out what they mean. */
  readonly dimensions?: Dimensions;
}

/** The amounts of a document, all in one currency. */
export interface DocumentAmounts {
  readonly net: Money;
  readonly tax: Money;
  readonly total: Money;
  /** What is still to be paid: the total less what was paid before. */
  readonly payable: Money;
}

/** A document in the one shape of this stage; only what is in quarantine may lack parts. */
export interface IntakeDocument {
  readonly kind: DocumentKind;
  readonly number?: string;
  readonly issuedOn?: CalendarDate;
  readonly dueOn?: CalendarDate;
  readonly counterparty: Counterparty;
  readonly currency?: string;
  readonly amounts?: DocumentAmounts;
  readonly lines: readonly DocumentLine[];
  readonly paymentReference?: string;
  readonly orderReference?: string;
  readonly employee?: string;
  readonly note?: string;
  /** What all of it belongs to: codes by dimension. */
  readonly dimensions?: Dimensions;
  /** Values of the book's custom fields. */
  readonly fields?: Fields;
  /** Further columns of its file by heading, until what they mean is found out. */
  readonly columns?: Readonly<Record<string, string>>;
}

/** What is wrong with a document; a blocking problem puts it in quarantine. */
export interface DocumentProblem extends UserError {
  readonly blocking: boolean;
}

/** A document with everything that is wrong with it. */
export interface Examined {
  readonly document: IntakeDocument;
  readonly problems: readonly DocumentProblem[];
}

/** The part of a book that intake looks at. */
export interface Book {
  readonly id: string;
  readonly legalName: string;
  readonly taxId?: string;
  readonly country: string;
}

/** A problem that puts a document in quarantine. */
export function blocking(code: ErrorCode, message: string, ...path: readonly string[]): DocumentProblem {
  return { ...userError(code, message, path), blocking: true };
}

/** Something worth knowing that stops nothing. */
export function warning(code: ErrorCode, message: string, ...path: readonly string[]): DocumentProblem {
  return { ...userError(code, message, path), blocking: false };
}

/** Whether a text is a code of the error table. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(remedies, text);
}
