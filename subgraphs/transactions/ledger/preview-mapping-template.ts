import { calendarDate } from '#kernel/calendar';
import type { Context } from '#kernel/context';
import { CrossfootError } from '#kernel/errors';
import type { LookUp } from '#kernel/expressions';
import { askTemplates, type ActiveTemplate } from '../classification/ask-templates.ts';
import type { MappingRule } from '../classification/classify.ts';
import { loadLookUpsOfDays, type Query } from '../classification/look-ups.ts';
import type { AccountType } from './chart-of-accounts.ts';
import { loadPreviewDocuments, loadPreviewTransactions, type PreviewTransaction } from './load-preview.ts';
import { entryText, previewDocument, type PreviewChange } from './preview-coding.ts';
import { subjectOfTransaction } from './transaction-input.ts';
import { transactionLines, type LineAccount } from './transaction-lines.ts';

/** Stands for the day of a document without one; only tables without a first day count then. */
const undated = calendarDate('1970-01-01');

/** What one document or transaction would become otherwise. */
export interface PreviewedSubject {
  readonly subjectId: string;
  readonly documentId: string | undefined;
  readonly label: string;
  readonly changes: readonly PreviewChange[];
  /** Sentences that name template and rule, or say why it could not decide. */
  readonly reasons: readonly string[];
}

/** What a template would change of what was booked last. */
export interface TemplatePreview {
  readonly documents: number;
  readonly transactions: number;
  readonly changed: readonly PreviewedSubject[];
}

/**
 * Asks a version of a template about the newest documents and recorded transactions of a book, as if it were active, and
 * answers what would be otherwise than it stands. Writes nothing.
 */
export async function previewMappingTemplate(
  context: Context,
  template: ActiveTemplate,
  { bookId, first }: { readonly bookId: string; readonly first: number },
): Promise<TemplatePreview> {
  const query: Query = (sql, values) => context.sql(sql, values);
  const accounts = await query<LineAccount & { code: string; type: AccountType }>(
    'select id, code, type from transactions.account where book_id = $1 and active',
    [bookId],
  );
  const lookUpOn = await loadLookUpsOfDays(query, bookId);
  const rules = await loadRulesFor(query, bookId);
  const codes = new Set(accounts.map((account) => account.code));
  const documents = await loadPreviewDocuments(query, bookId, first);
  const changed: PreviewedSubject[] = [];
  for (const { id, label, document, standing } of documents) {
    const lookUp = lookUpOn(document.issuedOn ?? undated);
    const knowledge = { templates: [template], lookUp, accounts: codes, rules };
    const found = previewDocument(document, standing, knowledge);
    if (found.changes.length > 0) changed.push({ subjectId: id, documentId: id, label, ...found });
  }
  const transactions = await loadPreviewTransactions(query, bookId, first);
  const byCode = new Map(accounts.map((account) => [account.code, account]));
  for (const one of transactions) {
    const found = previewTransaction(template, one, { lookUp: lookUpOn(one.input.occurredOn), byCode });
    if (found) changed.push(found);
  }
  return { documents: documents.length, transactions: transactions.length, changed };
}

async function loadRulesFor(query: Query, bookId: string): Promise<MappingRule[]> {
  const rows = await query<{ rule: MappingRule }>(
    `select jsonb_strip_nulls(jsonb_build_object('id', id, 'name', name, 'vendorNameContains', vendor_name_contains,
              'category', category, 'documentKind', document_kind, 'accountCode', account_code,
              'taxAccountCode', tax_account_code)) as rule
       from transactions.mapping_rule where book_id = $1 and active order by priority, id`,
    [bookId],
  );
  return rows.map(({ rule }) => rule);
}

function previewTransaction(
  template: ActiveTemplate,
  { id, source, input, lines }: PreviewTransaction,
  { lookUp, byCode }: { lookUp: LookUp; byCode: ReadonlyMap<string, LineAccount> },
): PreviewedSubject | undefined {
  const label = `${input.kind} ${input.externalId} of ${source}`;
  const before = entryText(lines);
  const told = (after: string, reasons: readonly string[]): PreviewedSubject => ({
    subjectId: id,
    documentId: undefined,
    label,
    changes: [{ part: 'ENTRY', before, after }],
    reasons,
  });
  try {
    const subject = subjectOfTransaction(input, source);
    const { answer, problems } = askTemplates([template], subject, { lookUp });
    if (!answer) return problems.length > 0 ? told('', problems) : undefined;
    const after = entryText(transactionLines(subject, answer.decision, byCode));
    return after === before ? undefined : told(after, [answer.reason]);
  } catch (error) {
    if (!(error instanceof CrossfootError)) throw error;
    return told('', [error.message]);
  }
}
