import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { currency, id, oneOf, text } from '#kernel/input';
import { requireBook } from './require-book.ts';
import { accountTypes } from './chart-of-accounts.ts';

/** Adds an account to the chart of a book. */
export const createAccount = command({
  name: 'createAccount',
  description: 'Adds an account to the chart of a book; its code, type and currency are final.',
  scope: 'transactions:write',
  input: z.object({
    bookId: id(),
    code: z
      .string()
      .regex(
        /^[0-9A-Za-z][0-9A-Za-z.-]{0,19}$/,
        'is not an account code: letters, digits, dots and hyphens, 20 at most',
      )
      .meta({ description: 'How people and systems call the account, such as 6837.' }),
    name: text(),
    type: oneOf('AccountType', accountTypes),
    currency: currency().optional().meta({ description: 'The only currency it takes; any when left out.' }),
  }),
  async run(transaction, input) {
    await requireBook(transaction, input.bookId);
    const accountId = newId('acc');
    const made = await transaction.maybe(
      `insert into transactions.account (organisation_id, id, book_id, code, name, type, currency, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (organisation_id, book_id, code) do nothing returning id`,
      [
        transaction.organisationId,
        accountId,
        input.bookId,
        input.code,
        input.name,
        input.type,
        input.currency ?? null,
        transaction.now,
      ],
    );
    if (!made) {
      throw new CrossfootError('ALREADY_EXISTS', `The book has an account ${input.code}`, { path: ['code'] });
    }
    transaction.audit({ subjectType: 'Account', subjectId: accountId, after: input });
    return { accountId };
  },
});
