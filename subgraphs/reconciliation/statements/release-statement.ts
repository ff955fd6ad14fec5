import { z } from 'zod';
import type { CalendarDate } from '#kernel/calendar';
import { command, type Transaction } from '#kernel/command';
import type { UserError } from '#kernel/errors';
import { id, text } from '#kernel/input';
import { lockBook } from '../lock-book.ts';
import { resolveExceptionOfStatement } from '../raise-exceptions.ts';
import { advance, statementTransitions } from '../states.ts';
import { settlePending } from './settle-pending.ts';
import { findGap } from './statement-chain.ts';
import { gapPath, holdsBack, loadChain } from './load-chain.ts';

/** Takes a quarantined statement as it is: its lines are matched from now on. */
export const releaseStatement = command({
  name: 'releaseStatement',
  description: 'Takes a quarantined statement as it is: its lines are matched from now on.',
  scope: 'reconciliation:write',
  input: z.object({
    statementId: id(),
    resolution: text(1000)
      .optional()
      .meta({ description: 'Why it may be used although it does not add up.' }),
  }),
  async run(transaction, { statementId, resolution }) {
    const { book_id: bookId } = await transaction.require<{ book_id: string }>(
      `There is no bank statement ${statementId}`,
      'select book_id from reconciliation.bank_statement where id = $1',
      [statementId],
    );
    await lockBook(transaction, bookId);
    await release(transaction, statementId, resolution ?? 'Released as it is.');
    return { statementId };
  },
});

/** Releases the statements of the accounts that were held back for a gap which is closed now. */
export async function releaseWhatJoins(
  transaction: Transaction,
  bookId: string,
  bankAccountIds: readonly string[],
): Promise<void> {
  const waiting = await transaction.query<{ id: string; bank_account_id: string; problems: UserError[] }>(
    `select id, bank_account_id, problems from reconciliation.bank_statement
      where book_id = $1 and bank_account_id = any($2) and status = 'QUARANTINED' order by first_booked_on`,
    [bookId, bankAccountIds],
  );
  for (const statement of waiting) {
    const sound = statement.problems.every(({ code, path }) => !holdsBack(code) || path[0] === gapPath[0]);
    if (!sound) continue;
    const chain = await loadChain(transaction, statement.bank_account_id);
    const own = chain.find((link) => link.id === statement.id);
    const others = chain.filter((link) => link.id !== statement.id);
    if (own && !findGap(own, others)) {
      await release(transaction, statement.id, 'The missing statement has been imported.');
    }
  }
}

async function release(transaction: Transaction, statementId: string, resolution: string): Promise<void> {
  const statement = await transaction.require<{ book_id: string; bank_account_id: string; status: string }>(
    `There is no bank statement ${statementId}`,
    'select book_id, bank_account_id, status from reconciliation.bank_statement where id = $1 for update',
    [statementId],
  );
  advance('A bank statement', statementTransitions, { from: statement.status, to: 'IMPORTED' });
  await transaction.query("update reconciliation.bank_statement set status = 'IMPORTED' where id = $1", [
    statementId,
  ]);
  const freed = await transaction.query<{ booked_on: CalendarDate }>(
    'update reconciliation.statement_line set held = false where statement_id = $1 and held returning booked_on',
    [statementId],
  );
  const { book_id: bookId, bank_account_id: bankAccountId } = statement;
  const days = freed.map((row) => row.booked_on).toSorted();
  const [from, to] = [days[0], days.at(-1)];
  if (from && to) await settlePending(transaction, { bookId, bankAccountId }, { from, to });
  const by = transaction.actor.memberId;
  await resolveExceptionOfStatement(transaction, bookId, { statementId, resolution, by });
  const facts = { bankAccountId, lines: freed.length };
  transaction.emit({ type: 'statement.imported', subjectId: statementId, bookId, facts });
  transaction.audit({
    subjectType: 'BankStatement',
    subjectId: statementId,
    before: { status: statement.status },
    after: { status: 'IMPORTED', resolution },
  });
}
