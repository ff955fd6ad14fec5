import { z } from 'zod';
import { isIban } from '#kernel/account-number';
import type { CalendarDate } from '#kernel/calendar';
import { command, type Transaction } from '#kernel/command';
import { CrossfootError, userError } from '#kernel/errors';
import { vendorAccountPlace, type PostalAddress } from '#kernel/events';
import { id } from '#kernel/input';
import { money } from '#kernel/money';
import {
  paymentFiles,
  type CreditorReference,
  type PaymentInstruction,
  type PaymentParty,
} from '#connectors/payment-ports';
import { referenceScheme } from '../matching/references.ts';
import { lockOrder, refuseOutdated, type LockedOrder } from './load-order.ts';

/** Writes the file of an approved order for the bank, pain.001.001.09; the same file however often it is asked for. */
export const paymentFile = command({
  name: 'paymentFile',
  description:
    'Writes the file of an approved payment order for the bank, pain.001.001.09, to be fetched from its path; the same ' +
    'file however often it is asked for.',
  scope: 'reconciliation:write',
  input: z.object({ paymentOrderId: id() }),
  async run(transaction, { paymentOrderId }) {
    const order = await lockOrder(transaction, paymentOrderId);
    if ((order.status !== 'APPROVED' && order.status !== 'SENT') || !order.approvedAt) {
      throw new CrossfootError(
        'STATE_CONFLICT',
        `A payment order that is ${order.status} has no file for the bank`,
      );
    }
    if (order.status === 'APPROVED') await refuseOutdated(transaction, order);
    const debtor = await loadDebtor(transaction, order);
    const payments = await loadInstructions(transaction, order, debtor);
    const { services, organisationId } = transaction;
    const written = services.port(paymentFiles).write({
      messageId: order.messageId,
      createdAt: new Date(order.approvedAt),
      initiator: debtor.name,
      payments,
    });
    for (const creditor of written.unaddressed) {
      const message = `${creditor} has no town and country, which banks ask for in all but SEPA transfers`;
      transaction.report(userError('FIELD_MISSING', message, ['creditor', 'address']));
    }
    const name = `payments-${order.messageId}.${written.extension}`;
    const { mediaType } = written;
    const stored = await services.files.put(organisationId, bytesOf(written.text), { name, mediaType });
    if (order.fileId !== stored.id)
      await noteFile(transaction, order, { fileId: stored.id, batches: written.batches });
    return { paymentOrderId, fileId: stored.id, name, mediaType, size: stored.size };
  },
});

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text, 'utf8');
}

function accountOf(number: string): Pick<PaymentParty, 'iban' | 'accountNumber'> {
  return isIban(number) ? { iban: number } : { accountNumber: number };
}

async function loadDebtor(transaction: Transaction, { bankAccountId }: LockedOrder): Promise<PaymentParty> {
  const row = await transaction.require<{
    sealed: string;
    bic: string | null;
    name: string;
    country: string | null;
  }>(
    `There is no bank account ${bankAccountId}`,
    `select b.sealed_number as sealed, b.bic, coalesce(nullif(p.legal_name, ''), b.name) as name, p.country
       from reconciliation.bank_account b left join reconciliation.payer p on p.book_id = b.book_id
      where b.id = $1`,
    [bankAccountId],
  );
  const number = transaction.services.vault.open(row.sealed, {
    organisationId: transaction.organisationId,
    column: 'bank_account.number',
    rowId: bankAccountId,
  });
  return {
    name: row.name,
    ...accountOf(number),
    bic: row.bic ?? undefined,
    country: row.country ?? undefined,
  };
}

interface InstructionRow {
  readonly end_to_end_id: string;
  readonly minor: bigint;
  readonly currency: string;
  readonly execution_on: CalendarDate;
  readonly creditor_name: string;
  readonly remittance: string;
  readonly payment_reference: string | null;
  readonly account_id: string;
  readonly sealed: string;
  readonly bic: string | null;
  readonly country: string | null;
  readonly address: PostalAddress | null;
}

/** The one place where account numbers of vendors are opened. */
async function loadInstructions(
  transaction: Transaction,
  { id: orderId }: LockedOrder,
  debtor: PaymentParty,
): Promise<PaymentInstruction[]> {
  const rows = await transaction.query<InstructionRow>(
    `select p.end_to_end_id, p.minor, p.currency, p.execution_on, p.creditor_name, p.remittance, o.payment_reference,
            a.id as account_id, a.sealed_account as sealed, a.bic, y.country, y.address
       from reconciliation.payment_line p
       join reconciliation.open_item o on o.id = p.open_item_id
       join reconciliation.payee_account a on a.id = p.payee_account_id
       left join reconciliation.payee y on y.vendor_id = a.vendor_id
      where p.order_id = $1 order by p.id`,
    [orderId],
  );
  const { organisationId, services } = transaction;
  return rows.map((row) => ({
    endToEndId: row.end_to_end_id,
    amount: money(row.minor, row.currency),
    executionOn: row.execution_on,
    debtor,
    creditor: {
      name: row.creditor_name,
      ...accountOf(services.vault.open(row.sealed, vendorAccountPlace(organisationId, row.account_id))),
      bic: row.bic ?? undefined,
      country: row.country ?? undefined,
      address: row.address ?? undefined,
    },
    creditorReference: referenceOf(row.payment_reference),
    remittance: row.remittance,
  }));
}

function referenceOf(value: string | null): CreditorReference | undefined {
  const scheme = value === null ? undefined : referenceScheme(value);
  if (value === null || scheme === undefined || scheme === 'KID' || scheme === 'Finnish') return undefined;
  return { scheme, value };
}

/** Lines of the bank are known by what the file calls their payments and batches. */
async function noteFile(
  transaction: Transaction,
  order: LockedOrder,
  { fileId, batches }: { fileId: string; batches: readonly { id: string; endToEndIds: readonly string[] }[] },
): Promise<void> {
  await transaction.query('update reconciliation.payment_order set file_id = $2 where id = $1', [
    order.id,
    fileId,
  ]);
  const pairs = batches.flatMap((batch) =>
    batch.endToEndIds.map((endToEndId) => [endToEndId, batch.id] as const),
  );
  await transaction.query(
    `update reconciliation.payment_line p set batch_id = r.batch_id
       from unnest($2::text[], $3::text[]) as r (end_to_end_id, batch_id)
      where p.order_id = $1 and p.end_to_end_id = r.end_to_end_id`,
    [order.id, pairs.map(([endToEndId]) => endToEndId), pairs.map(([, batch]) => batch)],
  );
  transaction.emit({
    type: 'paymentOrder.filed',
    subjectId: order.id,
    bookId: order.bookId,
    facts: { fileId },
  });
  transaction.audit({
    subjectType: 'PaymentOrder',
    subjectId: order.id,
    after: { fileId, payments: pairs.length },
  });
}
