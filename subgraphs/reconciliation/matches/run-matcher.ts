import { Worker } from 'node:worker_threads';
import { matchLines } from '../matching/match.ts';
import type { MatchItem, MatchLine, MatchResult } from '../matching/model.ts';

/** Below this many lines and items matching takes a few milliseconds, less than a thread takes to start. */
const inlineUpTo = 1_500;

/** Room for what is new: the default of a few megabytes makes the thread collect garbage a fifth of its time. */
const youngMegabytes = 64;

/** The book's own history decides what stands alone, so the matcher only says what a person has to see in any case. */
export const matcherSettings = { automaticFrom: 0 } as const;

/** Runs the matcher; a large book goes to a thread of its own, so that requests are answered meanwhile. */
export async function runMatcher(
  lines: readonly MatchLine[],
  items: readonly MatchItem[],
): Promise<MatchResult> {
  if (lines.length + items.length <= inlineUpTo) return matchLines(lines, items, matcherSettings);
  const { promise, resolve, reject } = Promise.withResolvers<MatchResult>();
  const worker = new Worker(new URL('./matching-worker.ts', import.meta.url), {
    workerData: { lines, items },
    resourceLimits: { maxYoungGenerationSizeMb: youngMegabytes },
  });
  worker.once('message', resolve);
  worker.once('error', reject);
  worker.once('exit', () => reject(new Error('The matcher ended without a result')));
  return promise;
}
