import { portKey } from '#kernel/ports';

/** A file as a bank's folder lists it. */
export interface FeedEntry {
  /** The name alone, without a folder. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** When it was last written, as the folder tells it; equal texts are equal times. */
  readonly modified: string;
}

/** Where a file goes that was dealt with: folders below the one it was found in. */
export type PutAway = 'done' | 'refused' | 'delete';

/** A folder of a bank that was opened, here or on a server. Everything of it throws CrossfootError with a FEED_ code. */
export interface FeedFolder {
  /** Plain files of the folder itself, by name; what is hidden or still has the name of a part is left out. */
  list(): Promise<readonly FeedEntry[]>;
  /** The bytes of a file. */
  read(name: string): AsyncIterable<Uint8Array>;
  /** Moves or removes a file if it is still the one that was listed; one that is gone is no error. */
  putAway(entry: FeedEntry, how: PutAway): Promise<void>;
  close(): Promise<void>;
}

/** A drop folder of this machine, below the root the operator gave. */
export interface FolderTarget {
  readonly organisationId: string;
  /** Relative, with slashes; empty for the organisation's own folder itself. */
  readonly path: string;
}

/** A folder on an SFTP server. */
export interface SftpTarget {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly path: string;
  /** `SHA256:` and the hash of the server's key in base64, as ssh-keygen prints it. */
  readonly hostKey: string;
  readonly credentials: SftpCredentials;
}

/** What an SFTP server is shown: a password, or a private key with its passphrase if it has one. */
export interface SftpCredentials {
  readonly password?: string | undefined;
  readonly privateKey?: string | undefined;
  readonly passphrase?: string | undefined;
}

/** An address from which a file is fetched. */
export interface DownloadTarget {
  readonly url: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** What the server said of the file that was fetched last. */
  readonly known?: DownloadMark | undefined;
}

/** By what a server knows whether a file has changed. */
export interface DownloadMark {
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
}

/** A file on its way from a server. */
export interface Download {
  readonly name: string;
  readonly mark: DownloadMark;
  readonly content: AsyncIterable<Uint8Array>;
}

/** The ways to files of banks. They throw CrossfootError with a FEED_ code for whatever somebody can put right. */
export interface BankFeedConnectors {
  /** Opens a drop folder, and makes it where it is missing. */
  openFolder(target: FolderTarget): Promise<FeedFolder>;
  openSftp(target: SftpTarget): Promise<FeedFolder>;
  /** Fetches a file; undefined when it has not changed. The content must be read to its end or returned. */
  download(target: DownloadTarget): Promise<Download | undefined>;
}

/** Where subgraphs find the ways to files of banks. */
export const bankFeedConnectors = portKey<BankFeedConnectors>('bankFeedConnectors');
