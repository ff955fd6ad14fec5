import { compactNumber } from '#kernel/account-number';
import type { Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import type { BankStatement } from '#connectors/ports';
import { spellings } from './account-number.ts';
import type { ReadStatement } from './read-statement-files.ts';

/** A bank account as an import needs it. */
export interface KnownAccount {
  readonly id: string;
  readonly bookId: string;
  readonly currency: string;
  readonly lastFour: string;
  readonly numbers: ReadonlySet<string>;
}

/** The accounts of the book, and those of other books that the statements name. */
export async function loadBankAccounts(
  transaction: Transaction,
  bookId: string,
  statements: readonly ReadStatement[],
): Promise<KnownAccount[]> {
  const named = [...new Set(statements.flatMap(({ statement }) => indexesOf(transaction, statement)))];
  const rows = await transaction.query<{
    id: string;
    book_id: string;
    currency: string;
    last_four: string;
    numbers: string[];
  }>(
    `select a.id, a.book_id, a.currency, a.last_four, array_agg(n.number_index) as numbers
       from reconciliation.bank_account a
       join reconciliation.bank_account_number n on n.bank_account_id = a.id
      where a.book_id = $1
         or a.id in (select bank_account_id from reconciliation.bank_account_number where number_index = any($2))
      group by a.organisation_id, a.id`,
    [bookId, named],
  );
  return rows.map((row) => ({
    id: row.id,
    bookId: row.book_id,
    currency: row.currency,
    lastFour: row.last_four,
    numbers: new Set(row.numbers),
  }));
}

/** The currency of an account of the book that was named; undefined when none was, or there is no such account. */
export async function currencyOfAccount(
  transaction: Transaction,
  bookId: string,
  bankAccountId: string | undefined,
): Promise<string | undefined> {
  if (bankAccountId === undefined) return undefined;
  const account = await transaction.maybe<{ currency: string }>(
    'select currency from reconciliation.bank_account where id = $1 and book_id = $2',
    [bankAccountId, bookId],
  );
  return account?.currency;
}

/** Which account is looked for. */
export interface AccountSearch {
  readonly statement: BankStatement;
  readonly accounts: readonly KnownAccount[];
  readonly bankAccountId?: string | undefined;
  readonly bookId: string;
  /** How many accounts the file it stands in is of. */
  readonly accountsOfFile: number;
}

/** The account of a statement in the book; throws BANK_ACCOUNT_UNKNOWN or CURRENCY_MISMATCH. */
export function findBankAccount(transaction: Transaction, search: AccountSearch): KnownAccount {
  const { statement, accounts, bankAccountId, bookId, accountsOfFile } = search;
  const number = statement.account.iban ?? statement.account.accountNumber;
  const called = number === undefined ? 'an account it does not name' : `…${compactNumber(number).slice(-4)}`;
  const indexes = indexesOf(transaction, statement);
  const named = accounts.filter((account) => indexes.some((index) => account.numbers.has(index)));
  const chosen = bankAccountId === undefined ? undefined : accounts.find(({ id }) => id === bankAccountId);
  if (bankAccountId !== undefined && chosen?.bookId !== bookId) {
    throw unknown(`There is no bank account ${bankAccountId} in this book`);
  }
  // An IBAN says for certain which account it is; other numbers banks write in many ways.
  const certain = named.length > 0 || statement.account.iban !== undefined;
  if (chosen && certain && !named.includes(chosen)) {
    throw unknown(`The statement is of ${called}, not of …${chosen.lastFour}`);
  }
  if (chosen && !certain && accountsOfFile > 1) {
    throw unknown(
      `The file is of ${accountsOfFile} accounts, and nothing says that ${called} is …${chosen.lastFour}; open each under the number that the file gives it`,
    );
  }
  const own = chosen ? [chosen] : named.filter((account) => account.bookId === bookId);
  const fitting = own.filter((account) => account.currency === statement.currency);
  const [account, another] = fitting;
  if (account && !another) return account;
  if (another) throw unknown(`Several accounts of this book fit ${called}; name one as bankAccountId`);
  if (own[0])
    throw unknown(
      `The account ${called} is kept in ${own[0].currency}, the statement in ${statement.currency}`,
    );
  if (named.length > 0) throw unknown(`The account ${called} belongs to another book`);
  throw unknown(
    number === undefined
      ? 'The statement does not name its account; name it as bankAccountId'
      : `No bank account of this book has the number ${called}`,
  );
}

function unknown(message: string): CrossfootError {
  return new CrossfootError('BANK_ACCOUNT_UNKNOWN', message, { path: ['bankAccountId'] });
}

function indexesOf({ services, organisationId }: Transaction, { account }: BankStatement): string[] {
  const number = account.iban ?? account.accountNumber;
  return number === undefined
    ? []
    : spellings(number).map((spelling) => services.vault.blindIndex(spelling, organisationId));
}
