import type { Ask } from './find-concerned.ts';

/** What was settled lately, and whether a payout of a provider settled it. */
export interface SettledItem {
  readonly controlAccountCode: string;
  readonly partyKey: string | null;
  readonly byPayout: boolean;
}

/** Accounts and parties whose items come through a provider of payments, and by no payment of their own. */
export interface PaidThrough {
  readonly controlAccountCodes: ReadonlySet<string>;
  readonly partyKeys: ReadonlySet<string>;
}

/** As much of the past as is looked at, the newest first. */
const mostSettled = 5_000;
/** So many items of an account, or of a party, make a habit, of which one in so many may be an exception. */
const fewest = { account: 20, party: 5 };
const oneIn = 20;

/** What the past says of who moves the money: accounts kept for sales by card, and parties that always pay so. */
export function paidThroughOf(settled: readonly SettledItem[]): PaidThrough {
  return {
    controlAccountCodes: habits(settled, ({ controlAccountCode }) => controlAccountCode, fewest.account),
    partyKeys: habits(settled, ({ partyKey }) => partyKey, fewest.party),
  };
}

function habits(
  settled: readonly SettledItem[],
  keyOf: (item: SettledItem) => string | null,
  least: number,
): Set<string> {
  const counts = new Map<string, { all: number; byPayout: number }>();
  for (const item of settled) {
    const key = keyOf(item);
    if (key === null) continue;
    const known = counts.get(key) ?? { all: 0, byPayout: 0 };
    counts.set(key, { all: known.all + 1, byPayout: known.byPayout + (item.byPayout ? 1 : 0) });
  }
  return new Set(
    [...counts]
      .filter(([, { all, byPayout }]) => byPayout >= least && (all - byPayout) * oneIn <= all)
      .map(([key]) => key),
  );
}

/** Loads what a book has shown of that; nothing where it has no payouts. */
export async function loadPaidThrough(ask: Ask, bookId: string): Promise<PaidThrough> {
  const settled = await ask<SettledItem>(
    `select i.control_account_code as "controlAccountCode", i.party_key as "partyKey",
            s.payout_id is not null as "byPayout"
       from (select m.id, m.payout_id from reconciliation.match m
              where m.book_id = $1 and m.status = 'ACCEPTED'
                and exists (select 1 from reconciliation.payout p where p.book_id = $1)
              order by m.id desc limit $2) s
       join reconciliation.match_item j on j.match_id = s.id
       join reconciliation.open_item i on i.id = j.open_item_id
      order by s.id desc, i.id limit $2`,
    [bookId, mostSettled],
  );
  return paidThroughOf(settled);
}
