import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { userError } from '#kernel/errors';
import { id, text } from '#kernel/input';
import { loadRules } from '../classification/load-rules.ts';
import { loadTemplateKnowledge } from '../classification/load-templates.ts';
import { advanceDocument } from '../intake/document-status.ts';
import { loadDocument, setDocumentVendor, type StoredDocument } from '../intake/load-document.ts';
import { loadTaxKnowledge } from '../tax/load-tax-codes.ts';
import { codeByTemplates } from './code-by-template.ts';
import { codeDocument } from './code-document.ts';
import { codeTaxes, type TaxedCoding } from './code-taxes.ts';
import { draftLines } from './draft-lines.ts';
import { accountIds, storeDraft } from './store-draft.ts';

/** A vendor nobody has confirmed yet keeps a draft from being sure. */
const sureOfNewVendor = 5_000;

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
    const knowledge = {
      rules: await loadRules(transaction, document.bookId),
      vendorDefault: input.defaultAccountCode
        ? { vendorName, accountCode: input.defaultAccountCode }
        : undefined,
      accounts: new Set(accounts.keys()),
    };
    const templates = await loadTemplateKnowledge(transaction, document.bookId, issuedOn);
    const found = codeByTemplates(
      { ...document, amounts },
      { ...templates, accounts: knowledge.accounts },
      (part) => codeDocument(part, knowledge),
    );
    const taxed = codeTaxes({ ...document, amounts }, found, {
      ...(await loadTaxKnowledge(transaction, document.bookId)),
      on: issuedOn,
    });
    const coding = input.proposed ? withNewVendor(taxed, vendorName) : taxed;
    const lines = draftLines({ ...document, amounts, ...coding });
    if (lines.length < 2) return quarantine(transaction, document);
    const draft = { document, amounts, issuedOn, vendor: { id: vendorId, name: vendorName }, coding };
    const draftId = await storeDraft(transaction, draft, { lines, accounts });
    await advanceDocument(transaction, documentId, 'DRAFTED');
    return { draftId };
  },
});

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
