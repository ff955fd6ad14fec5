import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { id, oneOf, text } from '#kernel/input';
import { requireDimension, requireDimensionValue } from '../dimensions/load-dimension.ts';

const accountTypes = ['ASSET', 'LIABILITY', 'EQUITY', 'INCOME', 'EXPENSE'] as const;

/** Makes an account, or all accounts of a type, take no line without a value of a dimension; or no longer. */
export const setDimensionRequirement = command({
  name: 'setDimensionRequirement',
  description:
    'Makes an account, or all accounts of a type, take no line without a value of a dimension, for example every ' +
    'expense its cost centre; or lets go of that. Lines that were posted before stay as they are.',
  scope: 'transactions:post',
  input: z.object({
    bookId: id(),
    dimension: text(40).meta({ description: 'The key of the dimension, for example costCentre.' }),
    accountCode: text(20).optional().meta({ description: 'One account; either this or accountType.' }),
    accountType: oneOf('AccountType', accountTypes).optional(),
    required: z.boolean().meta({ description: 'Whether lines need it from now on.' }),
    defaultValue: text(50).optional().meta({
      description:
        'The code that stands in where nobody gave one, as for bank charges; left out, lines are refused.',
    }),
  }),
  async run(transaction, input) {
    const { bookId, accountCode, accountType } = input;
    if ((accountCode === undefined) === (accountType === undefined)) {
      const message = 'Give either accountCode or accountType';
      throw new CrossfootError('FIELD_MISSING', message, { path: ['accountCode'] });
    }
    const dimension = await requireDimension(transaction, bookId, input.dimension);
    const accountId = accountCode === undefined ? null : await accountOf(transaction, bookId, accountCode);
    const standIn =
      input.defaultValue === undefined
        ? undefined
        : await requireDimensionValue(transaction, dimension, {
            code: input.defaultValue,
            path: 'defaultValue',
          });
    await transaction.query(
      `delete from transactions.dimension_requirement
        where dimension_id = $1 and coalesce(account_id, account_type) = $2`,
      [dimension.id, accountId ?? accountType],
    );
    if (input.required) {
      await transaction.insert('transactions.dimension_requirement', {
        id: newId('dr'),
        book_id: bookId,
        dimension_id: dimension.id,
        account_id: accountId,
        account_type: accountType ?? null,
        default_value_id: standIn?.id ?? null,
        created_at: transaction.now,
      });
    }
    transaction.audit({ subjectType: 'Dimension', subjectId: dimension.id, after: input });
    return { dimensionId: dimension.id };
  },
});

async function accountOf(transaction: Transaction, bookId: string, code: string): Promise<string> {
  const account = await transaction.maybe<{ id: string }>(
    'select id from transactions.account where book_id = $1 and code = $2',
    [bookId, code],
  );
  if (account) return account.id;
  throw new CrossfootError('ACCOUNT_UNKNOWN', `The book has no account ${code}`, { path: ['accountCode'] });
}
