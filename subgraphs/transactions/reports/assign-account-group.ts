import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { id, oneOf } from '#kernel/input';
import type { AccountType } from '../ledger/chart-of-accounts.ts';
import { accountGroupNames, accountGroups, usualGroup } from './account-groups.ts';

/** Puts an account on a line of the statements. */
export const assignAccountGroup = command({
  name: 'assignAccountGroup',
  description:
    'Puts an account on a line of the statements; without a line it goes back to that of its code and type. Statements ' +
    'of any day show it there from then on.',
  scope: 'transactions:write',
  input: z.object({
    accountId: id(),
    group: oneOf('AccountGroup', accountGroupNames)
      .optional()
      .meta({ graphql: 'AccountGroup', description: 'A line whose accounts have the type of this one.' }),
  }),
  async run(transaction, { accountId, group }) {
    const account = await transaction.require<{
      book_id: string;
      code: string;
      type: AccountType;
      assigned: string | null;
    }>(
      `There is no account ${accountId}`,
      `select a.book_id, a.code, a.type, g.report_group as assigned
         from transactions.account a
         left join transactions.account_group g on g.organisation_id = a.organisation_id and g.account_id = a.id
        where a.id = $1`,
      [accountId],
    );
    const usual = usualGroup(account);
    if (group === undefined) {
      await transaction.query('delete from transactions.account_group where account_id = $1', [accountId]);
    } else {
      const { type, label } = accountGroups[group];
      if (type !== account.type) {
        const message = `${label} has accounts of the type ${type}, and ${account.code} is ${account.type}`;
        throw new CrossfootError('FIELD_INVALID', message, { path: ['group'] });
      }
      await transaction.query(
        `insert into transactions.account_group (organisation_id, account_id, book_id, report_group, assigned_at)
         values ($1, $2, $3, $4, $5)
         on conflict (organisation_id, account_id)
         do update set report_group = excluded.report_group, assigned_at = excluded.assigned_at`,
        [transaction.organisationId, accountId, account.book_id, group, transaction.now],
      );
    }
    transaction.audit({
      subjectType: 'Account',
      subjectId: accountId,
      before: { group: account.assigned ?? usual },
      after: { group: group ?? usual },
    });
    return { accountId };
  },
});
