import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { machine, rounded, throwIfInterrupted } from '../rounds.ts';
import { matchRows } from './crossfoot-matcher.ts';
import { dialects, type DialectName } from './dialects.ts';
import { measureEndToEnd } from './end-to-end.ts';
import { makeBook } from './make-book.ts';
import type { Recipe } from './maker.ts';
import type { Measured } from './measure.ts';
import { profiles, type ProfileName } from './profiles.ts';
import type { PredictionRow, TruthRow } from './rows.ts';
import { readRows, score } from './score.ts';
import { checkStability } from './stability.ts';

type Tell = (figures: object) => void;

interface Settings {
  readonly seed: number;
  readonly quick: boolean;
  readonly lines: number;
  readonly largest: number;
  readonly parts: readonly string[];
}

const parts: Readonly<Record<string, (settings: Settings, tell: Tell) => Promise<void>>> = {
  accuracy: benchAccuracy,
  speed: benchSpeed,
  'end-to-end': benchEndToEnd,
  peers: benchPeers,
};

/** The matcher on made-up books whose truth is known: how much it gets right, how fast, end to end, beside others. */
export async function benchReconciliation(
  print: (line: string) => void,
  parameters: readonly string[],
): Promise<void> {
  const { values } = parseArgs({
    args: [...parameters],
    options: {
      quick: { type: 'boolean', default: false },
      part: { type: 'string', multiple: true },
      seed: { type: 'string', default: '1' },
      lines: { type: 'string' },
      largest: { type: 'string' },
    },
  });
  const { quick } = values;
  const settings: Settings = {
    quick,
    seed: Number(values.seed),
    lines: Number(values.lines ?? 10_000),
    largest: Number(values.largest ?? (quick ? 10_000 : 1_000_000)),
    parts: values.part ?? Object.keys(parts),
  };
  for (const name of settings.parts) {
    const part = parts[name];
    if (!part) throw new Error(`There is no part ${name}; there are ${Object.keys(parts).join(', ')}`);
    await part(settings, (figures) =>
      print(JSON.stringify({ bench: 'reconciliation', part: name, ...figures, ...machine })),
    );
  }
}

/** Every profile in every dialect, with what another order and strangers change. */
function benchAccuracy({ seed, lines, quick }: Settings, tell: Tell): Promise<void> {
  for (const profile of Object.keys(profiles) as ProfileName[]) {
    for (const dialect of Object.keys(dialects) as DialectName[]) {
      throwIfInterrupted();
      const book = makeBook({ seed, lines, profile, dialect });
      const began = performance.now();
      const predictions = matchRows(book);
      const microsecondsPerLine = rounded(((performance.now() - began) * 1000) / book.lines.length);
      const stability = quick || profile !== 'medium' ? {} : checkStability(book, matchRows);
      const figures = { ...score(book.truth, predictions), ...stability };
      tell({
        case: `${profile}, ${dialect}`,
        seed,
        items: book.items.length,
        ...figures,
        microsecondsPerLine,
      });
    }
  }
  return Promise.resolve();
}

/** Ten times as many lines and items at each step, each in a process of its own that reads them from files. */
async function benchSpeed({ seed, largest }: Settings, tell: Tell): Promise<void> {
  let smallest: number | undefined;
  for (const lines of [10_000, 100_000, 1_000_000].filter((count) => count <= largest)) {
    await inFolder(async (folder) => {
      await generate({ seed, lines, profile: 'medium', dialect: 'anglo' }, folder);
      const figures = await run<Measured>([join(import.meta.dirname, 'measure.ts'), folder]);
      const microsecondsPerLine = (figures.threadSeconds * 1e6) / figures.lines;
      smallest ??= microsecondsPerLine;
      tell({
        case: `${figures.lines} lines, ${figures.items} items`,
        unit: 'seconds',
        ...figures,
        microsecondsPerLine: rounded(microsecondsPerLine),
        ratio: rounded(microsecondsPerLine / smallest),
        ratioIs: 'processor time of the matching thread for one line, against that of the smallest book',
      });
    });
  }
}

