import { open, rename } from 'node:fs/promises';
import { calendarDate } from '#kernel/calendar';
import type { Config } from '#kernel/config';
import { parseMoney } from '#kernel/money';
import type { LedgerEntry } from '#connectors/ports';
import { renderJournal } from '../connectors/hledger-journal/journal-text.ts';
import { ledgerEntryOf } from '../subgraphs/sync/ledger-entry.ts';
import { apiClient, type ApiClient } from './api-client.ts';
import { onlyBook } from './import.ts';

const pageSize = 100;

interface EntryNode {
  readonly id: string;
  readonly number: string;
  readonly postedOn: string;
  readonly description: string;
  readonly lines: readonly {
    readonly account: { readonly code: string; readonly name: string } | null;
    readonly side: 'DEBIT' | 'CREDIT';
    readonly money: { readonly amount: string; readonly currency: string };
    readonly memo: string | null;
    readonly dimensions: readonly { readonly dimension: string; readonly code: string }[];
  }[];
  readonly fields: readonly { readonly key: string; readonly value: string }[];
}

interface Page {
  readonly journalEntries: {
    readonly edges: readonly { readonly node: EntryNode }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

/** Writes the journal of a book in hledger's format, to a file that appears whole or not at all, or to the output. */
export async function exportJournal(
  config: Config,
  options: { readonly bookId: string | undefined; readonly out: string | undefined },
): Promise<void> {
  const api = apiClient(config);
  const entries = await allEntries(api, options.bookId ?? (await onlyBook(api)));
  const journal = renderJournal(entries);
  if (options.out === undefined) process.stdout.write(journal);
  else {
    await writeWhole(options.out, journal);
    process.stdout.write(`wrote ${entries.length} entries to ${options.out}\n`);
  }
}

/** Every entry of a book by day and number. */
async function allEntries(api: ApiClient, bookId: string): Promise<LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  for (let after: string | null = null; ;) {
    const { journalEntries }: Page = await api.run<Page>(
      `query ($bookId: ID!, $first: Int!, $after: String) {
         journalEntries(bookId: $bookId, first: $first, after: $after) {
           edges { node { id number postedOn description
             fields { key value }
             lines { account { code name } side money { amount currency } memo dimensions { dimension code } } } }
           pageInfo { hasNextPage endCursor }
         }
       }`,
      { bookId, first: pageSize, after },
    );
    entries.push(...journalEntries.edges.map(({ node }) => ledgerEntry(node)));
    after = journalEntries.pageInfo.endCursor;
    if (!journalEntries.pageInfo.hasNextPage || after === null) break;
  }
  return entries.toSorted((a, b) => compare(a.postedOn, b.postedOn) || compare(a.number, b.number));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** The same entry as the sync would push it, so that both journals say the same. */
function ledgerEntry({ id, number, postedOn, description, lines, fields }: EntryNode): LedgerEntry {
  return ledgerEntryOf({
    entry_id: id,
    number,
    posted_on: calendarDate(postedOn),
    description,
    fields: Object.fromEntries(fields.map(({ key, value }) => [key, value])),
    lines: lines.map(({ account, side, money, memo, dimensions }) => {
      if (!account) throw new Error(`The account of a line of ${number} could not be loaded; try again`);
      const { minor, currency } = parseMoney(money.amount, money.currency);
      return {
        accountCode: account.code,
        accountName: account.name,
        side,
        money: { minor: String(minor), currency },
        memo: memo ?? undefined,
        dimensions: Object.fromEntries(dimensions.map(({ dimension, code }) => [dimension, code])),
      };
    }),
  });
}

async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
