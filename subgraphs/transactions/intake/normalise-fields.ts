import { isCalendarDate, type CalendarDate } from '#kernel/calendar';
import { CrossfootError } from '#kernel/errors';
import {
  add,
  formatMoney,
  money,
  isCurrency,
  parseDecimal,
  parseMoney,
  subtract,
  sum,
  type Money,
} from '#kernel/money';
import { quote } from '#kernel/quote';
import {
  blocking,
  type DocumentAmounts,
  type DocumentKind,
  type DocumentLine,
  type DocumentProblem,
  type Examined,
  type IntakeDocument,
} from './document.ts';
import type { Dimensions, Fields } from '../dimensions/catalogue.ts';
import { compactIban, filled, turnSign } from './normalise-document.ts';

/** One line of a document as somebody wrote it. */
export interface LineFields {
  readonly description?: string;
  readonly quantity?: string;
  readonly net?: string;
  readonly taxRate?: string;
  readonly taxCategory?: string;
  readonly tax?: string;
  readonly category?: string;
  readonly dimensions?: Dimensions;
}

/** A document as somebody wrote it, every field a text that may be wrong or missing. */
export interface DocumentFields {
  readonly kind: DocumentKind;
  readonly number?: string;
  readonly issuedOn?: string;
  readonly dueOn?: string;
  readonly counterpartyName?: string;
  readonly taxId?: string;
  readonly iban?: string;
  readonly country?: string;
  readonly email?: string;
  readonly currency?: string;
  readonly total?: string;
  readonly tax?: string;
  readonly lines?: readonly LineFields[];
  readonly paymentReference?: string;
  readonly employee?: string;
  readonly note?: string;
  readonly dimensions?: Dimensions;
  readonly fields?: Fields;
}

/** Kinds whose number tells two of them apart; receipts and expenses often have none. */
const numberedKinds: readonly DocumentKind[] = ['INVOICE', 'CREDIT_NOTE', 'SALES_INVOICE'];

/** Whether documents of a kind must have a number. */
export function isNumbered(kind: DocumentKind): boolean {
  return numberedKinds.includes(kind);
}

/** Reads a document from its fields: what can be read is kept, what cannot or is missing is a problem each. */
export function normaliseFields(fields: DocumentFields): Examined {
  const problems: DocumentProblem[] = [];
  const currency = currencyOf(fields.currency, problems);
  const lines = currency === undefined ? [] : linesOf(fields.lines ?? [], currency, problems);
  const amounts = currency === undefined ? undefined : amountsOf({ ...fields, currency, lines }, problems);
  const document: IntakeDocument = {
    kind: fields.kind,
    number: filled(fields.number),
    issuedOn: dayOf(fields.issuedOn, problems, 'issuedOn'),
    dueOn: dayOf(fields.dueOn, problems, 'dueOn'),
    counterparty: {
      name: filled(fields.counterpartyName),
      taxId: filled(fields.taxId),
      iban: compactIban(fields.iban),
      country: filled(fields.country)?.toUpperCase(),
      email: filled(fields.email),
    },
    currency,
    amounts,
    lines: lines.length > 0 || amounts === undefined ? lines : [wholeLine(fields, amounts)],
    paymentReference: filled(fields.paymentReference),
    employee: filled(fields.employee),
    note: filled(fields.note),
    dimensions: fields.dimensions,
    fields: fields.fields,
  };
  const turned = turnSign(document);
  return {
    document: turned.document,
    problems: [...problems, ...missingFields(document), ...turned.problems],
  };
}

/** What a document must say and does not; amounts and days that are there and wrong are not missing. */
export function missingFields(document: IntakeDocument): DocumentProblem[] {
  const { kind, number, counterparty } = document;
  const problems: DocumentProblem[] = [];
  if (isNumbered(kind) && number === undefined) {
    problems.push(blocking('FIELD_MISSING', 'The document has no number.', 'number'));
  }
  if (counterparty.name === undefined) {
    const whom = kind === 'SALES_INVOICE' ? 'whom it is for' : 'whom it is from';
    problems.push(blocking('FIELD_MISSING', `The document does not say ${whom}.`, 'counterpartyName'));
  }
  return problems;
}

function currencyOf(text: string | undefined, problems: DocumentProblem[]): string | undefined {
  const code = filled(text)?.toUpperCase();
  if (code === undefined)
    problems.push(blocking('FIELD_MISSING', 'The document has no currency.', 'currency'));
  else if (isCurrency(code)) return code;
  else
    problems.push(
      blocking('CURRENCY_UNKNOWN', `${quote(code)} is not an ISO 4217 currency in force.`, 'currency'),
    );
  return undefined;
}

