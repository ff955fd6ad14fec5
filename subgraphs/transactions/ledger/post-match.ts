import { z } from 'zod';
import { command } from '#kernel/command';
import { date, id, text } from '#kernel/input';
import { fromWire, wireMoney } from '#kernel/wire-money';
import { refuse } from './refuse-posting.ts';
import { tryPostEntries } from './post-entry.ts';
import { settlementLines } from './settlement-lines.ts';

/** Posts the payment that an accepted match shows. */
export const postMatch = command({
  name: 'postMatch',
  description: 'Posts the payment that an accepted match of bank lines and open items shows.',
  scope: 'platform:internal',
  input: z.object({
    matchId: id(),
    bookId: id(),
    bankAccountCode: text(20),
    bookedOn: date(),
    description: z.string().max(1000),
    vendorId: id().optional(),
    lines: z.array(z.object({ lineId: id(), money: wireMoney() })),
    items: z.array(z.object({ journalEntryId: id(), controlAccountCode: text(20), applied: wireMoney() })),
  }),
  async run(transaction, input) {
    const { matchId, bookId } = input;
    const outcome = await tryPostEntries(transaction, [
      {
        bookId,
        kind: 'PAYMENT',
        postedOn: input.bookedOn,
        description: input.description,
        vendorId: input.vendorId,
        lines: settlementLines({
          bankAccountCode: input.bankAccountCode,
          lines: input.lines.map((line) => ({ money: fromWire(line.money) })),
          items: input.items.map(({ controlAccountCode, applied }) => ({
            controlAccountCode,
            applied: fromWire(applied),
          })),
        }),
        cause: { matchId },
      },
    ]);
    if ('refused' in outcome) return refuse(transaction, { cause: { matchId }, bookId }, outcome.refused);
    const [posted] = outcome.posted;
    transaction.audit({ subjectType: 'Match', subjectId: matchId, after: posted });
    return { journalEntryId: posted?.id };
  },
});
