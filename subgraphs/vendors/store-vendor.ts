import { compactNumber } from '#kernel/account-number';
import { CrossfootError } from '#kernel/errors';
import type { Transaction } from '#kernel/command';
import { vendorAccountPlace } from '#kernel/events';
import { newId } from '#kernel/ids';
import type { BankDetailInput } from './vendor-input.ts';

/** Adds a spelling; one that is known already stays as it is. */
export async function storeAlias(
  transaction: Transaction,
  vendorId: string,
  alias: { name: string; source: string },
): Promise<void> {
  await transaction.query(
    `insert into vendors.vendor_alias (organisation_id, id, vendor_id, name, source, created_at)
     values ($1, $2, $3, $4, $5, $6) on conflict (organisation_id, vendor_id, name) do nothing`,
    [transaction.organisationId, newId('val'), vendorId, alias.name, alias.source, transaction.now],
  );
}

/** Seals an account and adds it; one that is known already stays as it is, and is told again. */
export async function storeBankDetail(
  transaction: Transaction,
  vendorId: string,
  detail: BankDetailInput,
): Promise<void> {
  const id = newId('vbd');
  const { organisationId, services } = transaction;
  const account = compactNumber(detail.iban ?? detail.accountNumber ?? '');
  const accountIndex = services.vault.blindIndex(account, organisationId);
  await transaction.query(
    `insert into vendors.vendor_bank_detail
       (organisation_id, id, vendor_id, sealed_account, account_index, last_four, bic, holder, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (organisation_id, vendor_id, account_index) do nothing`,
    [
      organisationId,
      id,
      vendorId,
      services.vault.seal(account, vendorAccountPlace(organisationId, id)),
      accountIndex,
      account.slice(-4),
      detail.bic ?? null,
      detail.holder ?? null,
      transaction.now,
    ],
  );
  const stored = await transaction.require<{
    id: string;
    sealed: string;
    bic: string | null;
    holder: string | null;
  }>(
    'The account was not stored',
    `select id, sealed_account as sealed, bic, holder from vendors.vendor_bank_detail
      where vendor_id = $1 and account_index = $2`,
    [vendorId, accountIndex],
  );
  transaction.emit({
    type: 'vendorBankDetail.added',
    subjectId: stored.id,
    facts: {
      vendorId,
      sealedAccount: stored.sealed,
      accountIndex,
      lastFour: account.slice(-4),
      bic: stored.bic ?? undefined,
      holder: stored.holder ?? undefined,
    },
  });
}

/** Locks a vendor for a change; throws NOT_FOUND. */
export async function lockVendor(
  transaction: Transaction,
  vendorId: string,
): Promise<{ name: string; status: string }> {
  return transaction.require<{ name: string; status: string }>(
    `There is no vendor ${vendorId}`,
    'select name, status from vendors.vendor where id = $1 for update',
    [vendorId],
  );
}

/** Refuses a tax number that another vendor carries. */
export async function refuseTakenTaxId(
  transaction: Transaction,
  taxId: string | undefined,
  except?: string,
): Promise<void> {
  if (taxId === undefined) return;
  const taken = await transaction.maybe<{ id: string; name: string }>(
    `select id, name from vendors.vendor
      where upper(regexp_replace(tax_id, '[^0-9A-Za-z]', '', 'g')) = $1 and id <> $2`,
    [compactNumber(taxId), except ?? ''],
  );
  if (taken) {
    throw new CrossfootError('ALREADY_EXISTS', `${taken.name} (${taken.id}) has this tax number`, {
      path: ['taxId'],
    });
  }
}
