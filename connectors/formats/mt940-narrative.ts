import { isCurrency } from '#kernel/money';
import type { BankParty } from '#connectors/ports';
import { accountOf, bicOf, isIban, joinTexts, referenceOf, tidy, withoutBlanks } from './statement-values.ts';

/** What the `:86:` field of a line says, as far as its dialect is known; the rest is remittance text. */
export interface Narrative {
  readonly counterparty: BankParty;
  readonly remittance: string;
  readonly endToEndId?: string;
  readonly structuredReference?: string;
  /** The bank's own code of the kind of movement (the German GVC). */
  readonly code?: string;
}

/** SWIFT lines end after this many characters: a full line goes on in the middle of a word. */
const FULL_LINE = 64;
/** SWIFT allows 6 lines and some banks send 30; longer text has no dialect worth the time of searching it. */
const LONGEST_NARRATIVE = 8192;
const LONGEST_ACCOUNT = 100;
/** German purpose fields hold this many characters. */
const FULL_FIELD = 27;
const SUBFIELDS = /^(\d{0,3})([?>^~<|@!])(?=\d\d)/;
const SEPA_WORDS = /((?:EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|COAM|OAMT|IBAN|BIC|PURP|RREF|RTRN)\+|MTLG:)/;
const SLASH_WORDS =
  'TRTP|TRCD|IBAN|BIC|NAME|REMI|EREF|ORDP|BENM|CNTP|PREF|MARF|CSID|RTRN|ISDT|PURP|ULTC|ULTD|ULTB|ADDR|SVCL|OCMT|CHGS|CREF|IREF|INIT|ID';
const SLASH_START = new RegExp(`^/(?:${SLASH_WORDS})/`);
const SLASH_WORD = new RegExp(`/(${SLASH_WORDS})(?=/)`);

/** Reads the lines of a `:86:` field; every dialect falls back to plain text, so nothing in it can fail. */
export function readNarrative(lines: readonly string[]): Narrative {
  if (lines.reduce((sum, line) => sum + line.length, 0) > LONGEST_NARRATIVE) {
    return { counterparty: {}, remittance: joinTexts(joinLines(lines, ' ')) };
  }
  const separator = SUBFIELDS.exec(lines[0]?.trimStart() ?? '')?.[2];
  if (separator !== undefined) {
    // Only the German dialect never breaks a line for the sake of its reader.
    const between = separator === '?' ? '' : ' ';
    // Some banks fill lines up with a blank, which may stand between a separator and its number.
    const filled = lines.map((line) => (line.trimEnd().endsWith(separator) ? line.trimEnd() : line));
    const text = joinLines(filled, between).trimStart();
    return subfields(text.replaceAll(` ${separator}`, separator), separator);
  }
  const unbroken = joinLines(lines, '');
  if (SLASH_START.test(unbroken)) return slashes(unbroken, joinLines(lines, ' '));
  const later = lines.findIndex((line) => SLASH_START.test(line));
  if (later > 0) return named(lines.slice(0, later), lines.slice(later));
  const plain = joinLines(lines, ' ').trim();
  return polishKeywords(plain) ?? plainText(lines, plain);
}

/** One text of lines that were cut by length: full lines run on, shorter ones are joined with `between`. */
function joinLines(lines: readonly string[], between: string): string {
  return lines.reduce((text, line, index) => {
    if (index === 0) return line;
    const full = (lines[index - 1] ?? '').length >= FULL_LINE;
    return text + (full ? '' : between) + line;
  }, '');
}

