import type { ItemNode } from './nodes.ts';
import { size } from './candidates.ts';
import { rival, sentence } from './explain.ts';
import type { MatchEvidence, MatchRival } from './model.ts';
import type { Run } from './run.ts';
import { expectStretches, findStretches, inOrder } from './stretches.ts';
import type { Order } from './stretches.ts';
import { findSubsetSums, weightOfSubset } from './subset-sum.ts';

/** Items that together make up an amount, and how sure that is. */
export interface Combination {
  readonly nodes: readonly ItemNode[];
  /** The chance, 0 to 1, that this combination is meant. */
  readonly chance: number;
  /** The part of its items, 0 to 1, that is right on average: what adds up as well often differs in a few items only. */
  readonly rightPart: number;
  /** Nothing else adds up, and all items in the window were searched. */
  readonly only: boolean;
  readonly evidence: MatchEvidence;
  readonly rivals: readonly MatchRival[];
}

/** Above twenty candidates sums coincide by accident, so the nearest in time are searched. */
const most = 20;
/** How many lines without a combination of their own there are for each one with, roughly. */
const accidentOdds = 3;
/** A combination less likely than this is a guess and not worth a person's time. */
const leastChance = 0.4;
/** Unless so much of it is right, however it is completed. */
const leastRight = 0.5;
/** An order is followed when more than this part of the items paid together follow each other in it. */
const leastHabit = 0.6;
/** The longest stretch that is looked for. */
const longest = 40;
/** Rivals of items that follow each other are looked for among so many at most. */
const mostTold = 10;
/** How many windows of time are searched at most for one amount. */
const mostWindows = 12;

/** What a combination is sought for: the whole sum, and the items that are in it for certain. */
export interface Aim {
  readonly target: bigint;
  readonly named?: readonly ItemNode[];
}

/**
 * The likeliest combination of open items, nearest first, that together with the named ones adds up to the target;
 * what is returned are the items besides the named ones. Nothing that is a mere guess.
 */
export function combine(run: Run, candidates: readonly ItemNode[], aim: Aim): Combination | undefined {
  const found = search(run, candidates, aim);
  return found === undefined || isGuess(found) ? undefined : found;
}

/** True for a combination that may well be right as a whole. */
export function isLikely({ chance }: Combination): boolean {
  return chance >= leastChance;
}

/** True for a combination that is not worth a person's time. */
export function isGuess(found: Combination): boolean {
  return !isLikely(found) && found.rightPart < leastRight;
}

/** As `combine`, guesses included. */
export function search(run: Run, candidates: readonly ItemNode[], aim: Aim): Combination | undefined {
  const sequence = inSequence(run, candidates, aim);
  if (sequence !== undefined) return sequence;
  // The more usual it is to pay what follows each other, the rarer is any other combination.
  const habit = Math.max(run.habits.share('number'), run.habits.share('date'));
  return amongNearest(run, candidates, {
    ...aim,
    odds: accidentOdds / (1 - (habit < leastHabit ? 0 : habit)),
  });
}

/** Items that follow each other and add up, the named ones among them, in a book whose payers pay so. */
function inSequence(
  run: Run,
  candidates: readonly ItemNode[],
  { target, named = [] }: Aim,
): Combination | undefined {
  for (const order of ['number', 'date'] as const) {
    const habit = run.habits.share(order);
    if (habit < leastHabit) continue;
    const ordered = inOrder([...named, ...candidates], order);
    const amounts = ordered.map((node) => Number(node.remaining));
    const aim = { target: Number(target), slack: 0, shortest: Math.max(2, named.length + 1), longest };
    const [first, ...others] = findStretches(amounts, aim)
      .map(({ from, to }) => ordered.slice(from, to))
      .filter((nodes) => named.every((node) => nodes.includes(node)));
    if (first === undefined || others.length > 0) continue;
    const accidental = expectStretches(amounts, aim) / (named.length > 0 ? ordered.length : 1);
    const chance = habit / (habit + accidentOdds * accidental);
    return {
      nodes: first.filter((node) => !named.includes(node)),
      chance,
      rightPart: chance,
      only: true,
      evidence: sequenceEvidence(order, { nodes: first, habit, chance }),
      rivals: brokenRivals(candidates, { target, named }, first),
    };
  }
  return undefined;
}

/** Other items that add up as well, told where there are few enough to look through. */
function brokenRivals(
  candidates: readonly ItemNode[],
  { target, named = [] }: Aim,
  taken: readonly ItemNode[],
): MatchRival[] {
  if (candidates.length > mostTold) return [];
  const rest = named.reduce((sum, node) => sum - node.remaining, target);
  const { found } = searchWindows([candidates], rest);
  return found
    .filter(({ nodes }) => nodes.some((node) => !taken.includes(node)))
    .sort((a, b) => b.weight - a.weight)
    .slice(0, 3)
    .map(({ nodes }) =>
      rival([...named, ...nodes], 500, 'Adds up as well, but these do not follow each other.'),
    );
}

