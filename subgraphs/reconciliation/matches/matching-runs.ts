import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { id } from '#kernel/input';
import { newId } from '#kernel/ids';
import { askOf } from './find-concerned.ts';
import { dueLines } from './load-open-book.ts';
import { matchBook, type StepSummary } from './match-book.ts';

/** Lines a run counts at its beginning; more are counted as they come. */
const mostCounted = 1_000_000;

/** Begins a run in the background over what no run has looked at, so that people can follow it. */
export const startMatching = command({
  name: 'startMatching',
  description: 'Begins a matching run in the background over the lines no run has looked at.',
  scope: 'platform:internal',
  input: z.object({ bookId: id() }),
  async run(transaction, { bookId }) {
    // What was under way when a process died is over; its lines are still to be looked at.
    await transaction.query(
      `update reconciliation.matching_run set stage = 'FINISHED', finished_at = $2
        where book_id = $1 and stage = 'MATCHING'`,
      [bookId, transaction.now],
    );
    const due = await dueLines(askOf(transaction), bookId, mostCounted);
    const runId = newId('mr');
    await transaction.insert('reconciliation.matching_run', {
      id: runId,
      book_id: bookId,
      stage: 'MATCHING',
      done: 0,
      total: due.length,
      accepted: 0,
      suggested: 0,
      exceptions: 0,
      lines_loaded: 0,
      items_loaded: 0,
      started_at: transaction.now,
    });
    transaction.emit({ type: 'matching.started', subjectId: runId, bookId, facts: {} });
    return { runId, due: due.length };
  },
});

/** Takes one step of a run and tells of it; the run is over when nothing is left to look at. */
export const continueMatching = command({
  name: 'continueMatching',
  description: 'Takes one step of a matching run in the background.',
  scope: 'platform:internal',
  input: z.object({ runId: id(), last: z.boolean() }),
  async run(transaction, { runId, last }) {
    const { book_id: bookId } = await transaction.require<{ book_id: string }>(
      `There is no run ${runId}`,
      'select book_id from reconciliation.matching_run where id = $1',
      [runId],
    );
    const step = await matchBook(transaction, bookId, { whole: false });
    const finished = last || (await dueLines(askOf(transaction), bookId, 1)).length === 0;
    await transaction.query(
      `update reconciliation.matching_run
          set done = done + $2, total = greatest(total, done + $2), accepted = accepted + $3, suggested = suggested + $4,
              exceptions = exceptions + $5, lines_loaded = lines_loaded + $6, items_loaded = items_loaded + $7,
              stage = case when $8 then 'FINISHED' else stage end, finished_at = case when $8 then $9::timestamptz end
        where id = $1`,
      [runId, ...figures(step), finished, transaction.now],
    );
    const type = finished ? 'matching.finished' : 'matching.progressed';
    transaction.emit({ type, subjectId: runId, bookId, facts: {} });
    return { finished };
  },
});

function figures(step: StepSummary): number[] {
  return [step.looked, step.accepted, step.suggested, step.exceptions, step.linesLoaded, step.itemsLoaded];
}

/** Records a run that was over at once; one that had nothing to look at leaves no trace. */
export async function recordRun(transaction: Transaction, bookId: string, step: StepSummary): Promise<void> {
  if (step.looked === 0) return;
  const runId = newId('mr');
  await transaction.query(
    `insert into reconciliation.matching_run (organisation_id, id, book_id, stage, done, total, accepted, suggested,
       exceptions, lines_loaded, items_loaded, started_at, finished_at)
     values ($1, $2, $3, 'FINISHED', $4, $4, $5, $6, $7, $8, $9, $10, $10)`,
    [transaction.organisationId, runId, bookId, ...figures(step), transaction.now],
  );
  transaction.emit({ type: 'matching.finished', subjectId: runId, bookId, facts: {} });
}
