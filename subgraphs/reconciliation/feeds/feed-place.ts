import { createHash, createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import { text } from '#kernel/input';
import type { SealedPlace } from '#kernel/secrets';
import type { SftpCredentials } from '#connectors/feed-ports';

/** The kinds of feeds. */
export const feedKinds = ['FOLDER', 'SFTP', 'HTTPS', 'PUSH'] as const;

/** One kind of feed. */
export type FeedKind = (typeof feedKinds)[number];

/** Where the files of a feed are; nothing of it is secret. */
export interface FeedPlace {
  /** The folder, of FOLDER and SFTP. */
  readonly path?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
  readonly hostKey?: string | undefined;
  readonly url?: string | undefined;
}

/** What a feed shows a server, as it is sealed. */
export interface FeedCredentials extends SftpCredentials {
  readonly headers?: readonly { readonly name: string; readonly value: string }[] | undefined;
}

/** Where the credentials of a feed are sealed for. */
export function credentialsPlace(organisationId: string, bankFeedId: string): SealedPlace {
  return { organisationId, column: 'bank_feed.credentials', rowId: bankFeedId };
}

/** A folder below the drop folder, or on a server. */
export const folderPath = (description: string) =>
  z
    .string()
    .trim()
    .max(500)
    .refine((path) => !path.split('/').includes('..') && !/[\\\p{Cc}]/u.test(path), {
      message: 'is a path without "..", backslashes and control characters',
    })
    .meta({ description });

/** The fingerprint of a server's key. */
export const hostKey = () =>
  z
    .string()
    .trim()
    .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'is not of the form SHA256:… as ssh-keygen -lf prints it')
    .meta({ description: "SHA-256 of the server's key, as ssh-keygen -lf prints it: SHA256:…" });

/** What can be shown to servers; exactly what the kind of the feed takes. */
export const credentialFields = {
  password: z.string().min(1).max(1000).optional().meta({ description: 'Of SFTP.' }),
  privateKey: z
    .string()
    .min(1)
    .max(20_000)
    .optional()
    .meta({ description: 'Of SFTP instead of a password: a private key in PEM or OpenSSH form.' }),
  passphrase: z.string().min(1).max(1000).optional().meta({ description: 'Of the private key.' }),
};

const forbiddenHeaders =
  /^(host|content-length|transfer-encoding|connection|upgrade|if-none-match|if-modified-since|expect|te|trailer)$/i;

/** Headers with which a file is fetched. */
export const headers = () =>
  z
    .array(
      z.object({
        name: text(100)
          .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'is no name of a header')
          .refine((name) => !forbiddenHeaders.test(name), { message: 'is a header of the transport itself' }),
        value: z
          .string()
          .min(1)
          .max(8000)
          .regex(/^[\x20-\x7e]*$/, 'has characters that no header can carry'),
      }),
    )
    .max(20)
    .optional()
    .meta({ description: 'Of HTTPS: headers such as Authorization; sealed and never shown again.' });

/** By what people recognise credentials: the end of a long secret, the fingerprint of a key; never more. */
export function hintOf({ password, privateKey, passphrase, headers: sent }: FeedCredentials): string | null {
  if (privateKey !== undefined) return keyHint(privateKey, passphrase);
  if (password !== undefined) return `password ${endOf(password)}`;
  if (sent && sent.length > 0) return sent.map(({ name, value }) => `${name} ${endOf(value)}`).join(', ');
  return null;
}

function keyHint(privateKey: string, passphrase: string | undefined): string {
  try {
    const { asymmetricKeyType } = createPrivateKey({ key: privateKey, passphrase });
    return `private key (${asymmetricKeyType ?? 'unknown kind'}) ${shortHash(privateKey)}`;
  } catch {
    // OpenSSH's own form is read by the connection alone.
    return `private key ${shortHash(privateKey)}`;
  }
}

/** A key is long and random: a few figures of its hash tell nothing of it. */
const shortHash = (secret: string): string =>
  `#${createHash('sha256').update(secret).digest('hex').slice(0, 8)}`;

/** The last four of a secret that is long enough to spare them. */
function endOf(secret: string): string {
  return secret.length >= 16 ? `…${secret.slice(-4)}` : '…';
}
