import type { LineNode } from './book.ts';
import { labelOf, spell } from './explain.ts';
import { openMentions } from './find-references.ts';
import type { Leftover, Run } from './run.ts';

function reasonFor(run: Run, line: LineNode): Leftover {
  const [mention] = openMentions(line);
  if (mention !== undefined) {
    const { node } = mention;
    const detail = `The payment names ${labelOf(node)} with ${spell(node.remaining, node.currency)} open, but ${spell(line.minor, line.currency)} was booked.`;
    return { reason: 'AMOUNT_DIFFERS', detail };
  }
  const party = line.parties[0]?.party;
  const open =
    party === undefined ? [] : (run.book.itemsOf.get(party) ?? []).filter((node) => node.remaining !== 0n);
  const equal = open.filter((node) => node.remaining === line.minor && node.currency === line.currency);
  if (equal.length > 0) {
    const detail =
      equal.length > 1
        ? `${equal.length} open items of ${party!.label} have this amount, and nothing tells which one is paid.`
        : `${labelOf(equal[0]!)} has this amount, but it was issued on ${equal[0]!.item.issuedOn}, too far from the booking.`;
    return { reason: 'AMBIGUOUS', detail };
  }
  const ambiguous = run.ambiguous.get(line);
  if (ambiguous !== undefined) return { reason: 'AMBIGUOUS', detail: ambiguous };
  if (party === undefined)
    return { reason: 'NO_CANDIDATE', detail: 'No open item has this reference, party or amount.' };
  const detail = `No open item or combination of items of ${party.label} has this amount (${open.length} are open).`;
  return { reason: 'NO_CANDIDATE', detail };
}

/** Gives every line that no stage decided a reason a person can act on. */
export function leaveTheRest(run: Run): void {
  for (const line of run.open()) run.leave(line, reasonFor(run, line));
}
