import type { ItemNode, LineNode } from './book.ts';
import { nearReference, partyChance } from './candidates.ts';
import { learnDelays } from './delays.ts';
import { rival } from './explain.ts';
import { namedItems } from './find-references.ts';
import type { MatchEvidence, MatchRival } from './model.ts';
import type { Run } from './run.ts';

interface Pair {
  readonly line: LineNode;
  readonly node: ItemNode;
  readonly weight: number;
  readonly near: string | undefined;
}

interface Judged extends Pair {
  readonly chance: number;
  readonly otherItems: readonly Pair[];
  readonly otherLines: number;
}

/** Pairs are taken in falling certainty; after each round the others are weighed again without what was taken. */
const rounds = [0.98, 0.95, 0.9, 0.8, 0.65, 0.5, 0.35, 0.2];

function pairsOf(run: Run, line: LineNode, delayWeight: (gap: number) => number): Pair[] {
  const pairs: Pair[] = [];
  for (const { party } of line.parties) {
    const chance = partyChance(line, party);
    for (const node of run.book.itemsOf.get(party) ?? []) {
      if (node.remaining !== line.minor || node.currency !== line.currency) continue;
      const gap = line.day - node.day;
      if (gap > run.settings.daysBefore || -gap > run.settings.daysAfter) continue;
      const near = nearReference(line, node);
      const unread = line.text.numbers.length > 0 && near === undefined ? 0.3 : 1;
      const weight = chance * delayWeight(gap) * (near === undefined ? unread : 30);
      if (weight > 0) pairs.push({ line, node, weight, near });
    }
  }
  return pairs;
}

function group<K>(pairs: readonly Pair[], keyOf: (pair: Pair) => K): Map<K, Pair[]> {
  const groups = new Map<K, Pair[]>();
  for (const pair of pairs) {
    const list = groups.get(keyOf(pair));
    if (list === undefined) groups.set(keyOf(pair), [pair]);
    else list.push(pair);
  }
  return groups;
}

/** How much an accidental equality weighs: the more often the ledger has this amount, the more. */
function accidentWeight(run: Run, pair: Pair): number {
  const frequency = Math.max(1, run.book.byAmount.count(pair.line.currency, pair.line.minor)) - 1;
  const partyItems = run.book.itemsOf.get(pair.node.party)?.length ?? 1;
  return 0.003 + (0.15 * frequency * partyItems) / (run.book.items.length + 100);
}

function judge(run: Run, pairs: readonly Pair[]): Judged[] {
  const byLine = group(pairs, (pair) => pair.line);
  const byItem = group(pairs, (pair) => pair.node);
  return pairs.map((pair) => {
    const otherItems = byLine.get(pair.line)!.filter((other) => other !== pair);
    const otherLines = byItem.get(pair.node)!.filter((other) => other !== pair);
    const against = [...otherItems, ...otherLines].reduce((sum, other) => sum + other.weight, 0);
    const chance = pair.weight / (pair.weight + against + accidentWeight(run, pair));
    return { ...pair, chance, otherItems, otherLines: otherLines.length };
  });
}

function rivalsOf(pair: Judged): MatchRival[] {
  const all = pair.weight + pair.otherItems.reduce((sum, other) => sum + other.weight, 0);
  return [...pair.otherItems]
    .sort((a, b) => b.weight - a.weight || a.node.day - b.node.day)
    .slice(0, 5)
    .map((other) => {
      const reason = `Same amount; its date or party fits less well than what was taken (issued ${other.node.item.issuedOn}).`;
      return rival([other.node], (10_000 * other.weight) / all, reason);
    });
}

function evidenceOf(pair: Judged): MatchEvidence[] {
  const evidence: MatchEvidence[] = [];
  if (pair.near !== undefined) {
    const detail = `The number ${pair.near} in the payment is the item's number ${pair.node.serial} cut short or mistyped.`;
    evidence.push({ signal: 'reference', score: 8_000, detail });
  }
  if (pair.otherLines > 0) {
    const detail = `${pair.otherLines} more undecided bank lines have this party and amount.`;
    evidence.push({ signal: 'combination', score: Math.floor(10_000 / (pair.otherLines + 1)), detail });
  }
  return evidence;
}

/**
 * Settles lines that name nothing by exact amount and party. The chance of a pair weighs party, the delays usual in
 * this book, a nearly right number, and everything that competes for the line or the item.
 */
export function findAmountsOfParties(run: Run): void {
  const delayWeight = learnDelays(run.delays);
  const lines = run.open().filter((line) => line.parties.length > 0 && namedItems(line).length === 0);
  let pairs = lines.flatMap((line) => pairsOf(run, line, delayWeight));
  for (const least of rounds) {
    pairs = pairs.filter(({ line, node }) => !line.done && node.remaining === line.minor);
    const judged = judge(run, pairs);
    // The stable sort keeps date order among equals, so the earliest line takes the earliest item.
    judged.sort((a, b) => b.chance - a.chance);
    for (const pair of judged) {
      if (pair.chance < least) break;
      if (pair.line.done || pair.node.remaining !== pair.line.minor) continue;
      run.accept({
        lines: [pair.line],
        items: [{ node: pair.node, applied: pair.node.remaining }],
        method: 'amount-and-party',
        // What is left of an item is equal by accident more often than a whole item is.
        confidence: (pair.node.remaining === pair.node.item.open.minor ? 9_960 : 8_500) * pair.chance,
        evidence: evidenceOf(pair),
        rivals: rivalsOf(pair),
        // Contested amounts are for a person, however clearly dates or a cut number favour one.
        mayBeAutomatic: pair.otherItems.length === 0 && pair.otherLines === 0,
      });
    }
  }
}
