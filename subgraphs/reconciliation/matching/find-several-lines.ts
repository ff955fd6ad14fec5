import { sentence } from './explain.ts';
import { append } from './append.ts';
import type { ItemNode, LineNode } from './nodes.ts';
import { openItemsOf, sameDirection, size } from './candidates.ts';
import { combine } from './combine.ts';
import { namedItems } from './find-references.ts';
import type { MatchEvidence, MatchMethod } from './model.ts';
import type { PartyNode } from './parties.ts';
import type { Run } from './run.ts';
import { findSubsetSums } from './subset-sum.ts';
import { within } from './within.ts';

/** Instalments of one debt come within this many days of each other. */
const longestSeries = 100;
/** Equal parts differ by what rounding leaves to one of them, in minor units. */
const rounding = 6n;
/** Two lines that split one payment come closer together. */
const longestSplit = 21;

interface Settlement {
  readonly nodes: readonly ItemNode[];
  readonly lines: readonly LineNode[];
  readonly chance: number;
  readonly detail: string;
}

function settle(run: Run, { nodes, lines, chance, detail }: Settlement): void {
  const method: MatchMethod = nodes.length === 1 ? 'instalments' : 'several-lines';
  const evidence: MatchEvidence = { signal: 'combination', score: Math.floor(10_000 * chance), detail };
  run.accept({
    lines: [...lines].sort((a, b) => a.day - b.day || (a.line.id < b.line.id ? -1 : 1)),
    items: nodes.map((node) => ({ node, applied: node.remaining })),
    method,
    confidence: 9_960 * chance,
    evidence: [evidence],
  });
}

function sumOfLines(lines: readonly LineNode[]): bigint {
  return lines.reduce((sum, line) => sum + line.minor, 0n);
}

function sumOfItems(nodes: readonly ItemNode[]): bigint {
  return nodes.reduce((sum, node) => sum + node.remaining, 0n);
}

/** Undecided lines of a party near a line that pay in its direction. */
function companions(run: Run, line: LineNode, party: PartyNode): LineNode[] {
  const all = run.book.linesOf.of(party);
  return within(all, line.day - longestSeries, line.day + longestSeries).filter(
    (other) =>
      other !== line &&
      !other.done &&
      other.currency === line.currency &&
      sameDirection(other.minor, line.minor) &&
      other.parties[0]!.party === party,
  );
}

interface Group {
  readonly nodes: readonly ItemNode[];
  readonly lines: readonly LineNode[];
}

/** Lines that name the same set of items, by that set. */
function groupByNamed(run: Run): Group[] {
  const groups = new Map<string, { nodes: readonly ItemNode[]; lines: LineNode[] }>();
  for (const line of run.open()) {
    const nodes = namedItems(line);
    if (nodes.length === 0) continue;
    const key = nodes.map((node) => node.item.id).join(' ');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { nodes, lines: [line] });
    else group.lines.push(line);
  }
  return [...groups.values()];
}

/** Lines of the party that make up the rest: one that is exactly it, else the one choice of several. */
function completeWithLines(
  run: Run,
  group: Group,
  rest: bigint,
): { lines: LineNode[]; chance: number } | undefined {
  const [first] = group.lines;
  const near = companions(run, first!, group.nodes[0]!.party)
    .filter((line) => namedItems(line).every((node) => group.nodes.includes(node)))
    .filter((line) => !group.lines.includes(line) && size(line.minor) <= size(rest))
    .sort((a, b) => Math.abs(a.day - first!.day) - Math.abs(b.day - first!.day))
    .slice(0, 16);
  const exact = near.filter((line) => line.minor === rest);
  if (exact.length > 0) return { lines: [exact[0]!], chance: exact.length === 1 ? 0.99 : 0.9 / exact.length };
  const amounts = near.map((line) => line.minor);
  const { solutions, accidental } = findSubsetSums(amounts, rest);
  if (solutions.length !== 1 || accidental > 0.2) return undefined;
  const lines = solutions[0]!.members.map((index) => near[index]!);
  // Parts are usually equal; unequal ones that happen to add up are an accident the more, the more there are.
  const equal = lines.every((line) => size(line.minor - first!.minor) <= rounding);
  if (!equal && lines.length > 2) return undefined;
  return { lines, chance: equal ? 0.995 / (1 + 2 * accidental) : 0.95 / (1 + 10 * accidental) };
}

