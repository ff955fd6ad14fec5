import { addDays, type CalendarDate } from '#kernel/calendar';
import type { Transaction } from '#kernel/command';
import { formatMoney, money } from '#kernel/money';
import { raiseExceptions, type Raised } from '../raise-exceptions.ts';
import { pairPending, type Pair, type PairedMovement } from './pair-pending.ts';

interface Account {
  readonly bookId: string;
  readonly bankAccountId: string;
}

/** The days of what is new on an account: lines, or announcements. */
export interface NewDays {
  readonly from: CalendarDate;
  readonly to: CalendarDate;
}

interface PendingRow extends MovementRow {
  readonly status: 'PENDING' | 'BOOKED' | 'LAPSED';
  readonly booked_line_id: string | null;
  readonly booked_by: string | null;
}

interface MovementRow {
  readonly id: string;
  readonly identity: string;
  readonly on: CalendarDate;
  readonly minor: bigint;
  readonly currency: string;
  readonly name: string | null;
  readonly text: string;
  readonly account: string | null;
  readonly bank_reference: string | null;
  readonly refs: string[];
}

/** An amount that is this much off what was announced, in percent, is no tip: somebody has to look. */
const tellsFromPercent = 30n;

/**
 * Finds out anew which booked lines came of which announced ones, around the days of what is new; the answer is the same
 * in whatever order statements were imported. Answers how many announced lines are booked by it.
 */
export async function settlePending(
  transaction: Transaction,
  account: Account,
  days: NewDays,
): Promise<number> {
  const known = await transaction.maybe<{ pending_days: number; pending: boolean }>(
    `select pending_days,
            exists (select 1 from reconciliation.pending_line p where p.bank_account_id = a.id) as pending
       from reconciliation.bank_account a where a.id = $1`,
    [account.bankAccountId],
  );
  if (!known?.pending) return 0;
  const reach = known.pending_days + 4;
  const pending = await loadPending(transaction, account, {
    from: addDays(days.from, -reach),
    to: addDays(days.to, reach),
  });
  const [first] = pending;
  if (!first) return 0;
  const all = pending.map(({ on }) => on).toSorted();
  const booked = await loadBooked(transaction, account, {
    from: addDays(all[0] ?? first.on, -4),
    to: addDays(all.at(-1) ?? first.on, reach),
    pendingIds: pending.map(({ id }) => id),
  });
  const pairs = pairPending(pending.map(movementOf), booked.map(movementOf), known.pending_days);
  return store(transaction, account, { pending, booked, pairs });
}

function loadPending(
  transaction: Transaction,
  { bankAccountId }: Account,
  { from, to }: NewDays,
): Promise<PendingRow[]> {
  return transaction.query<PendingRow>(
    `select id, identity, announced_on as on, minor, currency, counterparty_name as name, remittance as text,
            counterparty_account_index as account, bank_reference, refs,
            status, booked_line_id, booked_by
       from reconciliation.pending_line where bank_account_id = $1 and announced_on between $2 and $3`,
    [bankAccountId, from, to],
  );
}

/** Booked lines of the days, without those that came of announcements further away. */
function loadBooked(
  transaction: Transaction,
  { bankAccountId }: Account,
  { from, to, pendingIds }: NewDays & { readonly pendingIds: readonly string[] },
): Promise<MovementRow[]> {
  return transaction.query<MovementRow>(
    `select l.id, l.identity, l.booked_on as on, l.minor, l.currency, l.counterparty_name as name,
            l.remittance as text, l.counterparty_account_index as account, l.bank_reference, l.refs
       from reconciliation.statement_line l
      where l.bank_account_id = $1 and l.booked_on between $2 and $3 and not l.held
        and not exists (select 1 from reconciliation.pending_line p
                         where p.booked_line_id = l.id and not (p.id = any($4)))`,
    [bankAccountId, from, to, pendingIds],
  );
}

function movementOf(row: MovementRow): PairedMovement {
  return {
    id: row.id,
    identity: row.identity,
    on: row.on,
    minor: row.minor,
    currency: row.currency,
    name: row.name ?? '',
    text: row.text,
    account: row.account ?? undefined,
    bankReference: row.bank_reference ?? undefined,
    references: row.refs,
  };
}

async function store(
  transaction: Transaction,
  account: Account,
  found: {
    readonly pending: readonly PendingRow[];
    readonly booked: readonly MovementRow[];
    readonly pairs: readonly Pair[];
  },
): Promise<number> {
  const pairOf = new Map(found.pairs.map((pair) => [pair.pendingId, pair]));
  const parted = found.pending.filter(
    ({ id, booked_line_id: line }) => line !== null && line !== pairOf.get(id)?.bookedId,
  );
  const lineOf = new Map(found.pending.map(({ id, booked_line_id: line }) => [id, line]));
  const fresh = found.pairs.filter(({ pendingId, bookedId }) => lineOf.get(pendingId) !== bookedId);
  if (parted.length > 0) {
    await transaction.query(
      `update reconciliation.pending_line
          set status = 'PENDING', booked_line_id = null, booked_by = null, settled_at = null where id = any($1)`,
      [parted.map(({ id }) => id)],
    );
  }
  if (fresh.length > 0) {
    await transaction.query(
      `update reconciliation.pending_line p
          set status = 'BOOKED', booked_line_id = r.line_id, booked_by = r.by, settled_at = $2
         from jsonb_to_recordset($1::jsonb) as r (id text, line_id text, by text) where p.id = r.id`,
      [
        JSON.stringify(fresh.map(({ pendingId: id, bookedId, by }) => ({ id, line_id: bookedId, by }))),
        transaction.now,
      ],
    );
  }
  await raiseExceptions(transaction, account.bookId, changesToTell(found, fresh));
  return fresh.length;
}

/** What was booked with quite another amount than was announced. */
function changesToTell(
  found: { readonly pending: readonly PendingRow[]; readonly booked: readonly MovementRow[] },
  fresh: readonly Pair[],
): Raised[] {
  const pending = new Map(found.pending.map((row) => [row.id, row]));
  const booked = new Map(found.booked.map((row) => [row.id, row]));
  return fresh.flatMap(({ pendingId, bookedId }): Raised[] => {
    const [announced, line] = [pending.get(pendingId), booked.get(bookedId)];
    if (!announced || !line) return [];
    const difference = line.minor - announced.minor;
    const size = (minor: bigint): bigint => (minor < 0n ? -minor : minor);
    if (size(difference) * 100n <= size(announced.minor) * tellsFromPercent) return [];
    const { currency } = line;
    const spell = (minor: bigint): string => `${formatMoney(money(minor, currency))} ${currency}`;
    return [
      {
        subject: { type: 'PendingLine', id: pendingId },
        reason: 'PENDING_CHANGED',
        detail: `The bank announced ${spell(announced.minor)} on ${announced.on} and booked ${spell(line.minor)} on ${line.on}.`,
        amount: money(difference, currency),
        evidence: { difference: { minor: String(difference), currency }, relatedLineIds: [bookedId] },
      },
    ];
  });
}
