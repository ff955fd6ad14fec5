import {
  add,
  isCurrency,
  money,
  negate,
  parseDecimal,
  parseMoney,
  percentOf,
  subtract,
  sum,
} from '#kernel/money';
import type { Money } from '#kernel/money';
import { isCalendarDate } from '#kernel/calendar';
import type { CalendarDate } from '#kernel/calendar';
import { CrossfootError } from '#kernel/errors';
import type {
  BusinessDocument,
  BusinessDocumentLine,
  DocumentFile,
  DocumentParty,
  DocumentRecord,
  ReadProblem,
} from '#connectors/ports';
import { checkDocument, checkRequired } from './document-check.ts';
import { declaredEncoding, decodeText } from './text.ts';
import { readXml } from './xml-tree.ts';
import type { XmlElement } from './xml-tree.ts';

/** A line of an invoice as its elements in the file. */
export interface InvoiceLineFields {
  readonly element: XmlElement;
  readonly description?: string;
  readonly quantity?: string;
  readonly net?: XmlElement;
  readonly taxRate?: string;
  readonly taxCategory?: string;
  readonly tax?: XmlElement;
  readonly category?: string;
}

/** A discount or charge on the whole document; `charge` raises the net amount, otherwise it is lowered. */
export interface AdjustmentFields {
  readonly charge: boolean;
  readonly reason?: string;
  readonly amount?: XmlElement;
  readonly taxRate?: string;
  readonly taxCategory?: string;
}

/** One row of the tax breakdown: what was taxed at one rate. */
export interface TaxFields {
  readonly base?: XmlElement;
  readonly tax?: XmlElement;
  readonly rate?: string;
  readonly category?: string;
}

/** The totals of the file, before anything is derived. */
export interface TotalFields {
  readonly net?: XmlElement;
  readonly tax?: XmlElement;
  readonly gross?: XmlElement;
  readonly prepaid?: XmlElement;
  readonly rounding?: XmlElement;
  readonly payable?: XmlElement;
}

/** What the syntaxes of EN 16931 have in common, each field as it was found in the file. */
export interface InvoiceFields {
  readonly kind: 'invoice' | 'credit-note';
  readonly number?: string;
  readonly issuedOn?: XmlElement;
  readonly dueOn?: XmlElement;
  readonly currency?: string;
  readonly seller: DocumentParty;
  readonly buyer?: DocumentParty;
  readonly lines: readonly InvoiceLineFields[];
  readonly adjustments: readonly AdjustmentFields[];
  readonly taxes: readonly TaxFields[];
  readonly totals: TotalFields;
  readonly paymentReference?: string;
  readonly orderReference?: string;
  readonly notes: readonly string[];
}

interface Totals {
  readonly net: Money;
  readonly tax: Money;
  readonly gross: Money;
  readonly payable: Money;
}

const MOST_PROBLEMS = 100;
/** UNTDID 1001 codes of documents by which the seller gives money back; all others are invoices. */
const CREDIT_NOTE_CODES = new Set('81 83 261 262 296 308 381 396 420 458 502 503 532'.split(' '));

/** Whether a document type code (UNTDID 1001) is that of an invoice or of a credit note. */
export function kindOf(typeCode: string | undefined): 'invoice' | 'credit-note' {
  return typeCode !== undefined && CREDIT_NOTE_CODES.has(typeCode) ? 'credit-note' : 'invoice';
}

/** The text as an IBAN without spaces, or undefined when it is an account number of another kind. */
export function ibanOf(text: string | undefined): string | undefined {
  const compact = text?.replace(/\s+/g, '').toUpperCase();
  return compact !== undefined && /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(compact) ? compact : undefined;
}

/** Name and description of an item as one line of text. */
export function itemText(name: string | undefined, description: string | undefined): string | undefined {
  const parts = [name, description].map((part) => part?.replace(/\s+/g, ' ').trim() ?? '');
  return [...new Set(parts)].filter((part) => part !== '').join(': ') || undefined;
}

/** Reads the amounts of one document in its currency and keeps what is wrong with them. */
class AmountReader {
  readonly currency: string;
  readonly problems: ReadProblem[] = [];

  constructor(currency: string) {
    this.currency = currency;
  }

  /** The amount of an element; undefined, with a problem, when it is none in the currency of the document. */
  amount(element: XmlElement | undefined, ...path: string[]): Money | undefined {
    if (element === undefined) return undefined;
    const stated = element.attributes.get('currencyID');
    if (stated !== undefined && stated !== this.currency) {
      const message = `The amount ${element.text} is in ${stated}, the document in ${this.currency}.`;
      this.fault({ code: 'CURRENCY_MISMATCH', message, line: element.line, path });
      return undefined;
    }
    try {
      return parseMoney(element.text, this.currency);
    } catch (error) {
      if (!(error instanceof CrossfootError)) throw error;
      this.fault({ code: error.code, message: error.message, line: element.line, path });
      return undefined;
    }
  }

