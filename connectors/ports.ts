import type { Money } from '#kernel/money';
import type { CalendarDate } from '#kernel/calendar';
import { portKey } from '#kernel/ports';

/** What a reader found wrong with a file: `refused` stops the file, `error` loses one record, `warning` loses nothing. */
export interface ReadProblem {
  readonly severity: 'refused' | 'error' | 'warning';
  /** A code of `kernel/errors.ts`, for example `FILE_UNREADABLE` or `FIELD_MISSING`. */
  readonly code: string;
  readonly message: string;
  /** One-based line of the file, where the reader knows it. */
  readonly line?: number;
  /** Path inside the record, for example `['lines', '3', 'amount']`. */
  readonly path?: readonly string[];
}

/** The start of a file, enough to recognise its format. */
export interface FileSample {
  readonly name: string;
  readonly head: string;
}

/** The other side of a movement, or the holder of an account, as far as the bank names it. */
export interface BankParty {
  readonly name?: string;
  readonly iban?: string;
  readonly accountNumber?: string;
  readonly bic?: string;
}

/** A balance as the bank states it, with its day where the file gives one. */
export interface BankBalance {
  readonly amount: Money;
  readonly on?: CalendarDate;
}

/** One detail inside a batched line (camt `TxDtls`, a QIF split); its amount is signed as that of a line is. */
export interface BankLineDetail {
  /** What the bank kept for itself out of the line, told apart from what was paid; left out for everything else. */
  readonly kind?: 'charge';
  readonly amount?: Money;
  /** Fees told with this detail: positive for a cost. */
  readonly charges?: Money;
  readonly counterparty?: BankParty;
  /** The bank's own reference of the detail. */
  readonly bankReference?: string;
  readonly endToEndId?: string;
  readonly structuredReference?: string;
  readonly remittance?: string;
  /** Why a payment came back (camt `RtrInf`), in a sentence that begins with the code of the reason. */
  readonly returnReason?: string;
}

/** One movement on a bank account. Positive amounts raise the balance of the account. */
export interface BankLine {
  readonly bookedOn: CalendarDate;
  readonly valueOn?: CalendarDate;
  readonly amount: Money;
  readonly status: 'booked' | 'pending' | 'information';
  readonly reversal: boolean;
  readonly counterparty: BankParty;
  /** The bank's own reference of the movement (AcctSvcrRef, FITID, the part of :61: after //). */
  readonly bankReference?: string;
  readonly endToEndId?: string;
  /** A checked creditor reference (ISO 11649, QRR, KID …) when the file carries one in its own field. */
  readonly structuredReference?: string;
  readonly remittance: string;
  readonly transactionCode?: string;
  /** Fees told with the line: positive for a cost. */
  readonly charges?: Money;
  readonly originalAmount?: Money;
  readonly details: readonly BankLineDetail[];
  /** The record as it stood in the file. */
  readonly raw: string;
  /** One-based line of the file at which the record begins. */
  readonly line: number;
}

/** One statement of one account: its balances and its movements in the order of the file. */
export interface BankStatement {
  /** The exact dialect read, for example `camt.053.001.08`. */
  readonly format: string;
  readonly reference?: string;
  readonly sequence?: string;
  readonly account: BankParty & { readonly currency?: string };
  readonly currency: string;
  readonly opening?: BankBalance;
  readonly closing?: BankBalance;
  readonly from?: CalendarDate;
  readonly to?: CalendarDate;
  readonly lines: readonly BankLine[];
}

/** What a reader made of a file: the statements that could be read, and everything that was wrong. */
export interface StatementFile {
  readonly format: string;
  /** The headings of a table, also of one whose columns were not recognised; empty for a table mapped by numbers. */
  readonly headings?: readonly string[];
  readonly statements: readonly BankStatement[];
  readonly problems: readonly ReadProblem[];
}

/** Which column of a CSV file holds what; names are header cells, or one-based numbers as text. */
export interface CsvColumns {
  readonly bookedOn: string;
  readonly valueOn?: string;
  /** Either one signed amount column, or a debit and a credit column. */
  readonly amount?: string;
  readonly debit?: string;
  readonly credit?: string;
  readonly currency?: string;
  readonly counterpartyName?: string;
  readonly counterpartyAccount?: string;
  readonly reference?: string;
  readonly remittance?: string;
  readonly balance?: string;
}

/** How the tables of one bank are written, CSV or XLSX; what is left out is found by the reader. */
export interface CsvProfile {
  readonly columns: CsvColumns;
  /** Name of the sheet; of XLSX only, the first one that holds movements unless said. */
  readonly sheet?: string;
  readonly delimiter?: string;
  readonly decimalSeparator?: '.' | ',';
  /** `YYYY-MM-DD`, `DD.MM.YYYY`, `DD/MM/YYYY`, `MM/DD/YYYY` or `YYYYMMDD`. */
  readonly dateFormat?: string;
  readonly encoding?: string;
  readonly currency?: string;
  readonly account?: BankParty;
}

