import { sha256Hex } from '#kernel/canonical';
import type { BankLine } from '#connectors/ports';

/** What a line says of itself, and the how manieth of equal lines it is. */
export interface LineKey {
  readonly key: string;
  readonly ordinal: number;
}

/**
 * What makes each line of a statement the same line when a file brings it again: the bank's reference where it gives
 * one, the normalised text otherwise, with day, amount and a number for each of several equal lines. So two equal
 * coffees stay two, and a repeated or overlapping file adds none.
 */
export function lineKeys(lines: readonly BankLine[]): LineKey[] {
  const seen = new Map<string, number>();
  return lines.map((line) => {
    // Banks give one reference to a payment and its fee, or again months later: it never stands alone.
    const named =
      line.bankReference === undefined ? ['text', normalisedText(line)] : ['reference', line.bankReference];
    const key = JSON.stringify([...named, line.bookedOn, String(line.amount.minor), line.amount.currency]);
    const ordinal = (seen.get(key) ?? 0) + 1;
    seen.set(key, ordinal);
    return { key, ordinal };
  });
}

/** The identity of a line in its account, as it is stored. */
export function identityOf({ key, ordinal }: LineKey): string {
  return sha256Hex(`${key}#${ordinal}`);
}

/**
 * The identities of the lines of a statement that is known to go on where others of the same day ended: what those
 * hold are other lines, however equal, so the numbers go on behind theirs.
 */
export function identitiesAfter(keys: readonly LineKey[], earlier: ReadonlySet<string>): string[] {
  const taken = new Map<string, number>();
  for (const { key } of keys) {
    if (taken.has(key)) continue;
    let count = 0;
    while (earlier.has(identityOf({ key, ordinal: count + 1 }))) count += 1;
    taken.set(key, count);
  }
  return keys.map(({ key, ordinal }) => identityOf({ key, ordinal: ordinal + (taken.get(key) ?? 0) }));
}

/** Names and texts come in other cases and with other blanks when a bank writes the same line a second time. */
function normalisedText(line: BankLine): string {
  return [line.counterparty.name, line.endToEndId, line.structuredReference, line.remittance]
    .map((part) => (part ?? '').toLowerCase().replace(/\s+/g, ''))
    .join('|');
}
