import type { Transaction } from '#kernel/command';
import type { UserError } from '#kernel/errors';
import { raiseExceptions, type ExceptionReason } from '../raise-exceptions.ts';
import type { ExceptionEvidence } from '../triage/evidence.ts';

/** Tells that a statement is held back: to whoever imports, by an event, and by one exception. */
export async function quarantine(
  transaction: Transaction,
  target: { bookId: string; bankAccountId: string; statementId: string },
  { problems, evidence }: { problems: readonly UserError[]; evidence: ExceptionEvidence | undefined },
): Promise<void> {
  const { bookId, bankAccountId, statementId } = target;
  transaction.emit({
    type: 'statement.quarantined',
    subjectId: statementId,
    bookId,
    facts: { bankAccountId },
  });
  for (const problem of problems) transaction.report(problem);
  const detail = problems.map(({ message }) => message).join(' ');
  const ownerId = transaction.actor.memberId;
  const reason = reasonOf(problems.map(({ code }) => code));
  await raiseExceptions(transaction, bookId, [{ statementId, reason, detail, evidence, ownerId }]);
}

/** Whatever else is the matter, a statement that does not add up is no sound one. */
function reasonOf(codes: readonly string[]): ExceptionReason {
  if (codes.includes('STATEMENT_UNBALANCED') || codes.includes('CURRENCY_MISMATCH'))
    return 'STATEMENT_UNBALANCED';
  return codes.includes('STATEMENT_OVERLAP') ? 'STATEMENT_OVERLAP' : 'STATEMENT_GAP';
}
