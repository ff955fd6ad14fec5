import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { id, text } from '#kernel/input';
import { toWire } from '#kernel/wire-money';
import { lockOpenLines } from './load-lines.ts';
import { resolveExceptionsOf } from '../raise-exceptions.ts';
import { withdrawMatchesOfLines } from './store-matches.ts';

/** Books a line that pays no item, such as a bank charge, straight to an account. */
export const bookStatementLine = command({
  name: 'bookStatementLine',
  description: 'Books a line that pays no item, such as a bank charge, straight to an account.',
  scope: 'reconciliation:write',
  input: z.object({
    lineId: id(),
    accountCode: text(20).meta({ description: 'The account of the ledger it belongs to.' }),
    memo: text(500).optional(),
  }),
  async run(transaction, { lineId, accountCode, memo }) {
    const [line] = await lockOpenLines(transaction, [lineId]);
    if (!line) throw new CrossfootError('NOT_FOUND', `There is no statement line ${lineId}`);
    const { bookId, status } = line;
    await withdrawMatchesOfLines(transaction, bookId, [lineId]);
    const booked = await transaction.require<{ remittance: string; ledger_account_code: string }>(
      `There is no statement line ${lineId}`,
      `update reconciliation.statement_line l
          set status = 'BOOKED', booked_account_code = $2, booked_memo = $3, journal_entry_id = null
         from reconciliation.bank_account a
        where l.id = $1 and a.id = l.bank_account_id
       returning l.remittance, a.ledger_account_code`,
      [lineId, accountCode, memo ?? null],
    );
    await resolveExceptionsOf(transaction, bookId, {
      lineIds: [lineId],
      resolution: `Booked to ${accountCode}.`,
    });
    transaction.emit({
      type: 'statementLine.booked',
      subjectId: lineId,
      bookId,
      facts: {
        bankAccountCode: booked.ledger_account_code,
        accountCode,
        money: toWire(line),
        bookedOn: line.bookedOn,
        memo: (memo ?? booked.remittance.slice(0, 200)) || 'Bank line',
      },
    });
    transaction.audit({
      subjectType: 'StatementLine',
      subjectId: lineId,
      before: { status },
      after: { status: 'BOOKED', accountCode, memo },
    });
    return { lineId };
  },
});
