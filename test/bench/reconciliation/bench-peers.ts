import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rounded } from '../rounds.ts';
import type { Measured } from './measure.ts';
import { generate, inFolder, run } from './processes.ts';
import type { PredictionRow, TruthRow } from './rows.ts';
import { readRows, score } from './score.ts';

const peers = join(import.meta.dirname, 'peers');

/** The importer of Actual on the same books, and on its home ground. */
export async function benchPeers(
  { seed, quick }: { readonly seed: number; readonly quick: boolean },
  tell: (figures: object) => void,
): Promise<void> {
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
      const them = runPeer('actual', folder, theirs);
      const [crossfoot, actual] = [ours, theirs].map((file) => score(truth, readRows<PredictionRow>(file)));
      tell({
        case: `${profile}, ${us.lines} lines, ${us.items} items`,
        peer: '@actual-app/api 26.9.0',
        crossfoot: { seconds: us.seconds, processorSeconds: us.processorSeconds, ...withoutKinds(crossfoot) },
        denominator: {
          seconds: them.seconds,
          processorSeconds: them.processorSeconds,
          ...withoutKinds(actual),
        },
        ratio: rounded(us.processorSeconds / them.processorSeconds),
        ratioIs: 'processor time, ours divided by theirs; below 1 is faster',
        ratioOfLinesRight: rounded((crossfoot?.lineExact ?? 0) / (actual?.lineExact ?? 1)),
      });
    });
  }
}

function withoutKinds(found: ReturnType<typeof score> | undefined): object {
  const { kinds: _, ...figures } = found ?? { kinds: {} };
  return figures;
}

/** Runs a program, on the first Node of this machine for which its module was built. */
function runPeer(name: string, folder: string, out: string): Measured {
  const tryOut = ['-e', "new (require('better-sqlite3'))(':memory:')"];
  const found = spawnSync('which', ['-a', 'node'], { encoding: 'utf8' }).stdout.split('\n').filter(Boolean);
  const node = [process.execPath, ...found].find(
    (path) => spawnSync(path, tryOut, { cwd: peers, stdio: 'ignore' }).status === 0,
  );
  if (node === undefined) throw new Error('No Node of this machine can load the SQLite module of the peers');
  const run = spawnSync(node, [`${name}.mjs`, folder, out], { cwd: peers, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`${name} ended with ${run.status}.\n${run.stderr}`);
  return JSON.parse(run.stdout) as Measured;
}

/** Installs the other programs when the lockfile names others than are there. */
function installPeers(): void {
  const stamp = join(peers, 'node_modules/.crossfoot-lock');
  const lock = readFileSync(join(peers, 'package-lock.json'), 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  process.stderr.write(
    'Installing the programs to compare with (npm ci in test/bench/reconciliation/peers) …\n',
  );
  // Actual keeps its books in SQLite, whose module is built when it is installed.
  const parameters = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, stderr } = spawnSync('npm', parameters, { cwd: peers, encoding: 'utf8' });
  if (status !== 0) throw new Error(`The programs to compare with cannot be installed.\n${stderr}`);
  writeFileSync(stamp, lock);
}
