import { append } from './append.ts';
import type { ItemNode, LineNode } from './nodes.ts';
import { sameDirection, size } from './candidates.ts';
import { namedItems } from './find-references.ts';
import type { MatchEvidence } from './model.ts';
import type { PartyNode } from './parties.ts';
import type { Run } from './run.ts';

/** Instalments of one debt come within this many days of each other. */
const longestSeries = 100;
/** Instalments are equal but for what rounding leaves to one of them, in minor units. */
const rounding = 6n;
const mostParts = 12;

function isEqual(a: bigint, b: bigint): boolean {
  return size(a - b) <= rounding && sameDirection(a, b);
}

function evidenceOf(detail: string, score: number): MatchEvidence {
  return { signal: 'combination', score, detail };
}

/** True when the party has an open item of just this amount, which is the plainer reading. */
function hasItemOf(run: Run, party: PartyNode, line: LineNode): boolean {
  return run.items.equal(party, line.currency, line.minor).length > 0;
}

function nextParts(run: Run, node: ItemNode, silent: readonly LineNode[]): LineNode[] {
  return silent.filter(
    (line) =>
      !line.done &&
      line.currency === node.currency &&
      size(line.minor) <= size(node.remaining) &&
      node.settledBy.some(
        (paid) => isEqual(paid.minor, line.minor) && Math.abs(paid.day - line.day) <= longestSeries,
      ) &&
      !hasItemOf(run, node.party, line),
  );
}

function silentLines(run: Run): Map<PartyNode, LineNode[]> {
  const silent = new Map<PartyNode, LineNode[]>();
  for (const line of run.open()) {
    const party = line.parties[0]?.party;
    if (party !== undefined && namedItems(line).length === 0) append(silent, party, line);
  }
  return silent;
}

/** Suggests payments that name nothing as further parts of an item of their party that equal parts have been paid of. */
export function findFurtherParts(run: Run): void {
  const silent = silentLines(run);
  for (const [party, lines] of silent) {
    for (const node of run.items.of(party)) {
      if (node.remaining === 0n || node.settledBy.length === 0) continue;
      for (const line of nextParts(run, node, lines)) {
        if (size(line.minor) > size(node.remaining)) continue;
        const last = line.minor === node.remaining;
        const detail = last
          ? 'It is what is left of the item, and as much as the parts paid before.'
          : 'It is as much as another part paid of the item.';
        run.accept({
          lines: [line],
          items: [{ node, applied: line.minor }],
          method: 'instalments',
          confidence: last ? 9_700 : 9_400,
          evidence: [evidenceOf(detail, last ? 9_700 : 9_400)],
          mayBeAutomatic: false,
        });
      }
    }
  }
}

/** So many equal payments in a row, by day, that are together one open item of the party. */
function series(lines: readonly LineNode[], node: ItemNode): LineNode[] | undefined {
  for (let from = 0; from < lines.length; from += 1) {
    let sum = 0n;
    const first = lines[from]!;
    for (let to = from; to < Math.min(lines.length, from + mostParts); to += 1) {
      const line = lines[to]!;
      if (!isEqual(line.minor, first.minor) || line.day - first.day > longestSeries) break;
      sum += line.minor;
      if (to > from && sum === node.remaining) return lines.slice(from, to + 1);
    }
  }
  return undefined;
}

/** Settles an item with equal payments of its party that name nothing and are together exactly the item. */
export function findEqualParts(run: Run): void {
  for (const [party, all] of silentLines(run)) {
    if (all.length < 2) continue;
    for (const node of run.items.of(party)) {
      if (node.remaining === 0n) continue;
      const lines = all
        .filter(
          (line) =>
            !line.done &&
            line.currency === node.currency &&
            line.day >= node.day - run.settings.daysAfter &&
            line.day - node.day <= longestSeries + run.settings.daysBefore &&
            size(line.minor) < size(node.remaining),
        )
        .sort((a, b) => (a.minor < b.minor ? -1 : a.minor > b.minor ? 1 : a.day - b.day));
      const parts = bestSeries(lines, node);
      if (parts === undefined) continue;
      const detail = `These ${parts.length} equal payments of the party are together exactly the item.`;
      run.accept({
        lines: parts,
        items: [{ node, applied: node.remaining }],
        method: 'instalments',
        confidence: 9_600,
        evidence: [evidenceOf(detail, 9_600)],
        mayBeAutomatic: false,
      });
    }
  }
}

/** Tries each run of nearly equal amounts in the order of days. */
function bestSeries(sorted: readonly LineNode[], node: ItemNode): LineNode[] | undefined {
  let from = 0;
  for (let to = 1; to <= sorted.length; to += 1) {
    if (to < sorted.length && isEqual(sorted[to]!.minor, sorted[to - 1]!.minor)) continue;
    const alike = sorted.slice(from, to).sort((a, b) => a.day - b.day || (a.line.id < b.line.id ? -1 : 1));
    const found = alike.length > 1 ? series(alike, node) : undefined;
    if (found !== undefined) return found;
    from = to;
  }
  return undefined;
}
