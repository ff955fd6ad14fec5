import { sha256Hex } from '#kernel/canonical';
import type { BankLine } from '#connectors/ports';

/**
 * What makes each line of a statement the same line when a file brings it again: the bank's reference where it gives
 * one, the normalised text otherwise, with day, amount and a number for each of several equal lines. So two equal
 * coffees stay two, and a repeated or overlapping file adds none.
 */
export function lineIdentities(lines: readonly BankLine[]): string[] {
  const seen = new Map<string, number>();
  return lines.map((line) => {
    // Banks give one reference to a payment and its fee, or again months later: it never stands alone.
    const named =
      line.bankReference === undefined ? ['text', normalisedText(line)] : ['reference', line.bankReference];
    const key = JSON.stringify([...named, line.bookedOn, String(line.amount.minor), line.amount.currency]);
    const ordinal = (seen.get(key) ?? 0) + 1;
    seen.set(key, ordinal);
    return sha256Hex(`${key}#${ordinal}`);
  });
}

/** Names and texts come in other cases and with other blanks when a bank writes the same line a second time. */
function normalisedText(line: BankLine): string {
  return [line.counterparty.name, line.endToEndId, line.structuredReference, line.remittance]
    .map((part) => (part ?? '').toLowerCase().replace(/\s+/g, ''))
    .join('|');
}
