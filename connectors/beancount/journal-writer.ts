import { CrossfootError } from '#kernel/errors';
import { formatMoney, money } from '#kernel/money';
import type { LedgerEntry, LedgerPosting } from '#connectors/ports';
import type { JournalAccount, JournalWriter } from '#connectors/journal-ports';

const roots: Readonly<Record<JournalAccount['type'], string>> = {
  ASSET: 'Assets',
  LIABILITY: 'Liabilities',
  EQUITY: 'Equity',
  INCOME: 'Income',
  EXPENSE: 'Expenses',
};

/**
 * Writes a journal for beancount: accounts by type and code, entries linked by their number and named by their id, what
 * foreign amounts are worth as metadata. Prices would make it weigh entries in the base currency only, and accept what
 * does not balance in its own.
 */
export const beancountWriter: JournalWriter = {
  mediaType: 'text/plain; charset=utf-8',
  extension: 'beancount',
  async *write({ title, currency, accounts, firstOn, entries }) {
    const names = new Map(accounts.map((account) => [account.code, beancountAccount(account)]));
    yield `option "title" ${quoted(title)}\noption "operating_currency" "${currency}"\n\n`;
    yield accounts
      .map(({ code, name }) => `${firstOn} open ${names.get(code)}\n  name: ${quoted(name)}\n`)
      .join('');
    for await (const batch of entries) yield batch.map((entry) => `\n${entryText(entry, names)}`).join('');
  },
};

/** `Assets:1000`; signs beancount does not take in names are written as a hyphen and their hexadecimal code. */
export function beancountAccount({ code, type }: Pick<JournalAccount, 'code' | 'type'>): string {
  const plain = code.replace(
    /[^A-Za-z0-9]/g,
    (sign) => `-${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
  // A level begins with a capital letter or a digit.
  return `${roots[type]}:${/^[A-Z0-9]/.test(plain) ? plain : `0-${plain}`}`;
}

function entryText(entry: LedgerEntry, names: ReadonlyMap<string, string>): string {
  const sums = new Map<string, bigint>();
  for (const { amount } of entry.postings)
    sums.set(amount.currency, (sums.get(amount.currency) ?? 0n) + amount.minor);
  for (const [currency, sum] of sums) {
    // Beancount infers a tolerance from the digits; what is written must balance exactly.
    if (sum === 0n) continue;
    const rest = formatMoney(money(sum, currency));
    throw new CrossfootError(
      'SYNC_REFUSED',
      `Entry ${entry.number}: its ${currency} add up to ${rest}, not to zero`,
    );
  }
  const fields = Object.entries(entry.fields ?? {});
  return [
    `${entry.postedOn} * ${quoted(entry.description)} ^${entry.number.replace(/[^A-Za-z0-9-]/g, '-')}`,
    `  entry: ${quoted(entry.id)}`,
    ...fields.map(([key, value]) => `  ${metadataKey(key)}: ${quoted(value)}`),
    ...entry.postings.flatMap((posting) => postingLines(posting, names)),
    '',
  ].join('\n');
}

function postingLines(
  { account, amount, worth, memo, dimensions }: LedgerPosting,
  names: ReadonlyMap<string, string>,
) {
  const name = names.get(account);
  if (name === undefined)
    throw new Error(`The account ${account} of an entry is not among those of the journal`);
  return [
    `  ${name}  ${formatMoney(amount)} ${amount.currency}`,
    ...(worth ? [`    worth: ${formatMoney(worth)} ${worth.currency}`] : []),
    ...(memo ? [`    memo: ${quoted(memo)}`] : []),
    ...Object.entries(dimensions ?? {}).map(([key, code]) => `    ${metadataKey(key)}: ${quoted(code)}`),
  ];
}

/** Names beancount itself or we give a meaning to. */
const reserved = /^(?:filename|lineno|entry|memo|worth|name)$/;

function metadataKey(key: string): string {
  const word = key.replace(/[^A-Za-z0-9_-]/g, '-').replace(/^[^a-z]+/, (start) => start.toLowerCase());
  const name = /^[a-z]/.test(word) ? word : `f${word}`;
  return reserved.test(name) ? `${name}-` : name;
}

/** A text in quotes on one line. */
function quoted(text: string): string {
  const line = text
    .toWellFormed()
    .replace(/[\p{Z}\p{Cc}\p{Cf}]+/gu, ' ')
    .trim();
  return `"${line.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
