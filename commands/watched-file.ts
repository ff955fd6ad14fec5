import { readFile, stat } from 'node:fs/promises';
import type { Log } from '#kernel/log';

/** How often the file is looked at. */
const lookMilliseconds = 250;

interface WatchOptions {
  readonly file: string;
  /** What the file held when it was last used. */
  readonly text: string;
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
 * folder, as clusters mount settings, or a network volume. A change is taken when it lies there unchanged for one look.
 */
export function watchTextFile({ file, text, changed, log }: WatchOptions): WatchedFile {
  let known = text;
  let seen = '';
  let settled = '';
  let looking: Promise<void> = Promise.resolve();
  const read = async (asked: boolean): Promise<void> => {
    const present = await readFile(file, 'utf8');
    if (present === known && !asked) return;
    known = present;
    changed(present, asked);
  };
  const look = async (): Promise<void> => {
    const { mtimeMs, size, ino } = await stat(file);
    const state = `${mtimeMs} ${size} ${ino}`;
    const isSettled = state === seen;
    seen = state;
    if (!isSettled || state === settled) return;
    await read(false);
    settled = state;
  };
  const next = (work: () => Promise<void>, complain: boolean): Promise<void> => {
    looking = looking.then(work).catch((error: unknown) => {
      // A file that is being replaced may be missing for a moment.
      if (complain) log.warn({ err: error, file }, 'a watched file cannot be read');
    });
    return looking;
  };
  const timer = setInterval(() => void next(look, false), lookMilliseconds);
  timer.unref();
  return {
    readNow: () => next(() => read(true), true),
    async stop() {
      clearInterval(timer);
      await looking;
    },
  };
}