function sequenceEvidence(
  order: Order,
  { nodes, habit, chance }: { nodes: readonly ItemNode[]; habit: number; chance: number },
): MatchEvidence {
  const share = Math.floor(100 * habit).toString();
  const detail = `The ${nodes.length} items follow each other in ${order}, as ${share} % of the items do that are paid together and named in this book.`;
  return { signal: 'combination', score: Math.floor(10_000 * chance), detail };
}

/** The candidates that can be paid together, window by window: of items issued within so many days of each other. */
function windowsOf(
  candidates: readonly ItemNode[],
  named: readonly ItemNode[],
  spread: number | undefined,
): (readonly ItemNode[])[] {
  if (spread === undefined) return [candidates];
  const days = named.map((node) => node.day);
  const [first, last] = [Math.min(...days), Math.max(...days)];
  const fits = candidates.filter((node) => node.day >= last - spread && node.day <= first + spread);
  const windows: (readonly ItemNode[])[] = [];
  let end = -Infinity;
  for (const start of [...new Set(fits.map((node) => node.day))].sort((a, b) => a - b)) {
    const inside = fits.filter((node) => node.day >= start && node.day <= start + spread);
    const latest = inside.reduce((day, node) => Math.max(day, node.day), start);
    // A window that ends where the one before it ended holds nothing new.
    if (latest > end) windows.push(inside);
    end = latest;
  }
  return windows;
}

interface Found {
  readonly nodes: readonly ItemNode[];
  readonly weight: number;
}

function searchWindows(
  windows: readonly (readonly ItemNode[])[],
  rest: bigint,
): { found: Found[]; accidental: number; complete: boolean } {
  const found = new Map<string, Found>();
  let accidental = 0;
  let complete = windows.length <= mostWindows;
  for (const nodes of windows.slice(0, mostWindows)) {
    const searched = nodes.slice(0, most);
    complete &&= searched.length === nodes.length;
    const sums = findSubsetSums(
      searched.map((node) => node.remaining),
      rest,
    );
    accidental = Math.max(accidental, sums.accidental);
    for (const { members } of sums.solutions) {
      const chosen = members.map((index) => searched[index]!);
      const key = chosen
        .map((node) => node.item.id)
        .sort()
        .join(' ');
      const weight = weightOfSubset(members.length, searched.length);
      if (weight > (found.get(key)?.weight ?? 0)) found.set(key, { nodes: chosen, weight });
    }
  }
  return { found: [...found.values()], accidental, complete };
}

/** How many items of the best each found combination holds, by their weights. */
function rightItems(best: Found, found: readonly Found[]): number {
  const own = new Set(best.nodes);
  return found.reduce(
    (sum, { nodes, weight }) => sum + weight * nodes.filter((node) => own.has(node)).length,
    0,
  );
}

function amongNearest(
  run: Run,
  candidates: readonly ItemNode[],
  { target, named = [], odds }: Aim & { readonly odds: number },
): Combination | undefined {
  const rest = named.reduce((sum, node) => sum - node.remaining, target);
  const fitting = candidates.filter((node) => size(node.remaining) <= size(rest));
  const windows = windowsOf(fitting, named, run.habits.spread);
  const { found, accidental, complete } = searchWindows(windows, rest);
  found.sort((a, b) => b.weight - a.weight);
  const [best, ...others] = found;
  if (best === undefined) return undefined;
  const total = found.reduce((sum, { weight }) => sum + weight, 0);
  const only = others.length === 0 && complete;
  // The chance that any of them is meant, and not something that was not searched or an accident.
  const meant = (complete ? 1 : 0.95) / (1 + odds * accidental);
  const chance = (best.weight / total) * meant;
  const detail = only
    ? sentence`It is the only combination of ${fitting.length} open items of the party that adds up.`
    : sentence`It is the likeliest of ${found.length} combinations among ${fitting.length} open items.`;
  return {
    nodes: best.nodes,
    chance,
    rightPart: (rightItems(best, found) / (total * best.nodes.length)) * meant,
    only,
    evidence: { signal: 'combination', score: Math.floor(10_000 * chance), detail },
    rivals: others
      .slice(0, 3)
      .map(({ nodes, weight }) =>
        rival(
          nodes,
          (10_000 * weight) / total,
          'Adds up as well, but with items that are less often paid together.',
        ),
      ),
  };
}
