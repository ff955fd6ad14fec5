import { parentPort, workerData } from 'node:worker_threads';
import { matchLines } from '../matching/match.ts';
import type { MatchItem, MatchLine } from '../matching/model.ts';
import { matcherSettings } from './run-matcher.ts';

/** The thread of `runMatcher`: one run, one answer. */
const { lines, items } = workerData as { lines: readonly MatchLine[]; items: readonly MatchItem[] };
parentPort?.postMessage(matchLines(lines, items, matcherSettings));
