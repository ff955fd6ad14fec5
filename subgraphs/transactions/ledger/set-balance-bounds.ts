import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { currency, decimal, id } from '#kernel/input';
import { parseMoney } from '#kernel/money';

const bound = (description: string) =>
  decimal()
    .optional()
    .meta({ graphql: 'Decimal', description: `${description}; no limit when left out.` });

/** Sets or lifts the limits of an account's balance. */
export const setBalanceBounds = command({
  name: 'setBalanceBounds',
  description:
    'Sets the limits of an account in one currency: no posting takes its balance (debits less credits of all lines) beyond them. Without limits they are lifted. Postings to an account with limits wait for each other.',
  scope: 'transactions:write',
  input: z.object({
    accountId: id(),
    currency: currency().meta({ description: 'The currency the limits are in.' }),
    atLeast: bound('The lowest balance; 0 for a cash box that cannot be overdrawn'),
    atMost: bound('The highest balance; 0 for a liability that cannot become a claim'),
  }),
  async run(transaction, { accountId, currency: code, atLeast, atMost }) {
    const least = atLeast === undefined ? null : parseMoney(atLeast, code).minor;
    const most = atMost === undefined ? null : parseMoney(atMost, code).minor;
    if (least !== null && most !== null && least > most) {
      throw new CrossfootError('FIELD_INVALID', `${atLeast} is more than ${atMost}`, { path: ['atLeast'] });
    }
    const limited = least !== null || most !== null;
    const before = await transaction.require<Record<string, unknown>>(
      `There is no account ${accountId}`,
      `select bounds_currency, balance_at_least::text as balance_at_least, balance_at_most::text as balance_at_most
         from transactions.account where id = $1`,
      [accountId],
    );
    await transaction.query(
      `update transactions.account set bounds_currency = $2, balance_at_least = $3, balance_at_most = $4 where id = $1`,
      [accountId, limited ? code : null, least, most],
    );
    transaction.audit({
      subjectType: 'Account',
      subjectId: accountId,
      before,
      after: { currency: code, atLeast, atMost },
    });
    return { accountId };
  },
});
