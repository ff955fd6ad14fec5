import type { BusinessDocument, DocumentParty, ReadProblem } from '#connectors/ports';
import { compactNumber } from '#kernel/account-number';
import { normaliseName } from '#kernel/names';
import { formatMoney, negate } from '#kernel/money';
import {
  blocking,
  isErrorCode,
  warning,
  type Book,
  type Counterparty,
  type DocumentAmounts,
  type DocumentKind,
  type DocumentProblem,
  type Examined,
  type IntakeDocument,
} from './document.ts';

/** A tax number as comparable text: capital letters and digits only. */
export function normaliseTaxId(taxId: string): string {
  return taxId.toUpperCase().replace(/[^A-Z0-9]/g, '');
}

/** A document number as comparable text: spacing, punctuation and case set aside, zeros kept. */
export function normaliseNumber(number: string): string {
  const plain = number
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
  return plain === '' ? number.trim() : plain;
}

/**
 * Brings a document from a file into the shape of this stage: what it is to the book, who the counterparty is, and
 * amounts with the sign their kind asks for. What stands in the way comes as problems beside it.
 */
export function normaliseDocument(document: BusinessDocument, book: Book): Examined {
  const direction = directionOf(document, book);
  const { number, issuedOn, dueOn, currency, net, tax, gross, payable, lines, note, employee } = document;
  const shaped: IntakeDocument = {
    kind: direction.kind,
    number: filled(number),
    issuedOn,
    dueOn,
    counterparty: counterpartyOf(direction.counterparty),
    currency,
    amounts: { net, tax, total: gross, payable },
    lines: lines.map((line) => ({ ...line, description: filled(line.description) ?? '' })),
    paymentReference: filled(document.paymentReference),
    orderReference: filled(document.orderReference),
    employee: filled(employee),
    note: filled(note),
    columns: document.columns,
  };
  const lowersSales = direction.kind === 'SALES_INVOICE' && document.kind === 'credit-note';
  const turned = lowersSales ? { document: negatedDocument(shaped), problems: [] } : turnSign(shaped);
  return { ...turned, problems: [...direction.problems, ...turned.problems] };
}

/** What a reader found wrong, in the words and paths of this stage. */
export function normaliseProblem(problem: ReadProblem): DocumentProblem {
  const code = isErrorCode(problem.code) ? problem.code : 'FIELD_INVALID';
  const path = (problem.path ?? []).map((step) => (step === 'gross' ? 'total' : step));
  const where = path[0] === 'seller' ? ['counterpartyName'] : path;
  return (problem.severity === 'warning' ? warning : blocking)(code, problem.message, ...where);
}

/** The rules every document keeps wherever it came from, beside those of its reader. */
export function generalProblems(document: IntakeDocument): DocumentProblem[] {
  const total = document.amounts?.total;
  if (total === undefined) return [];
  if (total.minor === 0n)
    return [blocking('AMOUNT_INVALID', 'The total is zero: there is nothing to book.', 'total')];
  if (document.kind === 'CREDIT_NOTE' && total.minor < 0n) {
    const message = 'The total of a credit note is positive; below zero it could mean either direction.';
    return [blocking('AMOUNT_INVALID', message, 'total')];
  }
  if (document.kind === 'SALES_INVOICE' && total.minor < 0n) {
    const message = 'This gives money back to a customer; such documents are not booked by themselves.';
    return [blocking('DOCUMENT_UNSUPPORTED', message, 'kind')];
  }
  return [];
}

interface Direction {
  readonly kind: DocumentKind;
  readonly counterparty: DocumentParty;
  readonly problems: readonly DocumentProblem[];
}

function directionOf(document: BusinessDocument, book: Book): Direction {
  const { kind, seller, buyer } = document;
  if (kind === 'expense') return { kind: 'EXPENSE', counterparty: seller, problems: [] };
  const bought = buyer !== undefined && isBook(buyer, book);
  const sold = isBook(seller, book);
  const incoming: DocumentKind = kind === 'invoice' ? 'INVOICE' : 'CREDIT_NOTE';
  if (bought && !sold) return { kind: incoming, counterparty: seller, problems: [] };
  if (sold && !bought) {
    return { kind: 'SALES_INVOICE', counterparty: buyer ?? { name: '' }, problems: missingBuyer(buyer) };
  }
  return {
    kind: incoming,
    counterparty: seller,
    problems: [directionProblem(document, book, bought && sold)],
  };
}

function missingBuyer(buyer: DocumentParty | undefined): DocumentProblem[] {
  if (buyer !== undefined && buyer.name.trim() !== '') return [];
  return [blocking('FIELD_MISSING', 'The sales invoice does not name its buyer.', 'counterpartyName')];
}

function directionProblem({ seller, buyer }: BusinessDocument, book: Book, both: boolean): DocumentProblem {
  const from = `from ${shown(seller.name)}`;
  const to =
    buyer === undefined || buyer.name.trim() === '' ? 'names no buyer' : `is for ${shown(buyer.name)}`;
  const message = both
    ? `Seller and buyer are both ${shown(book.legalName)}.`
    : `The document ${from} ${to}; this book is ${shown(book.legalName)}.`;
  return blocking('DOCUMENT_DIRECTION_UNKNOWN', message, 'kind');
}

function isBook(party: DocumentParty, book: Book): boolean {
  if (party.taxId !== undefined && book.taxId !== undefined) {
    const [theirs, ours] = [normaliseTaxId(party.taxId), normaliseTaxId(book.taxId)];
    if (theirs !== '' && (theirs === ours || theirs === `${book.country}${ours}`)) return true;
    if (ours === `${book.country}${theirs}`) return true;
  }
  const name = normaliseName(party.name);
  return name !== '' && name === normaliseName(book.legalName);
}

/** An invoice below zero gives money back, so it is booked as the credit note it is. */
export function turnSign(document: IntakeDocument): Examined {
  const { kind, amounts } = document;
  if (kind !== 'INVOICE' || amounts === undefined || amounts.total.minor >= 0n)
    return { document, problems: [] };
  const message = `The total is ${formatMoney(amounts.total)}, so it was taken as a credit note.`;
  return {
    document: { ...negatedDocument(document), kind: 'CREDIT_NOTE' },
    problems: [warning('FIELD_INVALID', message, 'kind')],
  };
}

function negatedDocument(document: IntakeDocument): IntakeDocument {
  return {
    ...document,
    amounts: document.amounts && negatedAmounts(document.amounts),
    lines: document.lines.map((line) => ({
      ...line,
      net: negate(line.net),
      tax: line.tax && negate(line.tax),
    })),
  };
}

function negatedAmounts({ net, tax, total, payable }: DocumentAmounts): DocumentAmounts {
  return { net: negate(net), tax: negate(tax), total: negate(total), payable: negate(payable) };
}

function counterpartyOf(party: DocumentParty): Counterparty {
  return {
    name: filled(party.name),
    taxId: filled(party.taxId),
    iban: compactIban(party.iban),
    country: filled(party.country),
    email: filled(party.email),
  };
}

/** The text without what no database takes, trimmed; undefined when nothing is left. */
export function filled(text: string | undefined): string | undefined {
  return text === undefined ? undefined : storable(text).trim() || undefined;
}

/** An account without the signs people put into it; undefined when nothing is left. */
export function compactIban(account: string | undefined): string | undefined {
  return account === undefined ? undefined : compactNumber(account) || undefined;
}

/** The text without NUL characters and halves of characters. */
export function storable(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}

function shown(name: string): string {
  const text = name.trim().replace(/\s+/g, ' ');
  return text === '' ? 'nobody' : text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
