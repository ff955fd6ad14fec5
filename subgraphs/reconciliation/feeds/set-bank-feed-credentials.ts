import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { id } from '#kernel/input';
import { sealed } from './create-bank-feed.ts';
import { credentialFields, headers, type FeedCredentials, type FeedKind } from './feed-place.ts';
import { lockFeed, tellFeedChange, wakePull } from './feed-status.ts';

/** Replaces what a feed shows its server; the feed tries it at once. */
export const setBankFeedCredentials = command({
  name: 'setBankFeedCredentials',
  description:
    'Replaces the credentials of a feed of the kind SFTP or HTTPS, all of them; they are sealed, and the feed tries them at once.',
  scope: 'reconciliation:write',
  input: z.object({ bankFeedId: id(), ...credentialFields, headers: headers() }),
  async run(transaction, { bankFeedId, ...given }) {
    const feed = await lockFeed(transaction, bankFeedId);
    const shown = credentialsFor(feed.kind, given);
    const { sealed_credentials: text, credential_hint: hint } = sealed(transaction, bankFeedId, shown);
    const paused = feed.status === 'PAUSED';
    await transaction.query(
      `update reconciliation.bank_feed
          set sealed_credentials = $2, credential_hint = $3, next_pull_at = coalesce($4, next_pull_at)
        where id = $1`,
      [bankFeedId, text, hint, paused ? null : transaction.now],
    );
    if (!paused) wakePull(transaction, bankFeedId);
    tellFeedChange(transaction, feed, { after: { credentials: hint }, status: feed.status });
    return { bankFeedId };
  },
});

function credentialsFor(kind: FeedKind, { headers: sent, ...login }: FeedCredentials): FeedCredentials {
  const { password, privateKey } = login;
  if (kind === 'SFTP' && sent === undefined && (password === undefined) !== (privateKey === undefined)) {
    return login;
  }
  const noLogin = Object.values(login).every((value) => value === undefined);
  if (kind === 'HTTPS' && sent !== undefined && sent.length > 0 && noLogin) return { headers: sent };
  const wanted: Record<FeedKind, string> = {
    SFTP: 'a feed of the kind SFTP takes either a password or a privateKey',
    HTTPS: 'a feed of the kind HTTPS takes headers',
    FOLDER: 'a drop folder needs no credentials',
    PUSH: 'the secret of a feed whose files are sent here is replaced with rotateBankFeedSecret',
  };
  throw new CrossfootError('FIELD_INVALID', wanted[kind]);
}
