import type { Context } from '#kernel/context';
import type { ClosingDays } from '#kernel/close-checklist';
import { money, type Money } from '#kernel/money';
import { bankBalance } from './bank-balance.ts';
import { coverageOf, type Coverage } from './coverage.ts';
import { loadBankSides } from './load-bank-sides.ts';
import type { Verdict } from './prove.ts';

/** A bank account over some days: how far its statements reach, and whether its balance is proven at their end. */
export interface AccountMonth extends Coverage {
  readonly id: string;
  readonly verdict: Verdict;
  readonly balance: Money;
  readonly remainder: Money;
  readonly unmatched: number;
}

interface AccountRow {
  readonly id: string;
  readonly currency: string;
  readonly copied: boolean;
  readonly unmatched: number;
}

const accounts = `
  select a.id, a.currency, a.ledger_copied_at is not null as copied,
         (select count(*)::int from reconciliation.statement_line l
           where l.organisation_id = a.organisation_id and l.bank_account_id = a.id and l.booked_on between $2 and $3
             and l.status in ('UNMATCHED', 'SUGGESTED', 'EXCEPTION')) as unmatched
    from reconciliation.bank_account a where a.book_id = $1 order by a.name, a.id`;

const key = {};

/** The bank accounts of a book over some days. Both fields of the checklist ask for them, so they are loaded once. */
export function monthOfAccounts(context: Context, days: ClosingDays): Promise<readonly AccountMonth[]> {
  const known = context.once(key, () => new Map<string, Promise<readonly AccountMonth[]>>());
  const of = `${days.bookId} ${days.startsOn} ${days.endsOn}`;
  const months = known.get(of) ?? load(context, days);
  known.set(of, months);
  return months;
}

async function load(context: Context, { bookId, startsOn, endsOn }: ClosingDays): Promise<AccountMonth[]> {
  const rows = await context.sql<AccountRow>(accounts, [bookId, startsOn, endsOn]);
  const sides = await loadBankSides(
    context.sql,
    rows.map(({ id }) => id),
  );
  return rows.map(({ id, currency, copied, unmatched }) => {
    const { statements, days } = sides(id);
    const balance = bankBalance(statements, days, endsOn);
    // Items are always listed whole: what remains is what balances and lines of the bank part by.
    const remainder = balance.unexplained.reduce((sum, { minor }) => sum - minor, 0n);
    const known: Verdict = remainder === 0n ? 'PROVEN' : 'UNPROVEN';
    return {
      ...coverageOf(statements, { from: startsOn, to: endsOn }),
      id,
      verdict: copied && balance.stated ? known : 'INCOMPLETE',
      balance: money(balance.minor, currency),
      remainder: money(remainder, currency),
      unmatched,
    };
  });
}
