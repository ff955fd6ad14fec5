import { money } from '#kernel/money';
import type { ItemNode, LineNode } from './nodes.ts';
import { labelOf, spell, sentence } from './explain.ts';
import { openMentions } from './find-references.ts';
import type { ConsideredItem } from './model.ts';
import type { Leftover, Run } from './run.ts';

/** More of them help nobody to choose. */
const mostConsidered = 5;

function considered(nodes: readonly ItemNode[], score: number, reason: string): ConsideredItem[] {
  return nodes.slice(0, mostConsidered).map((node) => ({
    itemId: node.item.id,
    label: labelOf(node),
    open: money(node.remaining, node.currency),
    score,
    reason,
  }));
}

function reasonFor(run: Run, line: LineNode): Leftover {
  const [mention] = openMentions(line);
  if (mention !== undefined) {
    const { node } = mention;
    const detail = `The payment names ${labelOf(node)} with ${spell(node.remaining, node.currency)} open, but ${spell(line.minor, line.currency)} was booked.`;
    const why = 'The payment names it, with another amount.';
    return { reason: 'AMOUNT_DIFFERS', detail, considered: considered([node], 9_000, why) };
  }
  const party = line.parties[0]?.party;
  const open = party === undefined ? [] : run.items.of(party);
  const equal = open.filter((node) => node.remaining === line.minor && node.currency === line.currency);
  if (equal.length > 0) {
    const detail =
      equal.length > 1
        ? `${equal.length} open items of ${party!.label} have this amount, and nothing tells which one is paid.`
        : `${labelOf(equal[0]!)} has this amount, but it was issued on ${equal[0]!.item.issuedOn}, too far from the booking.`;
    const why = equal.length > 1 ? 'Others fit as well.' : 'It is too far from the booking.';
    return { reason: 'AMBIGUOUS', detail, considered: considered(equal, 7_000, why) };
  }
  const others = considered(open, 3_000, 'It has another amount.');
  const ambiguous = run.ambiguous.get(line);
  if (ambiguous !== undefined) return { reason: 'AMBIGUOUS', detail: ambiguous, considered: others };
  if (party === undefined)
    return { reason: 'NO_CANDIDATE', detail: 'No open item has this reference, party or amount.' };
  const detail = sentence`No open item or combination of items of ${party.label} has this amount (${open.length} are open).`;
  return { reason: 'NO_CANDIDATE', detail, considered: others };
}

/** Gives every line that no stage decided a reason a person can act on. */
export function leaveTheRest(run: Run): void {
  for (const line of run.open()) run.leave(line, reasonFor(run, line));
}
