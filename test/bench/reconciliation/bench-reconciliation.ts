import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { machine, rounded, throwIfInterrupted } from '../rounds.ts';
import { benchPeers } from './bench-peers.ts';
import { matchRows } from './crossfoot-matcher.ts';
import { dialects, type DialectName } from './dialects.ts';
import { measureEndToEnd } from './end-to-end.ts';
import { makeBook } from './make-book.ts';
import type { Measured } from './measure.ts';
import { profiles, type ProfileName } from './profiles.ts';
import { generate, inFolder, run } from './processes.ts';
import { score } from './score.ts';
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
      const [began, before] = [performance.now(), process.threadCpuUsage()];
      const predictions = matchRows(book);
      const { user, system } = process.threadCpuUsage(before);
      const cost = {
        microsecondsPerLine: rounded(((performance.now() - began) * 1000) / book.lines.length),
        processorMicrosecondsPerLine: rounded((user + system) / book.lines.length),
        peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
      };
      const stability = quick || profile !== 'medium' ? {} : checkStability(book, matchRows);
      const figures = { ...score(book.truth, predictions), ...stability };
      tell({
        case: `${profile}, ${dialect}`,
        seed,
        items: book.items.length,
        ...figures,
        ...cost,
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
