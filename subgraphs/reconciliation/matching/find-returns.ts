import { append } from './append.ts';
import { amountKey } from './book.ts';
import type { LineNode } from './nodes.ts';
import { sameDirection } from './candidates.ts';
import { spell, sentence } from './explain.ts';
import type { Run } from './run.ts';

/** A return comes within a few weeks (SEPA allows eight for a debit); a chargeback may take four months. */
const longestReturn = 120;

function sharesItem(a: LineNode, b: LineNode): boolean {
  return a.mentions.some((mention) => b.mentions.some((other) => other.node === mention.node));
}

function sharesParty(a: LineNode, b: LineNode): boolean {
  const account = a.line.counterpartyAccount;
  if (account !== undefined && account === b.line.counterpartyAccount) return true;
  return a.parties[0] !== undefined && a.parties[0].party === b.parties[0]?.party;
}

/** True when the line takes back what an item named in it expects: money out where money in is due. */
function contradictsItem(node: LineNode): boolean {
  return node.mentions.some(
    (mention) =>
      mention.by === 'reference' &&
      !sameDirection(mention.node.remaining, node.minor) &&
      mention.node.remaining === -node.minor,
  );
}

/** The payment a return takes back: one that names the same item, else one of the same party, the latest first. */
function paymentBefore(node: LineNode, equal: readonly LineNode[]): LineNode | undefined {
  const candidates = equal.filter((other) => !other.done && node.day - other.day <= longestReturn);
  const named = candidates.filter((other) => sharesItem(node, other)).at(-1);
  if (named !== undefined || !node.line.reversal) return named;
  return candidates.filter((other) => sharesParty(node, other)).at(-1);
}

/** True for a line that takes an earlier one back: by the bank's mark, or because it contradicts what it names. */
function isReturn(node: LineNode): boolean {
  return node.line.reversal || contradictsItem(node);
}

/** Pairs each returned payment with the payment it takes back; both leave the open items as they are. */
export function findReturns(run: Run): void {
  const returns = new Set(run.open().filter(isReturn));
  if (returns.size === 0) return;
  const returned = new Set(Array.from(returns, (node) => -node.minor));
  const earlier = new Map<string, LineNode[]>();
  for (const node of run.open()) {
    if (returns.has(node)) {
      const first = paymentBefore(node, earlier.get(amountKey(node.currency, -node.minor)) ?? []);
      if (first !== undefined) {
        const amount = spell(first.minor, first.currency);
        const back = sentence`The payment of ${amount} booked on ${first.line.bookedOn} was returned on ${node.line.bookedOn}.`;
        run.leave(first, {
          reason: 'RETURNED',
          detail: sentence`${back} What it paid is open again.`,
          related: [node],
        });
        run.leave(node, { reason: 'RETURNED', detail: back, related: [first] });
      } else if (node.line.reversal) {
        run.leave(node, {
          reason: 'RETURNED',
          detail: 'The bank marks a return, but no earlier payment of this amount is open.',
        });
      }
    }
    if (node.done || !returned.has(node.minor)) continue;
    const key = amountKey(node.currency, node.minor);
    append(earlier, key, node);
  }
}
