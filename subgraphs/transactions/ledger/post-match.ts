import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { date, id, text } from '#kernel/input';
import { fromWire, wireMoney } from '#kernel/wire-money';
import { tryPostEntries } from './post-entry.ts';
import { refuse } from './refuse-posting.ts';
import { recordSettled, valuePayment, type ValuedPayment } from './value-payment.ts';

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
    differences: z
      .array(
        z.object({
          kind: text(60),
          money: wireMoney(),
          accountCode: text(20).optional(),
          memo: z.string().max(1000),
        }),
      )
      .optional(),
  }),
  async run(transaction, input) {
    const { matchId, bookId, bankAccountCode, bookedOn } = input;
    const refused = { cause: { matchId }, bookId };
    let valued: ValuedPayment;
    try {
      valued = await valuePayment(transaction, {
        bookId,
        bankAccountCode,
        bookedOn,
        lines: input.lines.map((line) => ({ money: fromWire(line.money) })),
        items: input.items.map((item) => ({ ...item, applied: fromWire(item.applied) })),
        differences: (input.differences ?? []).map((one) => ({ ...one, money: fromWire(one.money) })),
      });
    } catch (error) {
      if (!(error instanceof CrossfootError)) throw error;
      return refuse(transaction, refused, error.toUserError());
    }
    const { description, vendorId } = input;
    const entry = { bookId, kind: 'PAYMENT', postedOn: bookedOn, description, vendorId } as const;
    const outcome = await tryPostEntries(transaction, [
      { ...entry, lines: valued.lines, cause: { matchId } },
    ]);
    if ('refused' in outcome) return refuse(transaction, refused, outcome.refused);
    const [posted] = outcome.posted;
    if (posted) await recordSettled(transaction, posted.id, valued.parts);
    transaction.audit({ subjectType: 'Match', subjectId: matchId, after: posted });
    return { journalEntryId: posted?.id };
  },
});