/** German and other `?20` dialects, whatever sign separates the fields. */
function subfields(text: string, separator: string): Narrative {
  const code = text.slice(0, text.indexOf(separator));
  const fields = new Map<number, string>();
  for (const part of text.slice(code.length).split(separator)) {
    const number = /^\d\d/.exec(part)?.[0];
    // A separator without a number behind it belongs to the text.
    const last = [...fields.keys()].at(-1);
    if (number !== undefined) fields.set(Number(number), (fields.get(Number(number)) ?? '') + part.slice(2));
    else if (last !== undefined && part !== '')
      fields.set(last, `${fields.get(last) ?? ''}${separator}${part}`);
  }
  const purpose = [...range(20, 29), ...range(60, 63)].map((number) => fields.get(number) ?? '');
  const { lead, words } = sepaWords(joinFields(purpose));
  const account = fields.get(38) ?? fields.get(31) ?? words.get('IBAN');
  const bank = fields.get(30) ?? words.get('BIC');
  const bic = bicOf(bank);
  const party = narrativeAccount(account);
  const number = party.accountNumber;
  return {
    counterparty: {
      ...party,
      // A number inside one country says nothing without its bank.
      accountNumber:
        number !== undefined && bank !== undefined && bic === undefined ? `${bank}/${number}` : number,
      name: tidy(joinFields([fields.get(32) ?? '', fields.get(33) ?? ''])),
      bic,
    },
    remittance: joinTexts(lead, words.get('SVWZ'), words.get('MTLG')) || joinTexts(fields.get(0)),
    endToEndId: referenceOf(words.get('EREF')),
    code: code === '' ? undefined : code,
  };
}

function joinFields(fields: readonly string[]): string {
  return fields
    .filter((field) => field !== '')
    .reduce((text, field, index, all) => {
      const full = index === 0 || (all[index - 1] ?? '').length >= FULL_FIELD;
      return text + (full || SEPA_WORDS.test(field.slice(0, 5)) ? '' : ' ') + field;
    }, '');
}

/** Cuts a purpose at `EREF+`, `SVWZ+` and their like; `lead` is what stands before the first. */
function sepaWords(purpose: string): { lead: string; words: Map<string, string> } {
  const [lead = '', ...parts] = purpose.split(SEPA_WORDS);
  const words = new Map<string, string>();
  for (let index = 0; index + 1 < parts.length; index += 2) {
    const [word = '', value = ''] = parts.slice(index, index + 2);
    const key = word.slice(0, -1);
    if (!words.has(key)) words.set(key, value);
  }
  return { lead, words };
}

/** Dutch `/IBAN/…/NAME/…/REMI/…` and relatives; ING packs the party into `/CNTP/iban/bic/name/city/`. */
function slashes(text: string, spaced: string): Narrative {
  const [, ...parts] = text.split(SLASH_WORD);
  const words = new Map<string, string>();
  for (let index = 0; index + 1 < parts.length; index += 2) {
    const [word = '', value = ''] = parts.slice(index, index + 2);
    if (!words.has(word) || words.get(word) === '') words.set(word, value.replace(/^\/|\/\s*$/g, '').trim());
  }
  const packed = (words.get('CNTP') ?? words.get('ORDP') ?? words.get('BENM') ?? '').split('/');
  const [kind = '', ...reference] = (words.get('REMI') ?? '').split('/');
  const structured = kind === 'STRD' ? reference.filter((part) => part !== '').at(-1) : undefined;
  const unstructured = kind === 'USTD' || kind === 'STRD' ? reference.join(' ') : words.get('REMI');
  const spare = words.has('CNTP') ? undefined : packed.slice(2).join(' ');
  return {
    counterparty: {
      ...narrativeAccount(words.get('IBAN') || packed[0]),
      name: tidy(words.get('NAME') || (words.has('CNTP') ? packed[2] : packed[1])),
      bic: bicOf(words.get('BIC') || packed[1]),
    },
    remittance: joinTexts(unstructured, spare, unmarked(spaced)),
    endToEndId: referenceOf(words.get('EREF')),
    structuredReference: referenceOf(structured),
    code: words.get('TRCD') || undefined,
  };
}

/** Text of a field that gives only an original amount or charges in slashes and then speaks freely. */
function unmarked(text: string): string | undefined {
  const rest = text.replace(/\/(?:OCMT|CHGS)\/[A-Z]{3}[\d,.]+\/?/g, ' ');
  return rest === text || SLASH_WORD.test(rest) ? undefined : rest;
}

