import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { id, text } from '#kernel/input';
import { afterwards, schedule, settleSeconds } from './create-bank-feed.ts';
import { hostKey } from './feed-place.ts';
import { nextPull } from './feed-schedule.ts';
import { lockFeed, refusePushed, tellFeedChange } from './feed-status.ts';
import { requireAccount } from './require-account.ts';

/**
 * Changes how a feed is looked into. Where it leads stays: whoever could turn it to another server would be sent the
 * credentials of this one.
 */
export const changeBankFeed = command({
  name: 'changeBankFeed',
  description:
    'Changes name, schedule, account, what becomes of files, or the pinned key of the server; another server needs another feed.',
  scope: 'reconciliation:write',
  input: z.object({
    bankFeedId: id(),
    name: text(80).optional(),
    bankAccountId: id().optional().meta({ description: 'The account of files that name none themselves.' }),
    schedule: schedule().optional(),
    afterwards: afterwards().optional(),
    settleSeconds: settleSeconds().optional(),
    hostKey: hostKey().optional(),
  }),
  async run(transaction, { bankFeedId, schedule: when, hostKey: pinned, ...given }) {
    const feed = await lockFeed(transaction, bankFeedId);
    if (when) refusePushed(feed, 'no schedule');
    if (pinned !== undefined && feed.kind !== 'SFTP') {
      throw new CrossfootError('FIELD_INVALID', 'Only feeds of the kind SFTP have a key of a server', {
        path: ['hostKey'],
      });
    }
    await requireAccount(transaction, feed.book_id, given.bankAccountId);
    const taken = await transaction.maybe(
      'select 1 from reconciliation.bank_feed where book_id = $1 and name = $2 and id <> $3',
      [feed.book_id, given.name ?? feed.name, bankFeedId],
    );
    if (taken) {
      throw new CrossfootError('ALREADY_EXISTS', `The book has a feed called ${given.name}`, {
        path: ['name'],
      });
    }
    const next = when && feed.status !== 'PAUSED' ? nextPull(when, transaction.now) : null;
    await transaction.query(
      `update reconciliation.bank_feed
          set name = coalesce($2, name), bank_account_id = coalesce($3, bank_account_id),
              every_minutes = case when $4 then $5 else every_minutes end,
              daily_at_hour = case when $4 then $6 else daily_at_hour end,
              next_pull_at = coalesce($7, next_pull_at), afterwards = coalesce($8, afterwards),
              settle_seconds = coalesce($9, settle_seconds),
              place = case when $10::text is null then place else jsonb_set(place, '{hostKey}', to_jsonb($10::text)) end
        where id = $1`,
      [
        bankFeedId,
        given.name ?? null,
        given.bankAccountId ?? null,
        when !== undefined,
        when?.everyMinutes ?? null,
        when?.dailyAtHour ?? null,
        next,
        given.afterwards ?? null,
        given.settleSeconds ?? null,
        pinned ?? null,
      ],
    );
    tellFeedChange(transaction, feed, {
      after: { ...given, schedule: when, hostKey: pinned },
      status: feed.status,
    });
    return { bankFeedId };
  },
});