  /** As `amount`, but an amount of a single line with too many decimals is rounded and only warned about. */
  lineAmount(element: XmlElement | undefined, ...path: string[]): Money | undefined {
    const before = this.problems.length;
    const exact = this.amount(element, ...path);
    const problem = this.problems[before];
    if (element === undefined || problem?.code !== 'AMOUNT_TOO_PRECISE') return exact;
    this.problems[before] = {
      ...problem,
      severity: 'warning',
      message: `${problem.message} It was rounded.`,
    };
    // One hundred major units times the text as a percentage is the text as an amount, rounded once.
    return percentOf(parseMoney('100', this.currency), element.text);
  }

  fault(problem: Omit<ReadProblem, 'severity'>): void {
    this.problems.push({ severity: 'error', ...problem });
  }
}

/** Reads the one invoice of an XML file, whose elements `fieldsOf` finds; a file that is no XML is one problem. */
export function readInvoice(
  format: string,
  bytes: Uint8Array,
  fieldsOf: (root: XmlElement) => InvoiceFields,
): DocumentFile {
  const raw = decodeText(bytes, declaredEncoding(bytes));
  const { root, problem } = readXml(raw);
  if (root === undefined) return { format, records: [], problems: [problem] };
  return { format, records: [invoiceRecord(fieldsOf(root), root, raw)], problems: [] };
}

/**
 * Makes the record of one e-invoice: the document in the one shape, with everything that is wrong with it, or only the
 * problems when the day, the currency or a total cannot be read. Allowances and charges on the whole document become
 * lines, so that the lines sum to the net amount. A record with an `error` is not to be booked, document or not.
 */
function invoiceRecord(fields: InvoiceFields, root: XmlElement, raw: string): DocumentRecord {
  const { kind, number, seller, buyer, paymentReference, orderReference, notes } = fields;
  const currency = fields.currency?.toUpperCase();
  const issued = dayText(fields.issuedOn);
  const record = { raw, line: root.line };
  if (currency === undefined || !isCurrency(currency)) {
    const required = { kind, number, issuedOn: issued, currency, seller, line: root.line };
    return { ...record, problems: checkRequired(required) };
  }
  const reader = new AmountReader(currency);
  const written = linesOf(fields, reader);
  const totals = totalsOf(fields, reader, { written, line: root.line });
  if (issued === undefined || !isCalendarDate(issued) || totals === undefined) {
    const required = { kind, number, issuedOn: issued, currency, seller, line: root.line };
    return { ...record, problems: bounded([...reader.problems, ...checkRequired(required)]) };
  }
  const document: BusinessDocument = {
    kind,
    number,
    issuedOn: issued,
    dueOn: dueDay(fields.dueOn, reader),
    currency,
    seller,
    buyer,
    lines: written.length > 0 ? written : summaryLines(fields, reader, totals),
    ...totals,
    paymentReference,
    orderReference,
    note: notes.length === 0 ? undefined : notes.join('\n'),
    line: root.line,
  };
  return { ...record, document, problems: bounded([...reader.problems, ...checkDocument(document)]) };
}

/** The first problems, errors before warnings, so that a long list never hides that the record is wrong. */
function bounded(problems: readonly ReadProblem[]): readonly ReadProblem[] {
  if (problems.length <= MOST_PROBLEMS) return problems;
  const rank = ({ severity }: ReadProblem): number => (severity === 'warning' ? 1 : 0);
  return problems.toSorted((a, b) => rank(a) - rank(b)).slice(0, MOST_PROBLEMS);
}

function linesOf(fields: InvoiceFields, reader: AmountReader): BusinessDocumentLine[] {
  const lines: BusinessDocumentLine[] = [];
  for (const [index, line] of fields.lines.entries()) {
    const path = ['lines', String(index)];
    const net = reader.lineAmount(line.net, ...path, 'net');
    if (line.net === undefined) {
      const message = `Line ${index + 1} has no net amount.`;
      reader.fault({ code: 'FIELD_MISSING', message, line: line.element.line, path: [...path, 'net'] });
    }
    if (net === undefined) continue;
    lines.push({
      description: line.description ?? '',
      quantity: plainDecimal(line.quantity),
      net,
      taxRate: plainDecimal(line.taxRate),
      taxCategory: line.taxCategory,
      tax: reader.lineAmount(line.tax, ...path, 'tax'),
      category: line.category,
    });
  }
  // A document without lines states its net amount after allowances, so they must not be taken off again.
  if (fields.lines.length === 0) return [];
  for (const [index, adjustment] of fields.adjustments.entries()) {
    const amount = reader.lineAmount(adjustment.amount, 'adjustments', String(index), 'amount');
    if (amount === undefined || amount.minor === 0n) continue;
    lines.push({
      description: adjustment.reason ?? (adjustment.charge ? 'Charge' : 'Allowance'),
      net: adjustment.charge ? amount : negate(amount),
      taxRate: plainDecimal(adjustment.taxRate),
      taxCategory: adjustment.taxCategory,
    });
  }
  return lines;
}

