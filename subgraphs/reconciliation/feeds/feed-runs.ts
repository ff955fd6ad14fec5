import type { Transaction } from '#kernel/command';
import { CrossfootError, type UserError } from '#kernel/errors';
import { raiseExceptions, resolveExceptionsOfSubject } from '../raise-exceptions.ts';
import { nextAttempt, nextPull } from './feed-schedule.ts';
import { lockFeed, type FeedRow } from './feed-status.ts';

/** How long a run may be silent before another may take its place; every file renews it. As PostgreSQL writes intervals. */
export const lease = '4 minutes';

/** After so many failures one after another somebody has to look; what no waiting puts right is told at once. */
const failuresUntilTold = 3;
const toldAtOnce = ['FEED_ACCESS_REFUSED', 'FEED_HOST_KEY_CHANGED', 'FEED_ADDRESS_REFUSED'];

/**
 * Locks a running run with its feed and renews its lease; throws STATE_CONFLICT when it is not running any more: who was
 * silent for too long may take nothing.
 */
export async function lockRunning(transaction: Transaction, runId: string): Promise<FeedRow> {
  const { bank_feed_id: bankFeedId } = await transaction.require<{ bank_feed_id: string }>(
    `There is no run ${runId}`,
    'select bank_feed_id from reconciliation.bank_feed_run where id = $1',
    [runId],
  );
  const feed = await lockFeed(transaction, bankFeedId);
  const run = await transaction.maybe(
    `update reconciliation.bank_feed_run set leased_until = now() + interval '${lease}'
      where id = $1 and status = 'RUNNING' returning id`,
    [runId],
  );
  if (!run) throw new CrossfootError('STATE_CONFLICT', `The run ${runId} is not running any more`);
  return feed;
}

/**
 * Ends a run, plans the next, and tells people where waiting does not help. Answers whether somebody has asked for
 * another look meanwhile.
 */
export async function endRun(
  transaction: Transaction,
  feed: FeedRow,
  end: { readonly runId: string; readonly found?: number; readonly problem?: UserError | undefined },
): Promise<boolean> {
  const { runId, found = 0, problem } = end;
  const status = problem ? 'FAILED' : 'SUCCEEDED';
  await transaction.query(
    `update reconciliation.bank_feed_run r
        set status = $2, found = $3, problem = $4, finished_at = $5, leased_until = null, imported = f.imported,
            duplicates = f.duplicates, refused = f.refused, waiting = f.waiting
       from (select count(*) filter (where run_id = $1 and state = 'IMPORTED')::int as imported,
                    count(*) filter (where run_id = $1 and state = 'DUPLICATE')::int as duplicates,
                    count(*) filter (where run_id = $1 and state = 'REFUSED')::int as refused,
                    count(*) filter (where state = 'WAITING')::int as waiting
               from reconciliation.bank_feed_file where bank_feed_id = $6) f
      where r.id = $1 and r.status = 'RUNNING'`,
    [runId, status, found, problem ? JSON.stringify(problem) : null, transaction.now, feed.id],
  );
  const failures = problem ? feed.failures + 1 : 0;
  const schedule = { everyMinutes: feed.every_minutes, dailyAtHour: feed.daily_at_hour };
  const next = problem
    ? nextAttempt(schedule, failures, transaction.now)
    : nextPull(schedule, transaction.now);
  const paused = feed.status === 'PAUSED';
  const [planned] = await transaction.query<{ again: boolean }>(
    `update reconciliation.bank_feed f
        set status = $2, failures = $3, problem = $4, last_pull_at = $6,
            -- What was asked for during the run is not yet answered by it.
            next_pull_at = case when f.next_pull_at > r.started_at then f.next_pull_at else $5 end,
            last_success_at = case when $4::jsonb is null then $6 else last_success_at end
       from reconciliation.bank_feed_run r
      where f.id = $1 and r.id = $7 returning coalesce(f.next_pull_at <= now(), false) as again`,
    [
      feed.id,
      paused ? 'PAUSED' : problem ? 'FAILING' : 'ACTIVE',
      failures,
      problem ? JSON.stringify(problem) : null,
      paused ? null : next,
      transaction.now,
      runId,
    ],
  );
  const { book_id: bookId } = feed;
  transaction.emit({ type: 'bankFeed.pulled', subjectId: feed.id, bookId, facts: { runId, status } });
  transaction.audit({
    subjectType: 'BankFeedRun',
    subjectId: runId,
    after: { bankFeedId: feed.id, status, problem },
  });
  await raiseOrResolve(transaction, feed, { problem, failures });
  return planned?.again ?? false;
}

async function raiseOrResolve(
  transaction: Transaction,
  feed: FeedRow,
  { problem, failures }: { readonly problem: UserError | undefined; readonly failures: number },
): Promise<void> {
  const subject = { type: 'BankFeed', id: feed.id };
  if (!problem) {
    if (feed.failures === 0) return;
    const resolution = 'The feed has delivered again.';
    return resolveExceptionsOfSubject(transaction, feed.book_id, { subject, resolution });
  }
  if (failures < failuresUntilTold && !toldAtOnce.includes(problem.code)) return;
  const detail = `The feed ${feed.name} does not deliver. ${problem.message}`;
  await raiseExceptions(transaction, feed.book_id, [
    { subject, reason: 'FEED_FAILED', detail, ownerId: feed.created_by ?? undefined, anew: true },
  ]);
}
