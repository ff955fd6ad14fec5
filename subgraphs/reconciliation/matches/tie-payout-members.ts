import type { Transaction } from '#kernel/command';

const reference = "upper(regexp_replace(o.reference, '[^0-9A-Za-z]', '', 'g'))";
const paymentReference = "upper(regexp_replace(o.payment_reference, '[^0-9A-Za-z]', '', 'g'))";

/**
 * Ties the members of payouts to the open items that they name, where exactly one of the right sign is named. What is
 * tied is paid by its payout and nothing else, until a person matches it otherwise.
 */
export async function tiePayoutMembers(
  transaction: Transaction,
  bookId: string,
  payoutIds: readonly string[],
): Promise<void> {
  await transaction.query(
    `with named as (
       select m.id, m.gross_minor, k.key
         from reconciliation.payout_member m cross join unnest(m.keys) as k (key)
        where m.payout_id = any($2) and m.open_item_id is null and m.kind in ('CHARGE', 'REFUND', 'CHARGEBACK', 'ADJUSTMENT')
     ), found as (
       select n.id, o.id as item from named n
         join reconciliation.open_item o on o.book_id = $1 and o.open_minor <> 0 and ${reference} = n.key
        where (o.open_minor > 0) = (n.gross_minor > 0)
       union
       select n.id, o.id from named n
         join reconciliation.open_item o on o.book_id = $1 and o.open_minor <> 0 and ${paymentReference} = n.key
        where (o.open_minor > 0) = (n.gross_minor > 0)
     ), tied as (
       select id, min(item) as item from found group by id having count(*) = 1
     )
     update reconciliation.payout_member m set open_item_id = t.item from tied t where m.id = t.id`,
    [bookId, payoutIds],
  );
}
