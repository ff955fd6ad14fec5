import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { sha256Hex } from '#kernel/canonical';
import { command, type Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { id, oneOf, text } from '#kernel/input';
import {
  credentialFields,
  credentialsPlace,
  feedKinds,
  folderPath,
  headers,
  hintOf,
  hostKey,
  type FeedCredentials,
  type FeedKind,
  type FeedPlace,
} from './feed-place.ts';
import { wakePull } from './feed-status.ts';
import { requireAccount } from './require-account.ts';

/** When a feed is looked into: exactly one of the two. */
export const schedule = () =>
  z
    .object({
      everyMinutes: z.int().min(1).max(10_080).optional().meta({ description: 'Every so many minutes.' }),
      dailyAtHour: z.int().min(0).max(23).optional().meta({ description: 'Daily at this hour, in UTC.' }),
    })
    .refine((given) => (given.everyMinutes === undefined) !== (given.dailyAtHour === undefined), {
      message: 'say either everyMinutes or dailyAtHour',
    })
    .meta({ graphql: 'BankFeedScheduleInput', description: 'Every fifteen minutes unless said.' });

/** What becomes of files that were dealt with. */
export const afterwards = () =>
  oneOf('BankFeedAfterwards', ['KEEP', 'MOVE', 'DELETE']).meta({
    graphql: 'BankFeedAfterwards',
    description: 'What becomes of files that were dealt with; they are kept unless said.',
  });

/** How long a file has to stay as it is before it is read. */
export const settleSeconds = () =>
  z.int().min(1).max(3600).meta({
    description: 'A file is read when it was found alike twice, this many seconds apart; 5 unless said.',
  });

const input = z
  .object({
    bookId: id(),
    name: text(80).meta({ description: 'How people call it.' }),
    kind: oneOf('BankFeedKind', feedKinds),
    bankAccountId: id().optional().meta({ description: 'The account of files that name none themselves.' }),
    schedule: schedule().optional(),
    afterwards: afterwards().optional(),
    settleSeconds: settleSeconds().optional(),
    folder: z
      .object({ path: folderPath('Below the drop folder of the organisation, with slashes.') })
      .optional()
      .meta({ graphql: 'DropFolderInput', description: 'Of FOLDER.' }),
    sftp: z
      .object({
        host: text(255).regex(/^[A-Za-z0-9._:[\]-]+$/, 'is no name or address of a host'),
        port: z.int().min(1).max(65_535).optional().meta({ description: '22 unless said.' }),
        user: text(200),
        path: folderPath('The folder on the server; that of the log-in unless said.').optional(),
        hostKey: hostKey(),
        ...credentialFields,
      })
      .optional()
      .meta({ graphql: 'SftpFeedInput', description: 'Of SFTP.' }),
    https: z
      .object({
        url: text(2000).refine((url) => URL.canParse(url), { message: 'is no address' }),
        headers: headers(),
      })
      .optional()
      .meta({ graphql: 'HttpsFeedInput', description: 'Of HTTPS.' }),
  })
  .refine((given) => given.kind !== 'FOLDER' || given.folder !== undefined, {
    message: 'say where the folder is',
    path: ['folder'],
  })
  .refine((given) => (given.kind === 'SFTP') === (given.sftp !== undefined), {
    message: 'belongs to feeds of the kind SFTP, and they need it',
    path: ['sftp'],
  })
  .refine((given) => (given.kind === 'HTTPS') === (given.https !== undefined), {
    message: 'belongs to feeds of the kind HTTPS, and they need it',
    path: ['https'],
  })
  .refine((given) => given.kind !== 'PUSH' || given.schedule === undefined, {
    message: 'is not for feeds whose files are sent here',
    path: ['schedule'],
  })
  .refine(({ sftp }) => !sftp || (sftp.password === undefined) !== (sftp.privateKey === undefined), {
    message: 'give either a password or a privateKey',
    path: ['sftp'],
  });

type Input = z.output<typeof input>;

/** Opens a way by which files of a bank come in. What it shows servers is sealed at once and never shown again. */
export const createBankFeed = command({
  name: 'createBankFeed',
  description:
    'Opens a way by which files of a bank come in: a drop folder, SFTP, an address that is asked, or one to which the bank sends. Credentials are sealed at once and never shown again.',
  scope: 'reconciliation:write',
  input,
  async run(transaction, given) {
    const { bookId, kind, name } = given;
    await requireAccount(transaction, bookId, given.bankAccountId);
    await refuseTakenName(transaction, bookId, name);
    const bankFeedId = newId('bf');
    const { organisationId } = transaction;
    const secret = kind === 'PUSH' ? newSecret(organisationId, bankFeedId) : undefined;
    const when = kind === 'PUSH' ? undefined : (given.schedule ?? { everyMinutes: 15 });
    const row = {
      kind,
      name,
      place: placeOf(kind, given),
      every_minutes: when?.everyMinutes ?? null,
      daily_at_hour: when?.dailyAtHour ?? null,
      afterwards: given.afterwards ?? 'KEEP',
      settle_seconds: given.settleSeconds ?? 5,
    };
    await transaction.insert('reconciliation.bank_feed', {
      ...row,
      ...sealed(transaction, bankFeedId, secret ?? credentialsOf(given)),
      id: bankFeedId,
      book_id: bookId,
      status: 'ACTIVE',
      bank_account_id: given.bankAccountId ?? null,
      place: JSON.stringify(row.place),
      next_pull_at: kind === 'PUSH' ? null : transaction.now,
      created_by: transaction.actor.memberId ?? null,
      created_at: transaction.now,
    });
    if (kind !== 'PUSH') wakePull(transaction, bankFeedId);
    transaction.emit({ type: 'bankFeed.created', subjectId: bankFeedId, bookId, facts: { kind } });
    transaction.audit({ subjectType: 'BankFeed', subjectId: bankFeedId, after: { bookId, ...row } });
    return { bankFeedId, secret: secret ?? null };
  },
  remember: ({ bankFeedId }) => ({ bankFeedId }),
});

/** What senders show: where to look it up, and a random part. */
export function newSecret(organisationId: string, bankFeedId: string): string {
  return `cff_${organisationId}.${bankFeedId}.${randomBytes(32).toString('base64url')}`;
}

/** The columns that hold credentials: of what is sent here the hash of the secret, else the sealed values. */
export function sealed(
  { organisationId, services }: Transaction,
  bankFeedId: string,
  shown: FeedCredentials | string | undefined,
): { sealed_credentials: string | null; credential_hint: string | null } {
  if (shown === undefined) return { sealed_credentials: null, credential_hint: null };
  if (typeof shown === 'string') {
    return { sealed_credentials: sha256Hex(shown), credential_hint: `secret …${shown.slice(-4)}` };
  }
  const place = credentialsPlace(organisationId, bankFeedId);
  return {
    sealed_credentials: services.vault.seal(JSON.stringify(shown), place),
    credential_hint: hintOf(shown),
  };
}

async function refuseTakenName(transaction: Transaction, bookId: string, name: string): Promise<void> {
  const taken = await transaction.maybe(
    'select 1 from reconciliation.bank_feed where book_id = $1 and name = $2',
    [bookId, name],
  );
  if (!taken) return;
  throw new CrossfootError('ALREADY_EXISTS', `The book has a feed called ${name}`, { path: ['name'] });
}

function placeOf(kind: FeedKind, { folder, sftp, https }: Input): FeedPlace {
  if (kind === 'FOLDER') return { path: folder?.path };
  if (kind === 'HTTPS') return { url: https?.url };
  if (!sftp) return {};
  const { host, port = 22, user, path = '', hostKey: pinned } = sftp;
  return { host, port, user, path, hostKey: pinned };
}

function credentialsOf({ sftp, https }: Input): FeedCredentials | undefined {
  if (sftp) {
    const { password, privateKey, passphrase } = sftp;
    return { password, privateKey, passphrase };
  }
  return https?.headers && https.headers.length > 0 ? { headers: https.headers } : undefined;
}
