import { compactNumber, ibanLength, isIban } from '#kernel/account-number';

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

/** The text with every IBAN in it shortened to its last four characters, however it is grouped. */
export function maskAccounts(text: string): string {
  let masked = '';
  let rest = text;
  for (let at = rest.search(ibanStart); at >= 0; at = rest.search(ibanStart)) {
    const length = ibanLength(rest.slice(at, at + 2).toUpperCase()) ?? 0;
    const found = new RegExp(`^(?:[0-9A-Za-z] ?){${length}}`).exec(rest.slice(at))?.[0].trimEnd() ?? '';
    const end = at + (isIban(found) ? found.length : 1);
    masked += isIban(found) ? `${rest.slice(0, at)}…${compactNumber(found).slice(-4)}` : rest.slice(0, end);
    rest = rest.slice(end);
  }
  return masked + rest;
}

const ibanStart = /[A-Za-z]{2}\d{2} ?[0-9A-Za-z]/;
