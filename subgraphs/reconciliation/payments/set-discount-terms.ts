import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { decimal, id } from '#kernel/input';
import { parseDecimal } from '#kernel/money';

/** Says what a vendor lets us keep of its bills when we pay early; nothing from now on when the percentage is zero. */
export const setDiscountTerms = command({
  name: 'setDiscountTerms',
  description:
    'Says what a vendor lets us keep of its bills when we pay early; nothing from now on when the percentage is zero.',
  scope: 'reconciliation:write',
  input: z.object({
    bookId: id(),
    vendorId: id(),
    percent: decimal().meta({ description: 'Of the amount of the bill, for example 2; below 100.' }),
    days: z.int().min(0).max(365).meta({ description: 'Up to how many days after the bill.' }),
  }),
  async run(transaction, { bookId, vendorId, percent, days }) {
    const { digits, scale } = parseDecimal(percent);
    if (digits < 0n || digits >= 100n * 10n ** BigInt(scale)) {
      throw new CrossfootError('FIELD_INVALID', `${percent} is not a percentage from 0 to below 100`, {
        path: ['percent'],
      });
    }
    await transaction.query(
      'delete from reconciliation.discount_terms where book_id = $1 and vendor_id = $2',
      [bookId, vendorId],
    );
    if (digits > 0n) {
      await transaction.insert('reconciliation.discount_terms', {
        book_id: bookId,
        vendor_id: vendorId,
        percent,
        days,
        set_by: transaction.actor.id,
        set_at: transaction.now,
      });
    }
    transaction.audit({ subjectType: 'Vendor', subjectId: vendorId, after: { bookId, percent, days } });
    return { vendorId };
  },
});
