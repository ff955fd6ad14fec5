import { append } from './append.ts';
import type { ItemNode, LineNode } from './book.ts';
import { sameDirection, size } from './candidates.ts';
import { spell } from './explain.ts';
import type { Finding } from './finding.ts';
import { namedItems } from './find-references.ts';
import type { MatchEvidence } from './model.ts';
import type { Run } from './run.ts';
import { expectStretches, findStretches, inOrder } from './stretches.ts';
import { learnTariff } from './tariffs.ts';
import type { Tariff } from './tariffs.ts';

/** What the groups of one kind that were reported have in common. */
interface Custom {
  readonly out: boolean;
  readonly tariff: Tariff;
  /** Which part of the groups follow each other in number. */
  readonly habit: number;
  readonly longest: number;
  readonly earliest: number;
  readonly latest: number;
  readonly words: ReadonlySet<string>;
}

/** Items that no report names, by the day they were issued. */
type Pool = ReadonlyMap<number, readonly ItemNode[]>;

interface Source {
  readonly custom: Custom;
  readonly pool: Pool;
}

/** A kind of group is known when so many of it were reported, and looked for when they keep together. */
const leastReported = 4;
const leastHabit = 0.6;
const accidentOdds = 1;

function wordsOf({ line }: LineNode): string[] {
  const text = `${line.counterpartyName ?? ''} ${line.text}`.toUpperCase();
  return [...new Set(text.match(/\p{L}{3,}/gu) ?? [])];
}

/** Words that stand in a good part of the reported groups' lines, and hardly anywhere else. */
function tellingWords(run: Run, lines: readonly LineNode[]): Set<string> {
  const counts = new Map<string, number>();
  for (const line of lines) for (const word of wordsOf(line)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const often = new Set([...counts].filter(([, count]) => count * 8 >= lines.length).map(([word]) => word));
  const own = new Set(lines);
  const elsewhere = new Map<string, number>();
  for (const line of run.book.lines) {
    if (own.has(line) || !line.done) continue;
    for (const word of wordsOf(line))
      if (often.has(word)) elsewhere.set(word, (elsewhere.get(word) ?? 0) + 1);
  }
  return new Set([...often].filter((word) => (elsewhere.get(word) ?? 0) * 5 <= counts.get(word)!));
}

/** What may be in a group of this kind: for payouts what is known to come through a processor, if that is known. */
function poolOf(run: Run, out: boolean, byCard: boolean): ItemNode[] {
  const nodes = run.book.items.filter(({ item }) =>
    byCard
      ? item.through !== undefined
      : item.through === undefined && sameDirection(item.open.minor, out ? -1n : 1n),
  );
  return inOrder(nodes, 'number');
}

function customOf(run: Run, findings: readonly Finding[], pool: readonly ItemNode[]): Custom | undefined {
  if (findings.length < leastReported) return undefined;
  const places = new Map(pool.map((node, index) => [node, index]));
  const groups = findings.map(({ lines, items, difference = 0n }) => ({
    line: lines[0]!,
    places: items.flatMap(({ node }) => places.get(node) ?? []),
    gaps: items.map(({ node }) => lines[0]!.day - node.day),
    count: items.length,
    fee: -Number(difference),
    gross: Number(items.reduce((sum, { applied }) => sum + applied, 0n)),
  }));
  const unbroken = groups.filter(
    ({ places: own, count }) => own.length === count && Math.max(...own) - Math.min(...own) === count - 1,
  );
  const habit = unbroken.length / (groups.length + 1);
  const tariff = groups.every(({ fee }) => fee === 0)
    ? { rate: 0, fixed: 0, explained: 1 }
    : learnTariff(groups);
  if (tariff === undefined || habit < leastHabit) return undefined;
  return {
    out: groups[0]!.gross < 0,
    tariff,
    habit,
    longest: Math.ceil(groups.reduce((most, { count }) => Math.max(most, count), 0) * 1.2),
    earliest: groups.reduce((least, { gaps }) => Math.min(least, ...gaps), Infinity),
    latest: groups.reduce((most, { gaps }) => Math.max(most, ...gaps), -Infinity),
    words: tellingWords(
      run,
      groups.map(({ line }) => line),
    ),
  };
}

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

function openIn(pool: Pool, line: LineNode, custom: Custom): ItemNode[] {
  const open: ItemNode[] = [];
  for (let day = line.day - custom.latest; day <= line.day - custom.earliest; day += 1) {
    for (const node of pool.get(day) ?? []) {
      if (node.currency === line.currency && node.remaining === node.item.open.minor) open.push(node);
    }
  }
  return inOrder(open, 'number');
}

function settleFromPool(run: Run, line: LineNode, { custom, pool }: Source): void {
  const { tariff } = custom;
  const open = openIn(pool, line, custom);
  const nets = open.map(({ remaining }) => Number(remaining) * (1 - tariff.rate) - tariff.fixed);
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
 * Suggests what payouts and payment runs hold that no report lists, in a book whose reported ones hold items in the
 * order of their numbers: the one stretch of open items that is the amount, less the fee the reported ones show.
 */
export function findUnreportedGroups(run: Run): void {
  const reported = new Map<boolean, Finding[]>();
  for (const finding of run.reported) append(reported, finding.lines[0]!.minor < 0n, finding);
  for (const [out, findings] of reported) {
    const byCard = findings.some(({ items }) => items.some(({ node }) => node.item.through !== undefined));
    const pool = poolOf(run, out, byCard);
    const custom = customOf(run, findings, pool);
    if (custom === undefined || custom.words.size === 0) continue;
    const byDay = new Map<number, ItemNode[]>();
    for (const node of pool) if (!node.item.groupReference) append(byDay, node.day, node);
    for (const line of run.open()) {
      if (line.minor < 0n !== out || namedItems(line).length > 0) continue;
      if (wordsOf(line).some((word) => custom.words.has(word)))
        settleFromPool(run, line, { custom, pool: byDay });
    }
  }
}
