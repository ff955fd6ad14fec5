import type { Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { formatMoney, money } from '#kernel/money';
import { toWire } from '#kernel/wire-money';
import type { Payout, PayoutMember } from '#connectors/payout-ports';
import { compactReference, keysOfReference, readReferences } from '../matching/references.ts';
import { raiseExceptions, resolveExceptionsOfSubject } from '../raise-exceptions.ts';

interface PayoutRow {
  readonly id: string;
  readonly detail: string;
  readonly settled: boolean;
}

/**
 * Stores a payout, or completes the one that is known with what is new or has changed. Answers how many members that
 * were. Throws STATE_CONFLICT when a match stands on the payout as it was known.
 */
export async function storePayout(
  transaction: Transaction,
  bookId: string,
  { payout, fileId }: { payout: Payout; fileId: string },
): Promise<{ payoutId: string; reported: number }> {
  const known = await transaction.maybe<PayoutRow>(
    `select p.id, p.detail, exists (select 1 from reconciliation.match m
                                     where m.payout_id = p.id and m.status = 'ACCEPTED') as settled
       from reconciliation.payout p where p.book_id = $1 and p.provider = $2 and p.reference = $3`,
    [bookId, payout.provider, payout.payoutId],
  );
  const payoutId = known?.id ?? (await beginPayout(transaction, bookId, { payout, fileId }));
  // Totals say nothing that the members themselves do not say better.
  const says = known?.detail === 'ITEMS' && payout.detail === 'SUMMARY' ? 'NONE' : payout.detail;
  if (known?.detail === 'SUMMARY' && says === 'ITEMS' && !known.settled) {
    await transaction.query('delete from reconciliation.payout_member where payout_id = $1', [payoutId]);
  }
  const reported =
    says === 'NONE' ? 0 : await storeMembers(transaction, { bookId, payoutId }, payout.members);
  const changed = await completePayout(transaction, payoutId, payout);
  if (known?.settled && (reported > 0 || changed)) {
    const message = `Payout ${payout.payoutId} is settled by a match, and this report tells it otherwise; undo the match first`;
    throw new CrossfootError('STATE_CONFLICT', message);
  }
  if (known && reported === 0 && !changed) return { payoutId, reported };
  await judgeCompleteness(transaction, bookId, payoutId);
  const facts = { provider: payout.provider, members: reported };
  transaction.emit({ type: 'payout.reported', subjectId: payoutId, bookId, facts });
  transaction.audit({
    subjectType: 'Payout',
    subjectId: payoutId,
    after: { ...facts, fileId, reference: payout.payoutId, amount: toWire(payout.amount) },
  });
  return { payoutId, reported };
}

async function beginPayout(
  transaction: Transaction,
  bookId: string,
  { payout, fileId }: { payout: Payout; fileId: string },
): Promise<string> {
  const id = newId('pyt');
  await transaction.insert('reconciliation.payout', {
    id,
    book_id: bookId,
    provider: payout.provider,
    reference: payout.payoutId,
    merchant: payout.merchant ?? null,
    currency: payout.currency,
    minor: payout.amount.minor,
    stated: payout.stated,
    initiated_on: payout.initiatedOn ?? null,
    arrives_on: payout.arrivesOn ?? null,
    keys: keysOfPayout(payout),
    failed: payout.failed,
    detail: payout.detail,
    member_count: 0,
    complete: false,
    file_id: fileId,
    reported_by: transaction.actor.memberId ?? null,
    reported_at: transaction.now,
    changed_at: transaction.now,
  });
  return id;
}

/** Short words and plain numbers stand in too many bank lines to mean a payout. */
function keysOfPayout({ payoutId, references }: Payout): string[] {
  const keys = [payoutId, ...references].map(compactReference);
  return [...new Set(keys)].filter((key) => key.length >= 6 && key.length <= 35 && /\d/.test(key));
}

const batchSize = 2_000;

/** Stores members that are new or have changed; answers how many. */
async function storeMembers(
  transaction: Transaction,
  of: { bookId: string; payoutId: string },
  members: readonly PayoutMember[],
): Promise<number> {
  let stored = 0;
  for (let from = 0; from < members.length; from += batchSize) {
    const rows = members
      .slice(from, from + batchSize)
      .map((member, at) => rowOf(transaction, member, from + at + 1));
    const changed = await transaction.query(
      `insert into reconciliation.payout_member as m (organisation_id, book_id, payout_id, id, position, key, kind, type,
         gross_minor, fee_minor, net_minor, currency, fees, original_minor, original_currency, exchange_rate, refs, keys,
         method, country, occurred_on, description, sealed_record)
       select $1, $2, $3, r.*
         from jsonb_to_recordset($4::jsonb) as r (id text, position int, key text, kind text, type text,
           gross_minor bigint, fee_minor bigint, net_minor bigint, currency text, fees jsonb, original_minor bigint,
           original_currency text, exchange_rate text, refs text[], keys text[], method text, country text,
           occurred_on date, description text, sealed_record text)
       on conflict (organisation_id, payout_id, key) do update
         set kind = excluded.kind, type = excluded.type, gross_minor = excluded.gross_minor,
             fee_minor = excluded.fee_minor, net_minor = excluded.net_minor, currency = excluded.currency,
             fees = excluded.fees, original_minor = excluded.original_minor,
             original_currency = excluded.original_currency, exchange_rate = excluded.exchange_rate,
             refs = excluded.refs, keys = excluded.keys, method = excluded.method, country = excluded.country,
             occurred_on = excluded.occurred_on, description = excluded.description,
             sealed_record = excluded.sealed_record
       where (m.kind, m.gross_minor, m.fee_minor, m.currency, m.fees, m.original_minor, m.keys)
             is distinct from (excluded.kind, excluded.gross_minor, excluded.fee_minor, excluded.currency, excluded.fees,
                               excluded.original_minor, excluded.keys)
       returning 1`,
      [transaction.organisationId, of.bookId, of.payoutId, JSON.stringify(rows)],
    );
    stored += changed.length;
  }
  return stored;
}

function rowOf({ services, organisationId }: Transaction, member: PayoutMember, position: number) {
  const id = newId('pym');
  const { exchange, references, description } = member;
  const own = references.flatMap((reference) => [compactReference(reference), ...keysOfReference(reference)]);
  const told = description === undefined ? [] : readReferences([description]).keys;
  return {
    id,
    position,
    key: member.key,
    kind: member.kind,
    type: member.type.slice(0, 200),
    gross_minor: String(member.gross.minor),
    fee_minor: String(member.fee.minor),
    net_minor: String(member.net.minor),
    currency: member.net.currency,
    fees: member.fees.map((fee) => ({ ...fee, amount: toWire(fee.amount) })),
    original_minor: exchange ? String(exchange.original.minor) : null,
    original_currency: exchange?.original.currency ?? null,
    exchange_rate: exchange?.rate ?? null,
    refs: references,
    keys: [...new Set([...own, ...told])].filter((key) => key.length >= 4),
    method: member.method ?? null,
    country: member.country?.toUpperCase() ?? null,
    occurred_on: member.occurredOn ?? null,
    description: description?.slice(0, 500) ?? null,
    sealed_record: services.vault.seal(member.raw, {
      organisationId,
      column: 'payout_member.record',
      rowId: id,
    }),
  };
}

/** Brings what is said of the payout as a whole up to date; answers whether anything changed. */
async function completePayout(transaction: Transaction, payoutId: string, payout: Payout): Promise<boolean> {
  const changed = await transaction.query(
    `with summed as (
       select coalesce(sum(m.net_minor) filter (where m.currency = p.currency), 0)::bigint as own,
              count(m.id)::int as members,
              not exists (select 1 from reconciliation.payout_member o
                           where o.payout_id = p.id and o.currency <> p.currency
                           group by o.currency having sum(o.net_minor) <> 0) as others_even
         from reconciliation.payout p left join reconciliation.payout_member m on m.payout_id = p.id
        where p.id = $1 group by p.organisation_id, p.id
     ), new as (
       select case when $2 then $3::bigint when p.stated then p.minor else s.own end as minor, p.stated or $2 as stated,
              coalesce($4, p.merchant) as merchant, coalesce($5::date, p.initiated_on) as initiated_on,
              coalesce($6::date, p.arrives_on) as arrives_on, $7::boolean as failed,
              case when p.detail = 'ITEMS' or $8 = 'NONE' then p.detail else $8 end as detail,
              array(select distinct k from unnest(p.keys || $9::text[]) as k order by k) as keys, s.members, s.own,
              s.others_even
         from reconciliation.payout p cross join summed s where p.id = $1
     )
     update reconciliation.payout p
        set minor = n.minor, stated = n.stated, merchant = n.merchant, initiated_on = n.initiated_on,
            arrives_on = n.arrives_on, failed = n.failed, detail = n.detail, keys = n.keys, member_count = n.members,
            complete = n.detail <> 'NONE' and n.own = n.minor and n.others_even, changed_at = $10
       from new n
      where p.id = $1
        and (p.minor, p.stated, p.merchant, p.initiated_on, p.arrives_on, p.failed, p.detail, p.member_count)
            is distinct from (n.minor, n.stated, n.merchant, n.initiated_on, n.arrives_on, n.failed, n.detail, n.members)
     returning 1`,
    [
      payoutId,
      payout.stated,
      payout.amount.minor,
      payout.merchant ?? null,
      payout.initiatedOn ?? null,
      payout.arrivesOn ?? null,
      payout.failed,
      payout.detail,
      keysOfPayout(payout),
      transaction.now,
    ],
  );
  return changed.length > 0;
}

/** A payout that does not add up needs a person, until a report completes it. */
async function judgeCompleteness(transaction: Transaction, bookId: string, payoutId: string): Promise<void> {
  const subject = { type: 'Payout', id: payoutId };
  const row = await transaction.require<{
    reference: string;
    minor: bigint;
    own: bigint;
    currency: string;
    waits: boolean;
  }>(
    `There is no payout ${payoutId}`,
    `select p.reference, p.minor, p.currency, not p.complete and p.detail <> 'NONE' and not p.failed as waits,
            coalesce((select sum(m.net_minor)::bigint from reconciliation.payout_member m
                       where m.payout_id = p.id and m.currency = p.currency), 0::bigint) as own
       from reconciliation.payout p where p.id = $1`,
    [payoutId],
  );
  if (!row.waits) {
    const resolution = 'The payout adds up.';
    return resolveExceptionsOfSubject(transaction, bookId, {
      subject,
      reason: 'PAYOUT_INCOMPLETE',
      resolution,
    });
  }
  const amount = money(row.minor, row.currency);
  const detail =
    `The members of payout ${row.reference} come to ${formatMoney(money(row.own, row.currency))} ` +
    `of ${formatMoney(amount)} ${row.currency}.`;
  const ownerId = transaction.actor.memberId;
  return raiseExceptions(transaction, bookId, [
    { subject, reason: 'PAYOUT_INCOMPLETE', detail, amount, ownerId },
  ]);
}
