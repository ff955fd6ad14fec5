import type { ItemNode, LineNode, Mention } from './nodes.ts';
import { labelOf, rival, spell } from './explain.ts';
import type { Run } from './run.ts';
import { findSubsetSums } from './subset-sum.ts';

/** The mentions of a line whose items are still open in the line's currency. */
export function openMentions(line: LineNode): readonly Mention[] {
  // Most lines that get this far name nothing, and every stage asks.
  if (line.mentions.length === 0) return line.mentions;
  return line.mentions.filter(({ node }) => node.remaining !== 0n && node.currency === line.currency);
}

/** True when the payer is known to be somebody else, or the item did not exist for weeks: most likely a typing error. */
function isDoubtful(line: LineNode, { node }: Mention): boolean {
  if (node.day - line.day > 30) return true;
  return line.parties.length > 0 && !line.parties.some((hit) => hit.party === node.party);
}

/** The mentions that say one thing: their key names one item, or only one of the parties that may have paid. */
export function clearMentions(line: LineNode, mentions: readonly Mention[]): readonly Mention[] {
  if (mentions.length === 0) return mentions;
  const plausible = mentions.filter((mention) => !isDoubtful(line, mention));
  if (plausible.every((mention) => mention.sharers === 1)) return plausible;
  return plausible.filter(
    (mention) =>
      mention.sharers === 1 ||
      (line.parties.length > 0 && !plausible.some((other) => other !== mention && other.key === mention.key)),
  );
}

/** Open items that the line names clearly, and that the payer may well owe or be owed. */
export function namedItems(line: LineNode): readonly ItemNode[] {
  if (line.mentions.length === 0) return nothing;
  return clearMentions(line, openMentions(line)).map(({ node }) => node);
}

const nothing: readonly ItemNode[] = [];

/** Basis points lost because the payer is known to be somebody else; a number alone loses more than a whole reference. */
export function partyDoubt(line: LineNode, mention: Mention): number {
  const [best] = line.parties;
  if (best === undefined || line.parties.some((hit) => hit.party === mention.node.party)) return 0;
  if (mention.by === 'reference') return 50;
  return best.score >= 9_500 ? 2_500 : 800;
}

function sureness(line: LineNode, mention: Mention): number {
  const strength = mention.by === 'reference' ? 9_990 : mention.key.length >= 6 ? 9_970 : 9_900;
  const early = line.day - mention.node.day < -30 ? 200 : 0;
  return strength - partyDoubt(line, mention) - early;
}

function settleOne(run: Run, line: LineNode, equal: readonly Mention[]): void {
  const ranked =
    equal.length === 1
      ? equal
      : [...equal].sort((a, b) => sureness(line, b) - sureness(line, a) || a.node.day - b.node.day);
  const [best, next] = ranked as [Mention, Mention | undefined];
  const contested = next !== undefined && sureness(line, next) + 300 >= sureness(line, best);
  const reason = contested
    ? 'Named by the same text with the same amount; the oldest item is taken first.'
    : 'Has the same amount, but is named less surely or belongs to another party.';
  run.accept({
    lines: [line],
    items: [{ node: best.node, applied: best.node.remaining }],
    method: 'reference',
    confidence: contested ? Math.floor(9_000 / ranked.length) : sureness(line, best),
    rivals: ranked
      .slice(1, 6)
      .map((each) => rival([each.node], sureness(line, each) / ranked.length, reason)),
    mayBeAutomatic: !contested,
  });
}

function settleSeveral(run: Run, line: LineNode, mentions: readonly Mention[]): void {
  const doubt = Math.max(...mentions.map((mention) => partyDoubt(line, mention)));
  run.accept({
    lines: [line],
    items: mentions.map(({ node }) => ({ node, applied: node.remaining })),
    method: 'several-references',
    confidence: 9_980 - Math.floor(doubt / 4),
  });
}

function bySum(run: Run, line: LineNode, open: readonly Mention[]): void {
  const total = open.reduce((sum, { node }) => sum + node.remaining, 0n);
  if (total === line.minor) {
    settleSeveral(run, line, open);
    return;
  }
  const unique = clearMentions(line, open);
  if (unique.length > 1 && unique.reduce((sum, { node }) => sum + node.remaining, 0n) === line.minor) {
    settleSeveral(run, line, unique);
    return;
  }
  if (open.length > 20) return;
  const amounts = open.map(({ node }) => node.remaining);
  const { solutions } = findSubsetSums(amounts, line.minor);
  const chosen = solutions[0]?.members.map((index) => open[index]!) ?? [];
  // A number shared by two parties leaves several readings; one that adds up and leaves nothing unread but them is it.
  if (solutions.length === 1 && chosen.length > 1 && unique.every((mention) => chosen.includes(mention))) {
    settleSeveral(run, line, chosen);
  }
}

/** The line of the same amount that settled all the items a line names before, if there is one: money paid twice. */
function duplicateOf(line: LineNode): LineNode | undefined {
  const whole = line.mentions.filter((mention) => mention.by === 'reference');
  // Beside a whole reference a bare number is most likely a customer's or a contract's.
  const named = whole.length > 0 ? whole : line.mentions;
  if (named.length === 0 || named.some(({ node }) => node.remaining !== 0n)) return undefined;
  return named
    .flatMap(({ node }) => node.settledBy)
    .find((other) => other.minor === line.minor && other.currency === line.currency);
}

/** Settles lines whose references name items that are exactly the amount, alone or together, and finds second payments. */
export function findReferences(run: Run): void {
  for (const line of run.open()) {
    if (line.mentions.length === 0) continue;
    const open = openMentions(line);
    const equal = open.filter(({ node }) => node.remaining === line.minor);
    if (equal.length > 0) settleOne(run, line, equal);
    else if (open.length > 1) bySum(run, line, open);
    const first = line.done ? undefined : duplicateOf(line);
    if (first === undefined) continue;
    const named = labelOf(line.mentions[0]!.node);
    const detail = `${spell(line.minor, line.currency)} for ${named} was paid before, on ${first.line.bookedOn}; nothing of it is open.`;
    run.leave(line, { reason: 'DUPLICATE', detail, related: [first] });
  }
}
