import { unwatchFile, watchFile } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Log } from '#kernel/log';

/** How often the file is looked at; what is written at once is rarely seen half. */
const lookMilliseconds = 250;

interface WatchOptions {
  readonly file: string;
  /** Called with the text after each change, and when told to look by `readNow`. */
  readonly changed: (text: string, asked: boolean) => void;
  readonly log: Log;
}

/** A file that is watched. */
export interface WatchedFile {
  /** Reads it because somebody asks for it. */
  readNow(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Watches a file by looking at it, which sees what notices of file systems do not: a link that is turned to another
 * folder, as clusters mount settings, or a network volume.
 */
export function watchTextFile({ file, changed, log }: WatchOptions): WatchedFile {
  let reading: Promise<void> = Promise.resolve();
  const read = (asked: boolean): Promise<void> => {
    reading = reading
      .then(async () => changed(await readFile(file, 'utf8'), asked))
      .catch((error: unknown) => log.warn({ err: error, file }, 'a watched file cannot be read'));
    return reading;
  };
  const look = (): void => void read(false);
  watchFile(file, { interval: lookMilliseconds, persistent: false }, look);
  return {
    readNow: () => read(true),
    async stop() {
      unwatchFile(file, look);
      await reading;
    },
  };
}
