import type { ItemNode, LineNode } from './book.ts';
import { sameDirection, silentLinesOf, size } from './candidates.ts';
import { namedItems } from './find-references.ts';
import type { MatchEvidence, MatchMethod } from './model.ts';
import type { Run } from './run.ts';
import { findSubsetSum } from './subset-sum.ts';

/** Instalments and split payments of one debt come within this many days of each other. */
const longestSeries = 100;

function total(lines: readonly LineNode[]): bigint {
  return lines.reduce((sum, line) => sum + line.minor, 0n);
}

/** Lines that name the same set of items, by that set. */
function linesByNamed(run: Run): Map<string, { nodes: ItemNode[]; lines: LineNode[] }> {
  const groups = new Map<string, { nodes: ItemNode[]; lines: LineNode[] }>();
  for (const line of run.open()) {
    const nodes = namedItems(line);
    if (nodes.length === 0) continue;
    const key = nodes.map((node) => node.item.id).join(' ');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { nodes, lines: [line] });
    else group.lines.push(line);
  }
  return groups;
}

interface Settlement {
  readonly nodes: readonly ItemNode[];
  readonly lines: readonly LineNode[];
  readonly confidence: number;
  readonly detail: string;
}

function settle(run: Run, { nodes, lines, confidence, detail }: Settlement): void {
  const method: MatchMethod = nodes.length === 1 ? 'instalments' : 'several-lines';
  const evidence: MatchEvidence = { signal: 'combination', score: Math.min(10_000, confidence), detail };
  run.accept({
    lines: [...lines].sort((a, b) => a.day - b.day || (a.line.id < b.line.id ? -1 : 1)),
    items: nodes.map((node) => ({ node, applied: node.remaining })),
    method,
    confidence,
    evidence: [evidence],
  });
}

/** Lines of the party that name nothing and make up the rest together, when exactly one choice of them does. */
function completeWithLines(run: Run, nodes: readonly ItemNode[], lines: readonly LineNode[], rest: bigint) {
  const [first] = lines;
  const near = silentLinesOf(run, nodes[0]!.party, rest)
    .filter((line) => Math.abs(line.day - first!.day) <= longestSeries && size(line.minor) <= size(rest))
    .sort((a, b) => Math.abs(a.day - first!.day) - Math.abs(b.day - first!.day))
    .slice(0, 16);
  const found = findSubsetSum(
    near.map((line) => line.minor),
    rest,
  );
  if (found.count !== 1 || found.accidental > 200_000) return undefined;
  return {
    lines: found.solution.map((index) => near[index]!),
    accidental: found.accidental / 1_000_000,
  };
}

/** Settles items that several lines pay together: instalments of one item, or two lines for the same set of items. */
export function findNamedSeries(run: Run): void {
  for (const { nodes, lines } of linesByNamed(run).values()) {
    const open = nodes.reduce((sum, node) => sum + node.remaining, 0n);
    const paid = total(lines);
    const rest = open - paid;
    if (lines.some((line) => !sameDirection(line.minor, open))) continue;
    if (rest === 0n && lines.length > 1) {
      const detail = `${lines.length} payments name the same and are together exactly what is open.`;
      settle(run, { nodes, lines, confidence: 9_950, detail });
      continue;
    }
    if (rest === 0n || !sameDirection(rest, open) || nodes.some((node) => node.party !== nodes[0]!.party))
      continue;
    const more = completeWithLines(run, nodes, lines, rest);
    if (more === undefined) continue;
    const detail = `${more.lines.length} more payments of the same party, which name nothing, are exactly the rest.`;
    const confidence = Math.floor(9_900 * (1 - more.accidental * 3));
    settle(run, { nodes, lines: [...lines, ...more.lines], confidence, detail });
  }
}

/** Settles items with several lines of their party that name nothing, when one choice of lines adds up by no accident. */
export function findSilentSeries(run: Run): void {
  for (const node of run.book.items) {
    if (node.remaining === 0n) continue;
    const lines = silentLinesOf(run, node.party, node.remaining).filter(
      (line) =>
        line.currency === node.currency &&
        line.day >= node.day - run.settings.daysAfter &&
        line.day - node.day <= longestSeries + run.settings.daysBefore &&
        size(line.minor) < size(node.remaining),
    );
    if (lines.length < 2 || lines.length > 16) continue;
    const found = findSubsetSum(
      lines.map((line) => line.minor),
      node.remaining,
    );
    if (found.count !== 1 || found.solution.length < 2 || found.accidental > 50_000) continue;
    const chosen = found.solution.map((index) => lines[index]!);
    const detail = `Only these ${chosen.length} of ${lines.length} undecided payments of the party add up to the item.`;
    const confidence = Math.floor(9_700 * (1 - found.accidental / 300_000));
    settle(run, { nodes: [node], lines: chosen, confidence, detail });
  }
}