/** Statement files into stored matches. */
async function benchEndToEnd({ quick }: Settings, tell: Tell): Promise<void> {
  const figures = await measureEndToEnd(quick ? 10_000 : 100_000);
  const ratioIs =
    'import, matching and storing over PostgreSQL, against the matcher alone over the same book';
  tell({ case: 'statement files into stored matches', unit: 'seconds', ...figures, ratioIs });
}

/** The importer of Actual on the same books, and on its home ground. */
async function benchPeers({ seed, quick }: Settings, tell: Tell): Promise<void> {
  installPeers();
  const cases = [
    { profile: 'medium', lines: 1_000 },
    { profile: 'plain', lines: 1_000 },
    ...(quick ? [] : [{ profile: 'medium', lines: 5_000 } as const]),
  ] as const;
  for (const { profile, lines } of cases) {
    await inFolder(async (folder) => {
      await generate({ seed, lines, profile, dialect: 'anglo' }, folder);
      const truth = readRows<TruthRow>(join(folder, 'truth.jsonl'));
      const ours = join(folder, 'crossfoot.jsonl');
      const theirs = join(folder, 'actual.jsonl');
      const us = await run<Measured>([join(import.meta.dirname, 'measure.ts'), folder, '--out', ours]);
      const them = await run<Measured>([join(import.meta.dirname, 'peers/actual.mjs'), folder, theirs]);
      const [crossfoot, actual] = [ours, theirs].map((file) => score(truth, readRows<PredictionRow>(file)));
      tell({
        case: `${profile}, ${us.lines} lines, ${us.items} items`,
        peer: '@actual-app/api 26.9.0',
        crossfoot: { seconds: us.seconds, ...withoutKinds(crossfoot) },
        denominator: { seconds: them.seconds, ...withoutKinds(actual) },
        ratio: rounded(us.seconds / them.seconds),
        ratioIs: 'time, ours divided by theirs; below 1 is faster',
        ratioOfLinesRight: rounded((crossfoot?.lineExact ?? 0) / (actual?.lineExact ?? 1)),
      });
    });
  }
}

function withoutKinds(found: ReturnType<typeof score> | undefined): object {
  const { kinds: _, ...figures } = found ?? { kinds: {} };
  return figures;
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  throwIfInterrupted();
  const folder = mkdtempSync(join(tmpdir(), 'crossfoot-reconciliation-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Books are made in a process of their own, so that none of it is in what is measured. */
async function generate(recipe: Recipe, folder: string): Promise<void> {
  const options = Object.entries(recipe).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const script = join(import.meta.dirname, 'generate.ts');
  await spawned(['--max-old-space-size=6000', script, ...options, '--out', folder]);
}

async function run<Figures>(parameters: readonly string[]): Promise<Figures> {
  return JSON.parse(await spawned(['--max-old-space-size=2300', ...parameters])) as Figures;
}

async function spawned(parameters: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [...parameters], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const said = await text(child.stdout);
  const code = await ended;
  if (code !== 0) throw new Error(`${parameters.join(' ')} ended with ${code}`);
  return said;
}

/** Installs the other programs when the lockfile names others than are there. */
function installPeers(): void {
  const folder = join(import.meta.dirname, 'peers');
  const stamp = join(folder, 'node_modules/.crossfoot-lock');
  const lock = readFileSync(join(folder, 'package-lock.json'), 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  process.stderr.write(
    'Installing the programs to compare with (npm ci in test/bench/reconciliation/peers) …\n',
  );
  // Actual keeps its books in SQLite, whose module is built when it is installed.
  const parameters = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, stderr } = spawnSync('npm', parameters, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`The programs to compare with cannot be installed.\n${stderr}`);
  writeFileSync(stamp, lock);
}
