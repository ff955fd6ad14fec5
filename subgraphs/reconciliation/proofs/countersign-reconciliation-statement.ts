import { z } from 'zod';
import type { CalendarDate } from '#kernel/calendar';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { id, text } from '#kernel/input';

/** Says that a second person has looked at a signed statement. Throws FOUR_EYES, ALREADY_EXISTS. */
export const countersignReconciliationStatement = command({
  name: 'countersignReconciliationStatement',
  description: 'Says that a second person has looked at a signed reconciliation statement too.',
  scope: 'reconciliation:write',
  input: z.object({ signedStatementId: id(), note: text(2000).optional() }),
  async run(transaction, { signedStatementId, note }) {
    const { memberId, name } = transaction.actor;
    if (memberId === undefined) {
      throw new CrossfootError('FORBIDDEN', 'A reconciliation statement is countersigned by a person');
    }
    const signed = await transaction.require<{
      book_id: string;
      bank_account_id: string;
      as_of: CalendarDate;
      signed_by: string;
      content_hash: string;
    }>(
      `There is no signed statement ${signedStatementId}`,
      `select book_id, bank_account_id, as_of, signed_by, content_hash
         from reconciliation.signed_statement where id = $1`,
      [signedStatementId],
    );
    if (signed.signed_by === memberId) {
      throw new CrossfootError('FOUR_EYES', 'Whoever signed a statement does not countersign it');
    }
    const made = await transaction.query(
      `insert into reconciliation.statement_countersignature (organisation_id, book_id, signed_statement_id, signed_by,
         signer_name, note, signed_at)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning signed_by`,
      [
        transaction.organisationId,
        signed.book_id,
        signedStatementId,
        memberId,
        name,
        note ?? null,
        transaction.now,
      ],
    );
    if (made.length === 0) {
      throw new CrossfootError('ALREADY_EXISTS', 'You have countersigned this statement before');
    }
    transaction.emit({
      type: 'signedStatement.countersigned',
      subjectId: signedStatementId,
      bookId: signed.book_id,
      facts: { bankAccountId: signed.bank_account_id, asOf: signed.as_of },
    });
    transaction.audit({
      subjectType: 'SignedStatement',
      subjectId: signedStatementId,
      after: { countersigned: true, hash: signed.content_hash, note },
    });
    return { signedStatementId };
  },
});
