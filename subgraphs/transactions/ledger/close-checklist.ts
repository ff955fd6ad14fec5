import type { CalendarDate } from '#kernel/calendar';
import { countedItem, mostTargets, type ChecklistItem, type ClosingDays } from '#kernel/close-checklist';
import { formatMoney } from '#kernel/money';
import { accountOf } from './chart-of-accounts.ts';
import type { RowsOf } from './cross-foot.ts';

interface Counted {
  readonly count: number;
  readonly blocked: number;
  readonly targets: readonly string[] | null;
}

const counted = (blocked = '0'): string => `count(*)::int as count, ${blocked}::int as blocked,
  (array_agg(x.id order by x.id))[1:${mostTargets}] as targets`;

const drafts = `
  select ${counted("count(*) filter (where x.status = 'APPROVED')")} from transactions.draft x
   where x.book_id = $1 and x.status in ('PENDING_APPROVAL', 'APPROVED') and x.posted_on between $2 and $3`;

const documents = `
  select ${counted()} from transactions.document x
   where x.book_id = $1 and x.status in ('RECEIVED', 'QUARANTINED') and coalesce(x.issued_on, $2) between $2 and $3`;

/** What was spent from the bank by hand: only a document shows what for. Charges of the bank come without one. */
const receipts = `
  select ${counted()} from transactions.journal_entry x
   where x.book_id = $1 and x.posted_on between $2 and $3 and x.kind = 'BANK' and x.document_id is null
     and not exists (select 1 from transactions.journal_entry r
                      where r.organisation_id = x.organisation_id and r.reversal_of = x.id)
     and exists (select 1 from transactions.journal_line l
                   join transactions.account a on a.organisation_id = l.organisation_id and a.id = l.account_id
                  where l.organisation_id = x.organisation_id and l.journal_entry_id = x.id
                    and a.type = 'EXPENSE' and a.code <> all ($4))`;

/** Expenses for which banks and offices give no receipt. */
export const withoutReceipt: readonly string[] = [accountOf.BANK_CHARGES, accountOf.ROUNDING, '7300', '7600'];

const placeholders = `
  select ${counted()} from transactions.draft x
   where x.book_id = $1 and x.status in ('PENDING_APPROVAL', 'APPROVED') and x.posted_on between $2 and $3
     and exists (select 1 from transactions.draft_line l
                   join transactions.account a on a.organisation_id = l.organisation_id and a.id = l.account_id
                  where l.organisation_id = x.organisation_id and l.draft_id = x.id and l.role = 'CONTENT'
                    and a.code = $4)`;

const suspense = `
  select a.id, l.currency, sum(case l.side when 'DEBIT' then l.minor else -l.minor end)::text as minor
    from transactions.account a
    join transactions.journal_line l on l.organisation_id = a.organisation_id and l.account_id = a.id
   where a.book_id = $1 and a.code = $2 and l.posted_on <= $3
   group by 1, 2 having sum(case l.side when 'DEBIT' then l.minor else -l.minor end) <> 0 order by 2`;

const foreign = `
  select a.code, (select v.id from transactions.revaluation v
                   where v.book_id = $1 and v.on_day = $2 order by v.id desc limit 1) as revaluation
    from transactions.book b
    join transactions.account a on a.organisation_id = b.organisation_id and a.book_id = b.id
     and (a.code in ('1200', '2000', '2400') or a.code between '1000' and '1099')
    join transactions.journal_line l on l.organisation_id = a.organisation_id and l.account_id = a.id
     and l.posted_on <= $2 and l.currency <> b.base_currency
   where b.id = $1 group by a.id, a.code, l.currency
  having sum(case l.side when 'DEBIT' then l.minor else -l.minor end) <> 0`;

const findings = `
  select ${counted("count(*) filter (where x.severity = 'HIGH')")} from transactions.validation_finding x
   where x.book_id = $1 and x.status = 'OPEN' and x.severity <> 'LOW'`;

/** The points of the close checklist that this subgraph knows, for the days from the first to the last. */
export async function ledgerChecklist(rowsOf: RowsOf, days: ClosingDays): Promise<ChecklistItem[]> {
  const { bookId, startsOn, endsOn } = days;
  const count = async (sql: string, ...more: unknown[]): Promise<Counted> =>
    (await rowsOf<Counted>(sql, [bookId, startsOn, endsOn, ...more]))[0] ?? {
      count: 0,
      blocked: 0,
      targets: null,
    };
  const targetsOf = (type: string, { targets }: Counted) => (targets ?? []).map((id) => ({ type, id }));
  const [waiting, held, missing, unmapped] = [
    await count(drafts),
    await count(documents),
    await count(receipts, withoutReceipt),
    await count(placeholders, accountOf.DEFAULT_EXPENSE),
  ];
  return [
    countedItem({
      key: 'DRAFTS_WAITING',
      title: 'Post or reject the drafts of these days',
      severity: 'HIGH',
      count: waiting.count,
      left: `drafts wait; ${waiting.blocked} of them are approved and were refused by the books`,
      nothing: 'No draft of these days waits.',
      targets: targetsOf('Draft', waiting),
      blocked: waiting.count > 0 && waiting.blocked === waiting.count,
    }),
    countedItem({
      key: 'DOCUMENTS_HELD',
      title: 'Deal with the documents in quarantine',
      severity: 'MEDIUM',
      count: held.count,
      left: 'documents are not understood yet',
      nothing: 'No document of these days is held back.',
      targets: targetsOf('Document', held),
    }),
    countedItem({
      key: 'MISSING_RECEIPTS',
      title: 'Find the receipts for what was spent',
      severity: 'MEDIUM',
      count: missing.count,
      left: 'payments were booked as expenses without a document',
      nothing: 'Every expense has its document.',
      targets: targetsOf('JournalEntry', missing),
    }),
    countedItem({
      key: 'UNMAPPED_CATEGORIES',
      title: 'Give drafts without a category an account',
      severity: 'MEDIUM',
      count: unmapped.count,
      left: `drafts are on account ${accountOf.DEFAULT_EXPENSE}, which stands in where nothing says more`,
      nothing: 'Every draft has an account of its own.',
      targets: targetsOf('Draft', unmapped),
    }),
    await suspenseItem(rowsOf, days),
    await revaluationItem(rowsOf, days),
    await findingsItem(rowsOf, bookId),
  ];
}

