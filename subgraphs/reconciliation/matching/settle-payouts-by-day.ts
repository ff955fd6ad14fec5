import type { ItemNode, LineNode } from './nodes.ts';
import { size } from './candidates.ts';
import { spell } from './explain.ts';
import { netOf, openIn } from './group-customs.ts';
import type { Unreported } from './group-customs.ts';
import type { MatchEvidence } from './model.ts';
import type { Run } from './run.ts';

/** So many sales that two payouts may hold are tried in all ways; the work doubles with each. */
const mostShared = 14;
/** More sums than this that fit by accident make the one found a guess. */
const mostAccidental = 0.25;
/** Fees are rounded once for a payout, in minor units. */
const slack = 1;

interface Split {
  /** Sales that no other undecided payout can hold. */
  readonly own: readonly ItemNode[];
  readonly shared: readonly ItemNode[];
}

function splitOf(group: Unreported, line: LineNode, lines: readonly LineNode[]): Split {
  const [earliest, latest] = group.custom.usual;
  const others = lines.filter((other) => other !== line && other.currency === line.currency);
  const open = openIn(group, line).filter(
    (node) => line.day - node.day >= earliest && line.day - node.day <= latest,
  );
  const isShared = (node: ItemNode): boolean =>
    others.some((other) => other.day - node.day >= earliest && other.day - node.day <= latest);
  return { own: open.filter((node) => !isShared(node)), shared: open.filter(isShared) };
}

/** The shared sales that make up the rest, and how many such choices are to be expected by accident. */
function choose(nets: readonly number[], rest: number): { masks: number[]; accidental: number } {
  const sums = new Float64Array(1 << nets.length);
  const masks: number[] = [];
  const reach = Math.max(Math.abs(rest) / 5, 100);
  let near = 0;
  for (let mask = 0; mask < sums.length; mask += 1) {
    const lowest = 31 - Math.clz32(mask & -mask);
    if (mask > 0) sums[mask] = sums[mask & (mask - 1)]! + nets[lowest]!;
    const off = Math.abs(sums[mask]! - rest);
    if (off <= slack) masks.push(mask);
    if (off <= reach) near += 1;
  }
  return { masks, accidental: (Math.max(0, near - 1) * (2 * slack + 1)) / (2 * reach) };
}

function settlePayout(run: Run, line: LineNode, { group, split }: { group: Unreported; split: Split }): void {
  const { own, shared } = split;
  if (shared.length > mostShared) return;
  const rest = own.reduce((sum, node) => sum - netOf(node, group.custom), Number(line.minor));
  const { masks, accidental } = choose(
    shared.map((node) => netOf(node, group.custom)),
    rest,
  );
  const [mask, second] = masks;
  if (mask === undefined || second !== undefined || accidental > mostAccidental) return;
  const nodes = [...own, ...shared.filter((_, index) => (mask & (1 << index)) !== 0)];
  if (nodes.length < 2) return;
  const difference = line.minor - nodes.reduce((sum, node) => sum + node.remaining, 0n);
  const chance = 0.98 / (1 + accidental);
  const detail = `No report names them: all ${nodes.length} sales of the days it can hold that no other payout can, less ${spell(size(difference), line.currency)} by the tariff of the payouts with a report.`;
  const evidence: MatchEvidence = { signal: 'group', score: Math.floor(10_000 * chance), detail };
  run.accept({
    lines: [line],
    items: nodes.map((node) => ({ node, applied: node.remaining })),
    method: 'group-in-sequence',
    confidence: 10_000 * chance,
    difference,
    evidence: [evidence],
    mayBeAutomatic: false,
  });
}

/**
 * Suggests what payouts hold that no report lists, from the days alone: sales by card come in payouts only, so what
 * one payout can hold and no other is in it. Each payout found leaves less for its neighbours, which are then tried
 * again.
 */
export function settlePayoutsByDay(run: Run, group: Unreported): void {
  if (!group.closed) return;
  let lines = group.lines.filter((line) => !line.done);
  for (let before = lines.length + 1; lines.length < before;) {
    before = lines.length;
    for (const line of lines) {
      const open = lines.filter((other) => !other.done);
      settlePayout(run, line, { group, split: splitOf(group, line, open) });
    }
    lines = lines.filter((line) => !line.done);
  }
}
