import type { CalendarDate } from '#kernel/calendar';
import { CrossfootError } from '#kernel/errors';
import { bankBalance, type LinesOfDay, type StatedBalance } from './bank-balance.ts';
import { loadGroups, loadSums } from './load-groups.ts';
import { loadDifferences } from './load-differences.ts';
import { bankDay, bookedStates } from './line-days.ts';
import { prove } from './prove.ts';
import type { AccountProof, ProvenAccount } from './account-proof.ts';
import type { Ask } from '../matches/find-concerned.ts';

interface AccountRow {
  readonly id: string;
  readonly book_id: string;
  readonly name: string;
  readonly last_four: string;
  readonly currency: string;
  readonly code: string;
  readonly copied: boolean;
  readonly legal_name: string | null;
}

/** Two accounts on one account of the ledger can only be proven together. */
const accountsTogether = `
  select b.id, b.book_id, b.name, b.last_four, b.currency, b.ledger_account_code as code,
         b.ledger_copied_at is not null as copied,
         (select p.legal_name from reconciliation.payer p where p.book_id = b.book_id) as legal_name
    from reconciliation.bank_account a
    join reconciliation.bank_account b
      on b.organisation_id = a.organisation_id and b.book_id = a.book_id and b.currency = a.currency
     and b.ledger_account_code = a.ledger_account_code
   where a.id = $1 order by b.id <> $1, b.id`;

const statements = `
  select t.bank_account_id as account, t.id, t.reference, t.status = 'QUARANTINED' as held,
         least(t.starts_on, t.first_booked_on) as starts_on,
         coalesce(t.ends_on, (select max(l.booked_on) from reconciliation.statement_line l where l.statement_id = t.id))
           as ends_on, t.opening_minor, t.closing_minor
    from reconciliation.bank_statement t
    join reconciliation.bank_account a on a.organisation_id = t.organisation_id and a.id = t.bank_account_id
   where t.bank_account_id = any ($1) and t.currency = a.currency`;

const days = `
  select l.bank_account_id as account, (${bankDay})::date as day, l.held, l.currency, sum(l.minor)::text as minor,
         count(*)::int as count
    from reconciliation.statement_line l
    join reconciliation.bank_statement t on t.organisation_id = l.organisation_id and t.id = l.statement_id
    join reconciliation.bank_account a on a.organisation_id = l.organisation_id and a.id = l.bank_account_id
   where l.bank_account_id = any ($1) and l.status in ${bookedStates} and l.currency = a.currency
   group by 1, 2, 3, 4`;

interface StatementRow extends Omit<
  StatedBalance,
  'reference' | 'startsOn' | 'endsOn' | 'opening' | 'closing'
> {
  readonly account: string;
  readonly reference: string | null;
  readonly starts_on: CalendarDate | null;
  readonly ends_on: CalendarDate | null;
  readonly opening_minor: bigint | string | null;
  readonly closing_minor: bigint | string | null;
}

interface DayRow {
  readonly account: string;
  readonly day: CalendarDate;
  readonly held: boolean;
  readonly minor: string;
  readonly count: number;
}

/** Proves an account at the end of a day from what is known now. Throws NOT_FOUND. */
export async function loadProof(
  ask: Ask,
  { bankAccountId, from, asOf }: { bankAccountId: string; from: CalendarDate; asOf: CalendarDate },
): Promise<AccountProof> {
  const rows = await ask<AccountRow>(accountsTogether, [bankAccountId]);
  const [asked] = rows;
  if (!asked) {
    throw new CrossfootError('NOT_FOUND', `There is no bank account ${bankAccountId}`, {
      path: ['bankAccountId'],
    });
  }
  const accounts = await loadBalances(ask, rows, asOf);
  const { book_id: bookId, code, currency } = asked;
  const firstDays = accounts.flatMap(({ balance }) => (balance.firstDay ? [balance.firstDay] : []));
  const scope = {
    bookId,
    code,
    currency,
    asOf,
    opening: accounts.reduce((sum, { balance }) => sum + balance.opening, 0n),
    accounts: accounts.map(({ id, balance }) => ({ id, soundThrough: balance.soundThrough })),
    firstDay: firstDays.reduce<CalendarDate | undefined>(
      (first, day) => (first === undefined || day < first ? day : first),
      undefined,
    ),
  };
  const { books, lines, apart } = await loadSums(ask, scope);
  const booksKnown = rows.every(({ copied }) => copied);
  const proof = prove({
    asOf,
    currency,
    banks: accounts.map(({ balance }) => balance),
    otherLines: lines.filter((one) => one.currency !== currency),
    books,
    groups: await loadGroups(ask, scope, apart),
    differencesBooked: await loadDifferences(ask, { accountIds: rows.map(({ id }) => id), from, asOf }),
    booksKnown,
  });
  const [last] = await ask<{ number: string; posted_at: Date | string }>(
    `select number, posted_at from reconciliation.bank_posting where book_id = $1 and account_code = $2
      order by posted_at desc, journal_entry_id desc limit 1`,
    [bookId, code],
  );
  return {
    ...proof,
    bankAccountId,
    bookId,
    legalName: asked.legal_name ?? undefined,
    ledgerAccountCode: code,
    currency,
    from,
    asOf,
    accounts,
    lastEntry: last && { number: last.number, postedAt: new Date(last.posted_at) },
    booksKnown,
  };
}

async function loadBalances(
  ask: Ask,
  accounts: readonly AccountRow[],
  asOf: CalendarDate,
): Promise<ProvenAccount[]> {
  const ids = accounts.map(({ id }) => id);
  const stated = Map.groupBy(await ask<StatementRow>(statements, [ids]), ({ account }) => account);
  const counted = Map.groupBy(await ask<DayRow>(days, [ids]), ({ account }) => account);
  return accounts.map(({ id, name, last_four: lastFour }) => ({
    id,
    name,
    lastFour,
    balance: bankBalance(
      (stated.get(id) ?? []).flatMap((row) => statedOf(row)),
      (counted.get(id) ?? []).map((row): LinesOfDay => ({
        day: row.day,
        held: row.held,
        minor: BigInt(row.minor),
        count: row.count,
      })),
      asOf,
    ),
  }));
}

/** A statement without a day says nothing of any. */
function statedOf(row: StatementRow): StatedBalance[] {
  if (row.ends_on === null) return [];
  return [
    {
      id: row.id,
      reference: row.reference ?? undefined,
      held: row.held,
      startsOn: row.starts_on ?? undefined,
      endsOn: row.ends_on,
      opening: row.opening_minor === null ? undefined : BigInt(row.opening_minor),
      closing: row.closing_minor === null ? undefined : BigInt(row.closing_minor),
    },
  ];
}
