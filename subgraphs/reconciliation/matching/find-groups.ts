import type { ItemNode, LineNode } from './nodes.ts';
import { spell, sentence } from './explain.ts';
import type { Run } from './run.ts';

/** True when what is missing can be the provider's fee: at most 6 % and 1.00 for each sale. */
function isFee(missing: bigint, total: bigint, count: number): boolean {
  return total > 0n && missing > 0n && missing * 100n <= total * 6n + BigInt(count) * 10_000n;
}

function settleGroup(run: Run, line: LineNode, members: readonly ItemNode[]): void {
  const total = members.reduce((sum, node) => sum + node.remaining, 0n);
  const difference = line.minor - total;
  const fee = isFee(-difference, total, members.length);
  const name = members[0]!.item.groupReference!;
  if (difference !== 0n && !fee) {
    const detail = `The items of ${name} add up to ${spell(total, line.currency)}, the bank booked ${spell(line.minor, line.currency)}.`;
    run.leave(line, { reason: 'AMOUNT_DIFFERS', detail });
    return;
  }
  const kept = fee ? ` less ${spell(-difference, line.currency)} kept as a fee` : '';
  run.accept({
    lines: [line],
    items: members.map((node) => ({ node, applied: node.remaining })),
    method: 'group-report',
    confidence: fee ? 9_960 : 9_990,
    difference,
    evidence: [
      {
        signal: 'group',
        score: 10_000,
        detail: sentence`The payment names ${name}, which holds ${members.length} items of ${spell(total, line.currency)}${kept}.`,
      },
    ],
  });
}

/** Settles payouts and payment runs whose members are known by a report or by our own batch: ids, never guesses. */
export function findGroups(run: Run): void {
  if (run.book.byGroup.size === 0) return;
  for (const line of run.open()) {
    const [key] = line.groups;
    if (key === undefined) continue;
    const members = run.book.byGroup.get(key)!;
    const open = members.filter((node) => node.remaining !== 0n && node.currency === line.currency);
    if (open.length > 0) settleGroup(run, line, open);
  }
}
