import type { Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import type { CsvProfile } from '#connectors/ports';
import { checkChain } from './check-chain.ts';
import {
  currencyOfAccount,
  findBankAccount,
  loadBankAccounts,
  type AccountSearch,
  type KnownAccount,
} from './find-bank-account.ts';
import { allRead, readAgain, type ReadFile, type ReadStatement } from './read-statement-files.ts';
import { releaseWhatJoins } from './release-statement.ts';
import { storeStatement, type StatementToStore } from './store-statement.ts';
import { loadProfiles, noteUse, profileFor, rememberProfile } from './table-profiles.ts';

/** Where statements go, and what whoever imports them says of the files. */
export interface StatementImport {
  readonly bookId: string;
  readonly bankAccountId?: string | undefined;
  /** Whether `bankAccountId` is only for statements that name no account of the book themselves. */
  readonly onlyUnnamed?: boolean;
  readonly csv?: CsvProfile | undefined;
  readonly dayFirst?: boolean | undefined;
}

/** What became of the files. */
export interface ImportedStatements extends Record<string, unknown> {
  readonly statementIds: string[];
  readonly imported: number;
  readonly alreadyKnown: number;
}

/** Stores the statements of files that were read; the book is locked. What is wrong is reported, and the rest goes on. */
export async function importStatements(
  transaction: Transaction,
  input: StatementImport,
  files: readonly ReadFile[],
): Promise<ImportedStatements> {
  const { bookId } = input;
  const known = await withWhatIsKnown(transaction, input, files);
  const read = allRead(known);
  for (const error of read.errors) transaction.report(error);
  const found = await withAccounts(transaction, input, read.statements);
  const total = { imported: 0, alreadyKnown: 0 };
  const statementIds: string[] = [];
  for (const one of found.toSorted(byFirstDay)) {
    const stored = await storeStatement(transaction, bookId, one);
    total.imported += stored.imported;
    total.alreadyKnown += stored.alreadyKnown;
    if (!statementIds.includes(stored.statementId)) statementIds.push(stored.statementId);
  }
  await rememberTables(transaction, input, { files: known, found });
  const accounts = new Map(found.map(({ account }) => [account.id, account]));
  await releaseWhatJoins(transaction, bookId, [...accounts.keys()]);
  for (const { id, currency } of accounts.values()) {
    await checkChain(transaction, { bookId, bankAccountId: id, currency }, statementIds);
  }
  return { statementIds, ...total };
}

/** Reads again what gains by the currency of the account, and tables by what was said of others like them. */
async function withWhatIsKnown(
  transaction: Transaction,
  { bookId, bankAccountId, csv, dayFirst }: StatementImport,
  files: readonly ReadFile[],
): Promise<readonly ReadFile[]> {
  const currency = await currencyOfAccount(transaction, bookId, bankAccountId);
  const account = currency === undefined ? undefined : { currency };
  const tables = csv === undefined && files.some(({ headings }) => headings !== undefined);
  const profiles = tables ? await loadProfiles(transaction, { bookId, bankAccountId }) : [];
  if (account === undefined && profiles.length === 0) return files;
  const used = new Set<string>();
  const read = await readAgain(
    files,
    (file) => {
      const stored = profileFor(profiles, file, bankAccountId !== undefined);
      if (stored) used.add(stored.id);
      return stored || account ? { csv: csv ?? stored?.profile, dayFirst, account } : undefined;
    },
    transaction.services,
  );
  await noteUse(transaction, [...used]);
  return read;
}

/** What somebody said of the columns of a table holds for the next ones of its account. */
async function rememberTables(
  transaction: Transaction,
  { bookId, csv }: StatementImport,
  { files, found }: { readonly files: readonly ReadFile[]; readonly found: readonly StatementToStore[] },
): Promise<void> {
  if (csv === undefined) return;
  for (const { fileId, headings } of files) {
    if (headings === undefined) continue;
    const accounts = new Set(found.filter((one) => one.fileId === fileId).map(({ account }) => account.id));
    for (const bankAccountId of accounts) {
      await rememberProfile(transaction, { bookId, bankAccountId }, { headings, profile: csv });
    }
  }
}

/** The statements whose accounts are found; of the others is reported why not. */
async function withAccounts(
  transaction: Transaction,
  { bookId, bankAccountId, onlyUnnamed = false }: StatementImport,
  statements: readonly ReadStatement[],
): Promise<StatementToStore[]> {
  const accounts = await loadBankAccounts(transaction, bookId, statements);
  const numbers = accountNumbers(statements);
  const found: StatementToStore[] = [];
  for (const one of statements) {
    try {
      const accountsOfFile = numbers.get(one.fileId)?.size ?? 0;
      const search = { accounts, bankAccountId, bookId, accountsOfFile, statement: one.statement };
      const account = onlyUnnamed
        ? findNamedOrGiven(transaction, search)
        : findBankAccount(transaction, search);
      found.push({ ...one, account });
    } catch (error) {
      if (!(error instanceof CrossfootError)) throw error;
      transaction.report(error.toUserError());
    }
  }
  return found;
}

/** The account that the statement names, else the given one. */
function findNamedOrGiven(transaction: Transaction, search: AccountSearch): KnownAccount {
  const { iban, accountNumber } = search.statement.account;
  if ((iban ?? accountNumber) === undefined) return findBankAccount(transaction, search);
  try {
    return findBankAccount(transaction, { ...search, bankAccountId: undefined });
  } catch (error) {
    if (!(error instanceof CrossfootError) || iban !== undefined || !search.bankAccountId) throw error;
    return findBankAccount(transaction, search);
  }
}

/** The numbers of accounts by the file in which they stand. */
function accountNumbers(statements: readonly ReadStatement[]): Map<string, Set<string>> {
  const numbers = new Map<string, Set<string>>();
  for (const { fileId, statement } of statements) {
    const known = numbers.get(fileId) ?? new Set();
    numbers.set(fileId, known.add(statement.account.iban ?? statement.account.accountNumber ?? ''));
  }
  return numbers;
}

/** Each statement is held against those before it, so the oldest goes first. */
function byFirstDay(a: ReadStatement, b: ReadStatement): number {
  return firstDay(a).localeCompare(firstDay(b));
}

function firstDay({ statement }: ReadStatement): string {
  return statement.from ?? statement.lines[0]?.bookedOn ?? '';
}
