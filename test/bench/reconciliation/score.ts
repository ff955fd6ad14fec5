import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { PredictionRow, TruthRow } from './rows.ts';

/** How a program did on the lines of one kind. */
export interface KindScore {
  readonly lines: number;
  readonly right: number;
  readonly predicted: number;
  /** Lines the program would have taken without asking, and how many of them are right. */
  readonly automatic: number;
  readonly automaticRight: number;
}

/** How a program did on one book. Shares are 0 to 1. */
export interface Score {
  readonly lines: number;
  /** Lines that settle something. */
  readonly matchable: number;
  readonly pairs: { readonly precision: number; readonly recall: number; readonly f1: number };
  /** Lines whose items are all right and complete; lines that settle nothing count when nothing was predicted. */
  readonly lineExact: number;
  readonly predictedLines: number;
  readonly linePrecision: number;
  /** The largest share of matchable lines that falling confidence can take with 99.5 % of them right. */
  readonly automaticAt995: number;
  /** The confidence down to which that goes; null when no confidence is good enough. */
  readonly threshold: number | null;
  /** What the program itself took without asking, as a share of matchable lines, and how much of it is right. */
  readonly claimed: { readonly rate: number; readonly precision: number };
  /** Groups of several lines for several items, and how many are right in every line. */
  readonly severalToSeveral: { readonly groups: number; readonly right: number };
  /** Items of groups right in every line: how far what is applied is off, in minor units; null when none tells it. */
  readonly appliedError: { readonly items: number; readonly wrong: number; readonly minor: number | null };
  readonly kinds: Readonly<Record<string, KindScore>>;
}

const share = (part: number, whole: number): number => (whole === 0 ? 0 : Number((part / whole).toFixed(4)));

interface Line {
  readonly truth: TruthRow;
  readonly kind: string;
  readonly predictions: readonly PredictionRow[];
  readonly exact: boolean;
  readonly confidence: number;
  readonly automatic: boolean;
}

/** Scores the matches of any program against the truth of a book; a line that no truth names is an Error. */
export function score(truth: readonly TruthRow[], predictions: readonly PredictionRow[]): Score {
  const lines = linesOf(truth, predictions);
  const all = [...lines.values()];
  const predicted = all.filter((line) => line.predictions.length > 0);
  const matchable = all.filter((line) => line.truth.items.length > 0).length;
  const automatic = predicted.filter((line) => line.automatic);
  const best = takenAt(predicted, 0.995);
  const several = truth.filter(({ bank, items }) => bank.length > 1 && items.length > 1);
  const rightGroup = ({ bank }: TruthRow) => bank.every((id) => lines.get(id)?.exact);
  const exact = (list: readonly Line[]) => list.filter((line) => line.exact).length;
  return {
    lines: all.length,
    matchable,
    pairs: pairScore(all),
    lineExact: share(exact(all), all.length),
    predictedLines: predicted.length,
    linePrecision: share(exact(predicted), predicted.length),
    automaticAt995: share(best.lines, matchable),
    threshold: best.threshold,
    claimed: {
      rate: share(automatic.length, matchable),
      precision: share(exact(automatic), automatic.length),
    },
    severalToSeveral: { groups: several.length, right: several.filter(rightGroup).length },
    appliedError: appliedError(truth.filter(rightGroup), lines),
    kinds: kindScores(all),
  };
}

function linesOf(truth: readonly TruthRow[], predictions: readonly PredictionRow[]): Map<string, Line> {
  const truths = new Map(truth.flatMap((row) => row.bank.map((id) => [id, row] as const)));
  const claims = new Map<string, PredictionRow[]>();
  for (const row of predictions) {
    for (const id of new Set(row.bank)) {
      if (!truths.has(id)) throw new Error(`The predictions name ${id}, which is no line of the book`);
      claims.set(id, [...(claims.get(id) ?? []), row]);
    }
  }
  const lineOf = (id: string, row: TruthRow): Line => {
    const own = claims.get(id) ?? [];
    const items = new Set(own.flatMap((each) => each.items.map((item) => item.id)));
    return {
      truth: row,
      kind: row.kind,
      predictions: own,
      exact: items.size === row.items.length && row.items.every((item) => items.has(item.id)),
      confidence: Math.min(...own.map((each) => each.confidence ?? 1)),
      automatic: own.length > 0 && own.every((each) => each.automatic === true),
    };
  };
  return new Map([...truths].map(([id, row]) => [id, lineOf(id, row)]));
}

