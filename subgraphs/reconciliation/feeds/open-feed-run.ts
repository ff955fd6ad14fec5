import { z } from 'zod';
import { command } from '#kernel/command';
import { userError } from '#kernel/errors';
import { id } from '#kernel/input';
import { newId } from '#kernel/ids';
import { endRun, lease } from './feed-runs.ts';
import { lockFeed } from './feed-status.ts';

/**
 * Begins a look into a feed. Answers no run when another is at work, the feed is paused, or its hour has not come; a run
 * whose process fell silent is ended.
 */
export const openFeedRun = command({
  name: 'openFeedRun',
  description: 'Begins a look into a feed whose hour has come.',
  scope: 'platform:internal',
  input: z.object({ bankFeedId: id() }),
  async run(transaction, { bankFeedId }) {
    let feed = await lockFeed(transaction, bankFeedId);
    const { due } = feed;
    const running = await transaction.maybe<{ id: string; alive: boolean }>(
      `select id, leased_until > now() as alive from reconciliation.bank_feed_run
        where bank_feed_id = $1 and status = 'RUNNING'`,
      [bankFeedId],
    );
    if (running?.alive) return { runId: null };
    if (running) {
      const problem = userError(
        'UNAVAILABLE',
        'The process that looked into the feed ended; what was left is taken by the next look',
      );
      await endRun(transaction, feed, { runId: running.id, problem });
      feed = await lockFeed(transaction, bankFeedId);
    }
    if (feed.status === 'PAUSED' || feed.kind === 'PUSH' || !(due || running)) return { runId: null };
    const runId = newId('bfr');
    const found = await transaction.query<{ id: string }>(
      `insert into reconciliation.bank_feed_run (organisation_id, id, book_id, bank_feed_id, status, leased_until, started_at)
       values ($1, $2, $3, $4, 'RUNNING', now() + interval '${lease}', $5) returning id`,
      [transaction.organisationId, runId, feed.book_id, bankFeedId, transaction.now],
    );
    transaction.audit({ subjectType: 'BankFeedRun', subjectId: runId, after: { bankFeedId } });
    return { runId: found[0]?.id ?? null };
  },
});