/** What whoever imports knows about a file that the file does not say itself; what the file says goes before it. */
export interface ReadOptions {
  /** Says that the file is a table, CSV or XLSX, unless its content says otherwise. */
  readonly csv?: CsvProfile;
  /** The account that the file is of, for files that name no account or no currency, as QIF never does. */
  readonly account?: BankParty & { readonly currency?: string };
  /** Whether 03/04/2026 is in April (true) or in March (false), for files whose days do not tell. */
  readonly dayFirst?: boolean;
}

/** A reader of bank statements: bytes in, values out, never throws for what a file contains. */
export interface StatementFormat {
  readonly name: string;
  recognises(sample: FileSample): boolean;
  read(bytes: Uint8Array, options: ReadOptions): StatementFile;
}

/** A seller or buyer as the document names it. */
export interface DocumentParty {
  readonly name: string;
  readonly taxId?: string;
  readonly registrationId?: string;
  readonly country?: string;
  readonly email?: string;
  readonly iban?: string;
  readonly bic?: string;
}

/** One line of a document; its amounts are in the currency of the document. */
export interface BusinessDocumentLine {
  readonly description: string;
  readonly quantity?: string;
  readonly net: Money;
  /** Percent as an exact decimal, for example `19` or `7.7`. */
  readonly taxRate?: string;
  readonly tax?: Money;
  /** How EN 16931 names its tax: S, Z, E, AE, K, G, O, or another code of UNTDID 5305. */
  readonly taxCategory?: string;
  /** The submitter's or supplier's own category, as text. */
  readonly category?: string;
}

/** An invoice, credit note or expense in one shape whatever file it came in. Amounts of credit notes are positive. */
export interface BusinessDocument {
  readonly kind: 'invoice' | 'credit-note' | 'expense';
  readonly number?: string;
  readonly issuedOn: CalendarDate;
  readonly dueOn?: CalendarDate;
  readonly currency: string;
  readonly seller: DocumentParty;
  readonly buyer?: DocumentParty;
  readonly lines: readonly BusinessDocumentLine[];
  readonly net: Money;
  readonly tax: Money;
  readonly gross: Money;
  /** What is still to be paid: gross less prepaid. */
  readonly payable: Money;
  readonly paymentReference?: string;
  readonly orderReference?: string;
  readonly employee?: string;
  readonly note?: string;
  /** Columns of its file that say none of the above, by heading in plain lower case: cost centres, projects and the like. */
  readonly columns?: Readonly<Record<string, string>>;
  /** One-based line of the file at which the document begins. */
  readonly line: number;
}

/** One record of a document file: a document, or what stopped it from being one with what could be read. */
export interface DocumentRecord {
  readonly document?: BusinessDocument;
  readonly problems: readonly ReadProblem[];
  readonly raw: string;
  readonly line: number;
}

/** What a reader made of a file: its records in order, and what concerns the file as a whole. */
export interface DocumentFile {
  readonly format: string;
  readonly records: readonly DocumentRecord[];
  readonly problems: readonly ReadProblem[];
}

/** A reader of one format of documents: bytes in, values out, never throws for what a file contains. */
export interface DocumentFormat {
  readonly name: string;
  recognises(sample: FileSample): boolean;
  read(bytes: Uint8Array): DocumentFile;
}

/** One posting of an entry on its way to an accounting system. Debits are positive, credits negative. */
export interface LedgerPosting {
  readonly account: string;
  readonly amount: Money;
  /** What the amount is worth in the base currency of the book, with its sign; left out where that says nothing new. */
  readonly worth?: Money;
  readonly memo?: string;
  /** Codes by dimension: `{ costCentre: 'CC1' }`. */
  readonly dimensions?: Readonly<Record<string, string>>;
}

/** A balanced entry on its way to an accounting system. */
export interface LedgerEntry {
  /** Our id; the external idempotency key. */
  readonly id: string;
  readonly number: string;
  readonly postedOn: CalendarDate;
  readonly description: string;
  readonly postings: readonly LedgerPosting[];
  /** Values of custom fields by key. */
  readonly fields?: Readonly<Record<string, string>>;
}

export type PushOutcome =
  | { readonly id: string; readonly result: 'pushed' | 'already-there'; readonly externalId: string }
  | { readonly id: string; readonly result: 'refused'; readonly code: string; readonly message: string };

/** A system that keeps books. It lists what it can do; what is not listed is not there. */
export interface AccountingSystem {
  readonly kind: string;
  readonly capabilities: readonly ('push-journal-entries' | 'read-journal-entries' | 'read-balances')[];
  /** Writes each entry once, whatever happened to an earlier attempt; answers for every entry given, in order. */
  pushJournalEntries(entries: readonly LedgerEntry[]): Promise<readonly PushOutcome[]>;
  /** The entries of ours it holds, as it holds them; there when it can `read-journal-entries`. */
  readJournalEntries?(): Promise<readonly LedgerEntry[]>;
}

