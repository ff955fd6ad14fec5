import { z } from 'zod';
import { startOfMonth } from '#kernel/calendar';
import { sha256Hex } from '#kernel/canonical';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { date, id, text } from '#kernel/input';
import { parseMoney } from '#kernel/money';
import { askOf } from '../matches/find-concerned.ts';
import { loadProof } from './load-proof.ts';
import { contentText, statementContent } from './statement-content.ts';

/** Draws a reconciliation statement up and keeps it as it stands, signed by whoever calls. */
export const signReconciliationStatement = command({
  name: 'signReconciliationStatement',
  description:
    'Draws a reconciliation statement up and keeps it as it stands, with its hash, signed by whoever calls; what is not ' +
    'proven is signed with a note only.',
  scope: 'reconciliation:write',
  input: z.object({
    bankAccountId: id(),
    asOf: date().meta({ graphql: 'Date', description: 'The day at whose end the balances are compared.' }),
    from: date().optional().meta({
      graphql: 'Date',
      description: 'The first day of the differences that are listed; that of the month when left out.',
    }),
    note: text(2000)
      .optional()
      .meta({ description: 'What is to be said of it; needed unless it is proven.' }),
  }),
  async run(transaction, { bankAccountId, asOf, from = startOfMonth(asOf), note }) {
    const { memberId, name } = transaction.actor;
    if (memberId === undefined) {
      throw new CrossfootError('FORBIDDEN', 'A reconciliation statement is signed by a person');
    }
    const proof = await loadProof(askOf(transaction), { bankAccountId, from, asOf });
    if (proof.verdict !== 'PROVEN' && note === undefined) {
      const message = `The statement is ${proof.verdict}; say in a note why it is signed all the same`;
      throw new CrossfootError('REASON_REQUIRED', message, { path: ['note'] });
    }
    const content = statementContent(proof, transaction.now);
    const contentOf = contentText(content);
    const hash = sha256Hex(contentOf);
    const [own] = content.totals;
    const minor = (amount: string | undefined) => parseMoney(amount ?? '0', proof.currency).minor;
    const signedStatementId = newId('rs');
    await transaction.insert('reconciliation.signed_statement', {
      id: signedStatementId,
      book_id: proof.bookId,
      bank_account_id: bankAccountId,
      as_of: asOf,
      verdict: proof.verdict,
      currency: proof.currency,
      bank_minor: minor(own?.bank.amount),
      book_minor: minor(own?.book.amount),
      remainder_minor: minor(own?.remainder.amount),
      content: contentOf,
      content_hash: hash,
      note: note ?? null,
      drawn_up_at: transaction.now,
      signed_by: memberId,
      signer_name: name,
    });
    transaction.emit({
      type: 'signedStatement.signed',
      subjectId: signedStatementId,
      bookId: proof.bookId,
      facts: { bankAccountId, asOf, verdict: proof.verdict },
    });
    transaction.audit({
      subjectType: 'SignedStatement',
      subjectId: signedStatementId,
      after: { bankAccountId, asOf, verdict: proof.verdict, totals: content.totals, hash, note },
    });
    return { signedStatementId };
  },
});
