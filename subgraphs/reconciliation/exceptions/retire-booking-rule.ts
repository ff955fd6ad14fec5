import { z } from 'zod';
import { command } from '#kernel/command';
import { id } from '#kernel/input';
import { deciderOf } from './close-exception.ts';
import { lockRule } from './load-rule.ts';

/** Takes a rule out of force; what it has booked stays booked and marked with it. */
export const retireBookingRule = command({
  name: 'retireBookingRule',
  description: 'Takes a booking rule out of force; what it has booked stays as it is.',
  scope: 'reconciliation:write',
  input: z.object({ bookingRuleId: id() }),
  async run(transaction, { bookingRuleId }) {
    const { bookId } = await lockRule(transaction, bookingRuleId);
    await transaction.query(
      'update reconciliation.booking_rule set retired_at = $2, retired_by = $3 where id = $1',
      [bookingRuleId, transaction.now, deciderOf(transaction)],
    );
    transaction.emit({ type: 'bookingRule.retired', subjectId: bookingRuleId, bookId, facts: {} });
    transaction.audit({
      subjectType: 'BookingRule',
      subjectId: bookingRuleId,
      before: { retired: false },
      after: { retired: true },
    });
    return { bookingRuleId };
  },
});
