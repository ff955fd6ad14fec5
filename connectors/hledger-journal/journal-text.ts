import { absolute, currencyDigits, formatMoney, isCurrency, money } from '#kernel/money';
import { CrossfootError } from '#kernel/errors';
import type { LedgerEntry, LedgerPosting } from '#connectors/ports';

/** Names already declared in a journal, so that a later batch declares new ones only. */
export interface Declared {
  readonly accounts: Set<string>;
  readonly currencies: Set<string>;
}

/** What a batch becomes in the file, and what it declares and holds. */
export interface RenderedBatch extends Declared {
  readonly text: string;
}

/** The first line of a journal of ours. */
export const advice =
  '; Written by Crossfoot. Keep entries of your own in another file that includes this one.';

/** The whole journal of these entries, directives first; throws SYNC_REFUSED for an entry no journal can hold. */
export function renderJournal(entries: readonly LedgerEntry[]): string {
  for (const entry of entries) {
    const fault = faultOf(entry);
    if (fault) throw new CrossfootError('SYNC_REFUSED', `Entry ${entry.number || entry.id}: ${fault}`);
  }
  return `${advice}\n${renderBatch(entries).text}`;
}

/** Directives for what the journal has not declared yet, then the entries; every line ends with a line feed. */
export function renderBatch(
  entries: readonly LedgerEntry[],
  declared: Declared = { accounts: new Set(), currencies: new Set() },
): RenderedBatch {
  const postings = entries.flatMap((entry) => entry.postings);
  const currencies = fresh(
    postings.flatMap(({ amount, worth }) => [amount.currency, ...(worth ? [worth.currency] : [])]),
    declared.currencies,
  );
  const accounts = fresh(
    postings.map((posting) => accountName(posting.account)),
    declared.accounts,
  );
  const lines = [
    // Without it hledger would have to guess whether the point of 1.000 parts thousands or decimals.
    ...(declared.currencies.size === 0 ? ['decimal-mark .'] : []),
    ...currencies.map((currency) => `commodity ${sampleAmount(currency)} ${currency}`),
    ...accounts.map((account) => `account ${account}`),
    '',
    ...entries.flatMap((entry) => [...renderEntry(entry), '']),
  ];
  return {
    text: lines.map((line) => `${line}\n`).join(''),
    accounts: new Set(accounts),
    currencies: new Set(currencies),
  };
}

/** Why no journal can hold this entry, in a sentence; undefined when it can. */
export function faultOf(entry: LedgerEntry): string | undefined {
  if (!/^[A-Za-z0-9_-]{1,100}$/.test(entry.id)) return 'its id holds more than letters, digits, - and _';
  if (entry.postings.length < 2) return 'it has fewer than two postings';
  const sums = new Map<string, bigint>();
  for (const { account, amount } of entry.postings) {
    if (accountName(account) === '') return 'a posting names no account';
    if (!isCurrency(amount.currency)) return `${amount.currency} is not a currency in force`;
    sums.set(amount.currency, (sums.get(amount.currency) ?? 0n) + amount.minor);
  }
  for (const [currency, sum] of sums) {
    if (sum !== 0n)
      return `its postings in ${currency} add up to ${formatMoney(money(sum, currency))}, not to zero`;
  }
  return undefined;
}

/** The line by which an entry's id is found again in a journal. */
export const entryLine = /^\d{4}-\d{2}-\d{2} \* \([^)]*\) [^;]*; entry:([A-Za-z0-9_-]+)\r?$/;

/**
 * An account name as hledger takes it: levels parted by colons, single blanks, none of the marks that would make the
 * posting virtual, a comment or an amount.
 */
export function accountName(name: string): string {
  return name
    .split(':')
    .map((level) => plainText(level))
    .map((level) => level.replace(/^[[(*!~=\s]+/, '').trimEnd())
    .filter((level) => level !== '')
    .join(':');
}

function renderEntry(entry: LedgerEntry): string[] {
  const number = plainText(entry.number).replaceAll(')', '').replaceAll('(', '');
  const description = plainText(entry.description);
  return [
    `${entry.postedOn} * (${number}) ${description}${description ? '  ' : ' '}; entry:${entry.id}`,
    ...sorted(entry.fields).map(([key, value]) => `    ; ${tagText(key, value)}`),
    ...entry.postings.map(renderPosting),
  ];
}

function renderPosting({ account, amount, worth, memo, dimensions = {} }: LedgerPosting): string {
  const tags = sorted(dimensions).map(([key, code]) => tagText(key, code));
  const comment = [memo ? memoText(memo) : '', ...tags].filter(Boolean).join(', ');
  // The price of the whole has no sign: it takes that of the amount.
  const price = worth ? ` @@ ${formatMoney(absolute(worth))} ${worth.currency}` : '';
  const line = `    ${accountName(account)}  ${formatMoney(amount)} ${amount.currency}${price}`;
  return comment ? `${line}  ; ${comment}` : line;
}

/** A comment that stays one: hledger reads `date:` tags and dates in brackets inside comments. */
function memoText(memo: string): string {
  return plainText(memo).replaceAll(':', '=').replaceAll('[', '(').replaceAll(']', ')');
}

/** By name, so that the same entry is always written the same. */
function sorted(values: Readonly<Record<string, string>> = {}): [string, string][] {
  return Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** Tags that mean something of their own to hledger, and the one by which an entry is found again. */
const reservedTags = /^(?:amt|assertion|date2?|desc|entry|type)$/;
/** What would end a tag, begin a date, or be changed on the way. */
const unsafeInTags = /[%,;[\]\p{Zl}\p{Zp}\p{Cc}\p{Cf}]|^\s|\s$|\s(?=\s)|[^\S ]/gu;

/** A tag as hledger knows it; signs that would end it are written %2C as in addresses, so that it can be read back. */
function tagText(key: string, value: string): string {
  const word = key.replace(/[^\p{L}\p{N}_-]/gu, '-');
  const name = reservedTags.test(word) ? `${word}-` : word;
  return `${name}:${value.toWellFormed().replace(unsafeInTags, (sign) => encodeURIComponent(sign))}`;
}

/** The tags of a comment by name, as `tagText` wrote them. */
export function tagsIn(comment: string): Record<string, string> {
  const tags = [...comment.matchAll(/(?:^|,)\s*([\p{L}\p{N}_-]+):([^,]*)/gu)];
  return Object.fromEntries(
    tags.map(([, name = '', value = '']) => [name, decodeURIComponent(value.trim())]),
  );
}

/** One line without control characters, with single blanks; a semicolon would begin a comment. */
function plainText(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Z}\p{Cc}\p{Cf}]+/gu, ' ')
    .replaceAll(';', ',')
    .trim();
}

/** 1000 with the currency's decimals; hledger wants the mark even where no decimals follow. */
function sampleAmount(currency: string): string {
  const text = formatMoney(money(1000n * 10n ** BigInt(currencyDigits(currency)), currency));
  return text.includes('.') ? text : `${text}.`;
}

function fresh(names: readonly string[], known: ReadonlySet<string>): string[] {
  return [...new Set(names)].filter((name) => !known.has(name)).toSorted();
}
