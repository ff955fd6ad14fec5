import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { currency, id, text } from '#kernel/input';
import { currencyOfAccount, findBankAccount, loadBankAccounts } from './find-bank-account.ts';
import { lockBook } from '../lock-book.ts';
import { allRead, readAgain, readStatementFiles, type ReadStatement } from './read-statement-files.ts';
import { releaseWhatJoins } from './release-statement.ts';
import { storeStatement, type StatementToStore } from './store-statement.ts';

const column = () =>
  text(100).optional().meta({ description: 'A heading, or the number of a column from 1.' });

const csvMapping = z
  .object({
    bookedOn: text(100).meta({ description: 'The column with the day of booking.' }),
    valueOn: column(),
    amount: column(),
    debit: column(),
    credit: column(),
    currencyColumn: column(),
    counterpartyName: column(),
    counterpartyAccount: column(),
    reference: column(),
    remittance: column(),
    balance: column(),
    sheet: text(100)
      .optional()
      .meta({ description: 'Name of the sheet; of XLSX only, the first with movements unless said.' }),
    delimiter: z.string().length(1).optional(),
    decimalSeparator: z
      .string()
      .regex(/^[.,]$/, 'is neither a point nor a comma')
      .optional(),
    dateFormat: text(20)
      .optional()
      .meta({ description: 'For example DD.MM.YYYY; found by itself where it can be.' }),
    encoding: text(20).optional(),
    currency: currency().optional().meta({ description: 'Where no column says it.' }),
  })
  .refine(
    (mapping) =>
      mapping.amount !== undefined || (mapping.debit !== undefined && mapping.credit !== undefined),
    {
      message: 'name the amount column, or the debit and the credit column',
    },
  )
  .transform(
    ({
      sheet,
      delimiter,
      decimalSeparator,
      dateFormat,
      encoding,
      currency: fixed,
      currencyColumn,
      ...columns
    }) => ({
      columns: { ...columns, currency: currencyColumn },
      sheet,
      delimiter,
      decimalSeparator: decimalSeparator as '.' | ',' | undefined,
      dateFormat,
      encoding,
      currency: fixed,
    }),
  )
  .meta({ graphql: 'CsvMappingInput' });

/** Imports the statements of one or more files; what is known already stays as it is, what is wrong is held back. */
export const importBankStatement = command({
  name: 'importBankStatement',
  description:
    'Imports the statements of one or more files; what is known already stays as it is, what does not add up is held back.',
  scope: 'reconciliation:write',
  input: z
    .object({
      bookId: id(),
      fileId: id().optional().meta({ description: 'The file, as the upload answered it.' }),
      fileIds: z
        .array(id())
        .max(50)
        .optional()
        .meta({ description: 'Several files at once, instead of one.' }),
      bankAccountId: id().optional().meta({
        description: 'The account of statements that do not name one themselves, or no currency, as QIF.',
      }),
      csvMapping: csvMapping.optional().meta({ description: 'Where the columns of CSV or XLSX are.' }),
      dayFirst: z.boolean().optional().meta({
        description: 'Whether 03/04/2026 is in April, for files whose days do not tell.',
      }),
    })
    .refine((input) => (input.fileId === undefined) !== (input.fileIds === undefined), {
      message: 'give either a fileId or fileIds',
    }),
  prepare: ({ fileId, fileIds, csvMapping: csv, dayFirst }, context) =>
    readStatementFiles(fileIds ?? [fileId ?? ''], { csv, dayFirst }, context),
  async run(transaction, { bookId, bankAccountId, csvMapping: csv, dayFirst }, files) {
    await lockBook(transaction, bookId);
    const known = await currencyOfAccount(transaction, bookId, bankAccountId);
    const read = allRead(
      known === undefined
        ? files
        : await readAgain(files, { csv, dayFirst, account: { currency: known } }, transaction.services),
    );
    for (const error of read.errors) transaction.report(error);
    const accounts = await loadBankAccounts(transaction, bookId, read.statements);
    const found: StatementToStore[] = [];
    const numbers = accountNumbers(read.statements);
    for (const one of read.statements) {
      try {
        const accountsOfFile = numbers.get(one.fileId)?.size ?? 0;
        const search = { accounts, bankAccountId, bookId, accountsOfFile };
        found.push({ ...one, account: findBankAccount(transaction, { ...search, ...one }) });
      } catch (error) {
        if (!(error instanceof CrossfootError)) throw error;
        transaction.report(error.toUserError());
      }
    }
    const total = { imported: 0, alreadyKnown: 0 };
    const statementIds: string[] = [];
    for (const one of found.toSorted(byFirstDay)) {
      const stored = await storeStatement(transaction, bookId, one);
      total.imported += stored.imported;
      total.alreadyKnown += stored.alreadyKnown;
      if (!statementIds.includes(stored.statementId)) statementIds.push(stored.statementId);
    }
    await releaseWhatJoins(transaction, bookId, [...new Set(found.map(({ account }) => account.id))]);
    return { statementIds, ...total };
  },
});

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