function pairScore(lines: readonly Line[]): Score['pairs'] {
  let [right, claimed, wanted] = [0, 0, 0];
  for (const { truth, predictions } of lines) {
    const items = new Set(truth.items.map(({ id }) => id));
    const named = new Set(predictions.flatMap((row) => row.items.map(({ id }) => id)));
    wanted += items.size;
    claimed += named.size;
    for (const id of named) if (items.has(id)) right += 1;
  }
  return {
    precision: share(right, claimed),
    recall: share(right, wanted),
    f1: share(2 * right, claimed + wanted),
  };
}

/** How many lines can be taken by falling confidence while enough of them are right; equal ones come together. */
function takenAt(lines: readonly Line[], precision: number): { lines: number; threshold: number | null } {
  const falling = lines.toSorted((a, b) => b.confidence - a.confidence);
  let right = 0;
  let best: { lines: number; threshold: number | null } = { lines: 0, threshold: null };
  for (const [index, { exact, confidence }] of falling.entries()) {
    if (exact) right += 1;
    const next = falling[index + 1];
    if (next !== undefined && next.confidence === confidence) continue;
    if (right >= precision * (index + 1)) best = { lines: index + 1, threshold: confidence };
  }
  return best;
}

function appliedError(groups: readonly TruthRow[], lines: ReadonlyMap<string, Line>): Score['appliedError'] {
  let [items, wrong, minor] = [0, 0, 0];
  for (const { bank, items: settled } of groups) {
    const rows = new Set(bank.flatMap((id) => lines.get(id)?.predictions ?? []));
    const applied = new Map<string, number>();
    for (const item of [...rows].flatMap((row) => row.items)) {
      if (item.applied !== undefined) applied.set(item.id, (applied.get(item.id) ?? 0) + item.applied);
    }
    for (const item of settled) {
      const told = applied.get(item.id);
      if (told === undefined) continue;
      items += 1;
      if (told === item.applied) continue;
      wrong += 1;
      minor += Math.abs(told - item.applied);
    }
  }
  return { items, wrong, minor: items === 0 ? null : minor };
}

function kindScores(lines: readonly Line[]): Record<string, KindScore> {
  const count = (list: readonly Line[], test: (line: Line) => boolean) => list.filter(test).length;
  const kinds = Map.groupBy(lines, (line) => line.kind);
  const named = [...kinds].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    named.map(([kind, list]) => [
      kind,
      {
        lines: list.length,
        right: count(list, (line) => line.exact),
        predicted: count(list, (line) => line.predictions.length > 0),
        automatic: count(list, (line) => line.automatic),
        automaticRight: count(list, (line) => line.automatic && line.exact),
      },
    ]),
  );
}

/** The rows of a file of JSON lines. */
export function readRows<Row>(file: string): Row[] {
  const rows: Row[] = [];
  for (const text of readFileSync(file, 'utf8').split('\n'))
    if (text !== '') rows.push(JSON.parse(text) as Row);
  return rows;
}

if (import.meta.main) {
  const { positionals } = parseArgs({ allowPositionals: true });
  const [folder, file] = positionals;
  if (folder === undefined || file === undefined) throw new Error('usage: score.ts FOLDER PREDICTIONS.jsonl');
  const found = score(readRows<TruthRow>(join(folder, 'truth.jsonl')), readRows<PredictionRow>(file));
  process.stdout.write(`${JSON.stringify(found, undefined, 1)}\n`);
}
