import type { ItemNode, LineNode } from './nodes.ts';
import type { PartyNode } from './parties.ts';
import { nearSerial } from './references.ts';
import type { Run } from './run.ts';

/** True when both amounts move money the same way. */
export function sameDirection(a: bigint, b: bigint): boolean {
  return a < 0n === b < 0n;
}

/** The size of an amount, whatever its sign. */
export function size(amount: bigint): bigint {
  return amount < 0n ? -amount : amount;
}

/** Open items of a party that a line could pay without naming them, nearest in time first. */
export function openItemsOf(run: Run, line: LineNode, party: PartyNode): ItemNode[] {
  const { daysBefore, daysAfter } = run.settings;
  return run.items
    .between(party, line.day - daysBefore, line.day + daysAfter)
    .filter((node) => node.currency === line.currency && sameDirection(node.remaining, line.minor))
    .sort((a, b) => Math.abs(line.day - a.day) - Math.abs(line.day - b.day));
}

/** The chance that the line comes from the party, 0 to 1, from account or name alone. */
export function partyChance(line: LineNode, party: PartyNode): number {
  const hit = line.parties.find((each) => each.party === party);
  if (hit === undefined) return 0;
  const own = hit.by === 'account' ? 1 : Math.max(0.02, (hit.score - 7_000) / 3_000);
  const others = line.parties.filter((each) => each !== hit && each.score > hit.score - 1_000);
  return (
    own / (1 + others.reduce((sum, each) => sum + Math.max(0, (each.score - hit.score + 1_000) / 1_000), 0))
  );
}

/** A number in the payment that is the item's serial cut short or mistyped. */
export function nearReference(line: LineNode, node: ItemNode): string | undefined {
  const { serial } = node;
  if (serial === undefined) return undefined;
  return line.numbers.find((number) => nearSerial(number, serial) !== undefined);
}
