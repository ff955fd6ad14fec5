import { open, rename } from 'node:fs/promises';
import type { Config } from '#kernel/config';
import { apiClient, type ApiClient, type ApiError } from './api-client.ts';
import { onlyBook } from './import.ts';

/** The names of formats on the command line, and what the API calls them. */
const formats: Readonly<Record<string, string>> = {
  hledger: 'HLEDGER',
  beancount: 'BEANCOUNT',
  'saf-t': 'SAF_T',
  csv: 'CSV',
  xlsx: 'XLSX',
  pdf: 'PDF',
  json: 'JSON',
};

/** What is to be exported; all but the format may be left out. */
export interface ExportOptions {
  readonly format: string | undefined;
  /** Which report, such as balance-sheet; of CSV, XLSX and PDF only. */
  readonly report: string | undefined;
  readonly bookId: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** The bank account of a reconciliation statement; may be left out where there is one only. */
  readonly accountId: string | undefined;
  readonly out: string | undefined;
}

interface Exported {
  readonly file: { readonly path: string; readonly name: string } | null;
  readonly errors: readonly ApiError[];
}

/** The lists of what was paid against what was to be paid. */
const aboutBank = new Set(['expense-to-bank', 'reimbursements']);

/**
 * Writes the journal of a book for hledger (unless said), beancount or as SAF-T, or a report as CSV, XLSX or PDF, to a
 * file that appears whole or not at all, or to the output.
 */
export async function exportBooks(config: Config, options: ExportOptions): Promise<void> {
  const { format = 'hledger', report, from, to, out } = options;
  if (!Object.hasOwn(formats, format))
    throw new Error(`There is no format ${format}; there are ${Object.keys(formats).join(', ')}`);
  const api = apiClient(config);
  const bookId = options.bookId ?? (await onlyBook(api));
  const named = { bookId, format: formats[format], report: report?.toUpperCase().replaceAll('-', '_') };
  const days = { from, to };
  const { file, errors } =
    report === 'reconciliation-statement'
      ? await exportStatement(api, bookId, { ...options, format: formats[format] })
      : await exported(api, aboutBank.has(report ?? '') ? 'exportReconciliationList' : 'exportReport', {
          ...named,
          ...days,
        });
  if (!file) {
    throw new Error(errors.map(({ message, remedy }) => `${message}. ${remedy ?? ''}`).join('\n'));
  }
  await write(await api.download(file.path), out);
}

async function exported(api: ApiClient, mutation: string, input: object): Promise<Exported> {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  const answer = await api.run<Record<string, Exported>>(
    `mutation ($input: ${type}!) { ${mutation}(input: $input) { file { path name } errors { code message remedy } } }`,
    { input },
  );
  return answer[mutation] ?? { file: null, errors: [] };
}

async function exportStatement(
  api: ApiClient,
  bookId: string,
  { accountId, from, to, format }: ExportOptions,
): Promise<Exported> {
  if (to === undefined) throw new Error('Say the day: export pdf reconciliation-statement --to 2026-03-31');
  return exported(api, 'exportReconciliationStatement', {
    bankAccountId: accountId ?? (await onlyAccount(api, bookId)),
    asOf: to,
    from,
    format,
  });
}

/** The bank account of a book that has one; throws an Error that lists them where there are several. */
async function onlyAccount(api: ApiClient, bookId: string): Promise<string> {
  const { bankAccounts } = await api.run<{ bankAccounts: { id: string; name: string }[] }>(
    'query ($bookId: ID!) { bankAccounts(bookId: $bookId) { id name } }',
    { bookId },
  );
  const [account] = bankAccounts;
  if (!account) throw new Error('The book has no bank account');
  if (bankAccounts.length === 1) return account.id;
  const names = bankAccounts.map(({ id, name }) => `${id} ${name}`).join('\n');
  throw new Error(`There are several bank accounts; say which: --account ID\n${names}`);
}

async function write(content: Uint8Array, out: string | undefined): Promise<void> {
  if (out === undefined) {
    process.stdout.write(content);
    return;
  }
  const temporary = `${out}.new`;
  const file = await open(temporary, 'w');
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, out);
  process.stdout.write(`wrote ${out}\n`);
}
