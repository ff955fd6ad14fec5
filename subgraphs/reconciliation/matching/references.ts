import { isDigit, zero } from './key-hash.ts';
import { KeyScanner } from './key-scanner.ts';

/** The checked structures of payment references that we recognise. */
export type ReferenceScheme = 'ISO 11649' | 'QRR' | 'Belgian' | 'Finnish' | 'KID';

function digitsOnly(text: string, minimum: number, maximum: number): string | undefined {
  const digits = text.replace(/\s/g, '');
  return /^\d+$/.test(digits) && digits.length >= minimum && digits.length <= maximum ? digits : undefined;
}

/** True for an ISO 11649 creditor reference: RF, two check digits, up to 21 characters, mod 97 = 1. */
export function isCreditorReference(text: string): boolean {
  const compact = text.replace(/\s/g, '').toUpperCase();
  if (!/^RF\d{2}[0-9A-Z]{1,21}$/.test(compact)) return false;
  let rest = 0;
  for (const character of compact.slice(4) + compact.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

const carries = [0, 9, 4, 6, 8, 2, 7, 1, 3, 5];

/** True for a Swiss QR reference: 27 digits, the last one by the recursive mod 10. */
export function isSwissReference(text: string): boolean {
  const digits = digitsOnly(text, 27, 27);
  if (digits === undefined || /^0+$/.test(digits)) return false;
  let carry = 0;
  for (const digit of digits.slice(0, 26)) carry = carries[(carry + Number(digit)) % 10]!;
  return (10 - carry) % 10 === Number(digits[26]);
}

/** True for a Belgian structured communication, with or without +++ and slashes: 12 digits, mod 97 (0 counts as 97). */
export function isBelgianReference(text: string): boolean {
  const bare = text.trim().replace(/^(\+{3}|\*{3})(.*)\1$/, '$2');
  const digits = /^\d{3}\/?\d{4}\/?\d{5}$/.test(bare) ? bare.replace(/\//g, '') : undefined;
  if (digits === undefined) return false;
  return (Number(digits.slice(0, 10)) % 97 || 97) === Number(digits.slice(10));
}

/** True for a Finnish reference number: 4 to 20 digits, the last one by weights 7, 3, 1 from the right. */
export function isFinnishReference(text: string): boolean {
  const digits = digitsOnly(text, 4, 20);
  if (digits === undefined || /^0+$/.test(digits)) return false;
  let total = 0;
  for (let index = 0; index < digits.length - 1; index += 1) {
    total += Number(digits[digits.length - 2 - index]) * [7, 3, 1][index % 3]!;
  }
  return (10 - (total % 10)) % 10 === Number(digits.at(-1));
}

/** True for a Norwegian KID: 2 to 25 digits, the last by mod 10 (Luhn) or mod 11 ("-" stands for ten). */
export function isNorwegianReference(text: string): boolean {
  const compact = text.replace(/\s/g, '');
  if (!/^\d{1,24}[\d-]$/.test(compact) || /^0+$/.test(compact)) return false;
  const body = compact.slice(0, -1);
  let [luhn, weighted] = [0, 0];
  for (let index = 0; index < body.length; index += 1) {
    const digit = Number(body[body.length - 1 - index]);
    const doubled = index % 2 === 0 ? digit * 2 : digit;
    luhn += doubled > 9 ? doubled - 9 : doubled;
    weighted += digit * (2 + (index % 6));
  }
  const eleven = (11 - (weighted % 11)) % 11;
  return (
    compact.endsWith(String((10 - (luhn % 10)) % 10)) ||
    compact.endsWith(eleven === 10 ? '-' : String(eleven))
  );
}

/** The structure whose check digits hold, the most demanding first; undefined when none does. */
export function referenceScheme(text: string): ReferenceScheme | undefined {
  if (isCreditorReference(text)) return 'ISO 11649';
  if (isSwissReference(text)) return 'QRR';
  if (isBelgianReference(text)) return 'Belgian';
  if (isFinnishReference(text)) return 'Finnish';
  return isNorwegianReference(text) ? 'KID' : undefined;
}

/** Letters and digits only, upper case: "inv-2026/0042" and "INV 2026 0042" are one text. */
export function compactReference(text: string): string {
  return text
    .normalize('NFKD')
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '');
}

const looksLikeYear = /^20[0-4]\d$/;

/** The number that tells an invoice from its neighbours: its last digit run that is not a year, without leading zeros. */
export function serialOf(reference: string): string | undefined {
  // Without patterns: it is asked for every item of a ledger, again and again.
  for (let end = reference.length; end > 0;) {
    let first = end;
    while (first > 0 && isDigit(reference.charCodeAt(first - 1))) first -= 1;
    if (first === end) end -= 1;
    else if (end - first === 4 && looksLikeYear.test(reference.slice(first, end))) end = first;
    else {
      while (first < end && reference.charCodeAt(first) === zero) first += 1;
      return end - first >= 4 ? reference.slice(first, end) : undefined;
    }
  }
  return undefined;
}

/** One for all texts: each is read to its end before the next. */
const scanner = new KeyScanner();

/** The keys under which a document's own reference is found: as written, without leading zeros, and digits only. */
export function keysOfReference(reference: string): string[] {
  scanner.read(reference);
  const { meant, bare, written } = scanner.whole();
  const digits = meant.replace(/\D+/g, '');
  const keys: string[] = [];
  if (digits === '') return keys;
  addKey(keys, meant);
  addKey(keys, bare);
  addKey(keys, written);
  if (digits.length >= 6) addKey(keys, digits);
  return keys;
}

function addKey(keys: string[], key: string): void {
  if (key.length >= 4 && !keys.includes(key) && !(key.length === 4 && looksLikeYear.test(key)))
    keys.push(key);
}

/** What a payer wrote, cut into what can be looked up. */
export interface ReferenceText {
  /** Runs of neighbouring words written together, upper case, each with a digit. */
  readonly keys: readonly string[];
  /** Digit runs of four digits and more that are no years, without leading zeros. */
  readonly numbers: readonly string[];
}

/** Cuts remittance text and reference fields into keys and numbers; order and repetition do not matter. */
export function readReferences(texts: readonly string[]): ReferenceText {
  const keys = new Set<string>();
  const numbers: string[] = [];
  for (const text of texts) {
    scanner.read(text);
    scanner.keys(() => keys.add(scanner.key()));
    for (const number of numbersIn(scanner)) if (!numbers.includes(number)) numbers.push(number);
  }
  return { keys: [...keys], numbers };
}

/** The numbers of four digits and more that are no years in what was read, without leading zeros. */
export function numbersIn(read: KeyScanner): string[] {
  return read
    .digitRuns(4)
    .filter((run) => !looksLikeYear.test(run))
    .map((run) => run.replace(/^0+/, ''))
    .filter((number) => number.length >= 4);
}

/** How a number in the text comes near a serial: cut short, or one typing error; undefined when it does not. */
export function nearSerial(number: string, serial: string): 'cut' | 'mistyped' | undefined {
  if (number === serial || serial.length < 5) return undefined;
  if (number.length >= 4 && serial.length - number.length <= 3 && serial.startsWith(number)) return 'cut';
  if (number.length !== serial.length) return undefined;
  const differing = serial.split('').flatMap((digit, index) => (digit === number[index] ? [] : [index]));
  if (differing.length === 1) return 'mistyped';
  const [first, second] = differing;
  const swapped =
    differing.length === 2 &&
    second === first! + 1 &&
    number[first!] === serial[second] &&
    number[second] === serial[first!];
  return swapped ? 'mistyped' : undefined;
}
