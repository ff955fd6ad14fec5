import type { Transaction } from '#kernel/command';
import { newId } from '#kernel/ids';
import { nameTokens, tokenSimilarity } from '#kernel/names';
import { wordsOf } from '../matching/search-keys.ts';
import { storeWords } from './key-items.ts';

/** A name this like the party's own is found without being learned. */
const alike = 9_500;
/** From where a reference alone tells who paid, in basis points of the matcher's own confidence. */
const strongFrom = 9_970;

interface Learnable {
  readonly match_id: string;
  readonly counterparty_name: string | null;
  readonly account: string | null;
  readonly last_four: string | null;
  readonly party_key: string;
  readonly party_name: string | null;
  readonly accounts: string[];
  readonly vendor_id: string | null;
}

interface NewAlias {
  readonly kind: 'NAME' | 'ACCOUNT';
  readonly value: string;
  readonly shown: string;
  readonly from: Learnable;
}

/**
 * Learns names and accounts under which a party pays or is paid, from accepted matches in which a person has agreed or
 * a whole reference has named the items, all of one party. Who pays out what others have paid is none of them. What was
 * withdrawn is not learned again.
 */
export async function learnAliases(
  transaction: Transaction,
  bookId: string,
  matchIds: readonly string[],
): Promise<void> {
  // Match by match: of rows this transaction has just written there are no statistics, and a join of all with all of
  // tens of thousands does not end.
  const rows = await transaction.query<Learnable>(
    `select m.id as match_id, l.counterparty_name, l.counterparty_account_index as account,
            l.counterparty_last_four as last_four, p.party_key, p.party_name, p.accounts, p.vendor_id
       from reconciliation.match m
       join reconciliation.match_line ml on ml.match_id = m.id
       join reconciliation.statement_line l on l.id = ml.line_id and not l.reversal
      cross join lateral (
            select min(o.party_key) as party_key, min(o.counterparty_name) as party_name,
                   min(o.vendor_id) as vendor_id,
                   coalesce(array_agg(distinct a.account) filter (where a.account is not null), '{}') as accounts
              from reconciliation.match_item mi join reconciliation.open_item o on o.id = mi.open_item_id
              left join lateral unnest(o.counterparty_accounts) as a (account) on true
             where mi.match_id = m.id
            having count(distinct coalesce(o.party_key, o.id)) = 1) p
      where m.id = any($1) and m.payout_id is null and p.party_key not like 'item %'
        and (not m.automatic or (m.method in ('reference', 'several-references') and m.raw_confidence >= $2))`,
    [matchIds, strongFrom],
  );
  const found = new Map(rows.flatMap(aliasesIn).map((one) => [keyOf(one), one]));
  if (found.size === 0) return;
  await store(transaction, bookId, [...found.values()]);
}

function keyOf({ kind, value, from }: NewAlias): string {
  return JSON.stringify([kind, value, from.party_key]);
}

function aliasesIn(from: Learnable): NewAlias[] {
  const aliases: NewAlias[] = [];
  const tokens = nameTokens(from.counterparty_name ?? '');
  const own = nameTokens(from.party_name ?? '');
  if (tokens.length > 0 && (own.length === 0 || tokenSimilarity(tokens, own) < alike)) {
    aliases.push({ kind: 'NAME', value: tokens.join(' '), shown: from.counterparty_name ?? '', from });
  }
  if (from.account !== null && !from.accounts.includes(from.account)) {
    aliases.push({ kind: 'ACCOUNT', value: from.account, shown: from.last_four ?? '', from });
  }
  return aliases;
}

async function store(transaction: Transaction, bookId: string, aliases: readonly NewAlias[]): Promise<void> {
  const rows = aliases.map(({ kind, value, shown, from }) => ({
    id: newId('pa'),
    kind,
    value,
    shown,
    party_key: from.party_key,
    party_label: from.party_name ?? from.party_key.replace(/^\w+ /, ''),
    vendor_id: from.vendor_id,
    match_id: from.match_id,
  }));
  await transaction.query(
    `insert into reconciliation.payer_alias (organisation_id, book_id, learned_by, learned_at, id, kind, value, shown,
       party_key, party_label, vendor_id, match_id)
     select $1, $2, $3, $4, r.* from jsonb_to_recordset($5::jsonb) as r (id text, kind text, value text, shown text,
       party_key text, party_label text, vendor_id text, match_id text)
     on conflict (organisation_id, book_id, kind, value, party_key) do nothing`,
    [
      transaction.organisationId,
      bookId,
      transaction.actor.memberId ?? null,
      transaction.now,
      JSON.stringify(rows),
    ],
  );
  const words = aliases.flatMap(({ kind, value, shown, from }) =>
    (kind === 'NAME' ? wordsOf([shown], []) : wordsOf([], [value])).map(
      (word) => [word, from.party_key] as const,
    ),
  );
  await storeWords(transaction, bookId, words);
}

/** Forgets what was learned from a match that was taken back; what people have withdrawn stays withdrawn. */
export async function forgetAliasesOf(transaction: Transaction, matchId: string): Promise<void> {
  await transaction.query(
    'delete from reconciliation.payer_alias where match_id = $1 and withdrawn_at is null',
    [matchId],
  );
}
