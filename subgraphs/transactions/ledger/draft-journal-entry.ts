import { z } from 'zod';
import type { CalendarDate } from '#kernel/calendar';
import { command, type Transaction } from '#kernel/command';
import { userError } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { id, text } from '#kernel/input';
import { toWire } from '#kernel/wire-money';
import { loadRules } from '../classification/load-rules.ts';
import type { DocumentAmounts } from '../intake/document.ts';
import { advanceDocument } from '../intake/document-status.ts';
import { loadDocument, setDocumentVendor, type StoredDocument } from '../intake/load-document.ts';
import { loadTaxCodes } from '../tax/load-tax-codes.ts';
import { chartOfAccounts } from './chart-of-accounts.ts';
import { codeDocument } from './code-document.ts';
import { codeTaxes, type TaxedCoding } from './code-taxes.ts';
import { draftLines, type NewDraftLine } from './draft-lines.ts';
import { installAccounts } from './install-chart-of-accounts.ts';

/** A vendor nobody has confirmed yet keeps a draft from being sure. */
const sureOfNewVendor = 5_000;
/** Changes count from here. */
const firstVersion = 1;

/** Drafts the entry of a document whose vendor was found. */
export const draftJournalEntry = command({
  name: 'draftJournalEntry',
  description: 'Drafts the entry of a document whose vendor was found: accounts, tax and what is owed.',
  scope: 'platform:internal',
  input: z.object({
    documentId: id(),
    vendorId: id(),
    vendorName: text(),
    proposed: z.boolean(),
    defaultAccountCode: text(20).optional(),
  }),
  async run(transaction, input) {
    const { documentId, vendorId, vendorName } = input;
    const document = await loadDocument(transaction, documentId);
    const { amounts, issuedOn } = document;
    // A document that went back to quarantine meanwhile is drafted when it comes out.
    if (document.status !== 'RECEIVED' || !amounts || !issuedOn) return { draftId: undefined };
    await setDocumentVendor(transaction, documentId, { id: vendorId, name: vendorName });
    const accounts = await accountIds(transaction, document.bookId);
    const found = codeDocument(
      { ...document, amounts },
      {
        rules: await loadRules(transaction, document.bookId),
        vendorDefault: input.defaultAccountCode
          ? { vendorName, accountCode: input.defaultAccountCode }
          : undefined,
        accounts: new Set(accounts.keys()),
      },
    );
    const taxed = codeTaxes({ ...document, amounts }, found, {
      codes: await loadTaxCodes(transaction, document.bookId),
      on: issuedOn,
      country: await countryOf(transaction, document.bookId),
    });
    const coding = input.proposed ? withNewVendor(taxed, vendorName) : taxed;
    const lines = draftLines({ ...document, amounts, ...coding });
    if (lines.length < 2) return quarantine(transaction, document);
    const draft = { document, amounts, issuedOn, vendor: { id: vendorId, name: vendorName }, coding };
    const draftId = await storeDraft(transaction, draft);
    await installMissing(transaction, document.bookId, { lines, accounts });
    await storeLines(transaction, draftId, { lines, accounts });
    await advanceDocument(transaction, documentId, 'DRAFTED');
    tell(transaction, draftId, draft);
    return { draftId };
  },
});

interface NewDraft {
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

async function accountIds(transaction: Transaction, bookId: string): Promise<Map<string, string>> {
  const rows = await transaction.query<{ id: string; code: string }>(
    'select id, code from transactions.account where book_id = $1 and active',
    [bookId],
  );
  return new Map(rows.map((row) => [row.code, row.id]));
}

async function countryOf(transaction: Transaction, bookId: string): Promise<string> {
  const row = await transaction.maybe<{ country: string }>(
    'select country from transactions.book where id = $1',
    [bookId],
  );
  return row?.country ?? '';
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

function withNewVendor(coding: TaxedCoding, vendorName: string): TaxedCoding {
  return {
    ...coding,
    confidence: Math.min(coding.confidence, sureOfNewVendor),
    reasons: [...coding.reasons, `${vendorName} is a new vendor that nobody has confirmed yet.`],
  };
}

/** Nothing to pay and nothing to book: somebody has to say what the document means. */
async function quarantine(transaction: Transaction, document: StoredDocument) {
  const problem = userError('ENTRY_TOO_SMALL', 'All its amounts are zero, so there is nothing to book', [
    'total',
  ]);
  await transaction.query('update transactions.document set problems = problems || $2::jsonb where id = $1', [
    document.id,
    JSON.stringify([problem]),
  ]);
  await advanceDocument(transaction, document.id, 'QUARANTINED');
  transaction.audit({
    subjectType: 'Document',
    subjectId: document.id,
    after: { status: 'QUARANTINED', reason: problem.message },
  });
  return { draftId: undefined };
}

async function storeDraft(transaction: Transaction, draft: NewDraft): Promise<string> {
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
    fields: JSON.stringify(document.fields ?? {}),
    created_at: transaction.now,
    updated_at: transaction.now,
  });
  return draftId;
}

async function storeLines(
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
    after: { documentId: document.id, ...about, confidence: coding.confidence, reasons: coding.reasons },
  });
}
