import { z } from 'zod';
import { addDays, type CalendarDate } from '#kernel/calendar';
import { command, type Transaction } from '#kernel/command';
import { newId } from '#kernel/ids';
import { date, id } from '#kernel/input';
import { toWire } from '#kernel/wire-money';
import type { KnownRate } from '../rates/choose-rate.ts';
import { ensureExchangeAccounts } from './exchange-accounts.ts';
import { loadRevalued } from './load-foreign-balances.ts';
import { postEntries } from './post-entry.ts';
import { requireBook } from './require-book.ts';
import { revaluationLines, type Revalued } from './revalue-accounts.ts';
import type { NewEntry, NewLine } from './entry.ts';
import { reversalOf } from './reversal.ts';
import { lastRun, storeRun, type PostedPair } from './store-revaluation.ts';

type WireMoney = ReturnType<typeof toWire>;

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
    const revalued = await loadRevalued(transaction, { bookId, base, on });
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
  await ensureExchangeAccounts(transaction, bookId, lines);
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
