import { formatMoney, money } from '#kernel/money';
import type { ItemNode, LineNode } from './nodes.ts';
import type { MatchEvidence, MatchRival } from './model.ts';
import type { Finding } from './finding.ts';
import type { PartyHit } from './parties.ts';

/** What people call an item: its invoice number and party, else its id. */
export function labelOf(node: ItemNode): string {
  const { reference, counterpartyName, id } = node.item;
  return [reference ?? id, counterpartyName].filter(Boolean).join(', ');
}

/** An amount of minor units as a person reads it. */
export function spell(minor: bigint, currency: string): string {
  return sentence`${formatMoney(money(minor, currency))} ${currency}`;
}

function days(count: number): string {
  return Math.abs(count) === 1 ? '1 day' : `${Math.abs(count)} days`;
}

/**
 * A template that makes text in one piece: a plain one keeps all its pieces in memory as long as it is kept, which
 * counts where every match has its own.
 */
export function sentence(
  pieces: readonly string[],
  ...values: readonly (string | number | bigint | undefined)[]
): string {
  return pieces.map((piece, at) => (at < values.length ? `${piece}${values[at]}` : piece)).join('');
}

const nothing: never[] = [];

function referenceEvidence(finding: Finding): MatchEvidence[] {
  const mentions =
    finding.lines.length === 1 ? finding.lines[0]!.mentions : finding.lines.flatMap((line) => line.mentions);
  if (mentions.length === 0) return nothing;
  const named = finding.items.flatMap(({ node }) => mentions.find((each) => each.node === node) ?? nothing);
  const [first] = named;
  if (first === undefined) return nothing;
  const whole = named.every((mention) => mention.by === 'reference');
  const what = whole ? 'reference' : 'number';
  const detail =
    finding.items.length === 1
      ? sentence`The ${what} ${first.key} stands in the payment and belongs to ${labelOf(first.node)}.`
      : sentence`The payment names ${named.length} of the ${finding.items.length} items, for example ${labelOf(first.node)}.`;
  return [{ signal: 'reference', score: whole ? 10_000 : 9_500, detail }];
}

function amountEvidence(finding: Finding): readonly MatchEvidence[] {
  const [line] = finding.lines;
  if (line === undefined || finding.items.some(({ node }) => node.currency !== line.currency)) return [];
  const paid = finding.lines.reduce((sum, each) => sum + each.minor, 0n);
  const applied = finding.items.reduce((sum, each) => sum + each.applied, 0n);
  if (paid === applied) return exactAmount(finding.items.length);
  const [text, gap] = [spell(paid, line.currency), spell(paid - applied, line.currency)];
  const detail = sentence`${text} was paid; it differs from the items by ${gap}.`;
  return [{ signal: 'amount', score: 5_000, detail }];
}

const exactAmounts = new Map<number, readonly MatchEvidence[]>();

/** Most matches say just this, so they share it. */
function exactAmount(count: number): readonly MatchEvidence[] {
  let evidence = exactAmounts.get(count);
  if (evidence === undefined) {
    const items = count === 1 ? 'what is settled of the item' : `the sum of the ${count} items`;
    evidence = [{ signal: 'amount', score: 10_000, detail: `The payment is exactly ${items}.` }];
    exactAmounts.set(count, evidence);
  }
  return evidence;
}

/** What was said of the parties of lines, which hundreds of lines have in common. */
const saidOfParties = new WeakMap<PartyHit, { readonly of: string; readonly evidence: MatchEvidence }>();

function hitEvidence(line: LineNode, hit: PartyHit): MatchEvidence {
  const { counterpartyName: name, counterpartyAccount: account } = line.line;
  const of = hit.by === 'account' ? account!.replace(/\W/g, '').slice(-4) : `${name}`;
  const known = saidOfParties.get(hit);
  if (known?.of === of) return known.evidence;
  const detail =
    hit.by === 'account'
      ? sentence`The account ending in ${of} is known for ${hit.party.label}.`
      : sentence`The name "${of}" is close to ${hit.party.label}.`;
  const evidence: MatchEvidence = { signal: 'party', score: hit.score, detail };
  saidOfParties.set(hit, { of, evidence });
  return evidence;
}

function partyEvidence(line: LineNode, node: ItemNode): MatchEvidence[] {
  const hit = line.parties.find((each) => each.party === node.party);
  if (hit !== undefined) return [hitEvidence(line, hit)];
  const other = line.parties[0];
  if (other === undefined) return [];
  const detail = `The payment seems to come from ${other.party.label}, the item is of ${node.party.label}.`;
  return [{ signal: 'party', score: 0, detail }];
}

const saidOfGaps = new Map<number, MatchEvidence>();

function dateEvidence(line: LineNode, node: ItemNode): MatchEvidence {
  const gap = line.day - node.day;
  let evidence = saidOfGaps.get(gap);
  if (evidence === undefined) saidOfGaps.set(gap, (evidence = gapEvidence(gap)));
  return evidence;
}

function gapEvidence(gap: number): MatchEvidence {
  const score = gap < -3 ? 1_000 : gap <= 35 ? 10_000 : gap <= 90 ? 7_000 : 3_000;
  const detail =
    gap < 0
      ? `Booked ${days(gap)} before the item was issued.`
      : `Booked ${days(gap)} after the item was issued.`;
  return { signal: 'date', score, detail };
}

/** The reasons of a match: reference, amount, party and date, each as one sentence with a score, and what was found. */
export function explain(finding: Finding): MatchEvidence[] {
  const [line] = finding.lines;
  const [item] = finding.items;
  if (line === undefined || item === undefined) return [];
  return referenceEvidence(finding).concat(
    amountEvidence(finding),
    partyEvidence(line, item.node),
    dateEvidence(line, item.node),
    finding.evidence ?? [],
  );
}

/** A rival as the user sees it. */
export function rival(nodes: readonly ItemNode[], confidence: number, reason: string): MatchRival {
  const label = nodes.map(labelOf).join(' + ');
  return { itemIds: nodes.map((node) => node.item.id), label, confidence: Math.round(confidence), reason };
}