async function suspenseItem(rowsOf: RowsOf, { bookId, endsOn }: ClosingDays): Promise<ChecklistItem> {
  const rows = await rowsOf<{ id: string; currency: string; minor: string }>(suspense, [
    bookId,
    accountOf.SUSPENSE,
    endsOn,
  ]);
  const amounts = rows.map(
    ({ minor, currency }) => `${formatMoney({ minor: BigInt(minor), currency })} ${currency}`,
  );
  return countedItem({
    key: 'SUSPENSE_BALANCE',
    title: 'Clear the suspense account',
    severity: 'HIGH',
    count: rows.length,
    left: `balances stand on account ${accountOf.SUSPENSE}: ${amounts.join(', ')}`,
    nothing: 'The suspense account is clear.',
    targets: rows.slice(0, 1).map(({ id }) => ({ type: 'Account', id })),
  });
}

async function revaluationItem(rowsOf: RowsOf, { bookId, endsOn }: ClosingDays): Promise<ChecklistItem> {
  const rows = await rowsOf<{ code: string; revaluation: string | null }>(foreign, [bookId, endsOn]);
  const about = {
    key: 'REVALUATION',
    title: 'Value foreign balances at the last day',
    severity: 'MEDIUM',
  } as const;
  if (rows.length === 0) {
    const detail = 'There are no balances in foreign currencies.';
    return { ...about, status: 'NOT_APPLICABLE', count: 0, detail, targets: [] };
  }
  return countedItem({
    ...about,
    count: rows[0]?.revaluation ? 0 : rows.length,
    left: `foreign balances are not valued at ${endsOn}`,
    nothing: `Foreign balances are valued at ${endsOn}.`,
  });
}

async function findingsItem(rowsOf: RowsOf, bookId: string): Promise<ChecklistItem> {
  const found = (await rowsOf<Counted>(findings, [bookId]))[0];
  return countedItem({
    key: 'VALIDATION',
    title: 'Put right what the continuous validation found',
    severity: 'HIGH',
    count: found?.count ?? 0,
    left: 'findings are open',
    nothing: 'Documents, journal, sub-ledgers and bank agree.',
    targets: (found?.targets ?? []).map((id) => ({ type: 'ValidationFinding', id })),
    blocked: (found?.blocked ?? 0) > 0,
  });
}

/** What others stated of the months of these days. */
interface Stated {
  readonly source: string;
  readonly facts: {
    readonly unmatched?: readonly MonthOf[];
    readonly quarantined?: number;
    readonly waiting?: readonly MonthOf[];
    readonly refused?: readonly MonthOf[];
  };
  readonly fresh: boolean;
}

interface MonthOf {
  readonly month: CalendarDate;
  readonly count: number;
}

const stated = `
  select w.source, s.facts,
         coalesce(v.book_id is not null and not v.due and s.stated_at >= v.checked_at and not exists (
           select 1 from transactions.journal_entry e where e.book_id = $1 and e.id > v.checked_through
              and e.organisation_id = v.organisation_id), false) as fresh
    from (values ('reconciliation'), ('sync')) as w (source)
    left join transactions.validation_state v on v.book_id = $1
    left join transactions.stated_facts s on s.book_id = $1 and s.source = w.source`;

/** The points that other subgraphs know, as far as they stated them last; for commands, which cannot ask the graph. */
export async function statedChecklist(rowsOf: RowsOf, days: ClosingDays): Promise<ChecklistItem[]> {
  const rows = await rowsOf<Stated>(stated, [days.bookId]);
  const stale = rows.filter(({ fresh }) => !fresh).map(({ source }) => source);
  const of = (source: string): Stated['facts'] => rows.find((row) => row.source === source)?.facts ?? {};
  const within = (months: readonly MonthOf[] = []): number =>
    months
      .filter(({ month }) => month.slice(0, 7) >= days.startsOn.slice(0, 7) && month <= days.endsOn)
      .reduce((sum, one) => sum + one.count, 0);
  const [bank, sync] = [of('reconciliation'), of('sync')];
  return [
    countedItem({
      key: 'LOOKED_OVER',
      title: 'Have the books looked over as they stand now',
      severity: 'HIGH',
      count: stale.length,
      left: `copies are behind (${stale.join(', ')}); run requestValidation and try again in a moment`,
      nothing: 'The books were looked over as they stand now.',
      blocked: true,
    }),
    countedItem({
      key: 'UNMATCHED_LINES',
      title: 'Match or book the bank lines',
      severity: 'HIGH',
      count: within(bank.unmatched) + (bank.quarantined ?? 0),
      left: 'bank lines or statements wait',
      nothing: 'Every bank line is matched or booked.',
    }),
    countedItem({
      key: 'SYNC_IN_STEP',
      title: 'Bring the accounting system up to date',
      severity: 'MEDIUM',
      count: within(sync.waiting) + within(sync.refused),
      left: 'entries are not in the accounting system',
      nothing: 'The accounting system has every entry.',
    }),
  ];
}
