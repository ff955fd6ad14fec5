import type { CalendarDate } from '#kernel/calendar';
import { CrossfootError } from '#kernel/errors';
import { loadGroups, loadSums } from './load-groups.ts';
import { loadDifferences } from './load-differences.ts';
import { prove } from './prove.ts';
import type { AccountProof } from './account-proof.ts';
import { loadBankSides } from './load-bank-sides.ts';
import { bankBalance } from './bank-balance.ts';
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
  const sides = await loadBankSides(
    ask,
    rows.map(({ id }) => id),
  );
  const accounts = rows.map(({ id, name, last_four: lastFour }) => {
    const { statements, days } = sides(id);
    return { id, name, lastFour, balance: bankBalance(statements, days, asOf) };
  });
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