/** Reads files of business documents and checks single documents by the same rules. */
export interface DocumentReader {
  /** Never throws for what the file contains; what is wrong is among the problems. */
  readFile(bytes: Uint8Array, name: string): DocumentFile;
  /** What makes a document unfit to be booked as it stands. */
  check(document: BusinessDocument): readonly ReadProblem[];
}

/** Reads files of bank statements, each checked against its own balances. */
export interface StatementReader {
  /** Never fails for what the file contains; what is wrong is among the problems. */
  readFile(bytes: Uint8Array, name: string, options?: ReadOptions): Promise<StatementFile>;
}

/** The accounting systems there are connectors for. */
export interface AccountingSystems {
  readonly kinds: readonly string[];
  /** The system of a kind at a target, for example a file in a folder; throws FIELD_INVALID for an unknown kind. */
  open(kind: string, target: string): AccountingSystem;
}

/** A stored file as readers of tables take it: bytes from anywhere in it, as a stream. */
export interface TableSource {
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** The bytes from `from` to before `to`; the whole file when both are left out. */
  bytes(from?: number, to?: number): AsyncIterable<Uint8Array>;
}

/** What a file of rows is. */
export type TableFormat = 'CSV' | 'XLSX' | 'JSON' | 'NDJSON';

/** What the sender says of a table; what is left out is detected. */
export interface TableSettings {
  readonly format?: TableFormat | undefined;
  /** A label of the WHATWG encoding standard, such as utf-8 or windows-1252; of text files only. */
  readonly encoding?: string | undefined;
  /** One character; of CSV only. */
  readonly delimiter?: string | undefined;
  /** Name of the sheet; of XLSX only, the first one unless said. */
  readonly sheet?: string | undefined;
}

/** One row of a table, or why it could not be read as one. */
export interface TableRow {
  /** Where people find it: line of a text file, row of a sheet, running number in JSON; from 1, growing. */
  readonly number: number;
  /** In the order of the header; what is missing is empty. */
  readonly cells: readonly string[];
  /** Set when the row could not be split into cells. */
  readonly problem?: { readonly code: 'LINE_MALFORMED' | 'COLUMN_MISSING'; readonly message: string };
}

/** A place between two rows of a table, from which reading can go on later. */
export interface TablePlace {
  /** Rows before it, the header not counted. */
  readonly rows: number;
  /** Line, sheet row or running number of the last row before it. */
  readonly number: number;
  /** Bytes before it; exact for CSV and NDJSON, a measure of progress for the others. */
  readonly byte: number;
}

/** Rows as they were read together, and the place behind them. */
export interface TableBatch {
  readonly rows: readonly TableRow[];
  readonly place: TablePlace;
}

/** A table that was opened: what was found out about it, and its rows. */
export interface OpenTable {
  readonly format: TableFormat;
  readonly encoding?: string;
  readonly delimiter?: string;
  readonly sheet?: string;
  /** Names of all sheets; of XLSX only. */
  readonly sheets?: readonly string[];
  readonly header: readonly string[];
  /** Set for sheets, whose days are numbers: the day that is number zero, YYYY-MM-DD. */
  readonly dayZero?: string;
  /** Reads on from a place, from the beginning when left out; throws FILE_UNREADABLE or FILE_TOO_LARGE. */
  rows(from?: TablePlace): AsyncIterable<TableBatch>;
}

/** Reads files of rows, however long, in bounded memory. */
export interface TableReader {
  /** Throws FORMAT_UNKNOWN, FORMAT_UNSUPPORTED, FILE_UNREADABLE, FILE_TOO_LARGE or FIELD_INVALID. */
  open(source: TableSource, settings: TableSettings): Promise<OpenTable>;
}

/** Where subgraphs find the reader of files of rows. */
export const tableReader = portKey<TableReader>('tableReader');
/** The reference rates of one day: units of each currency for one euro, as exact decimal text. */
export interface ReferenceRateDay {
  readonly on: CalendarDate;
  readonly rates: Readonly<Record<string, string>>;
}

/** What a reader made of a file of reference rates. */
export interface ReferenceRateFile {
  readonly days: readonly ReferenceRateDay[];
  readonly problems: readonly ReadProblem[];
}

/** Reads files of reference rates, and fetches them where the operator says from where. */
export interface ReferenceRates {
  /** Never throws for what the file contains. */
  readFile(bytes: Uint8Array): ReferenceRateFile;
  /** The published file; undefined when no address is configured. Throws an Error when it cannot be had. */
  fetchPublished(): Promise<Uint8Array | undefined>;
}

/** Where subgraphs find reference rates. */
export const referenceRates = portKey<ReferenceRates>('referenceRates');

/** Where subgraphs find the reader of documents: `services.port(documentReader)`. */
export const documentReader = portKey<DocumentReader>('documentReader');
/** Where subgraphs find the reader of bank statements. */
export const statementReader = portKey<StatementReader>('statementReader');
/** Where subgraphs find the accounting systems. */
export const accountingSystems = portKey<AccountingSystems>('accountingSystems');
