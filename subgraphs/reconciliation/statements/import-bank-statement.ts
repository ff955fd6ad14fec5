import { z } from 'zod';
import { command } from '#kernel/command';
import { currency, id, text } from '#kernel/input';
import { lockBook } from '../lock-book.ts';
import { importStatements } from './import-statements.ts';
import { readStatementFiles } from './read-statement-files.ts';

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
    return importStatements(transaction, { bookId, bankAccountId, csv, dayFirst }, files);
  },
});
