import { sentence } from './explain.ts';
import { append } from './append.ts';
import type { ItemNode, LineNode } from './nodes.ts';
import { partyChance, sameDirection, size } from './candidates.ts';
import { clearMentions } from './find-references.ts';
import type { MatchEvidence } from './model.ts';
import type { Run } from './run.ts';

/** A bank's rate lies within this share of the usual one, in basis points. */
const band = 250n;
const scale = 100_000_000n;

function rateOf(line: LineNode, node: ItemNode): bigint {
  return (size(line.minor) * scale) / size(node.remaining);
}

function foreignNamed(line: LineNode): ItemNode[] {
  const foreign = line.mentions.filter(
    ({ node }) =>
      node.currency !== line.currency && node.remaining !== 0n && sameDirection(node.remaining, line.minor),
  );
  return clearMentions(line, foreign).map(({ node }) => node);
}

function pairOf(line: LineNode, node: ItemNode): string {
  return `${node.currency}>${line.currency}`;
}

/** The middle rate of each currency pair among payments that name one item of the other currency. */
function usualRates(run: Run): Map<string, { rate: bigint; seen: number }> {
  const rates = new Map<string, bigint[]>();
  for (const line of run.open()) {
    const [node, second] = foreignNamed(line);
    if (node === undefined || second !== undefined) continue;
    append(rates, pairOf(line, node), rateOf(line, node));
  }
  return new Map(
    [...rates].map(([pair, list]) => {
      list.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
      return [pair, { rate: list[list.length >> 1]!, seen: list.length }];
    }),
  );
}

function isUsual(rate: bigint, usual: bigint): boolean {
  return size(rate - usual) * 10_000n <= usual * band;
}

interface Conversion {
  readonly line: LineNode;
  readonly node: ItemNode;
  readonly confidence: number;
  readonly detail: string;
}

function settle(run: Run, { line, node, confidence, detail }: Conversion): void {
  const evidence: MatchEvidence = { signal: 'currency', score: confidence, detail };
  run.accept({
    lines: [line],
    items: [{ node, applied: node.remaining }],
    method: 'reference-other-currency',
    confidence,
    evidence: [evidence],
    mayBeAutomatic: false,
  });
}

/** Suggests the items in another currency that lines name, and learns the rates that banks take. */
export function findNamedCurrencies(run: Run): void {
  const rates = usualRates(run);
  for (const [pair, { rate }] of rates) run.rates.set(pair, rate);
  for (const line of run.open()) {
    const [node, second] = foreignNamed(line);
    if (node === undefined || second !== undefined) continue;
    const usual = rates.get(pairOf(line, node))!;
    const near = usual.seen >= 5 && isUsual(rateOf(line, node), usual.rate);
    const detail = near
      ? sentence`The rate paid is within 2.5 % of the middle rate of ${usual.seen} payments from ${node.currency}.`
      : `The item is in ${node.currency}; too little is known of the rate to check it.`;
    settle(run, { line, node, confidence: near ? 9_930 : 9_000, detail });
  }
}

/** Suggests the one item of the party in another currency that fits the rate which named items have shown. */
export function findPartyCurrencies(run: Run): void {
  for (const line of run.open()) {
    const [hit] = line.parties;
    if (hit === undefined || line.mentions.some((mention) => mention.node.remaining !== 0n)) continue;
    const { daysBefore, daysAfter } = run.settings;
    const near = run.items.between(hit.party, line.day - daysBefore, line.day + daysAfter);
    const fits = near.filter((node) => {
      if (node.currency === line.currency || !sameDirection(node.remaining, line.minor)) return false;
      const usual = run.rates.get(pairOf(line, node));
      return usual !== undefined && isUsual(rateOf(line, node), usual);
    });
    if (fits.length !== 1) continue;
    const detail = `It is the only item of the party in another currency that fits the usual rate.`;
    settle(run, {
      line,
      node: fits[0]!,
      confidence: Math.floor(9_600 * partyChance(line, hit.party)),
      detail,
    });
  }
}
