import { z } from 'zod';
import { command } from '#kernel/command';
import { newId } from '#kernel/ids';
import { date, id, text } from '#kernel/input';
import { wireMoney } from '#kernel/wire-money';
import { storeKeys } from './key-items.ts';

/** Keeps this subgraph's own copy of what a journal entry leaves open. */
export const recordOpenItem = command({
  name: 'recordOpenItem',
  description: "Keeps reconciliation's own copy of what a journal entry leaves open.",
  scope: 'platform:internal',
  input: z.object({
    journalEntryId: id(),
    bookId: id(),
    postedOn: date(),
    vendorId: id().optional(),
    documentId: id().optional(),
    item: z.object({
      kind: z.enum(['PAYABLE', 'RECEIVABLE']),
      money: wireMoney(),
      label: text(500),
      reference: text(500).optional(),
      paymentReference: text(500).optional(),
      counterpartyName: text(500).optional(),
      counterpartyAccounts: z.array(text(100)),
      dueOn: date().optional(),
      controlAccountCode: text(20),
    }),
  }),
  async run(transaction, { item, ...entry }) {
    // An entry over nothing leaves nothing to be paid.
    if (BigInt(item.money.minor) === 0n) return { journalEntryId: entry.journalEntryId };
    const itemId = newId('oi');
    const made = await transaction.query(
      `insert into reconciliation.open_item (organisation_id, id, book_id, journal_entry_id, kind, label, reference,
         payment_reference, counterparty_name, counterparty_accounts, issued_on, due_on, minor, open_minor, currency,
         control_account_code, vendor_id, document_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $14, $15, $16, $17)
       on conflict (organisation_id, journal_entry_id) do nothing returning id`,
      [
        transaction.organisationId,
        itemId,
        entry.bookId,
        entry.journalEntryId,
        item.kind,
        item.label,
        item.reference ?? null,
        item.paymentReference ?? null,
        item.counterpartyName ?? null,
        item.counterpartyAccounts,
        entry.postedOn,
        item.dueOn ?? null,
        item.money.minor,
        item.money.currency,
        item.controlAccountCode,
        entry.vendorId ?? null,
        entry.documentId ?? null,
      ],
    );
    if (made.length === 0) return { journalEntryId: entry.journalEntryId };
    await storeKeys(transaction, entry.bookId, [
      {
        id: itemId,
        reference: item.reference,
        paymentReference: item.paymentReference,
        counterpartyName: item.counterpartyName,
        accounts: item.counterpartyAccounts,
        partyId: entry.vendorId,
      },
    ]);
    return { journalEntryId: entry.journalEntryId };
  },
});
