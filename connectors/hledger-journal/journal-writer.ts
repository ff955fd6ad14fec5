import { CrossfootError } from '#kernel/errors';
import type { LedgerEntry } from '#connectors/ports';
import type { JournalAccount, JournalWriter } from '#connectors/journal-ports';
import { advice, faultOf, renderBatch, type Declared } from './journal-text.ts';

/**
 * Writes a journal for hledger: foreign amounts carry what they are worth as the price of the whole, so that
 * `hledger balance` agrees with our balances in every currency and `hledger balance -B` with those in the base currency.
 */
export const hledgerWriter: JournalWriter = {
  mediaType: 'text/plain; charset=utf-8',
  extension: 'journal',
  async *write({ accounts, entries }) {
    const names = new Map(accounts.map((account) => [account.code, nameOf(account)]));
    const declared: Declared = { accounts: new Set(), currencies: new Set() };
    yield `${advice}\n`;
    for await (const batch of entries) {
      const rendered = renderBatch(
        batch.map((entry) => named(entry, names)),
        declared,
      );
      for (const account of rendered.accounts) declared.accounts.add(account);
      for (const currency of rendered.currencies) declared.currencies.add(currency);
      yield rendered.text;
    }
  },
};

function named(entry: LedgerEntry, names: ReadonlyMap<string, string>): LedgerEntry {
  const fault = faultOf(entry);
  if (fault) throw new CrossfootError('SYNC_REFUSED', `Entry ${entry.number}: ${fault}`);
  return {
    ...entry,
    postings: entry.postings.map((posting) => ({
      ...posting,
      account: names.get(posting.account) ?? posting.account,
    })),
  };
}

/** Colons part levels of accounts; one inside a name is no level. */
function nameOf({ code, name }: JournalAccount): string {
  const level = name.replace(/\s*:\s*/g, ' - ').trim();
  return level ? `${code}:${level}` : code;
}
