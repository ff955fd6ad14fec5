import type { ItemNode, LineNode, Mention } from './nodes.ts';
import { openItemsOf, partyChance, sameDirection, size } from './candidates.ts';
import { rival, spell, sentence } from './explain.ts';
import { namedItems, openMentions, partyDoubt } from './find-references.ts';
import type { MatchEvidence } from './model.ts';
import type { Run } from './run.ts';

/** What explains that a payment is not what is open. */
export interface Explained {
  readonly kind: 'discount' | 'fee' | 'partial' | 'overpaid';
  readonly detail: string;
}

/** Says what a difference looks like: an early-payment discount, a bank fee, a part of the debt, or too much. */
export function explainDifference(run: Run, line: LineNode, node: ItemNode): Explained {
  const [open, gap] = [node.remaining, line.day - node.day];
  const missing = size(open) - size(line.minor);
  const text = spell(size(missing), line.currency);
  if (missing < 0n)
    return { kind: 'overpaid', detail: sentence`The payment is ${text} more than what is open.` };
  const whole = size(open);
  for (const percent of [2n, 3n, 1n, 4n, 5n]) {
    const exact = size(missing * 100n - whole * percent) <= 100n;
    if (exact && gap <= 21) {
      return {
        kind: 'discount',
        detail: sentence`${text} less than open is ${percent} % for paying within ${gap} days.`,
      };
    }
  }
  if (run.fees.isFee(missing, whole, line.currency)) {
    return {
      kind: 'fee',
      detail: sentence`${text} less than open is small enough to be a fee kept on the way.`,
    };
  }
  return { kind: 'partial', detail: sentence`The payment is a part of what is open; ${text} stay open.` };
}

function evidenceOf(explained: Explained): MatchEvidence {
  const score = { discount: 9_000, fee: 7_500, overpaid: 7_000, partial: 6_000 }[explained.kind];
  return { signal: 'difference', score, detail: explained.detail };
}

/** Confidence that a line which names one item pays just that item although the amount differs. */
function namedConfidence(line: LineNode, mention: Mention, explained: Explained): number {
  const over = size(line.minor) - size(mention.node.remaining);
  if (over > 0n && over > 2_000n && over * 50n > size(mention.node.remaining)) return 4_500;
  // Texts hold customer and order numbers as well; without a payer known a short number is hardly more than that.
  if (mention.by === 'number' && line.parties.length === 0) return mention.key.length >= 6 ? 7_500 : 4_000;
  const strength = mention.by === 'reference' ? 9_920 : 9_600;
  return partyDoubt(line, mention) > 0 ? 3_000 : strength - (explained.kind === 'partial' ? 70 : 0);
}

function settleNamed(run: Run, line: LineNode, mention: Mention): void {
  const { node } = mention;
  const explained = explainDifference(run, line, node);
  const partial = explained.kind === 'partial';
  run.accept({
    lines: [line],
    items: [{ node, applied: partial ? line.minor : node.remaining }],
    method: 'reference-with-difference',
    confidence: namedConfidence(line, mention, explained),
    evidence: [evidenceOf(explained)],
    difference: partial ? 0n : line.minor - node.remaining,
    mayBeAutomatic: false,
  });
}

/** Spreads a payment over the items it names, the oldest first; what is left over is the difference. */
function settleInOrder(run: Run, line: LineNode, nodes: readonly ItemNode[]): void {
  let rest = line.minor;
  const items: { node: ItemNode; applied: bigint }[] = [];
  for (const node of [...nodes].sort((a, b) => a.day - b.day)) {
    if (rest === 0n || !sameDirection(node.remaining, line.minor)) continue;
    const applied = size(rest) < size(node.remaining) ? rest : node.remaining;
    items.push({ node, applied });
    rest -= applied;
  }
  if (items.length === 0) return;
  const detail = `The payment names ${nodes.length} items that are not together its amount; the oldest are settled first.`;
  run.accept({
    lines: [line],
    items,
    method: 'reference-with-difference',
    confidence: 2_500,
    evidence: [{ signal: 'difference', score: 2_500, detail }],
    difference: rest,
    mayBeAutomatic: false,
  });
}

/** Suggests the item a line names although the amount differs, with what the difference looks like. */
export function findNamedDifferences(run: Run): void {
  for (const line of run.open()) {
    const [node, second] = namedItems(line);
    if (node === undefined || second !== undefined || !sameDirection(node.remaining, line.minor)) continue;
    run.fees.learn(size(node.remaining) - size(line.minor), line.currency);
  }
  for (const line of run.open()) {
    const named = namedItems(line).filter((node) => sameDirection(node.remaining, line.minor));
    if (named.length === 0) continue;
    if (named.length > 1) settleInOrder(run, line, named);
    else
      settleNamed(
        run,
        line,
        openMentions(line).find((mention) => mention.node === named[0])!,
      );
  }
}

/** Suggests, last of all, an item that is named although the payer seems to be somebody else. */
export function findDoubtfulMentions(run: Run): void {
  for (const line of run.open()) {
    const mentions = openMentions(line).filter(
      ({ node, sharers }) => sharers === 1 && sameDirection(node.remaining, line.minor),
    );
    if (mentions.length === 1) settleNamed(run, line, mentions[0]!);
  }
}

/** Suggests an item of the party that an exact early-payment discount makes the amount of the line. */
export function findPartyDiscounts(run: Run): void {
  findPartyDifferences(run, 'discount');
}

/** Suggests an item of the party that a usual fee makes the amount of the line. */
export function findPartyFees(run: Run): void {
  findPartyDifferences(run, 'fee');
}

function findPartyDifferences(run: Run, kind: 'discount' | 'fee'): void {
  for (const line of run.open()) {
    const [hit] = line.parties;
    if (hit === undefined || line.mentions.some(({ node }) => node.remaining !== 0n)) continue;
    const fits = openItemsOf(run, line, hit.party).flatMap((node) => {
      const explained = explainDifference(run, line, node);
      const usual = kind === 'discount' || (size(node.remaining) - size(line.minor)) % 50n === 0n;
      return explained.kind === kind && usual && line.day >= node.day ? [{ node, explained }] : [];
    });
    const [best, ...others] = fits;
    if (best === undefined) continue;
    const base = best.explained.kind === 'discount' ? 9_600 : 9_000;
    run.accept({
      lines: [line],
      items: [{ node: best.node, applied: best.node.remaining }],
      method: 'party-with-difference',
      confidence: (base * partyChance(line, hit.party)) / fits.length,
      evidence: [evidenceOf(best.explained)],
      rivals: others
        .slice(0, 5)
        .map(({ node }) =>
          rival([node], base / fits.length, 'A discount or fee would explain this one as well.'),
        ),
      difference: line.minor - best.node.remaining,
      mayBeAutomatic: false,
    });
  }
}
