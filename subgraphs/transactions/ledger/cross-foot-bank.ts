import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import type { BankFacts } from '#kernel/events';
import { date, id } from '#kernel/input';
import {
  balancesApart,
  copiesApart,
  knownApart,
  postedApart,
  type LedgerTotals,
} from './cross-foot-totals.ts';
import { openByVendor } from './validate-subledgers.ts';
import { recordFindings } from './validate-record.ts';

/** The invariants that reconciliation's copy and ours are held against each other by. */
export const bankInvariants = [
  'BANK_LINES_POSTED',
  'BANK_ENTRIES_KNOWN',
  'BANK_BALANCE',
  'OPEN_ITEMS_AGREE',
] as const;

const months = z.array(z.object({ month: date(), count: z.int() }));

const bankFacts = z.object({
  accounts: z.array(
    z.object({
      bankAccountId: z.string(),
      name: z.string(),
      accountCode: z.string(),
      currency: z.string(),
      posted: z.string(),
      unposted: z.string(),
      closing: z.string().optional(),
      closedOn: date().optional(),
      opening: z.string().optional(),
      copied: z.string().optional(),
    }),
  ),
  open: z.array(
    z.object({
      accountCode: z.string(),
      vendorId: z.string().optional(),
      currency: z.string(),
      minor: z.string(),
    }),
  ),
  unmatched: months,
  quarantined: z.int(),
});

/**
 * Holds what reconciliation states of a book against the journal. What differs is opened when it differs alike twice:
 * messages between both may be under way the first time.
 */
export const compareBankFacts = command({
  name: 'compareBankFacts',
  description: 'Holds what reconciliation states of a book against the journal.',
  scope: 'platform:internal',
  input: z.object({ bookId: id(), statedAt: z.string(), facts: bankFacts }),
  async run(transaction, { bookId, statedAt, facts }) {
    const before = await transaction.maybe<{ differences: Record<string, string> }>(
      "select differences from transactions.stated_facts where book_id = $1 and source = 'reconciliation'",
      [bookId],
    );
    const stated: BankFacts = facts;
    const codes = stated.accounts.map(({ accountCode }) => accountCode);
    const ledger = await ledgerTotals(transaction, bookId, codes);
    const apart = [
      ...postedApart(stated, ledger),
      ...knownApart(stated, ledger),
      ...balancesApart(stated, ledger),
      ...copiesApart(stated, ledger),
    ];
    const keyOf = (one: (typeof apart)[number]) => `${one.invariant} ${one.subjectId} ${one.part}`;
    const differences = Object.fromEntries(apart.map((one) => [keyOf(one), one.difference?.minor ?? '']));
    const twice = apart.filter((one) => before?.differences[keyOf(one)] === one.difference?.minor);
    await keepFacts(transaction, bookId, { source: 'reconciliation', facts, differences, statedAt });
    // What differs for the first time is looked at again; so is what no entry will show to be gone.
    if (apart.length > twice.length) await askAgain(transaction, bookId);
    return recordFindings(transaction, bookId, { asked: bankInvariants, found: twice });
  },
});

/** Keeps how far the connected systems are behind. */
export const keepSyncFacts = command({
  name: 'keepSyncFacts',
  description: 'Keeps how far the connected systems are behind a book.',
  scope: 'platform:internal',
  input: z.object({
    bookId: id(),
    statedAt: z.string(),
    facts: z.object({ connections: z.int(), waiting: months, refused: months }),
  }),
  async run(transaction, { bookId, statedAt, facts }) {
    await keepFacts(transaction, bookId, { source: 'sync', facts, differences: {}, statedAt });
    return { bookId };
  },
});

/** Has a book looked at again soon, though no entry shows that something happened. */
export const markForValidation = command({
  name: 'markForValidation',
  description: 'Has a book looked at again soon, though no entry shows that something happened.',
  scope: 'platform:internal',
  input: z.object({ bookId: id() }),
  async run(transaction, { bookId }) {
    await askAgain(transaction, bookId);
    return { bookId };
  },
});

async function askAgain(transaction: Transaction, bookId: string): Promise<void> {
  await transaction.query(
    'update transactions.validation_state set due = true where book_id = $1 and not due',
    [bookId],
  );
}

async function keepFacts(
  transaction: Transaction,
  bookId: string,
  stated: { source: string; facts: object; differences: object; statedAt: string },
): Promise<void> {
  await transaction.query(
    `insert into transactions.stated_facts (organisation_id, book_id, source, facts, differences, stated_at)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (organisation_id, book_id, source) do update
       set facts = excluded.facts, differences = excluded.differences, stated_at = excluded.stated_at`,
    [
      transaction.organisationId,
      bookId,
      stated.source,
      JSON.stringify(stated.facts),
      JSON.stringify(stated.differences),
      stated.statedAt,
    ],
  );
}

interface BankRow {
  readonly code: string;
  readonly currency: string;
  readonly posted: string;
  readonly balance: string;
}

interface OpenRow {
  readonly code: string;
  readonly vendor_id: string | null;
  readonly currency: string;
  readonly minor: string;
}

const bankTotals = `
  select a.code, l.currency,
         sum(case l.side when 'DEBIT' then l.minor else -l.minor end)::text as balance,
         coalesce(sum(case l.side when 'DEBIT' then l.minor else -l.minor end) filter (
           where e.reversal_of is null and (e.match_id is not null or e.statement_line_id is not null) and not exists (
             select 1 from transactions.journal_entry r
              where r.organisation_id = e.organisation_id and r.reversal_of = e.id)), 0)::text as posted
    from transactions.account a
    join transactions.journal_line l on l.organisation_id = a.organisation_id and l.account_id = a.id
    join transactions.journal_entry e on e.organisation_id = l.organisation_id and e.id = l.journal_entry_id
   where a.book_id = $1 and a.code = any ($2) group by 1, 2`;

const oldPayments = `
  select 1 from transactions.journal_entry e
   where e.book_id = $1 and e.match_id is not null and e.reversal_of is null
     and not exists (select 1 from transactions.settled_amount t where t.payment_entry_id = e.id)
     and not exists (select 1 from transactions.journal_entry r where r.reversal_of = e.id) limit 1`;

async function ledgerTotals(
  transaction: Transaction,
  bookId: string,
  bankCodes: readonly string[],
): Promise<LedgerTotals> {
  const bank = await transaction.query<BankRow>(bankTotals, [bookId, bankCodes]);
  // Payments of before it was kept what they took say nothing of their items.
  const old = await transaction.maybe(oldPayments, [bookId]);
  const open = await transaction.query<OpenRow>(openByVendor, [transaction.organisationId, bookId]);
  return {
    bank: bank.map((row) => ({ ...row, accountCode: row.code })),
    open: old
      ? undefined
      : open.map((row) => ({ ...row, accountCode: row.code, vendorId: row.vendor_id ?? undefined })),
  };
}
