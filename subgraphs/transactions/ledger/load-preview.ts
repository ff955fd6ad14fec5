import type { CalendarDate } from '#kernel/calendar';
import { money } from '#kernel/money';
import type { Query } from '../classification/look-ups.ts';
import type { Dimensions } from '../dimensions/catalogue.ts';
import type { DocumentKind } from '../intake/document.ts';
import type { AmountedDocument } from './code-by-template.ts';
import type { StandingPart } from './preview-coding.ts';
import type { TransactionInput } from './transaction-input.ts';

/** A document with the content of its draft as it stands. */
export interface PreviewDocument {
  readonly id: string;
  readonly label: string;
  readonly document: AmountedDocument;
  readonly standing: readonly StandingPart[];
}

/** A recorded transaction with the lines of its draft or entry. */
export interface PreviewTransaction {
  readonly id: string;
  readonly source: string;
  readonly input: TransactionInput;
  readonly lines: readonly {
    readonly side: string;
    readonly accountCode: string;
    readonly money: ReturnType<typeof money>;
  }[];
}

interface DocumentRow {
  readonly id: string;
  readonly kind: DocumentKind;
  readonly number: string | null;
  readonly issued_on: CalendarDate | null;
  readonly counterparty_name: string | null;
  readonly counterparty_country: string | null;
  readonly order_reference: string | null;
  readonly payment_reference: string | null;
  readonly employee: string | null;
  readonly note: string | null;
  readonly currency: string;
  readonly net: string;
  readonly tax: string;
  readonly total: string;
  readonly payable: string;
  readonly dimensions: Dimensions;
  readonly lines: readonly {
    readonly description: string;
    readonly net: string;
    readonly tax: string | null;
    readonly taxRate: string | null;
    readonly category: string | null;
    readonly dimensions: Dimensions;
  }[];
  readonly standing: readonly {
    readonly code: string;
    readonly side: string;
    readonly minor: string;
    readonly taxCode: string | null;
    readonly dimensions: Dimensions;
  }[];
}

/** The newest documents of a book that have a draft, with their lines and what their drafts say. */
export async function loadPreviewDocuments(
  query: Query,
  bookId: string,
  first: number,
): Promise<PreviewDocument[]> {
  const rows = await query<DocumentRow>(
    `select d.id, d.kind, d.number, d.issued_on::text as issued_on, d.counterparty_name, d.counterparty_country,
            d.order_reference, d.payment_reference, d.employee, d.note, d.currency, d.net::text as net,
            d.tax::text as tax, d.total::text as total, d.payable::text as payable, d.dimensions,
            (select coalesce(jsonb_agg(jsonb_build_object('description', l.description, 'net', l.net::text,
                      'tax', l.tax::text, 'taxRate', l.tax_rate::text, 'category', l.category,
                      'dimensions', l.dimensions) order by l.position), '[]')
               from transactions.document_line l where l.document_id = d.id) as lines,
            (select coalesce(jsonb_agg(jsonb_build_object('code', a.code, 'side', p.side, 'minor', p.minor::text,
                      'taxCode', p.tax_code, 'dimensions', p.dimensions) order by p.position), '[]')
               from transactions.draft_line p
               join transactions.account a on a.organisation_id = p.organisation_id and a.id = p.account_id
              where p.draft_id = r.id and p.role = 'CONTENT') as standing
       from transactions.draft r
       join transactions.document d on d.organisation_id = r.organisation_id and d.id = r.document_id
      where r.book_id = $1 and r.status <> 'REJECTED' and d.net is not null
      order by r.id desc limit $2`,
    [bookId, first],
  );
  return rows.map((row) => ({
    id: row.id,
    label: [row.kind, row.number, row.counterparty_name].filter(Boolean).join(' '),
    document: documentOf(row),
    standing: row.standing.map((part) => standingOf(row, part)),
  }));
}

function documentOf(row: DocumentRow): AmountedDocument {
  const amount = (minor: string) => money(BigInt(minor), row.currency);
  return {
    kind: row.kind,
    number: row.number ?? undefined,
    issuedOn: row.issued_on ?? undefined,
    counterparty: {
      name: row.counterparty_name ?? undefined,
      country: row.counterparty_country ?? undefined,
    },
    orderReference: row.order_reference ?? undefined,
    paymentReference: row.payment_reference ?? undefined,
    employee: row.employee ?? undefined,
    note: row.note ?? undefined,
    currency: row.currency,
    amounts: {
      net: amount(row.net),
      tax: amount(row.tax),
      total: amount(row.total),
      payable: amount(row.payable),
    },
    dimensions: row.dimensions,
    lines: row.lines.map((line) => ({
      description: line.description,
      net: amount(line.net),
      tax: line.tax === null ? undefined : amount(line.tax),
      taxRate: line.taxRate ?? undefined,
      category: line.category ?? undefined,
      dimensions: line.dimensions,
    })),
  };
}

/** Purchases are debits and sales and credit notes credits; either way the content of a document counts positive. */
function standingOf({ kind, currency }: DocumentRow, part: DocumentRow['standing'][number]): StandingPart {
  const usual = kind === 'SALES_INVOICE' || kind === 'CREDIT_NOTE' ? 'CREDIT' : 'DEBIT';
  const minor = BigInt(part.minor);
  return {
    accountCode: part.code,
    net: money(part.side === usual ? minor : -minor, currency),
    taxCode: part.taxCode ?? undefined,
    dimensions: part.dimensions,
  };
}

/** The newest recorded transactions of a book with the lines of their drafts or entries. */
export async function loadPreviewTransactions(
  query: Query,
  bookId: string,
  first: number,
): Promise<PreviewTransaction[]> {
  const rows = await query<{
    readonly id: string;
    readonly source: string;
    readonly input: TransactionInput;
    readonly lines: readonly {
      readonly side: string;
      readonly code: string;
      readonly minor: string;
      readonly currency: string;
    }[];
  }>(
    `select t.id, t.source, t.input,
            (select coalesce(jsonb_agg(jsonb_build_object('side', l.side, 'code', a.code, 'minor', l.minor::text,
                      'currency', l.currency) order by l.position), '[]')
               from (select organisation_id, position, account_id, side, minor, currency
                       from transactions.draft_line where draft_id = t.draft_id
                     union all
                     select organisation_id, position, account_id, side, minor, currency
                       from transactions.journal_line where journal_entry_id = t.journal_entry_id) l
               join transactions.account a on a.organisation_id = l.organisation_id and a.id = l.account_id) as lines
       from transactions.recorded_transaction t
      where t.book_id = $1 order by t.id desc limit $2`,
    [bookId, first],
  );
  return rows.map(({ lines, ...row }) => ({
    ...row,
    lines: lines.map(({ side, code, minor, currency }) => ({
      side,
      accountCode: code,
      money: money(BigInt(minor), currency),
    })),
  }));
}
