import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { amount, id, text } from '#kernel/input';
import { absolute } from '#kernel/money';
import { lockRule } from './load-rule.ts';
import { storeRule } from './store-rule.ts';

/** Changes a rule by a new version of it; what the one before has booked stays marked with that one. */
export const changeBookingRule = command({
  name: 'changeBookingRule',
  description: 'Changes a booking rule by a new version of it; what was booked before stays as it is.',
  scope: 'reconciliation:write',
  input: z.object({
    bookingRuleId: id(),
    name: text().optional(),
    accountCode: text(20).optional().meta({ description: 'The account its lines go to.' }),
    memo: text(500).optional().meta({ description: 'The memo of its bookings.' }),
    upTo: amount().optional().meta({ description: 'The greatest amount it books, without a sign.' }),
  }),
  async run(transaction, { bookingRuleId, name, accountCode, memo, upTo }) {
    const rule = await lockRule(transaction, bookingRuleId);
    if (upTo && (upTo.currency !== rule.currency || upTo.minor === 0n)) {
      const message = `upTo must be more than nothing, in ${rule.currency}`;
      throw new CrossfootError('FIELD_INVALID', message, { path: ['upTo'] });
    }
    const newId = await storeRule(transaction, rule.bookId, {
      ...rule,
      name: name ?? rule.name,
      accountCode: accountCode ?? rule.accountCode,
      memo: memo ?? rule.memo,
      upToMinor: upTo ? absolute(upTo).minor : rule.upToMinor,
    });
    return { bookingRuleId: newId };
  },
});
