import type pg from 'pg';
import { CrossfootError } from '#kernel/errors';
import type { JobContext } from '#kernel/subgraph';
import { bankFeedConnectors, type DownloadMark, type FeedFolder } from '#connectors/feed-ports';
import { credentialsPlace, type FeedCredentials, type FeedKind, type FeedPlace } from './feed-place.ts';

/** A feed of an organisation. */
export interface FeedKey {
  readonly organisationId: string;
  readonly bankFeedId: string;
}

/** A feed as the job that looks into it needs it. */
export interface FeedToPull {
  readonly kind: FeedKind;
  readonly place: FeedPlace;
  readonly sealed_credentials: string | null;
  readonly mark: DownloadMark;
  readonly afterwards: 'KEEP' | 'MOVE' | 'DELETE';
  readonly settle_seconds: number;
}

/** Reads a feed on behalf of its organisation; undefined when it is gone. */
export async function readFeed(pool: pg.Pool, key: FeedKey): Promise<FeedToPull | undefined> {
  const client = await pool.connect();
  try {
    const [, , answer] = await Promise.all([
      client.query('begin read only'),
      client.query("select set_config('crossfoot.organisation', $1, true)", [key.organisationId]),
      client.query<FeedToPull>(
        `select kind, place, sealed_credentials, mark, afterwards, settle_seconds
           from reconciliation.bank_feed where id = $1`,
        [key.bankFeedId],
      ),
      client.query('commit'),
    ]);
    client.release();
    return answer.rows[0];
  } catch (error) {
    client.release(true);
    throw error;
  }
}

/** What the feed shows its server. */
export function credentialsOf(
  { services }: JobContext,
  key: FeedKey,
  { sealed_credentials: sealed }: FeedToPull,
): FeedCredentials {
  if (sealed === null) return {};
  const place = credentialsPlace(key.organisationId, key.bankFeedId);
  return JSON.parse(services.vault.open(sealed, place)) as FeedCredentials;
}

/** Opens the folder of a feed that has one. */
export function openFolderOf(context: JobContext, key: FeedKey, feed: FeedToPull): Promise<FeedFolder> {
  const connectors = context.services.port(bankFeedConnectors);
  const { path = '', host, port = 22, user, hostKey } = feed.place;
  if (feed.kind === 'FOLDER') return connectors.openFolder({ organisationId: key.organisationId, path });
  if (feed.kind !== 'SFTP' || host === undefined || user === undefined || hostKey === undefined) {
    throw new CrossfootError('FEED_ADDRESS_REFUSED', 'The feed does not say where its folder is');
  }
  const { password, privateKey, passphrase } = credentialsOf(context, key, feed);
  const credentials = { password, privateKey, passphrase };
  return connectors.openSftp({ host, port, user, path, hostKey, credentials });
}
