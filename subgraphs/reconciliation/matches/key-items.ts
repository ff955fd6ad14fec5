import type { Transaction } from '#kernel/command';
import { keysOfItem, keysVersion, partyKeyOf, wordsOf, type KeyedItem } from '../matching/search-keys.ts';

const batchSize = 5_000;

/** An item as far as its keys go, as it is stored; `keyedColumns` names the columns. */
export interface KeyedRow {
  readonly id: string;
  readonly reference: string | null;
  readonly payment_reference: string | null;
  readonly counterparty_name: string | null;
  readonly counterparty_accounts: string[];
  readonly vendor_id: string | null;
}

/** The columns of a `KeyedRow`. */
export const keyedColumns =
  'id, reference, payment_reference, counterparty_name, counterparty_accounts, vendor_id';

/**
 * Gives open items of the book the keys they are looked up by, where they have none yet or those of an earlier version.
 * Costs one look into an index when there is nothing to do.
 */
export async function keyItems(transaction: Transaction, bookId: string): Promise<void> {
  for (let last = batchSize; last === batchSize;) {
    const rows = await transaction.query<KeyedRow>(
      `select ${keyedColumns}
         from reconciliation.open_item where book_id = $1 and keys_version < $2 and open_minor <> 0
        order by keys_version, id limit $3`,
      [bookId, keysVersion, batchSize],
    );
    last = rows.length;
    if (last > 0) await storeKeys(transaction, bookId, rows.map(keyedItem));
  }
}

/** What an item is keyed by, of its row. */
export function keyedItem(row: KeyedRow): KeyedItem {
  return {
    id: row.id,
    reference: row.reference ?? undefined,
    paymentReference: row.payment_reference ?? undefined,
    counterpartyName: row.counterparty_name ?? undefined,
    accounts: row.counterparty_accounts,
    partyId: row.vendor_id ?? undefined,
  };
}

/** Stores what items are looked up by; keys that are there already stay. */
export async function storeKeys(
  transaction: Transaction,
  bookId: string,
  items: readonly KeyedItem[],
): Promise<void> {
  const { organisationId } = transaction;
  const parties = items.map(partyKeyOf);
  await transaction.query(
    `update reconciliation.open_item o set party_key = r.party_key, keys_version = $3
       from unnest($1::text[], $2::text[]) as r (id, party_key) where o.id = r.id`,
    [items.map((item) => item.id), parties, keysVersion],
  );
  const keys = items.flatMap((item) => keysOfItem(item).map((key) => [key, item.id] as const));
  await transaction.query(
    `insert into reconciliation.open_item_key (organisation_id, book_id, key, open_item_id)
     select $1, $2, r.key, r.id from unnest($3::text[], $4::text[]) as r (key, id) on conflict do nothing`,
    [organisationId, bookId, keys.map(([key]) => key), keys.map(([, id]) => id)],
  );
  const words = items.flatMap((item, at) =>
    wordsOf([item.counterpartyName], item.accounts).map((word) => [word, parties[at]] as const),
  );
  await storeWords(transaction, bookId, words);
}

/** Stores the words by which parties are found. */
export async function storeWords(
  transaction: Transaction,
  bookId: string,
  words: readonly (readonly [word: string, partyKey: string | undefined])[],
): Promise<void> {
  const distinct = [...new Map(words.map((pair) => [pair.join('\n'), pair])).values()];
  await transaction.query(
    `insert into reconciliation.party_word (organisation_id, book_id, word, party_key)
     select $1, $2, r.word, r.party from unnest($3::text[], $4::text[]) as r (word, party) on conflict do nothing`,
    [transaction.organisationId, bookId, distinct.map(([word]) => word), distinct.map(([, party]) => party)],
  );
}
