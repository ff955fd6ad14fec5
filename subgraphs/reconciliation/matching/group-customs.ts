import { append } from './append.ts';
import type { ItemNode, LineNode } from './nodes.ts';
import type { Finding } from './finding.ts';
import { namedItems } from './find-references.ts';
import type { Run } from './run.ts';
import { countBelow } from './subset-sum.ts';
import { learnTariff } from './tariffs.ts';
import type { Tariff } from './tariffs.ts';

/** What the groups of one kind that were reported have in common. */
export interface Custom {
  readonly out: boolean;
  readonly tariff: Tariff;
  /** Which part of the groups follow each other in number. */
  readonly habit: number;
  readonly longest: number;
  /** How many days before the line its items are issued. */
  readonly earliest: number;
  readonly latest: number;
  /** The same without odd ones. */
  readonly usual: readonly [number, number];
  readonly words: ReadonlySet<string>;
}

/** Items that no report names, by the day they were issued. */
export type Pool = ReadonlyMap<number, readonly ItemNode[]>;

/** The groups of one kind that no report names: what is known of them, and what they may hold. */
export interface Unreported {
  readonly custom: Custom;
  readonly pool: Pool;
  /** The items of the pool are in such groups and nowhere else: sales by card. */
  readonly closed: boolean;
  readonly lines: readonly LineNode[];
}

/** A kind of group is known when so many of it were reported. */
const leastReported = 4;
/** Among so many other lines words are looked for that tell nothing. */
const mostOthers = 20_000;
/** The part of the items of groups that are older or younger than usual. */
const oddPart = 0.01;

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
  const step = Math.ceil(run.book.lines.length / mostOthers);
  for (let at = 0; at < run.book.lines.length; at += step) {
    const line = run.book.lines[at]!;
    if (own.has(line) || !line.done) continue;
    for (const word of wordsOf(line))
      if (often.has(word)) elsewhere.set(word, (elsewhere.get(word) ?? 0) + step);
  }
  return new Set([...often].filter((word) => (elsewhere.get(word) ?? 0) * 5 <= counts.get(word)!));
}

/** What may be in the groups of a kind and has a number: the items in date order, and their numbers sorted. */
interface Numbered {
  readonly nodes: readonly ItemNode[];
  readonly numbers: Float64Array;
}

/** For payouts what is known to come through a processor, if that is known; else what moves money the same way. */
function numberedFor({ book }: Run, out: boolean, byCard: boolean): Numbered {
  const nodes: ItemNode[] = [];
  const numbers: number[] = [];
  for (let place = 0; place < book.items.length; place += 1) {
    // The lists of the book are asked before the node: most are of another kind, and to look into millions costs.
    if (byCard ? book.byCard[place] === 0 : book.byCard[place] === 1 || book.amounts[place]! < 0 !== out)
      continue;
    const node = book.items[place]!;
    if (node.number === undefined) continue;
    nodes.push(node);
    numbers.push(node.number);
  }
  return { nodes, numbers: Float64Array.from(numbers).sort() };
}

/** True when the pool has no other numbers from the least of these to the largest. */
function isUnbroken(own: readonly (number | undefined)[], numbers: Float64Array): boolean {
  const known = own.filter((number) => number !== undefined);
  if (known.length < own.length) return false;
  return countBelow(numbers, Math.max(...known) + 1) - countBelow(numbers, Math.min(...known)) === own.length;
}

function customOf(run: Run, findings: readonly Finding[], numbers: Float64Array): Custom | undefined {
  const groups = findings.map(({ lines, items, difference = 0n }) => ({
    line: lines[0]!,
    isUnbroken: isUnbroken(
      items.map(({ node }) => node.number),
      numbers,
    ),
    gaps: items.map(({ node }) => lines[0]!.day - node.day),
    count: items.length,
    fee: -Number(difference),
    gross: Number(items.reduce((sum, { applied }) => sum + applied, 0n)),
  }));
  const habit = groups.filter((group) => group.isUnbroken).length / (groups.length + 1);
  const tariff = groups.every(({ fee }) => fee === 0)
    ? { rate: 0, fixed: 0, explained: 1 }
    : learnTariff(groups);
  if (tariff === undefined) return undefined;
  const gaps = groups.flatMap((group) => group.gaps).sort((a, b) => a - b);
  return {
    out: groups[0]!.gross < 0,
    tariff,
    habit,
    longest: Math.ceil(groups.reduce((most, { count }) => Math.max(most, count), 0) * 1.2),
    earliest: gaps[0]!,
    latest: gaps.at(-1)!,
    usual: [
      gaps[Math.floor(oddPart * (gaps.length - 1))]!,
      gaps[Math.ceil((1 - oddPart) * (gaps.length - 1))]!,
    ],
    words: tellingWords(
      run,
      groups.map(({ line }) => line),
    ),
  };
}

/** What the members less the fee come to, by the tariff of the kind; in minor units, not rounded. */
export function netOf(node: ItemNode, { tariff }: Custom): number {
  return Number(node.remaining) * (1 - tariff.rate) - tariff.fixed;
}

/** The items that may be in the group of a line and that nothing has settled. */
export function openIn({ pool, custom }: Unreported, line: LineNode): ItemNode[] {
  const open: ItemNode[] = [];
  for (let day = line.day - custom.latest; day <= line.day - custom.earliest; day += 1) {
    for (const node of pool.get(day) ?? []) {
      if (node.currency === line.currency && node.remaining === node.item.open.minor) open.push(node);
    }
  }
  return open;
}

/** Payouts and payment runs without a report, learned from those that have one and told by the words of their lines. */
export function unreportedGroups(run: Run): Unreported[] {
  const reported = new Map<boolean, Finding[]>();
  for (const finding of run.reported) append(reported, finding.lines[0]!.minor < 0n, finding);
  return [...reported].flatMap(([out, findings]): Unreported[] => {
    const closed = findings.some(({ items }) => items.some(({ node }) => node.item.through !== undefined));
    if (findings.length < leastReported) return [];
    const { nodes, numbers } = numberedFor(run, out, closed);
    const custom = customOf(run, findings, numbers);
    if (custom === undefined || custom.words.size === 0) return [];
    const pool = new Map<number, ItemNode[]>();
    for (const node of nodes) if (!node.item.groupReference) append(pool, node.day, node);
    const lines = run
      .open()
      .filter(
        (line) =>
          line.minor < 0n === out &&
          namedItems(line).length === 0 &&
          wordsOf(line).some((word) => custom.words.has(word)),
      );
    return [{ custom, pool, closed, lines }];
  });
}
