import { z } from 'zod';
import { command } from '#kernel/command';
import { resultOf, type CommandDoor } from '#kernel/command-door';
import { newId } from '#kernel/ids';
import { keyItems } from '../../../subgraphs/reconciliation/matches/key-items.ts';
import { benchActor } from '../bench-book.ts';
import type { ItemRow } from './rows.ts';

/** Items recorded at once. */
const chunk = 10_000;

/** Puts open items into the book as reactions to journal entries would, many at once; they are not what is measured. */
export async function recordItems(
  { door, bookId }: { readonly door: CommandDoor; readonly bookId: string },
  items: readonly ItemRow[],
): Promise<void> {
  const rows = items.map((item) => ({
    id: newId('oi'),
    journal_entry_id: newId('je'),
    kind: item.amount < 0 ? 'PAYABLE' : 'RECEIVABLE',
    label: item.ref,
    reference: item.ref,
    payment_reference: item.structured,
    counterparty_name: item.party_name,
    account: item.party_iban,
    issued_on: item.date,
    due_on: item.due,
    minor: item.amount,
    currency: item.currency,
    vendor_id: item.party,
  }));
  const record = command({
    name: 'benchRecordItems',
    description: 'Records open items of the bench.',
    scope: 'reconciliation:write',
    input: z.object({ from: z.int() }),
    async run(transaction, { from }) {
      const some = rows.slice(from, from + chunk).map(({ account, ...row }) => ({
        ...row,
        accounts:
          account === null
            ? []
            : [transaction.services.vault.blindIndex(account, transaction.organisationId)],
      }));
      await transaction.query(
        `insert into reconciliation.open_item (organisation_id, id, book_id, journal_entry_id, kind, label, reference,
           payment_reference, counterparty_name, counterparty_accounts, issued_on, due_on, minor, open_minor, currency,
           control_account_code, vendor_id)
         select $1, id, $2, journal_entry_id, kind, label, reference, payment_reference, counterparty_name,
                array(select jsonb_array_elements_text(accounts)), issued_on, due_on, minor, minor, currency, '1400', vendor_id
           from jsonb_to_recordset($3) as r (id text, journal_entry_id text, kind text, label text, reference text,
             payment_reference text, counterparty_name text, accounts jsonb, issued_on date, due_on date, minor bigint,
             currency text, vendor_id text)`,
        [transaction.organisationId, bookId, JSON.stringify(some)],
      );
      await keyItems(transaction, bookId);
      return { recorded: some.length };
    },
  });
  for (let from = 0; from < rows.length; from += chunk) {
    resultOf(await door.run(record, { from }, { actor: benchActor }));
  }
}
