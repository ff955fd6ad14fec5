import type { ItemNode, LineNode } from './nodes.ts';
import { size } from './candidates.ts';
import { spell } from './explain.ts';
import { netOf, openIn, unreportedGroups } from './group-customs.ts';
import type { Custom, Unreported } from './group-customs.ts';
import type { MatchEvidence } from './model.ts';
import type { Run } from './run.ts';
import { settlePayoutsByDay } from './settle-payouts-by-day.ts';
import { expectStretches, findStretches, inOrder } from './stretches.ts';

/** A book keeps to numbers when more than this part of its reported groups do. */
const leastHabit = 0.6;
const accidentOdds = 1;

function evidenceOf(
  custom: Custom,
  nodes: readonly ItemNode[],
  { fee, chance }: { fee: string; chance: number },
): MatchEvidence {
  const share = Math.floor(100 * custom.habit).toString();
  const kept =
    custom.tariff.rate === 0 && custom.tariff.fixed === 0
      ? ''
      : `, less ${fee} by the tariff of the payouts with a report`;
  const detail = `No report names them: ${nodes.length} items that follow each other in number are exactly it${kept}. So do ${share} % of the groups with a report.`;
  return { signal: 'group', score: Math.floor(10_000 * chance), detail };
}

function settleInSequence(run: Run, line: LineNode, group: Unreported): void {
  const { custom } = group;
  const { tariff } = custom;
  const open = inOrder(openIn(group, line), 'number');
  const nets = open.map((node) => netOf(node, custom));
  const free = tariff.rate === 0 && tariff.fixed === 0;
  const aim = { target: Number(line.minor), slack: free ? 0 : 1, shortest: 2, longest: custom.longest };
  const [first, ...others] = findStretches(nets, aim);
  if (first === undefined || others.length > 2) return;
  const nodes = open.slice(first.from, first.to);
  const difference = line.minor - nodes.reduce((sum, node) => sum + node.remaining, 0n);
  const accidental = expectStretches(nets, aim);
  const chance = custom.habit / (custom.habit + accidentOdds * accidental) / (others.length + 1);
  run.accept({
    lines: [line],
    items: nodes.map((node) => ({ node, applied: node.remaining })),
    method: 'group-in-sequence',
    confidence: 9_900 * chance,
    difference,
    evidence: [evidenceOf(custom, nodes, { fee: spell(size(difference), line.currency), chance })],
    mayBeAutomatic: false,
  });
}

/**
 * Suggests what payouts and payment runs hold that no report lists: in a book whose reported ones hold items in the
 * order of their numbers the one stretch of open items that is the amount, less the fee the reported ones show; else
 * what is left for it by its days.
 */
export function findUnreportedGroups(run: Run): void {
  for (const group of unreportedGroups(run)) {
    if (group.custom.habit >= leastHabit) {
      for (const line of group.lines) settleInSequence(run, line, group);
    }
    settlePayoutsByDay(run, group);
  }
}
