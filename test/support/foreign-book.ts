import pg from 'pg';
import { systemActor } from '#kernel/actor';
import { newId } from '#kernel/ids';
import { formatMoney, money } from '#kernel/money';
import { receiveBook } from '../../subgraphs/transactions/intake/receive-book.ts';
import { installChartOfAccounts } from '../../subgraphs/transactions/ledger/install-chart-of-accounts.ts';
import { postJournalEntry } from '../../subgraphs/transactions/ledger/post-journal-entry.ts';
import { postMatch } from '../../subgraphs/transactions/ledger/post-match.ts';
import { undoMatchPosting } from '../../subgraphs/transactions/ledger/undo-match-posting.ts';
import { setExchangeRate } from '../../subgraphs/transactions/rates/set-exchange-rate.ts';
import type { Workbench } from './workbench.ts';

/** A payment of one item. */
export interface ForeignPayment {
  readonly on: string;
  readonly bank: readonly [bigint, string];
  readonly applied: readonly [item: string, account: string, minor: bigint, currency: string];
}

/** What became of a payment. */
export interface ForeignPaid {
  readonly matchId: string;
  readonly journalEntryId?: string;
  readonly refused?: string;
}

/** A book with its chart of accounts, in whatever base currency, and what tests of currencies do with it. */
export interface ForeignBook {
  readonly bookId: string;
  /** `rate('USD EUR', '0.9', '2026-03-02')`: euros for one dollar on a day. */
  rate(pair: string, rate: string, on: string): Promise<void>;
  /** Posts minor units from one account to another on a day; answers the entry. */
  post(
    on: string,
    accounts: readonly [debit: string, credit: string],
    amount: readonly [bigint, string],
  ): Promise<string>;
  pay(payment: ForeignPayment): Promise<ForeignPaid>;
  undo(matchId: string): Promise<void>;
  /** Makes an entry look as if it had been posted before there were rates. */
  age(journalEntryId: string): Promise<void>;
  /**
   * Balances by account and currency to the end of a day, as `original = functional`; debits are positive, and what is
   * zero in both is left out.
   */
  balances(on?: string): Promise<Record<string, string>>;
}

/** Opens a book of the workbench's organisation. */
export async function openForeignBook(bench: Workbench, baseCurrency = 'EUR'): Promise<ForeignBook> {
  const bookId = newId('bk');
  const door = bench.door('transactions');
  const system = { actor: systemActor('transactions', bench.actor().organisationId) };
  const book = {
    bookId,
    name: 'Main',
    legalName: 'Acme GmbH',
    country: 'DE',
    baseCurrency,
    fiscalYearStartMonth: 1,
  };
  succeeded(await door.run(receiveBook, book, system));
  succeeded(await door.run(installChartOfAccounts, { bookId }, system));
  return {
    bookId,
    async rate(pair, rate, on) {
      const [from, to] = pair.split(' ');
      succeeded(await door.run(setExchangeRate, { bookId, from, to, rate, on, reason: 'test' }));
    },
    async post(postedOn, [debit, credit], [minor, currency]) {
      const amount = { amount: formatMoney(money(minor, currency)), currency };
      const lines = [
        { accountCode: debit, side: 'DEBIT', ...amount },
        { accountCode: credit, side: 'CREDIT', ...amount },
      ];
      const input = { bookId, postedOn, description: 'Test', lines };
      return succeeded(await door.run(postJournalEntry, input)).journalEntryId;
    },
    async pay({ on, bank, applied }) {
      const matchId = newId('mat');
      const [journalEntryId, controlAccountCode, minor, currency] = applied;
      const input = {
        matchId,
        bookId,
        bankAccountCode: '1000',
        bookedOn: on,
        description: 'Payment',
        lines: [{ lineId: 'stl_1', money: { minor: String(bank[0]), currency: bank[1] } }],
        items: [{ journalEntryId, controlAccountCode, applied: { minor: String(minor), currency } }],
      };
      return { matchId, ...succeeded(await door.run(postMatch, input, system)) };
    },
    async undo(matchId) {
      succeeded(await door.run(undoMatchPosting, { matchId, bookId }, system));
    },
    async age(journalEntryId) {
      // One string of statements is one transaction.
      await bench.owner.query(
        `alter table transactions.journal_line disable trigger user;
         update transactions.journal_line set functional_minor = null, rate = null, rate_source = null, rate_on = null,
                rate_path = null where journal_entry_id = ${pg.escapeLiteral(journalEntryId)};
         alter table transactions.journal_line enable trigger user`,
      );
    },
    async balances(on = '2099-12-31') {
      const { rows } = await bench.owner.query<{ key: string; minor: string; functional: string }>(
        `select a.code || ' ' || l.currency as key,
                sum(case l.side when 'DEBIT' then l.minor else -l.minor end)::text as minor,
                sum(case l.side when 'DEBIT' then l.functional_minor else -l.functional_minor end)::text as functional
           from transactions.journal_line l join transactions.account a on a.id = l.account_id
          where a.book_id = $1 and l.posted_on <= $2 group by 1 order by 1`,
        [bookId, on],
      );
      const standing = rows.filter((row) => row.minor !== '0' || row.functional !== '0');
      return Object.fromEntries(standing.map((row) => [row.key, `${row.minor} = ${row.functional}`]));
    },
  };
}

function succeeded<Result>(outcome: {
  readonly result?: Result;
  readonly errors: readonly { readonly message: string }[];
}): Result {
  if (outcome.result === undefined || outcome.errors.length > 0)
    throw new Error(outcome.errors.map(({ message }) => message).join('; '));
  return outcome.result;
}