/** SNS, ASN and RegioBank put account and name of the other side on a line of its own before the words in slashes. */
function named(first: readonly string[], rest: readonly string[]): Narrative {
  const head = plainText([...first, ''], joinLines(first, ' ').trim());
  const told = slashes(joinLines(rest, ''), joinLines(rest, ' '));
  const said = Object.entries(told.counterparty).filter(([, value]) => value !== undefined);
  return {
    ...told,
    counterparty: { ...head.counterparty, ...Object.fromEntries(said) },
    remittance: told.remittance || head.remittance,
    code: told.code ?? head.code,
  };
}

/** Polish `Z RACH.: …; OD: …; TYT.: …;`. */
function polishKeywords(text: string): Narrative | undefined {
  const value = (words: string): string | undefined =>
    new RegExp(`(?:^|;)\\s*(?:${words}):\\s*([^;]*)`).exec(text)?.[1];
  const title = value('TYT\\.?');
  if (title === undefined) return undefined;
  return {
    counterparty: { ...narrativeAccount(value('(?:Z|NA) RACH\\.?')), name: tidy(value('OD|DLA')) },
    remittance: joinTexts(title),
  };
}

/** Free text; still names its counterparty where a bank's habit is known. */
function plainText(lines: readonly string[], text: string): Narrative {
  const code = /^(\d{3})(?=[A-Z]{2})/.exec(text)?.[1];
  const remittance = joinTexts(code === undefined ? text : text.slice(3));
  const ibans = new Set((text.match(/\b[A-Z]{2}\d{2}[A-Z0-9]{11,30}\b/g) ?? []).filter(isIban));
  const iban = ibans.size === 1 ? [...ibans][0] : undefined;
  const knab = /\bNAAM:\s*(.+)$/.exec(text)?.[1];
  const swiss =
    /\b(?:AUFTRAGGEBER|BEGUENSTIGTER|EMPF[AÄ]NGER|DONNEUR D'ORDRE|ORDINANTE):\s*(.+?)(?:\s+\d{6}CH\d+)?\s*(?:MITTEILUNGEN:.*|COMMUNICATIONS?:.*|COMUNICAZIONI:.*)?$/.exec(
      text,
    )?.[1];
  // A first line of account and name, then a blank one: the account is not always an IBAN.
  const [, account, holder] = /^(\w{9,34}) (.+)$/.exec(lines[1]?.trim() === '' ? (lines[0] ?? '') : '') ?? [];
  const party = iban === undefined ? accountOf(/\bREK:\s*(\w+)/.exec(text)?.[1] ?? account) : { iban };
  return { counterparty: { ...party, name: tidy(knab ?? swiss ?? holder) }, remittance, code };
}

/** Polish banks write the number without the `PL` that makes it an IBAN. */
function narrativeAccount(text: string | undefined): BankParty {
  const number = withoutBlanks(text ?? '');
  return accountOf(/^\d{26}$/.test(number) && isIban(`PL${number}`) ? `PL${number}` : number);
}

/** The original amount (`/OCMT/`) or charges (`/CHGS/`) told in slashes: currency and figure as text. */
export function amountWord(
  text: string,
  word: 'OCMT' | 'CHGS',
): { currency: string; figure: string } | undefined {
  const [, currency, figure] = new RegExp(`/${word}/([A-Z]{3})(\\d[\\d.]*,?\\d*)`).exec(text) ?? [];
  return currency !== undefined && figure !== undefined && isCurrency(currency)
    ? { currency, figure }
    : undefined;
}

/** The number of an account field (`:25:`) with the currency some banks add to it. */
export function accountField(text: string): { party: BankParty; currency?: string } {
  const compact = withoutBlanks(text.slice(0, LONGEST_ACCOUNT));
  const [, number, code] = /^(.*\d.*?)\/?([A-Z]{3})$/.exec(compact) ?? [];
  const currency = code !== undefined && isCurrency(code) ? code : undefined;
  const account = currency === undefined || isIban(compact) ? compact : (number ?? compact);
  const [first = '', second] = account.split('/');
  // Some banks write their BIC before the number, some their name; a code of digits is part of the number.
  if (second !== undefined && /^[A-Z]+[A-Z0-9]*$/.test(first)) {
    return { party: { ...accountOf(second), bic: bicOf(first) }, currency };
  }
  return { party: accountOf(account), currency };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
