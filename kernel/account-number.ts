/** How many characters an IBAN of each country has, by the register of ISO 13616. */
const lengths = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ' +
    'ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 ' +
    'LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 ' +
    'PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** The signs that count of an account or tax number: no blanks, dots or slashes, capitals only. */
export function compactNumber(number: string): string {
  return number.replace(/[^0-9A-Za-z]/g, '').toUpperCase();
}

/** ISO 7064 modulo 97-10 over a compact number, its first four characters moved to the end. */
export function hasIbanCheckDigits(compact: string): boolean {
  const digits = `${compact.slice(4)}${compact.slice(0, 4)}`.replace(/[A-Z]/g, (letter) =>
    String(Number.parseInt(letter, 36)),
  );
  return /^\d+$/.test(digits) && BigInt(digits) % 97n === 1n;
}

/**
 * Whether a text, however it is grouped, is an IBAN by ISO 13616: country, its length and check digits. The country
 * decides too, because creditor references (RF…) have the same check digits.
 */
export function isIban(text: string): boolean {
  const compact = compactNumber(text);
  if (!/^[A-Z]{2}\d{2}/.test(compact) || lengths.get(compact.slice(0, 2)) !== compact.length) return false;
  return hasIbanCheckDigits(compact);
}

/**
 * The text with every IBAN in it, and every mention of an account that is known to be meant, shortened to its last four
 * characters, however it is grouped.
 */
export function maskAccounts(text: string, known?: string): string {
  return maskIbans(known === undefined ? text : maskKnown(text, compactNumber(known)));
}

function maskIbans(text: string): string {
  let masked = '';
  let rest = text;
  for (let at = rest.search(ibanStart); at >= 0; at = rest.search(ibanStart)) {
    const length = lengths.get(rest.slice(at, at + 2).toUpperCase()) ?? 0;
    const found = new RegExp(`^(?:[0-9A-Za-z] ?){${length}}`).exec(rest.slice(at))?.[0].trimEnd() ?? '';
    const end = at + (isIban(found) ? found.length : 1);
    masked += isIban(found) ? `${rest.slice(0, at)}…${compactNumber(found).slice(-4)}` : rest.slice(0, end);
    rest = rest.slice(end);
  }
  return masked + rest;
}

const ibanStart = /[A-Za-z]{2}\d{2} ?[0-9A-Za-z]/;
/** Below this a number with signs between its digits may be an amount or a day. */
const longEnoughToGroup = 8;

function maskKnown(text: string, compact: string): string {
  if (compact.length <= 4) return text;
  const between = compact.length < longEnoughToGroup ? '' : '[^0-9A-Za-z\\n]{0,2}';
  const mention = new RegExp(`(?<![0-9A-Za-z])${compact.split('').join(between)}(?![0-9A-Za-z])`, 'gi');
  return text.replace(mention, `…${compact.slice(-4)}`);
}
