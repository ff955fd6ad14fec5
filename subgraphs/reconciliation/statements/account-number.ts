import { compactNumber, isIban } from '#kernel/account-number';

/**
 * The ways in which banks write one account: the IBAN, the national number in it, that number without the bank's
 * letters, and each without leading zeros. Two numbers mean the same account when they share one of them.
 */
export function spellings(number: string): string[] {
  const compact = compactNumber(number);
  const national = isIban(compact) ? compact.slice(4) : compact;
  const digits = national.replace(/^[A-Z]+/, '');
  const written = [compact, national, digits].flatMap((each) => [each, each.replace(/^0+/, '')]);
  // A short remainder would be shared by accounts of different banks.
  return [...new Set(written)].filter((each) => each === compact || each.length >= 6);
}
