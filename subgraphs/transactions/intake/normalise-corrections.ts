import type { CalendarDate } from '#kernel/calendar';
import { formatMoney } from '#kernel/money';
import type { Dimensions, Fields } from '../dimensions/catalogue.ts';
import {
  blocking,
  type Counterparty,
  type DocumentKind,
  type DocumentProblem,
  type Examined,
  type IntakeDocument,
} from './document.ts';
import { linesMatch, normaliseFields, type LineFields } from './normalise-fields.ts';

/** What a person corrects in a document in quarantine. */
export interface Corrections {
  readonly kind?: DocumentKind;
  readonly number?: string;
  readonly issuedOn?: CalendarDate;
  readonly dueOn?: CalendarDate;
  readonly counterpartyName?: string;
  readonly taxId?: string;
  readonly currency?: string;
  /** Exact decimal text in major units, as is the tax. */
  readonly total?: string;
  readonly tax?: string;
  /** What all of it belongs to, and what each of its lines belongs to; both as a whole. */
  readonly dimensions?: Dimensions;
  readonly lineDimensions?: readonly Dimensions[];
  readonly fields?: Fields;
}

/** A document in quarantine with the codes of what put it there. */
export type Quarantined = IntakeDocument & { readonly problemCodes: readonly string[] };

/**
 * Lays corrections over a document in quarantine and examines it anew. Whoever corrects the total or the tax has the
 * last word on the amounts: lines that no longer add up are replaced by one.
 */
export function correctDocument(stored: Quarantined, corrections: Corrections): Examined {
  const { amounts } = stored;
  const party: Counterparty = isOtherSide(stored, corrections) ? {} : stored.counterparty;
  const examined = normaliseFields({
    kind: corrections.kind ?? stored.kind,
    number: corrections.number ?? stored.number,
    issuedOn: corrections.issuedOn ?? stored.issuedOn,
    dueOn: corrections.dueOn ?? stored.dueOn,
    counterpartyName: corrections.counterpartyName ?? party.name,
    taxId: corrections.taxId ?? party.taxId,
    iban: party.iban,
    country: party.country,
    email: party.email,
    currency: corrections.currency ?? stored.currency,
    total: corrections.total ?? (amounts && formatMoney(amounts.total)),
    tax: corrections.tax ?? (amounts && formatMoney(amounts.tax)),
    lines: stored.lines.map((line, index) => ({
      ...lineFields(line),
      dimensions: corrections.lineDimensions?.[index] ?? line.dimensions,
    })),
    paymentReference: stored.paymentReference,
    employee: stored.employee,
    note: stored.note,
    dimensions: corrections.dimensions ?? stored.dimensions,
    fields: corrections.fields ?? stored.fields,
  });
  const corrected = corrections.total !== undefined || corrections.tax !== undefined;
  const document: IntakeDocument = {
    ...examined.document,
    orderReference: stored.orderReference,
    amounts: examined.document.amounts && {
      ...examined.document.amounts,
      payable: corrected || !amounts ? examined.document.amounts.payable : amounts.payable,
    },
  };
  return {
    document: corrected && !linesMatch(document) ? withOneLine(document) : document,
    problems: [...examined.problems, ...undecided(stored, corrections)],
  };
}

/** The counterparty of a purchase is the seller; once it turns out to be a sale, name and account are our own. */
function isOtherSide(stored: Quarantined, corrections: Corrections): boolean {
  return (
    stored.problemCodes.includes('DOCUMENT_DIRECTION_UNKNOWN') &&
    corrections.kind === 'SALES_INVOICE' &&
    stored.kind !== 'SALES_INVOICE'
  );
}

/** Releasing says nothing about whose document it is; only its kind does. */
function undecided(stored: Quarantined, corrections: Corrections): DocumentProblem[] {
  if (!stored.problemCodes.includes('DOCUMENT_DIRECTION_UNKNOWN') || corrections.kind !== undefined)
    return [];
  const message = 'Say what the document is to this book: nobody in it is the book itself.';
  return [blocking('DOCUMENT_DIRECTION_UNKNOWN', message, 'kind')];
}

function lineFields(line: IntakeDocument['lines'][number]): LineFields {
  return { ...line, net: formatMoney(line.net), tax: line.tax && formatMoney(line.tax) };
}

function withOneLine(document: IntakeDocument): IntakeDocument {
  const { amounts, lines } = document;
  if (amounts === undefined) return document;
  const [first] = lines;
  const description = first?.description ?? document.note ?? document.counterparty.name ?? '';
  return {
    ...document,
    lines: [
      {
        description,
        category: first?.category,
        dimensions: first?.dimensions,
        net: amounts.net,
        tax: amounts.tax,
      },
    ],
  };
}
