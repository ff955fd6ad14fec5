import { z } from 'zod';
import { addDays, type CalendarDate } from '#kernel/calendar';
import { command, type Transaction } from '#kernel/command';
import { newId } from '#kernel/ids';
import { date, id } from '#kernel/input';
import { toWire } from '#kernel/wire-money';
import type { WireMoney } from '#kernel/events';
import { ratesFor } from '../rates/rate-for.ts';
import type { KnownRate } from '../rates/choose-rate.ts';
import { loadForeignBalances } from './load-foreign-balances.ts';
import { postEntries } from './post-entry.ts';
import { requireBook } from './require-book.ts';
import {
  adjustmentAccount,
  revaluationLines,
  revalue,
  type PostedDifference,
  type Revalued,
} from './revalue-accounts.ts';
import type { AccountType } from './chart-of-accounts.ts';
import type { NewEntry, NewLine } from './entry.ts';
import { reversalOf } from './reversal.ts';

/** A revalued balance as the command answers it. */
export interface RevaluedBalance {
  readonly accountCode: string;
  readonly accountName: string;
  readonly balance: WireMoney;
  readonly carried: WireMoney;
  readonly rate: KnownRate;
  readonly worth: WireMoney;
  readonly difference: WireMoney;
}

/** Values a book's open foreign amounts at the rates of a day, and takes that back on the next day. */
export const revalueBook = command({
  name: 'revalueBook',
  description:
    'Values the foreign balances of bank accounts, receivables and payables at the rates of a day, as an entry that is reversed on the next day. Repeated for the same day it posts what has changed since, and nothing when nothing has.',
  scope: 'transactions:post',
  input: z.object({
    bookId: id(),
    on: date().meta({
      description: 'The day at whose end balances are valued, as a rule the last of a month.',
    }),
  }),
  async run(transaction, { bookId, on }) {
    await requireBook(transaction, bookId);
    // Two runs of one book would each post what the other has posted.
    await transaction.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `revaluation of ${bookId}`,
    ]);
    const { base } = await transaction.require<{ base: string }>(
      `There is no book ${bookId}`,
      'select base_currency as base from transactions.book where id = $1',
      [bookId],
    );
    const revalued = await revalueBalances(transaction, { bookId, base, on });
    const last = await lastRun(transaction, bookId, on);
    const lines = revaluationLines(revalued, last?.differences ?? []);
    const answer = { lines: revalued.map(answerOf) };
    if (last && lines.length === 0) return { revaluationId: last.id, ...answer, posted: false };
    const pair = await postPair(transaction, { bookId, on, lines, again: last !== undefined });
    const revaluationId = newId('rev');
    await storeRun(transaction, { revaluationId, bookId, on, ...pair, revalued });
    transaction.audit({
      subjectType: 'Revaluation',
      subjectId: revaluationId,
      after: { bookId, on, ...pair, lines: answer.lines },
    });
    return { revaluationId, ...answer, posted: lines.length > 0 };
  },
});

type Adjusted = Revalued & { readonly adjustmentCode: string };
type Day = { readonly bookId: string; readonly base: string; readonly on: CalendarDate };

async function revalueBalances(transaction: Transaction, day: Day): Promise<Adjusted[]> {
  const { bookId, base, on } = day;
  const balances = await loadForeignBalances(transaction, day);
  const currencies = [...new Set(balances.map(({ balance }) => balance.currency))];
  const wanted = currencies.map((from) => ({ from, to: base, on, bookId }));
  const rates = await ratesFor(transaction, wanted);
  const byCurrency = new Map(currencies.map((currency, index) => [currency, rates[index] as KnownRate]));
  const types = new Map(balances.map(({ accountCode, type }) => [accountCode, type]));
  return revalue(balances, (currency) => byCurrency.get(currency) as KnownRate).map((one) => ({
    ...one,
    adjustmentCode: adjustmentAccount(types.get(one.accountCode) ?? 'ASSET', one.accountCode) ?? '',
  }));
}

interface Run {
  readonly id: string;
  readonly differences: readonly PostedDifference[];
}

