/** An account number without the blanks, dots and slashes people and banks put into it. */
export function compactNumber(number: string): string {
  return number.replace(/[^0-9A-Za-z]/g, '').toUpperCase();
}

/** ISO 13616: country, check digits, and a remainder of 1 modulo 97 with the first four characters moved to the end. */
export function isIban(text: string): boolean {
  const compact = compactNumber(text);
  // Creditor references (ISO 11649) have the same check digits and begin with RF, which is no country.
  if (!/^(?!RF)[A-Z]{2}\d{2}[0-9A-Z]{11,30}$/.test(compact)) return false;
  const digits = [...compact.slice(4), ...compact.slice(0, 4)].map((sign) => Number.parseInt(sign, 36));
  return BigInt(digits.join('')) % 97n === 1n;
}

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

/** The text with every IBAN in it shortened to its last four characters. */
export function maskAccounts(text: string): string {
  return text.replace(/\b(?!RF)[A-Z]{2}\d{2}(?: ?[0-9A-Z]){11,30}\b/g, (found) => maskLongest(found));
}

/** What follows an IBAN may look like a part of it, so the longest valid beginning counts. */
function maskLongest(found: string): string {
  for (let end = found.length; end >= 15; end -= 1) {
    const candidate = found.slice(0, end);
    if (isIban(candidate)) return `…${compactNumber(candidate).slice(-4)}${found.slice(end)}`;
  }
  return found;
}
