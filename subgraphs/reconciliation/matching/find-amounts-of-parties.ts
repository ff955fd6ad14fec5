import { append } from './append.ts';
import { assign, pairingChances } from './assignment.ts';
import type { ItemNode, LineNode } from './nodes.ts';
import { nearReference, partyChance } from './candidates.ts';
import { learnDelays } from './delays.ts';
import { rival, sentence } from './explain.ts';
import { namedItems } from './find-references.ts';
import type { MatchEvidence, MatchRival } from './model.ts';
import type { Run } from './run.ts';

interface Pair {
  readonly line: LineNode;
  readonly node: ItemNode;
  readonly weight: number;
  readonly near: string | undefined;
}

/** Lines and items of which each may belong to another of the block, and to none outside it. */
interface Block {
  readonly lines: readonly LineNode[];
  readonly nodes: readonly ItemNode[];
  readonly pairs: readonly Pair[];
}

interface Judged extends Pair {
  readonly chance: number;
  readonly otherItems: readonly (Pair & { readonly chance: number })[];
  readonly otherLines: number;
}

/** A pair less likely than this is no suggestion. */
const leastChance = 0.2;

function pairsOf(run: Run, line: LineNode, delayWeight: (gap: number) => number): Pair[] {
  const pairs: Pair[] = [];
  for (const { party } of line.parties) {
    const chance = partyChance(line, party);
    for (const node of run.items.equal(party, line.currency, line.minor)) {
      const gap = line.day - node.day;
      if (gap > run.settings.daysBefore || -gap > run.settings.daysAfter) continue;
      const near = nearReference(line, node);
      const unread = line.numbers.length > 0 && near === undefined ? 0.3 : 1;
      const weight = chance * delayWeight(gap) * (near === undefined ? unread : 30);
      if (weight > 0) pairs.push({ line, node, weight, near });
    }
  }
  return pairs;
}

/** The pairs in blocks that do not compete with each other. */
function blocksOf(pairs: readonly Pair[]): Block[] {
  const byLine = new Map<LineNode, Pair[]>();
  const byNode = new Map<ItemNode, Pair[]>();
  for (const pair of pairs) {
    append(byLine, pair.line, pair);
    append(byNode, pair.node, pair);
  }
  const blocks: Block[] = [];
  const seen = new Set<LineNode>();
  for (const first of byLine.keys()) {
    if (seen.has(first)) continue;
    seen.add(first);
    const lines = [first];
    const nodes = new Set<ItemNode>();
    // The list grows while it is walked: each line brings its items, each item its other lines.
    for (const line of lines) {
      for (const { node } of byLine.get(line)!) {
        if (nodes.has(node)) continue;
        nodes.add(node);
        for (const other of byNode.get(node)!) {
          if (seen.has(other.line)) continue;
          seen.add(other.line);
          lines.push(other.line);
        }
      }
    }
    blocks.push({ lines, nodes: [...nodes], pairs: lines.flatMap((line) => byLine.get(line)!) });
  }
  return blocks;
}

/** How much an accidental equality weighs: the more often the ledger has this amount, the more. */
function accidentWeight(run: Run, pair: Pair): number {
  const frequency = Math.max(1, run.book.byAmount.count(pair.line.currency, pair.line.minor)) - 1;
  const partyItems = run.book.itemsOf.of(pair.node.party).length;
  return 0.003 + (0.15 * frequency * partyItems) / (run.book.items.length + 100);
}

/** Without weighing all pairings: each pair against what competes with it for its line or its item. */
function roughChances(weights: readonly (readonly number[])[], alone: readonly number[]): number[][] {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const rows = weights.map(sum);
  const columns = weights[0]!.map((_, column) => sum(weights.map((own) => own[column]!)));
  return weights.map((own, row) =>
    own.map((weight, column) => weight / (rows[row]! + columns[column]! - weight + alone[row]!)),
  );
}

/** The pairs of a block that suit all its lines best, each with its chance. */
function judge(run: Run, { lines, nodes, pairs }: Block): Judged[] {
  const rowOf = new Map(lines.map((line, row) => [line, row]));
  const columnOf = new Map(nodes.map((node, column) => [node, column]));
  const weights = lines.map(() => nodes.map(() => 0));
  const alone = lines.map(() => 0);
  for (const pair of pairs) {
    const row = rowOf.get(pair.line)!;
    weights[row]![columnOf.get(pair.node)!] = pair.weight;
    alone[row] = Math.max(alone[row]!, accidentWeight(run, pair));
  }
  const chances = pairingChances(weights, alone) ?? roughChances(weights, alone);
  const chosen = assign(chances.map((own) => own.map((chance) => (chance < leastChance ? 0 : chance))));
  const judged = pairs.map((pair) => ({
    ...pair,
    chance: chances[rowOf.get(pair.line)!]![columnOf.get(pair.node)!]!,
  }));
  return judged
    .filter(({ line, node }) => chosen[rowOf.get(line)!] === columnOf.get(node))
    .map((pair) => ({
      ...pair,
      otherItems: judged.filter((other) => other.line === pair.line && other.node !== pair.node),
      otherLines: judged.filter((other) => other.node === pair.node && other.line !== pair.line).length,
    }));
}

function rivalsOf(pair: Judged): MatchRival[] {
  return [...pair.otherItems]
    .sort((a, b) => b.chance - a.chance || a.node.day - b.node.day)
    .slice(0, 5)
    .map((other) => {
      const reason = sentence`Same amount; among all lines and items of this amount it fits less well (issued ${other.node.item.issuedOn}).`;
      return rival([other.node], 10_000 * other.chance, reason);
    });
}

function evidenceOf(pair: Judged): MatchEvidence[] {
  const evidence: MatchEvidence[] = [];
  if (pair.near !== undefined) {
    const detail = sentence`The number ${pair.near} in the payment is the item's number ${pair.node.serial} cut short or mistyped.`;
    evidence.push({ signal: 'reference', score: 8_000, detail });
  }
  if (pair.otherLines > 0) {
    const detail = sentence`${pair.otherLines} more undecided bank lines have this party and amount.`;
    evidence.push({ signal: 'combination', score: Math.floor(10_000 / (pair.otherLines + 1)), detail });
  }
  return evidence;
}

function settle(run: Run, pair: Judged): void {
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

/** Lines of one amount after those of another: only among them can one item suit several. */
function* byAmount(lines: readonly LineNode[]): Generator<LineNode[]> {
  const amounts = Float64Array.from(lines, (line) => Number(line.minor));
  const order = Int32Array.from(lines.keys()).sort((a, b) => amounts[a]! - amounts[b]! || a - b);
  let same: LineNode[] = [];
  for (const [index, place] of order.entries()) {
    if (index > 0 && amounts[place] !== amounts[order[index - 1]!]) {
      yield same;
      same = [];
    }
    same.push(lines[place]!);
  }
  if (same.length > 0) yield same;
}

/**
 * Settles lines that name nothing by exact amount and party. The chance of a pair weighs party, the delays usual in
 * this book and a nearly right number; where several lines and items have one amount, all ways to pair them.
 */
export function findAmountsOfParties(run: Run): void {
  const delayWeight = learnDelays(run.delays);
  const lines = run.open().filter((line) => line.parties.length > 0 && namedItems(line).length === 0);
  for (const same of byAmount(lines)) {
    const pairs = same.flatMap((line) => pairsOf(run, line, delayWeight));
    for (const block of blocksOf(pairs)) for (const pair of judge(run, block)) settle(run, pair);
  }
}