/** Lines for a document that has none of its own: one a tax rate, or one for the whole. */
function summaryLines(fields: InvoiceFields, reader: AmountReader, totals: Totals): BusinessDocumentLine[] {
  const lines: BusinessDocumentLine[] = [];
  for (const [index, row] of fields.taxes.entries()) {
    const net = reader.amount(row.base, 'taxes', String(index), 'base');
    const tax = reader.amount(row.tax, 'taxes', String(index), 'tax');
    if (net === undefined) continue;
    lines.push({ description: '', net, tax, taxRate: plainDecimal(row.rate), taxCategory: row.category });
  }
  return lines.length > 0 ? lines : [{ description: '', net: totals.net, tax: totals.tax }];
}

/** The totals as the file states them; one that is left out follows exactly from the others. */
function totalsOf(
  fields: InvoiceFields,
  reader: AmountReader,
  body: { readonly written: readonly BusinessDocumentLine[]; readonly line: number },
): Totals | undefined {
  const { totals } = fields;
  const zero = money(0n, reader.currency);
  const prepaid = reader.amount(totals.prepaid, 'prepaid') ?? zero;
  const rounding = reader.amount(totals.rounding, 'rounding') ?? zero;
  const stated = reader.amount(totals.payable, 'payable');
  const statedTax = reader.amount(totals.tax, 'tax');
  let net = reader.amount(totals.net, 'net');
  let gross = reader.amount(totals.gross, 'gross');
  if (net === undefined && body.written.length > 0) {
    net = sum(
      reader.currency,
      body.written.map((line) => line.net),
    );
  }
  if (gross === undefined && stated !== undefined) gross = subtract(add(stated, prepaid), rounding);
  const tax = statedTax ?? (net === undefined || gross === undefined ? undefined : subtract(gross, net));
  if (tax !== undefined) {
    net ??= gross === undefined ? undefined : subtract(gross, tax);
    gross ??= net === undefined ? undefined : add(net, tax);
  }
  if (net === undefined || tax === undefined || gross === undefined) {
    const [name, what] = gross === undefined ? ['gross', 'total'] : ['net', 'net amount'];
    const message = `The document has no ${what}, and none follows from its other amounts.`;
    reader.fault({ code: 'FIELD_MISSING', message, line: body.line, path: [name] });
    return undefined;
  }
  const due = add(subtract(gross, prepaid), rounding);
  if (stated !== undefined && stated.minor !== due.minor) {
    const message = 'The amount to be paid is not the total less what was paid before.';
    reader.fault({ code: 'DOCUMENT_TOTALS_DIFFER', message, line: totals.payable?.line, path: ['payable'] });
  }
  return { net, tax, gross, payable: stated ?? due };
}

/** A day as YYYY-MM-DD from the forms of both syntaxes (2026-03-01, 20260301, with or without a time or zone). */
function dayText(element: XmlElement | undefined): string | undefined {
  if (element === undefined) return undefined;
  const parts = /^(\d{4})-?(\d{2})-?(\d{2})(?:$|[T Z+-]|\d{4})/.exec(element.text);
  return parts === null ? element.text : parts.slice(1, 4).join('-');
}

/** A due day that cannot be read costs nothing but itself. */
function dueDay(element: XmlElement | undefined, reader: AmountReader): CalendarDate | undefined {
  const text = dayText(element);
  if (text === undefined || text === '') return undefined;
  if (isCalendarDate(text)) return text;
  const message = 'The due day is not a day of the calendar; the document was read without it.';
  reader.problems.push({
    severity: 'warning',
    code: 'DATE_INVALID',
    message,
    line: element?.line,
    path: ['dueOn'],
  });
  return undefined;
}

/** A decimal in its shortest form (`19.00` is `19`), so that two spellings of one number are equal. */
export function plainDecimal(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    const { digits, scale } = parseDecimal(text);
    const size = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0');
    const fraction = size.slice(size.length - scale).replace(/0+$/, '');
    const whole = size.slice(0, size.length - scale);
    const sign = digits < 0n ? '-' : '';
    return scale === 0 || fraction === '' ? sign + whole : `${sign}${whole}.${fraction}`;
  } catch (error) {
    if (error instanceof CrossfootError) return undefined;
    throw error;
  }
}
