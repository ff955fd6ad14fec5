import { z } from 'zod';
import { command } from '#kernel/command';
import { id, oneOf, text } from '#kernel/input';
import { payoutMemberKinds, payoutProviders } from '#connectors/payout-ports';

/** Says to which account what a provider moves is booked where it is no open item, kind by kind. */
export const setProcessorAccounts = command({
  name: 'setProcessorAccounts',
  description:
    'Says to which account what a payment provider moves is booked where it is no open item, kind by kind: sales not invoiced one by one, refunds, fees. Kinds not named stay as they are.',
  scope: 'reconciliation:write',
  input: z.object({
    bookId: id(),
    provider: oneOf('PayoutProvider', payoutProviders),
    accounts: z
      .array(
        z
          .object({
            kind: oneOf('PayoutMemberKind', payoutMemberKinds),
            accountCode: text(20)
              .optional()
              .meta({ description: 'Left out to go back to the account of the ledger.' }),
          })
          .meta({ graphql: 'ProcessorAccountInput' }),
      )
      .min(1)
      .max(payoutMemberKinds.length),
  }),
  async run(transaction, { bookId, provider, accounts }) {
    await transaction.query(
      'delete from reconciliation.processor_account where book_id = $1 and provider = $2 and kind = any($3)',
      [bookId, provider, accounts.map(({ kind }) => kind)],
    );
    const named = accounts.filter(({ accountCode }) => accountCode !== undefined);
    await transaction.query(
      `insert into reconciliation.processor_account (organisation_id, book_id, provider, kind, account_code, set_by, set_at)
       select $1, $2, $3, r.kind, r.account, $6, $7 from unnest($4::text[], $5::text[]) as r (kind, account)
       on conflict (organisation_id, book_id, provider, kind) do update set account_code = excluded.account_code`,
      [
        transaction.organisationId,
        bookId,
        provider,
        named.map(({ kind }) => kind),
        named.map(({ accountCode }) => accountCode),
        transaction.actor.memberId ?? null,
        transaction.now,
      ],
    );
    transaction.audit({ subjectType: 'Book', subjectId: bookId, after: { provider, accounts } });
    return { bookId, provider };
  },
});
