import type { Transaction } from '#kernel/command';
import type { UserError } from '#kernel/errors';
import type { PostingCause } from '#kernel/events';

/**
 * Records that the books refused what an event asked for, and tells the subgraph that asked; the reaction itself
 * succeeds, because doing it again would be refused again.
 */
export function refuse(
  transaction: Transaction,
  asked: { readonly cause: PostingCause; readonly bookId: string },
  error: UserError,
): { refused: string } {
  const { cause, bookId } = asked;
  const [subjectType, subjectId] = subjectOf(cause);
  const { code, message } = error;
  transaction.emit({ type: 'posting.refused', subjectId, bookId, facts: { cause, code, message } });
  transaction.audit({ subjectType, subjectId, after: { refused: code, message } });
  return { refused: code };
}

function subjectOf(cause: PostingCause): [string, string] {
  if (cause.draftId !== undefined) return ['Draft', cause.draftId];
  if (cause.matchId !== undefined) return ['Match', cause.matchId];
  return ['StatementLine', cause.statementLineId ?? ''];
}