/** What the newest run of the day came to; all runs of a day together have posted exactly that. */
async function lastRun(transaction: Transaction, bookId: string, on: CalendarDate): Promise<Run | undefined> {
  const run = await transaction.maybe<{ id: string }>(
    'select id from transactions.revaluation where book_id = $1 and on_day = $2 order by id desc limit 1',
    [bookId, on],
  );
  if (!run) return undefined;
  const rows = await transaction.query<{
    account_code: string;
    type: AccountType;
    currency: string;
    base_currency: string;
    difference_minor: bigint;
  }>(
    `select l.account_code, a.type, l.currency, l.base_currency, l.difference_minor
       from transactions.revaluation_line l
       join transactions.account a on a.organisation_id = l.organisation_id and a.book_id = $2 and a.code = l.account_code
      where l.revaluation_id = $1 order by l.position`,
    [run.id, bookId],
  );
  return {
    id: run.id,
    differences: rows.map((row) => ({
      accountCode: row.account_code,
      currency: row.currency,
      adjustmentCode: adjustmentAccount(row.type, row.account_code) ?? '',
      difference: { minor: row.difference_minor, currency: row.base_currency },
    })),
  };
}

interface PostedPair {
  readonly journalEntryId?: string;
  readonly reversalId?: string;
}

/** Posts the entry of the day and its reversal of the next. */
async function postPair(
  transaction: Transaction,
  run: { bookId: string; on: CalendarDate; lines: readonly NewLine[]; again: boolean },
): Promise<PostedPair> {
  const { bookId, on, lines, again } = run;
  if (lines.length === 0) return {};
  const entry: NewEntry = {
    bookId,
    kind: 'REVALUATION',
    postedOn: on,
    description: `Revaluation of foreign balances on ${on}${again ? ', changed since the last run' : ''}`,
    lines,
  };
  const [posted] = await postEntries(transaction, [entry]);
  if (!posted) return {};
  const original = { ...posted, bookId, postedOn: on, lines, vendorId: undefined, documentId: undefined };
  const [reversal] = await postEntries(transaction, [
    reversalOf(
      { ...original, matchId: undefined },
      { postedOn: addDays(on, 1), reason: 'it holds for its day only' },
    ),
  ]);
  return { journalEntryId: posted.id, reversalId: reversal?.id };
}

async function storeRun(
  transaction: Transaction,
  run: PostedPair & {
    readonly revaluationId: string;
    readonly bookId: string;
    readonly on: CalendarDate;
    readonly revalued: readonly Revalued[];
  },
): Promise<void> {
  const { revaluationId, revalued } = run;
  await transaction.insert('transactions.revaluation', {
    id: revaluationId,
    book_id: run.bookId,
    on_day: run.on,
    journal_entry_id: run.journalEntryId ?? null,
    reversal_entry_id: run.reversalId ?? null,
    revalued_by: transaction.actor.memberId ?? null,
    revalued_at: transaction.now,
  });
  await transaction.query(
    `insert into transactions.revaluation_line
       (organisation_id, revaluation_id, position, account_code, account_name, currency, base_currency, minor,
        functional_minor, rate, rate_source, rate_on, rate_path, worth_minor, difference_minor)
     select $1, $2, l.position, l.code, l.name, l.currency, l.base, l.minor, l.carried, l.rate, l.source, l.on_day, l.path,
            l.worth, l.worth - l.carried
       from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::numeric[], $10::text[],
                   $11::date[], $12::text[], $13::bigint[]) with ordinality
         as l (code, name, currency, base, minor, carried, rate, source, on_day, path, worth, position)`,
    [
      transaction.organisationId,
      revaluationId,
      revalued.map((one) => one.accountCode),
      revalued.map((one) => one.accountName),
      revalued.map((one) => one.balance.currency),
      revalued.map((one) => one.carried.currency),
      revalued.map((one) => one.balance.minor),
      revalued.map((one) => one.carried.minor),
      revalued.map((one) => one.rate.rate),
      revalued.map((one) => one.rate.source),
      revalued.map((one) => one.rate.on),
      revalued.map((one) => one.rate.path),
      revalued.map((one) => one.worth.minor),
    ],
  );
}

function answerOf(one: Revalued): RevaluedBalance {
  const { accountCode, accountName, rate } = one;
  return {
    accountCode,
    accountName,
    balance: toWire(one.balance),
    carried: toWire(one.carried),
    rate,
    worth: toWire(one.worth),
    difference: toWire(one.difference),
  };
}