/** Settles items that several lines pay together: instalments of one item, or several lines for one set of items. */
export function findNamedSeries(run: Run): void {
  for (const { nodes, lines: all } of groupByNamed(run)) {
    const lines = all.filter((line) => !line.done && sameDirection(line.minor, sumOfItems(nodes)));
    const open = sumOfItems(nodes);
    const rest = open - sumOfLines(lines);
    if (lines.length === 0 || nodes.some((node) => node.remaining === 0n)) continue;
    if (rest === 0n && lines.length > 1) {
      const detail = sentence`${lines.length} payments name the same and are together exactly what is open.`;
      settle(run, { nodes, lines, chance: 1, detail });
      continue;
    }
    if (rest === 0n || !sameDirection(rest, open) || nodes.some((node) => node.party !== nodes[0]!.party))
      continue;
    const more = completeWithLines(run, { nodes, lines }, rest);
    if (more === undefined) continue;
    const detail = sentence`${more.lines.length} more payments of the same party are exactly the rest.`;
    settle(run, { nodes, lines: [...lines, ...more.lines], chance: more.chance, detail });
  }
}

/** What two lines pay together: all that both name, and the combination that makes up the rest, if there is one. */
function splitOf(run: Run, lines: readonly [LineNode, LineNode], tried: number): Settlement | undefined {
  const [line, other] = lines;
  const [mine, theirs] = [namedItems(line), namedItems(other)];
  const named = [...new Set([...mine, ...theirs])];
  const party = named[0]!.party;
  if (named.some((node) => node.party !== party)) return undefined;
  const rest = line.minor + other.minor - sumOfItems(named);
  const detail =
    'Two payments of one party are together exactly the items they name and what completes them.';
  // Two lines that name one item each are two payments; a fee on one and as much too much on the other is chance.
  const single = mine.length === 1 && theirs.length <= 1 && mine[0] !== theirs[0];
  if (single) return undefined;
  if (rest === 0n) return { nodes: named, lines, chance: 0.995, detail };
  // When the rest is just the other line, these are two payments that add up each for itself.
  if (!sameDirection(rest, line.minor) || rest === other.minor || rest === line.minor) return undefined;
  const candidates = openItemsOf(run, line, party).filter((node) => !named.includes(node));
  const found = combine(run, candidates, { target: line.minor + other.minor, named });
  if (found === undefined || found.nodes.length > 3) return undefined;
  const doubt = (1 / found.chance - 1) * tried;
  return { nodes: [...named, ...found.nodes], lines, chance: 0.98 / (1 + doubt), detail };
}

/** Settles two lines that split one payment for several items of which they name some. */
export function findSplitPayments(run: Run): void {
  for (const line of run.open()) {
    const party = line.done ? undefined : namedItems(line)[0]?.party;
    if (party === undefined) continue;
    const near = companions(run, line, party).filter(
      (other) => Math.abs(other.day - line.day) <= longestSplit,
    );
    if (near.length > 12) continue;
    const several = near
      .flatMap((other) => splitOf(run, [line, other], near.length) ?? [])
      .filter(({ nodes }) => nodes.length > 1)
      .sort((a, b) => b.chance - a.chance);
    const [best] = several;
    if (best === undefined) continue;
    const total = several.reduce((sum, { chance }) => sum + chance, 0);
    const chance = best.chance * (best.chance / total);
    if (chance >= 0.5) settle(run, { ...best, chance });
  }
}

/** Settles items with several lines of their party that name nothing, when one choice of lines adds up by no accident. */
export function findSilentSeries(run: Run): void {
  const silent = new Map<PartyNode, LineNode[]>();
  for (const line of run.open()) {
    const party = line.parties[0]?.party;
    if (party === undefined || namedItems(line).length > 0) continue;
    append(silent, party, line);
  }
  for (const party of run.book.itemsOf.parties()) {
    const lines = silent.get(party) ?? [];
    if (lines.length > 1) for (const node of run.items.of(party)) findSeries(run, node, lines);
  }
}

/** Settles an item with the one choice among the silent lines of its party that adds up. */
function findSeries(run: Run, node: ItemNode, silent: readonly LineNode[]): void {
  if (node.remaining === 0n) return;
  const latest = node.day + longestSeries + run.settings.daysBefore;
  const lines = within(silent, node.day - run.settings.daysAfter, latest).filter(
    (line) =>
      !line.done &&
      line.currency === node.currency &&
      sameDirection(line.minor, node.remaining) &&
      size(line.minor) < size(node.remaining),
  );
  if (lines.length < 2 || lines.length > 16) return;
  const amounts = lines.map((line) => line.minor);
  const { solutions, accidental } = findSubsetSums(amounts, node.remaining);
  const [best] = solutions;
  if (best === undefined || solutions.length > 1 || best.members.length < 2) return;
  if (best.members.length > 3 || accidental > 0.02) return;
  const chosen = best.members.map((index) => lines[index]!);
  const detail = `Only these ${chosen.length} of ${lines.length} undecided payments of the party add up to the item.`;
  settle(run, { nodes: [node], lines: chosen, chance: 0.9 / (1 + 4 * accidental), detail });
}
