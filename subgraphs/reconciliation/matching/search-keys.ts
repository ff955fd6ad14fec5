import { nameTokens } from '#kernel/names';
import { compactReference, keysOfReference, readReferences, serialOf } from './references.ts';

/** What lines and items are looked up by, so that a run loads only those that can concern each other. */

/** Raised when keys are made in another way, so that those that are stored are made anew. */
export const keysVersion = 1;

/** An item as far as its keys go. */
export interface KeyedItem {
  readonly id: string;
  readonly reference: string | undefined;
  readonly paymentReference: string | undefined;
  readonly counterpartyName: string | undefined;
  /** Keyed hashes of accounts. */
  readonly accounts: readonly string[];
  readonly partyId: string | undefined;
}

/** A line as far as its keys go. */
export interface KeyedLine {
  readonly references: readonly string[];
  readonly text: string;
  readonly counterpartyName: string | undefined;
  /** Keyed hash of the account. */
  readonly account: string | undefined;
}

/** How much a word says about who somebody is: an account everything, how a word begins little. */
export const weightOfWord: Readonly<Record<string, number>> = { a: 100, n: 50, t: 3, s: 1 };

/** A text with more references than this is a list of something else. */
const mostKeys = 400;

/** The keys under which a payer may name an item; serial numbers alone begin with `#`. */
export function keysOfItem({ reference, paymentReference }: KeyedItem): string[] {
  const whole = [reference, paymentReference].flatMap((text) => (text ? keysOfReference(text) : []));
  const serial = reference === undefined ? undefined : serialOf(reference);
  return [...new Set([...whole, ...(serial === undefined ? [] : [`#${serial}`])])];
}

/** The keys of all a line says. */
export function keysOfLine({ references, text }: KeyedLine): string[] {
  const { keys, numbers } = readReferences([...references, text]);
  return [...numbers.map((number) => `#${number}`), ...keys].slice(0, mostKeys);
}

/** Who an item belongs to, as one text: by the party's id, else by name, else by account. */
export function partyKeyOf(item: KeyedItem): string {
  if (item.partyId) return `id ${item.partyId}`;
  const name = nameTokens(item.counterpartyName ?? '').join(' ');
  if (name) return `name ${name}`;
  const [account] = item.accounts;
  return account ? `account ${account}` : `item ${item.id}`;
}

/** The words by which a name and accounts are found, each with what kind of word it is. */
export function wordsOf(names: readonly (string | undefined)[], accounts: readonly string[]): string[] {
  const words = new Set(accounts.map((account) => `a:${account}`));
  for (const name of names) {
    const tokens = nameTokens(name ?? '');
    if (tokens.length === 0) continue;
    words.add(`n:${tokens.join(' ')}`);
    for (const token of tokens) {
      words.add(`t:${token}`);
      words.add(`s:${token.slice(0, 4)}`);
    }
  }
  return [...words];
}

/** The text of a line that stayed open, in which the keys of later items are looked for. */
export function searchableText({ references, text, counterpartyName }: KeyedLine): string {
  const said = [...references, text].map(compactReference).join(' ');
  return `${said} | ${nameTokens(counterpartyName ?? '').join(' ')}`;
}

/** What is looked for in searchable texts for an item: its keys, and the words of its party. */
export function needlesOf(item: KeyedItem): string[] {
  const keys = keysOfItem(item).map((key) => key.replace(/^#/, ''));
  const words = nameTokens(item.counterpartyName ?? '').filter((token) => token.length >= 4);
  return [...new Set([...keys, ...words])];
}
