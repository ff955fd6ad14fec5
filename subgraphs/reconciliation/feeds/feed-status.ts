import type { Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import type { FeedKind } from './feed-place.ts';

/** Which status of a feed may follow which. */
export const feedTransitions = {
  ACTIVE: ['PAUSED', 'FAILING'],
  FAILING: ['ACTIVE', 'PAUSED'],
  PAUSED: ['ACTIVE'],
} as const satisfies Record<string, readonly string[]>;

/** One status of a feed. */
export type FeedStatus = keyof typeof feedTransitions;

/** A feed as commands lock it. */
export interface FeedRow {
  readonly id: string;
  readonly book_id: string;
  readonly kind: FeedKind;
  readonly name: string;
  readonly status: FeedStatus;
  readonly bank_account_id: string | null;
  readonly every_minutes: number | null;
  readonly daily_at_hour: number | null;
  readonly afterwards: 'KEEP' | 'MOVE' | 'DELETE';
  readonly settle_seconds: number;
  readonly failures: number;
  readonly created_by: string | null;
  /** Whether the hour of its next pull has come. */
  readonly due: boolean;
}

/** Locks a feed; throws NOT_FOUND. */
export function lockFeed(transaction: Transaction, bankFeedId: string): Promise<FeedRow> {
  return transaction.require<FeedRow>(
    `There is no bank feed ${bankFeedId}`,
    `select id, book_id, kind, name, status, bank_account_id, every_minutes, daily_at_hour, afterwards, settle_seconds,
            failures, created_by, coalesce(next_pull_at <= now(), false) as due
       from reconciliation.bank_feed where id = $1 for no key update`,
    [bankFeedId],
  );
}

/** Throws STATE_CONFLICT for a feed into which nobody looks, because its files are sent. */
export function refusePushed(feed: FeedRow, what: string): void {
  if (feed.kind !== 'PUSH') return;
  throw new CrossfootError('STATE_CONFLICT', `The files of ${feed.name} are sent here: it has ${what}`);
}

/** Moves a feed to another status; throws STATE_CONFLICT where that is not possible. */
export async function setFeedStatus(
  transaction: Transaction,
  feed: FeedRow,
  { to, nextPullAt }: { to: 'ACTIVE' | 'PAUSED'; nextPullAt: Date | null },
): Promise<void> {
  if (!(feedTransitions[feed.status] as readonly string[]).includes(to)) {
    throw new CrossfootError('STATE_CONFLICT', `The feed is ${feed.status} and cannot become ${to}`);
  }
  await transaction.query(
    `update reconciliation.bank_feed
        set status = $2, next_pull_at = $3, failures = 0, problem = case when $2 = 'ACTIVE' then null else problem end
      where id = $1`,
    [feed.id, to, nextPullAt],
  );
  tellFeedChange(transaction, feed, { before: { status: feed.status }, after: { status: to }, status: to });
}

/** Tells that a feed is another than before. */
export function tellFeedChange(
  transaction: Transaction,
  feed: Pick<FeedRow, 'id' | 'book_id'>,
  { before, after, status }: { before?: object; after: object; status: string },
): void {
  transaction.emit({
    type: 'bankFeed.changed',
    subjectId: feed.id,
    bookId: feed.book_id,
    facts: { status },
  });
  transaction.audit({ subjectType: 'BankFeed', subjectId: feed.id, before, after });
}

/** The job that looks into a feed; woken with its organisation and id. */
export const pullJobName = 'reconciliation.pull-feed';

/** Wakes the job that looks into a feed. */
export function wakePull(transaction: Transaction, bankFeedId: string): void {
  transaction.wake(pullJobName, { organisationId: transaction.organisationId, bankFeedId });
}
