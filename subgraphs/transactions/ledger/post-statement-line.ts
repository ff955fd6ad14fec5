import { z } from 'zod';
import { command } from '#kernel/command';
import { date, id, text } from '#kernel/input';
import { negate } from '#kernel/money';
import { fromWire, wireMoney } from '#kernel/wire-money';
import { signedLine } from './entry.ts';
import { tryPostEntries } from './post-entry.ts';
import { refuse } from './refuse-posting.ts';

/** Posts a bank line that somebody booked straight to an account. */
export const postStatementLine = command({
  name: 'postStatementLine',
  description: 'Posts a bank line that somebody booked straight to an account.',
  scope: 'platform:internal',
  input: z.object({
    lineId: id(),
    bookId: id(),
    bankAccountCode: text(20),
    accountCode: text(20),
    money: wireMoney(),
    bookedOn: date(),
    memo: z.string().max(1000),
  }),
  async run(transaction, input) {
    const { lineId, bookId, memo } = input;
    const money = fromWire(input.money);
    const cause = { statementLineId: lineId };
    const outcome = await tryPostEntries(transaction, [
      {
        bookId,
        kind: 'BANK',
        postedOn: input.bookedOn,
        description: memo,
        lines: [
          ...signedLine(input.bankAccountCode, money),
          ...signedLine(input.accountCode, negate(money), memo),
        ],
        cause,
      },
    ]);
    if ('refused' in outcome) return refuse(transaction, { cause, bookId }, outcome.refused);
    const [posted] = outcome.posted;
    transaction.audit({ subjectType: 'StatementLine', subjectId: lineId, after: posted });
    return { journalEntryId: posted?.id };
  },
});
