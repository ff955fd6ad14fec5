import type { CalendarDate } from '#kernel/calendar';
import type { Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import type { EventFacts } from '#kernel/events';
import { formatMoney, money } from '#kernel/money';
import { resolveExceptionsOf, resolveExceptionsOfSubject } from '../raise-exceptions.ts';
import { learnAliases } from './learn-aliases.ts';
import { recordDecisions } from './record-decisions.ts';
import type { StoredSplit } from '../matching/split-difference.ts';
import { withdrawMatches } from './store-matches.ts';

/**
 * Accepts suggested matches: what they apply is taken from the items, the lines are matched, the ledger is told.
 * Throws STATE_CONFLICT when an item has less open than is applied to it.
 */
export async function settleMatches(
  transaction: Transaction,
  bookId: string,
  matchIds: readonly string[],
): Promise<void> {
  if (matchIds.length === 0) return;
  await refuseOverpaidItems(transaction, matchIds);
  await transaction.query(
    `update reconciliation.open_item o set open_minor = o.open_minor - a.applied
       from (select open_item_id, sum(applied_minor)::bigint as applied from reconciliation.match_item
              where match_id = any($1) group by open_item_id) a
      where o.id = a.open_item_id`,
    [matchIds],
  );
  await transaction.query(
    `update reconciliation.match
        set status = 'ACCEPTED', decided_by = case when automatic then null else $2 end, decided_at = $3
      where id = any($1)`,
    [matchIds, transaction.actor.memberId ?? null, transaction.now],
  );
  const lines = await transaction.query<{ id: string }>(
    `update reconciliation.statement_line set status = 'MATCHED'
      where id in (select line_id from reconciliation.match_line where match_id = any($1)) returning id`,
    [matchIds],
  );
  const lineIds = lines.map((line) => line.id);
  await resolveExceptionsOf(transaction, bookId, { lineIds, resolution: 'The line is matched.' });
  await resolveRefusedPayouts(transaction, bookId, matchIds);
  await withdrawImpossible(transaction, bookId, matchIds);
  await announce(transaction, bookId, matchIds);
  await learnAliases(transaction, bookId, matchIds);
}

/** What the ledger refused of payouts that no line brings is asked of it again. */
async function resolveRefusedPayouts(
  transaction: Transaction,
  bookId: string,
  matchIds: readonly string[],
): Promise<void> {
  const refused = await transaction.query<{ id: string }>(
    `select distinct e.subject_id as id
       from reconciliation.match m join reconciliation.exception e on e.subject_id = m.payout_id
      where m.id = any($1) and e.subject_type = 'Payout' and e.status = 'OPEN'
        and e.reason in ('CLOSED_PERIOD', 'POSTING_REFUSED')`,
    [matchIds],
  );
  for (const { id } of refused) {
    await resolveExceptionsOfSubject(transaction, bookId, {
      subject: { type: 'Payout', id },
      resolution: 'The payout is matched.',
    });
  }
}

async function refuseOverpaidItems(transaction: Transaction, matchIds: readonly string[]): Promise<void> {
  const over = await transaction.maybe<{ label: string; open_minor: bigint; currency: string }>(
    `select o.label, o.open_minor, o.currency
       from reconciliation.open_item o
       join (select open_item_id, sum(applied_minor)::bigint as applied from reconciliation.match_item
              where match_id = any($1) group by open_item_id) a on a.open_item_id = o.id
      where o.open_minor - a.applied not between least(o.open_minor, 0) and greatest(o.open_minor, 0)`,
    [matchIds],
  );
  if (!over) return;
  const open = formatMoney(money(over.open_minor, over.currency));
  throw new CrossfootError('STATE_CONFLICT', `${over.label} has only ${open} ${over.currency} open by now`);
}

/** Other suggestions that would take more of an item than is left. */
async function withdrawImpossible(
  transaction: Transaction,
  bookId: string,
  matchIds: readonly string[],
): Promise<void> {
  const impossible = await transaction.query<{ match_id: string }>(
    `select distinct i.match_id
       from reconciliation.match_item i
       join reconciliation.match m on m.id = i.match_id and m.status = 'SUGGESTED'
       join reconciliation.open_item o on o.id = i.open_item_id
      where i.open_item_id in (select open_item_id from reconciliation.match_item where match_id = any($1))
        and o.open_minor - i.applied_minor not between least(o.open_minor, 0) and greatest(o.open_minor, 0)`,
    [matchIds],
  );
  await withdrawMatches(
    transaction,
    bookId,
    impossible.map((row) => row.match_id),
  );
}

interface SettledRow {
  readonly id: string;
  readonly method: string;
  readonly confidence: number;
  readonly automatic: boolean;
  readonly raw: number;
  readonly difference_splits: readonly StoredSplit[];
  readonly ledger_account_code: string;
  /** The provider's own id of the payout it settles. */
  readonly payout: string | null;
  /** For payouts that no line brings. */
  readonly dayOfPayout: CalendarDate;
  readonly lines: readonly {
    lineId: string;
    minor: string;
    currency: string;
    bookedOn: CalendarDate;
    counterpartyName: string | null;
  }[];
  readonly items: readonly {
    journalEntryId: string;
    controlAccountCode: string;
    minor: string;
    currency: string;
    label: string;
    vendorId: string | null;
    counterpartyName: string | null;
  }[];
}

/** Tells the ledger and whoever listens what was settled, with all the ledger needs to post it. */
async function announce(
  transaction: Transaction,
  bookId: string,
  matchIds: readonly string[],
): Promise<void> {
  // Match by match, because of rows this transaction has just written there are no statistics to join them by.
  const settled = await transaction.query<SettledRow>(
    `select m.id, m.method, m.confidence, m.automatic, coalesce(m.raw_confidence, m.confidence) as raw,
            m.difference_splits, b.ledger_account_code, coalesce(l.lines, '[]') as lines, coalesce(i.items, '[]') as items,
            coalesce(p.arrives_on, p.initiated_on, m.created_at::date)::text as "dayOfPayout",
            p.provider || ' ' || p.reference as payout
       from reconciliation.match m
       join reconciliation.bank_account b on b.id = m.bank_account_id
       left join lateral (select jsonb_agg(jsonb_build_object('lineId', s.id, 'minor', s.minor::text,
                      'currency', s.currency, 'bookedOn', s.booked_on, 'counterpartyName', s.counterparty_name)
                      order by s.booked_on, s.id) as lines
               from reconciliation.match_line ml join reconciliation.statement_line s on s.id = ml.line_id
              where ml.match_id = m.id) l on true
       left join reconciliation.payout p on p.id = m.payout_id
       left join lateral (select jsonb_agg(jsonb_build_object('journalEntryId', o.journal_entry_id,
                      'controlAccountCode', o.control_account_code, 'minor', mi.applied_minor::text,
                      'currency', mi.currency, 'label', o.label, 'vendorId', o.vendor_id,
                      'counterpartyName', o.counterparty_name) order by o.issued_on, o.id) as items
               from reconciliation.match_item mi join reconciliation.open_item o on o.id = mi.open_item_id
              where mi.match_id = m.id) i on true
      where m.id = any($1) order by m.id`,
    [matchIds],
  );
  await recordDecisions(
    transaction,
    bookId,
    settled.map(({ method, raw, automatic }) => ({
      method,
      rawConfidence: raw,
      outcome: automatic ? 'stood' : 'confirmed',
    })),
  );
  for (const match of settled) {
    const { lines, items, method, confidence, automatic } = match;
    transaction.emit({
      type: 'match.accepted',
      subjectId: match.id,
      bookId,
      facts: {
        bankAccountCode: match.ledger_account_code,
        // Several lines are one settlement only once the last of them has come.
        bookedOn: lastOf(lines.map((line) => line.bookedOn)) ?? match.dayOfPayout,
        description: descriptionOf(match),
        counterpartyName:
          same(items.map((item) => item.counterpartyName)) ?? lines[0]?.counterpartyName ?? undefined,
        vendorId: same(items.map((item) => item.vendorId)),
        lines: lines.map(({ lineId, minor, currency }) => ({ lineId, money: { minor, currency } })),
        items: items.map(({ journalEntryId, controlAccountCode, minor, currency }) => ({
          journalEntryId,
          controlAccountCode,
          applied: { minor, currency },
        })),
        ...differencesOf(match.difference_splits),
      },
    });
    transaction.audit({
      subjectType: 'Match',
      subjectId: match.id,
      after: { status: 'ACCEPTED', method, confidence, automatic, lines: lines.map((line) => line.lineId) },
    });
  }
}

function lastOf(days: readonly CalendarDate[]): CalendarDate | undefined {
  return days.toSorted((a, b) => (a < b ? -1 : 1)).at(-1);
}

function descriptionOf({ payout, items }: SettledRow): string {
  const what = payout === null ? 'Payment' : `Payout ${payout}`;
  const labels = items.map((item) => item.label);
  return (labels.length === 0 ? what : `${what}: ${labels.join(', ')}`).slice(0, 200);
}

/** What is to be booked of a difference; what stays open and what rates gain or lose is the ledger's own to know. */
function differencesOf(splits: readonly StoredSplit[]): Pick<EventFacts['match.accepted'], 'differences'> {
  const differences = splits.flatMap(({ kind, amount, accountCode, detail }) =>
    amount && kind !== 'PARTIAL_PAYMENT'
      ? [{ kind, money: amount, ...(accountCode ? { accountCode } : {}), memo: detail }]
      : [],
  );
  return differences.length === 0 ? {} : { differences };
}

function same(values: readonly (string | null)[]): string | undefined {
  const [first] = values;
  return first && values.every((value) => value === first) ? first : undefined;
}
