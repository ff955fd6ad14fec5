import { z } from 'zod';
import { command } from '#kernel/command';
import { id, text } from '#kernel/input';

/** Keeps the account of a vendor, sealed as it comes; only the file for the bank opens it. */
export const receivePayeeAccount = command({
  name: 'receivePayeeAccount',
  description: "Keeps reconciliation's own copy of a vendor's account, sealed as it comes.",
  scope: 'platform:internal',
  input: z.object({
    payeeAccountId: id(),
    vendorId: id(),
    sealedAccount: text(500),
    accountIndex: text(100),
    lastFour: text(4),
    bic: text(11).optional(),
    holder: text(500).optional(),
  }),
  async run(transaction, { payeeAccountId, ...account }) {
    await transaction.query(
      `insert into reconciliation.payee_account (organisation_id, id, vendor_id, sealed_account, account_index, last_four,
         bic, holder, added_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (organisation_id, id) do nothing`,
      [
        transaction.organisationId,
        payeeAccountId,
        account.vendorId,
        account.sealedAccount,
        account.accountIndex,
        account.lastFour,
        account.bic ?? null,
        account.holder ?? null,
        transaction.now,
      ],
    );
    return { payeeAccountId };
  },
});
