import { z } from 'zod';
import { command } from '#kernel/command';
import { id } from '#kernel/input';

/** Forgets how tables of a bank account are read; the next one is read by its headings, or its columns are named anew. */
export const forgetTableProfile = command({
  name: 'forgetTableProfile',
  description:
    'Forgets how tables of a bank account are read; the next one is read by its headings, or its columns are named anew.',
  scope: 'reconciliation:write',
  input: z.object({ tableProfileId: id() }),
  async run(transaction, { tableProfileId }) {
    const forgotten = await transaction.require<{
      bank_account_id: string;
      headings: string[];
      profile: object;
    }>(
      `There is no table profile ${tableProfileId}`,
      'delete from reconciliation.table_profile where id = $1 returning bank_account_id, headings, profile',
      [tableProfileId],
    );
    const { bank_account_id: bankAccountId, headings, profile } = forgotten;
    transaction.audit({
      subjectType: 'TableProfile',
      subjectId: tableProfileId,
      before: { bankAccountId, headings, profile },
    });
    return { bankAccountId };
  },
});
