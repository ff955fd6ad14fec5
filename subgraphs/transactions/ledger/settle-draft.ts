import type { Transaction } from '#kernel/command';
import { loadDocument } from '../intake/load-document.ts';
import { advanceDocument } from '../intake/document-status.ts';
import { advance } from './draft-status.ts';
import type { StoredDraft } from './draft.ts';
import { openItemOf } from './open-item.ts';
import { tryPostEntries } from './post-entry.ts';
import { refuse } from './refuse-posting.ts';

/** What became of an approved draft. */
export interface SettledDraft {
  readonly draftId: string;
  readonly journalEntryId?: string;
  readonly refused?: string;
}

/** Posts an approved draft; one that the books refuse stays APPROVED with the reason, and is told of. */
export async function settleDraft(
  transaction: Transaction,
  draft: StoredDraft,
  approvedBy: string | undefined,
): Promise<SettledDraft> {
  const { id: draftId, bookId } = draft;
  const cause = { draftId };
  const document =
    draft.documentId === undefined ? undefined : await loadDocument(transaction, draft.documentId);
  const outcome = await tryPostEntries(transaction, [
    {
      bookId,
      kind: 'DOCUMENT',
      postedOn: draft.postedOn,
      description: draft.description,
      // A tax that a person set to nothing left an empty line.
      lines: draft.lines.filter((line) => line.money.minor !== 0n),
      vendorId: draft.vendorId,
      documentId: draft.documentId,
      openItem: document && openItemOf(document),
      cause,
      postedBy: approvedBy,
      fields: draft.fields,
    },
  ]);
  if ('refused' in outcome) {
    if (draft.status !== 'APPROVED') advance(draftId, draft.status, 'APPROVED');
    await transaction.query(
      `update transactions.draft set status = 'APPROVED', approved_by = $2, refusal_code = $3, refusal_message = $4,
              updated_at = $5 where id = $1`,
      [draftId, approvedBy ?? null, outcome.refused.code, outcome.refused.message, transaction.now],
    );
    return { draftId, ...refuse(transaction, { cause, bookId }, outcome.refused) };
  }
  const [posted] = outcome.posted;
  const status = advance(draftId, draft.status, 'POSTED');
  await transaction.query(
    `update transactions.draft set status = $2, approved_by = $3, journal_entry_id = $4, refusal_code = null,
            refusal_message = null, updated_at = $5 where id = $1`,
    [draftId, status, approvedBy ?? null, posted?.id, transaction.now],
  );
  if (draft.documentId !== undefined) await advanceDocument(transaction, draft.documentId, 'POSTED');
  transaction.emit({ type: 'draft.posted', subjectId: draftId, bookId, facts: {} });
  transaction.audit({ subjectType: 'Draft', subjectId: draftId, after: { ...posted, approvedBy } });
  return { draftId, journalEntryId: posted?.id };
}
