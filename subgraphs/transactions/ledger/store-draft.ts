import type { CalendarDate } from '#kernel/calendar';
import type { Transaction } from '#kernel/command';
import { newId } from '#kernel/ids';
import { toWire } from '#kernel/wire-money';
import type { DocumentAmounts } from '../intake/document.ts';
import type { StoredDocument } from '../intake/load-document.ts';
import { chartOfAccounts } from './chart-of-accounts.ts';
import type { TaxedCoding } from './code-taxes.ts';
import type { NewDraftLine } from './draft-lines.ts';
import { installAccounts } from './install-chart-of-accounts.ts';

/** Changes count from here. */
const firstVersion = 1;

/** A document with everything its draft is made of. */
export interface NewDraft {
  readonly document: StoredDocument;
  readonly amounts: DocumentAmounts;
  readonly issuedOn: CalendarDate;
  readonly vendor: { readonly id: string; readonly name: string };
  readonly coding: TaxedCoding;
}

const nameOfKind = {
  INVOICE: 'Invoice',
  CREDIT_NOTE: 'Credit note',
  SALES_INVOICE: 'Sales invoice',
  EXPENSE: 'Expense',
  RECEIPT: 'Receipt',
} as const;

function describe({ document, vendor }: NewDraft): string {
  const { kind, number } = document;
  const preposition = kind === 'SALES_INVOICE' ? 'to' : 'of';
  return `${nameOfKind[kind]}${number ? ` ${number}` : ''} ${preposition} ${vendor.name}`;
}

/** The ids of the active accounts of a book, by their codes. */
export async function accountIds(transaction: Transaction, bookId: string): Promise<Map<string, string>> {
  const rows = await transaction.query<{ id: string; code: string }>(
    'select id, code from transactions.account where book_id = $1 and active',
    [bookId],
  );
  return new Map(rows.map((row) => [row.code, row.id]));
}

/** Books that are older than an account of the chart get it with the first line on it. */
async function installMissing(
  transaction: Transaction,
  bookId: string,
  { lines, accounts }: { lines: readonly NewDraftLine[]; accounts: Map<string, string> },
): Promise<void> {
  const codes = new Set(lines.map((line) => line.accountCode).filter((code) => !accounts.has(code)));
  const missing = chartOfAccounts.filter((account) => codes.has(account.code));
  if (missing.length === 0) return;
  for (const { id: accountId, code } of await installAccounts(transaction, bookId, missing))
    accounts.set(code, accountId);
}

/** Stores a draft with its lines and tells of it; answers its id. */
export async function storeDraft(
  transaction: Transaction,
  draft: NewDraft,
  { lines, accounts }: { lines: readonly NewDraftLine[]; accounts: Map<string, string> },
): Promise<string> {
  const { document, amounts, coding, vendor } = draft;
  const draftId = newId('drf');
  await transaction.insert('transactions.draft', {
    id: draftId,
    book_id: document.bookId,
    status: 'PENDING_APPROVAL',
    document_id: document.id,
    vendor_id: vendor.id,
    description: describe(draft),
    total_minor: amounts.total.minor,
    total_currency: amounts.total.currency,
    posted_on: draft.issuedOn,
    version: firstVersion,
    confidence: coding.confidence,
    reasons: coding.reasons,
    findings: JSON.stringify(coding.findings),
    rule_id: coding.ruleId ?? null,
    template_version_id: coding.template?.versionId ?? null,
    template_rule: coding.template?.rule ?? null,
    fields: JSON.stringify(document.fields ?? {}),
    created_at: transaction.now,
    updated_at: transaction.now,
  });
  await installMissing(transaction, document.bookId, { lines, accounts });
  await storeLines(transaction, draftId, { lines, accounts });
  tell(transaction, draftId, draft);
  return draftId;
}

/** Stores the lines of a draft, in order. */
export async function storeLines(
  transaction: Transaction,
  draftId: string,
  { lines, accounts }: { lines: readonly NewDraftLine[]; accounts: ReadonlyMap<string, string> },
): Promise<void> {
  await transaction.query(
    `insert into transactions.draft_line
       (organisation_id, draft_id, position, role, account_id, side, minor, currency, memo, dimensions,
        tax_code, tax_role)
     select $1, $2, place, role, account_id, side, minor, currency, memo, dimensions, tax_code, tax_role
       from unnest($3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::text[], $9::jsonb[],
         $10::text[], $11::text[])
         with ordinality as l (role, account_id, side, minor, currency, memo, dimensions, tax_code, tax_role, place)`,
    [
      transaction.organisationId,
      draftId,
      lines.map((line) => line.role),
      lines.map((line) => accounts.get(line.accountCode) ?? null),
      lines.map((line) => line.side),
      lines.map((line) => line.money.minor),
      lines.map((line) => line.money.currency),
      lines.map((line) => line.memo ?? null),
      lines.map((line) => JSON.stringify(line.dimensions ?? {})),
      lines.map((line) => line.tax?.code ?? null),
      lines.map((line) => line.tax?.role ?? null),
    ],
  );
}

function tell(transaction: Transaction, draftId: string, draft: NewDraft): void {
  const { document, coding, vendor } = draft;
  const about = { total: toWire(draft.amounts.total), summary: describe(draft) };
  transaction.emit({
    type: 'draft.created',
    subjectId: draftId,
    bookId: document.bookId,
    facts: {
      ...about,
      documentId: document.id,
      vendorId: vendor.id,
      draftVersion: firstVersion,
      submittedBy: document.submittedBy,
      correctedBy: document.correctedBy,
      confidence: coding.confidence,
    },
  });
  transaction.audit({
    subjectType: 'Draft',
    subjectId: draftId,
    after: {
      documentId: document.id,
      ...about,
      confidence: coding.confidence,
      reasons: coding.reasons,
      findings: coding.findings,
    },
  });
}
