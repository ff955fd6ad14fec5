import { fork, type ChildProcess } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { kindOfFile } from './formats-files.ts';
import { caseOf, type FuzzPlan } from './fuzz-cases.ts';
import type { FuzzOutcome } from './fuzz-child.ts';

/** What one case may take: CPU time, and memory of the heap beyond which its process dies. */
const LIMIT_MILLISECONDS = 1000;
const LIMIT_MEGABYTES = 64;
/** A process that says nothing for this long hangs, however busy the machine is. */
const SILENCE_MILLISECONDS = 60_000;

/** What to damage, how often, and from which numbers. */
export interface FuzzSettings {
  readonly folder: string;
  readonly cases: number;
  readonly seed: number;
  /** The number of the first case, to run one again. */
  readonly first: number;
}

/** How many cases ran and how many went wrong. */
export interface FuzzSummary {
  readonly cases: number;
  readonly failures: number;
  readonly slowest: number;
  readonly megabytes: number;
}

/**
 * Damages copies of the statements below a folder and reads each in a process of limited memory, so that what hangs, grows
 * or dies is caught and named: one JSON line for each case that went wrong, one a format, and a summary.
 */
export async function evaluateFuzz(
  settings: FuzzSettings,
  print: (line: string) => void,
): Promise<FuzzSummary> {
  const formats = await statementsByFormat(settings.folder);
  if (formats.length === 0) throw new Error(`There is no bank statement below ${settings.folder}`);
  const end = settings.first + settings.cases;
  const counts = new Map(formats.map(([format]) => [format, { cases: 0, entries: 0, failures: 0 }]));
  let [failures, slowest, slowestCase, megabytes] = [0, 0, settings.first, 0];
  const fail = (plan: FuzzPlan, index: number, faults: readonly string[]): void => {
    const { format, path, mutations } = caseOf(plan, index);
    failures += 1;
    const count = counts.get(format);
    if (count !== undefined) count.failures += 1;
    print(JSON.stringify({ case: index, file: relative(settings.folder, path), format, mutations, faults }));
  };
  for (let first = settings.first; first < end;) {
    const plan: FuzzPlan = { formats, seed: settings.seed, first, end };
    const death = await runPlan(plan, (outcome) => {
      first = outcome.index + 1;
      const count = counts.get(formats[outcome.index % formats.length]?.[0] ?? '');
      if (count !== undefined) {
        count.cases += 1;
        count.entries += outcome.entries;
      }
      if (outcome.milliseconds > slowest) {
        [slowest, slowestCase] = [outcome.milliseconds, outcome.index];
      }
      megabytes = Math.max(megabytes, outcome.megabytes);
      const slow = outcome.milliseconds > LIMIT_MILLISECONDS;
      const faults = slow ? [...outcome.faults, `took ${outcome.milliseconds} ms`] : outcome.faults;
      if (faults.length > 0) fail(plan, outcome.index, faults);
    });
    // The case after the last one that was answered is the one in which the process died; the others go on without it.
    if (death !== undefined && first < end) {
      fail(plan, first, [death]);
      first += 1;
    }
  }
  for (const [format, count] of counts) print(JSON.stringify({ format, ...count }));
  const summary = { cases: settings.cases, failures, slowest, megabytes };
  print(JSON.stringify({ summary: { ...summary, slowestCase, seed: settings.seed } }));
  return summary;
}

async function statementsByFormat(folder: string): Promise<[string, string[]][]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const formats = new Map<string, string[]>();
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  for (const path of paths) {
    const kind = kindOfFile(path, await readFile(path));
    if (kind.kind === 'statement') formats.set(kind.format, [...(formats.get(kind.format) ?? []), path]);
  }
  return [...formats];
}

/** Runs a plan in a process of its own; answers how it died, undefined when it came to its end. */
async function runPlan(
  plan: FuzzPlan,
  answered: (outcome: FuzzOutcome) => void,
): Promise<string | undefined> {
  const child = fork(join(import.meta.dirname, 'fuzz-child.ts'), {
    execArgv: [`--max-old-space-size=${LIMIT_MEGABYTES}`, '--max-semi-space-size=4'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  let timer: NodeJS.Timeout | undefined;
  let hung = false;
  const watch = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      hung = true;
      child.kill('SIGKILL');
    }, SILENCE_MILLISECONDS);
  };
  child.on('message', (outcome: FuzzOutcome) => {
    watch();
    answered(outcome);
  });
  watch();
  child.send(plan);
  const [code, signal] = await ended(child);
  clearTimeout(timer);
  if (hung) return `said nothing for ${SILENCE_MILLISECONDS} ms and was ended`;
  if (code === 0) return undefined;
  return `the process died (${signal ?? `code ${code ?? 'unknown'}`}): out of ${LIMIT_MEGABYTES} MB, or a crash`;
}

function ended(child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve([code, signal]));
  });
}
