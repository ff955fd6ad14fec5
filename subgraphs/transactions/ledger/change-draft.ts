import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { date, id, text } from '#kernel/input';
import { toWire } from '#kernel/wire-money';
import { dimensionChangeList, fieldList, fieldsOf } from '../dimensions/dimension-input.ts';
import { changeDraftDimensions, changedFields } from './change-draft-dimensions.ts';
import { advance } from './draft-status.ts';
import { loadDraft, type StoredDraft } from './draft.ts';

/** Corrects the account, the day, the dimensions or the fields of a draft before it is posted. */
export const changeDraft = command({
  name: 'changeDraft',
  description:
    'Corrects the account, the day, the dimensions or the custom fields of a draft that waits for approval, or that ' +
    'the books refused; its approval starts anew.',
  scope: 'transactions:write',
  input: z.object({
    draftId: id(),
    accountCode: text(20).optional().meta({ description: 'The account of what was bought or sold.' }),
    line: z.int().min(1).optional().meta({
      description:
        'Which line gets the account, counted from 1; all of what was bought or sold when left out.',
    }),
    postedOn: date().optional().meta({ graphql: 'Date', description: 'The day it is to count for.' }),
    dimensions: dimensionChangeList(
      'What its lines are to belong to; without a line, what all of them belong to.',
    ).optional(),
    fields: fieldList('Custom fields to be set; those left out stay as they are.').optional(),
  }),
  async run(transaction, input) {
    const draft = await loadDraft(transaction, input.draftId);
    if (draft.status === 'POSTED' || draft.status === 'REJECTED') {
      const message = `Draft ${draft.id} is ${draft.status} and can no longer be changed`;
      throw new CrossfootError('STATE_CONFLICT', message, { path: ['draftId'] });
    }
    const { accountCode, postedOn, dimensions, fields } = input;
    if ([accountCode, postedOn, dimensions, fields].every((change) => change === undefined)) {
      const message = 'Give an account, a day, dimensions or fields';
      throw new CrossfootError('FIELD_MISSING', message, { path: ['accountCode'] });
    }
    // A draft that was approved and refused by the books is another one once it is changed.
    const status =
      draft.status === 'APPROVED' ? advance(draft.id, draft.status, 'PENDING_APPROVAL') : draft.status;
    if (accountCode !== undefined) await changeAccount(transaction, draft, { accountCode, line: input.line });
    if (dimensions !== undefined) {
      const on = postedOn ?? draft.postedOn;
      await changeDraftDimensions(transaction, draft, { changes: dimensions, on });
    }
    const newFields = fields ? await changedFields(transaction, draft, fieldsOf(fields)) : draft.fields;
    const draftVersion = draft.version + 1;
    await transaction.query(
      `update transactions.draft
          set posted_on = $2, version = $3, updated_at = $4, fields = $5, status = $6,
              approved_by = case when $6 = status then approved_by end,
              refusal_code = case when $6 = status then refusal_code end,
              refusal_message = case when $6 = status then refusal_message end
        where id = $1`,
      [
        draft.id,
        postedOn ?? draft.postedOn,
        draftVersion,
        transaction.now,
        JSON.stringify(newFields),
        status,
      ],
    );
    transaction.emit({
      type: 'draft.changed',
      subjectId: draft.id,
      bookId: draft.bookId,
      facts: {
        draftVersion,
        total: toWire(draft.total),
        summary: draft.description,
        changedBy: transaction.actor.memberId,
      },
    });
    transaction.audit({
      subjectType: 'Draft',
      subjectId: draft.id,
      before: {
        postedOn: draft.postedOn,
        accounts: draft.lines.map((line) => line.accountCode),
        dimensions: draft.lines.map((line) => line.dimensions ?? {}),
        fields: draft.fields,
      },
      after: input,
    });
    return { draftId: draft.id };
  },
});

async function changeAccount(
  transaction: Transaction,
  draft: StoredDraft,
  { accountCode, line }: { accountCode: string; line: number | undefined },
): Promise<void> {
  const account = await transaction.maybe<{ id: string; active: boolean; currency: string | null }>(
    'select id, active, currency from transactions.account where book_id = $1 and code = $2',
    [draft.bookId, accountCode],
  );
  const path = ['accountCode'];
  if (!account)
    throw new CrossfootError('ACCOUNT_UNKNOWN', `The book has no account ${accountCode}`, { path });
  if (!account.active) {
    throw new CrossfootError('ACCOUNT_INACTIVE', `Account ${accountCode} is not active`, { path });
  }
  if (account.currency && account.currency !== draft.total.currency) {
    const message = `Account ${accountCode} takes ${account.currency} only, not ${draft.total.currency}`;
    throw new CrossfootError('CURRENCY_MISMATCH', message, { path });
  }
  const chosen = draft.lines.filter((one) =>
    line === undefined ? one.role === 'CONTENT' : one.position === line,
  );
  if (chosen.length === 0) {
    throw new CrossfootError('FIELD_INVALID', `Draft ${draft.id} has no line ${line}`, { path: ['line'] });
  }
  if (chosen.some((one) => one.role === 'CONTROL')) {
    const message = `Line ${line} is what is owed; its account follows from the kind of document`;
    throw new CrossfootError('FIELD_INVALID', message, { path: ['line'] });
  }
  await transaction.query(
    'update transactions.draft_line set account_id = $2 where draft_id = $1 and position = any ($3::int[])',
    [draft.id, account.id, chosen.map((one) => one.position)],
  );
}
