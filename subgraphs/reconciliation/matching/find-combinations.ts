import type { ItemNode, LineNode } from './book.ts';
import { openItemsOf, partyChance, size } from './candidates.ts';
import { rival } from './explain.ts';
import { namedItems } from './find-references.ts';
import type { MatchEvidence, MatchRival } from './model.ts';
import type { Run } from './run.ts';
import { expectStretches, findStretches, inOrder } from './stretches.ts';
import type { Order } from './stretches.ts';
import { findSubsetSums } from './subset-sum.ts';

/** Items that together make up an amount, and how sure that is. */
export interface Combination {
  readonly nodes: readonly ItemNode[];
  /** The chance, 0 to 1, that this combination is meant. */
  readonly chance: number;
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

/** An order is followed when more than this part of the items paid together follow each other in it. */
const leastHabit = 0.6;
/** The longest stretch that is looked for. */
const longest = 40;

/** What a combination is sought for: the whole sum, and the items that are in it for certain. */
export interface Aim {
  readonly target: bigint;
  readonly named?: readonly ItemNode[];
}

/**
 * The likeliest combination of open items, nearest first, that together with the named ones adds up to the target;
 * what is returned are the items besides the named ones. Below 0.4 it is a guess.
 */
export function combine(run: Run, candidates: readonly ItemNode[], aim: Aim): Combination | undefined {
  const found = search(run, candidates, aim);
  return found === undefined || found.chance < leastChance ? undefined : found;
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
      only: true,
      evidence: sequenceEvidence(order, { nodes: first, habit, chance }),
      rivals: [],
    };
  }
  return undefined;
}

function sequenceEvidence(
  order: Order,
  { nodes, habit, chance }: { nodes: readonly ItemNode[]; habit: number; chance: number },
): MatchEvidence {
  const share = Math.floor(100 * habit).toString();
  const detail = `The ${nodes.length} items follow each other in ${order}, as ${share} % of the items do that are paid together and named in this book.`;
  return { signal: 'combination', score: Math.floor(10_000 * chance), detail };
}

function search(run: Run, candidates: readonly ItemNode[], aim: Aim): Combination | undefined {
  const sequence = inSequence(run, candidates, aim);
  if (sequence !== undefined) return sequence;
  const rest = (aim.named ?? []).reduce((sum, node) => sum - node.remaining, aim.target);
  // The more usual it is to pay what follows each other, the rarer is any other combination.
  const habit = Math.max(run.habits.share('number'), run.habits.share('date'));
  return amongNearest(candidates, rest, accidentOdds / (1 - (habit < leastHabit ? 0 : habit)));
}

function amongNearest(
  candidates: readonly ItemNode[],
  target: bigint,
  odds: number,
): Combination | undefined {
  const fitting = candidates.filter((node) => size(node.remaining) <= size(target));
  const searched = fitting.slice(0, most);
  const amounts = searched.map((node) => node.remaining);
  const { solutions, accidental } = findSubsetSums(amounts, target);
  const [best, ...others] = solutions;
  if (best === undefined) return undefined;
  const complete = searched.length === fitting.length;
  const only = others.length === 0 && complete;
  const chance = (best.share * (complete ? 1 : 0.95)) / (1 + odds * accidental);
  const detail = only
    ? `It is the only combination of ${searched.length} open items of the party that adds up.`
    : `It is the likeliest of ${solutions.length} combinations among ${searched.length} of ${fitting.length} open items.`;
  return {
    nodes: best.members.map((index) => searched[index]!),
    chance,
    only,
    evidence: { signal: 'combination', score: Math.floor(10_000 * chance), detail },
    rivals: others.slice(0, 3).map(({ members, share }) =>
      rival(
        members.map((index) => searched[index]!),
        10_000 * share,
        'Adds up as well, but with items that are less often paid together.',
      ),
    ),
  };
}

/** Completes lines that name some of the items they pay with the one combination of the party that makes up the rest. */
export function findCompletions(run: Run): void {
  for (const line of run.open()) {
    const named = namedItems(line);
    const party = named[0]?.party;
    if (party === undefined || named.some((node) => node.party !== party)) continue;
    const rest = line.minor - named.reduce((sum, node) => sum + node.remaining, 0n);
    if (rest === 0n || rest < 0n !== line.minor < 0n || size(rest) > size(line.minor)) continue;
    const candidates = openItemsOf(run, line, party).filter((node) => !named.includes(node));
    const found = combine(run, candidates, { target: line.minor, named });
    if (found === undefined) continue;
    run.accept({
      lines: [line],
      items: [...named, ...found.nodes].map((node) => ({ node, applied: node.remaining })),
      method: 'references-completed',
      confidence: 9_950 * found.chance,
      evidence: [found.evidence],
      rivals: found.rivals,
      mayBeAutomatic: found.only,
    });
  }
}

function bestCombination(run: Run, line: LineNode): { found: Combination; chance: number } | undefined {
  for (const { party } of line.parties.slice(0, 2)) {
    const found = search(run, openItemsOf(run, line, party), { target: line.minor });
    if (found === undefined || found.nodes.length < 2) continue;
    if (found.chance >= leastChance) return { found, chance: partyChance(line, party) };
    const detail = `Several combinations of open items of ${party.label} add up to it, and none is much likelier.`;
    run.ambiguous.set(line, detail);
  }
  return undefined;
}

/** Settles lines that name nothing with the likeliest combination of their party's open items that adds up. */
export function findCombinations(run: Run): void {
  for (const line of run.open()) {
    if (namedItems(line).length > 0) continue;
    const best = bestCombination(run, line);
    if (best === undefined) continue;
    run.accept({
      lines: [line],
      items: best.found.nodes.map((node) => ({ node, applied: node.remaining })),
      method: 'combination',
      confidence: 9_690 * best.found.chance * Math.min(1, 0.5 + best.chance / 2),
      evidence: [best.found.evidence],
      rivals: best.found.rivals,
      mayBeAutomatic: best.found.only,
    });
  }
}
