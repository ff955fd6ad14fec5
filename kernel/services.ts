import type { FileStore } from '#kernel/files';
import type { Log } from '#kernel/log';
import type { Ports } from '#kernel/ports';
import type { Vault } from '#kernel/secrets';
import type { Tokens } from '#kernel/tokens';

/** Wakes a background job; the same name and key wait once in the queue. */
export type WakeJob = (name: string, data: Record<string, string>) => Promise<void>;

/** What commands and jobs may use besides their own tables. */
export interface Services {
  readonly log: Log;
  readonly files: FileStore;
  readonly vault: Vault;
  readonly tokens: Tokens;
  readonly wake: WakeJob;
  /** Finds what the composition root provides from outside, such as the readers of files. */
  readonly port: Ports;
  /** Absolute folder in which connectors that write files keep them. */
  readonly dataFolder: string;
}
