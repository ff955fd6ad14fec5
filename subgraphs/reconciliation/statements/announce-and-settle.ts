import type { Transaction } from '#kernel/command';
import type { BankStatement } from '#connectors/ports';
import { settlePending } from './settle-pending.ts';
import { storePendingLines } from './store-pending-lines.ts';

/** What the statement announces, and what its lines make of earlier announcements. */
export async function announceAndSettle(
  transaction: Transaction,
  target: { bookId: string; bankAccountId: string; statementId: string },
  statement: BankStatement,
): Promise<void> {
  const announced = await storePendingLines(transaction, target, statement);
  const days = statement.lines.map((line) => line.bookedOn).toSorted();
  const [from, to] = [days[0], days.at(-1)];
  const booked = from && to ? await settlePending(transaction, target, { from, to }) : 0;
  if (announced + booked === 0) return;
  const { bookId, bankAccountId: subjectId } = target;
  const facts = { announced, booked, lapsed: 0 };
  transaction.emit({ type: 'bankAccount.pendingChanged', subjectId, bookId, facts });
}