function dayOf(
  text: string | undefined,
  problems: DocumentProblem[],
  field: 'issuedOn' | 'dueOn',
): CalendarDate | undefined {
  const day = filled(text);
  if (day !== undefined && isCalendarDate(day)) return day;
  if (day !== undefined) {
    problems.push(blocking('DATE_INVALID', `${quote(day)} is not a day of the calendar.`, field));
  } else if (field === 'issuedOn') {
    problems.push(blocking('FIELD_MISSING', 'The document has no day of issue.', 'issuedOn'));
  }
  return undefined;
}

interface AmountFields {
  readonly currency: string;
  readonly total?: string;
  readonly tax?: string;
  readonly lines: readonly DocumentLine[];
}

function amountsOf(fields: AmountFields, problems: DocumentProblem[]): DocumentAmounts | undefined {
  const { currency, lines } = fields;
  if (filled(fields.total) === undefined) {
    problems.push(blocking('FIELD_MISSING', 'The document has no total.', 'total'));
  }
  const total = amountOf(fields.total, currency, (problem) => problems.push(problem('total')));
  const stated = amountOf(fields.tax, currency, (problem) => problems.push(problem('tax')));
  if (total === undefined) return undefined;
  const tax = stated ?? taxOfLines(lines, currency);
  // A tax of the opposite sign can make the net amount too large to be stored.
  const difference = formatMoney(subtract(total, tax));
  const net = amountOf(difference, currency, (problem) => problems.push(problem('tax')));
  return net && { net, tax, total, payable: total };
}

/** The tax the lines state when all of them do; a document that says nothing of tax has none. */
function taxOfLines(lines: readonly DocumentLine[], currency: string): Money {
  const taxes = lines.flatMap((line) => line.tax ?? []);
  return taxes.length === lines.length ? sum(currency, taxes) : money(0n, currency);
}

function linesOf(
  lines: readonly LineFields[],
  currency: string,
  problems: DocumentProblem[],
): DocumentLine[] {
  return lines.flatMap((line, index) => {
    const at = ['lines', String(index)];
    const told = (field: string) => (problem: (...path: string[]) => DocumentProblem) =>
      problems.push(problem(...at, field));
    const net = amountOf(line.net, currency, told('net'));
    const tax = amountOf(line.tax, currency, told('tax'));
    if (filled(line.net) === undefined) {
      problems.push(blocking('FIELD_MISSING', `Line ${index + 1} has no net amount.`, ...at, 'net'));
    }
    const quantity = decimalOf(line.quantity, told('quantity'));
    const taxRate = decimalOf(line.taxRate, told('taxRate'));
    if (net === undefined) return [];
    return [
      {
        description: filled(line.description) ?? '',
        quantity,
        net,
        taxRate,
        taxCategory: filled(line.taxCategory)?.toUpperCase(),
        tax,
        category: filled(line.category),
        dimensions: line.dimensions,
      },
    ];
  });
}

/** A document without lines is booked as one line. */
function wholeLine(fields: DocumentFields, amounts: DocumentAmounts): DocumentLine {
  const description = filled(fields.note) ?? filled(fields.counterpartyName) ?? '';
  return { description, net: amounts.net, tax: amounts.tax };
}

type Tell = (problem: (...path: string[]) => DocumentProblem) => void;

function amountOf(text: string | undefined, currency: string, tell: Tell): Money | undefined {
  return attempt(text, (filledText) => parseMoney(filledText, currency), tell);
}

function decimalOf(text: string | undefined, tell: Tell): string | undefined {
  return attempt(
    text,
    (filledText) => {
      parseDecimal(filledText);
      return filledText;
    },
    tell,
  );
}

function attempt<T>(text: string | undefined, read: (text: string) => T, tell: Tell): T | undefined {
  const given = filled(text);
  if (given === undefined) return undefined;
  try {
    return read(given);
  } catch (error) {
    if (!(error instanceof CrossfootError)) throw error;
    tell((...path) => blocking(error.code, error.message, ...path));
    return undefined;
  }
}

/** Whether the lines add up to the net amount, to the minor unit. */
export function linesMatch(document: IntakeDocument): boolean {
  if (document.amounts === undefined) return true;
  const { net } = document.amounts;
  return (
    document.lines.reduce((total, line) => add(total, line.net), money(0n, net.currency)).minor === net.minor
  );
}
