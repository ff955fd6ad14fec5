import { z } from 'zod';
import { compactNumber } from '#kernel/account-number';
import { canonicalJson, sha256Hex } from '#kernel/canonical';
import { command, type ExecuteContext } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { currency, date, id, text } from '#kernel/input';
import { tableReader, type TableRow } from '#connectors/ports';
import { readPayroll, type PayrollTable } from './read-payroll.ts';

/** More people than any payroll has that is held against a bank by name. */
const mostRows = 20_000;

/** Reads a payroll from CSV, XLSX or JSON, to be held against what the bank paid out. */
export const importPayroll = command({
  name: 'importPayroll',
  description:
    'Reads a payroll from CSV, XLSX or JSON (employee, net pay, day), to be held against what the bank paid out; the ' +
    'same payroll is stored once.',
  scope: 'reconciliation:write',
  input: z.object({
    bookId: id(),
    fileId: id(),
    name: text().optional().meta({ description: 'What people call it; the name of the file when left out.' }),
    currency: currency(),
    payOn: date().optional().meta({
      graphql: 'Date',
      description: 'The day of payment, where the rows do not say it.',
    }),
    sheet: text(100).optional().meta({ description: 'Of a sheet only; the first one unless said.' }),
    columns: z
      .object({
        employee: text().optional(),
        netPay: text().optional(),
        payOn: text().optional(),
        account: text().optional().meta({ description: 'The IBAN or number it is paid to.' }),
      })
      .optional()
      .meta({ description: 'Headings, where the usual words do not find the columns.' }),
  }),
  prepare: ({ fileId, sheet }, context) => loadTable(context, fileId, sheet),
  async run(transaction, { bookId, fileId, columns = {}, payOn, ...input }, { table, name: fileName }) {
    const rows = readPayroll(table, { columns, currency: input.currency, payOn });
    const [first] = rows;
    if (!first) throw new CrossfootError('FILE_UNREADABLE', 'The payroll pays nobody', { path: ['fileId'] });
    const hash = sha256Hex(canonicalJson([input.currency, rows]));
    const known = await transaction.maybe<{ id: string }>(
      'select id from reconciliation.payroll where book_id = $1 and content_hash = $2',
      [bookId, hash],
    );
    if (known) return { payrollId: known.id, entries: rows.length };
    const payrollId = newId('prl');
    const total = rows.reduce((sum, { minor }) => sum + minor, 0n);
    const lastOn = rows.reduce((last, row) => (row.payOn > last ? row.payOn : last), first.payOn);
    await transaction.insert('reconciliation.payroll', {
      id: payrollId,
      book_id: bookId,
      name: input.name ?? fileName,
      pay_on: lastOn,
      currency: input.currency,
      total_minor: total,
      file_id: fileId,
      content_hash: hash,
      imported_by: transaction.actor.id,
      imported_at: transaction.now,
    });
    const { organisationId, services } = transaction;
    const entries = rows.map((row, place) => {
      const number = compactNumber(row.account ?? '');
      return {
        position: place + 1,
        employee: row.employee,
        account_index: number === '' ? null : services.vault.blindIndex(number, organisationId),
        account_last_four: number === '' ? null : number.slice(-4),
        minor: row.minor.toString(),
        pay_on: row.payOn,
      };
    });
    await transaction.query(
      `insert into reconciliation.payroll_entry (organisation_id, book_id, payroll_id, currency, position, employee,
         account_index, account_last_four, minor, pay_on)
       select $1, $2, $3, $4, r.* from jsonb_to_recordset($5::jsonb)
         as r (position int, employee text, account_index text, account_last_four text, minor bigint, pay_on date)`,
      [organisationId, bookId, payrollId, input.currency, JSON.stringify(entries)],
    );
    const facts = { payOn: lastOn, entries: rows.length };
    transaction.emit({ type: 'payroll.imported', subjectId: payrollId, bookId, facts });
    transaction.audit({
      subjectType: 'Payroll',
      subjectId: payrollId,
      after: { fileId, ...facts, total: total.toString(), currency: input.currency },
    });
    return { payrollId, entries: rows.length };
  },
});

async function loadTable(
  { services, actor: { organisationId } }: ExecuteContext,
  fileId: string,
  sheet: string | undefined,
): Promise<{ table: PayrollTable; name: string }> {
  const { name, size } = await services.files.describe(organisationId, fileId);
  const bytes = (from?: number, to?: number) => services.files.stream(organisationId, fileId, { from, to });
  const table = await services.port(tableReader).open({ name, size, bytes }, { sheet });
  const rows: TableRow[] = [];
  for await (const batch of table.rows()) {
    const broken = batch.rows.find(({ problem }) => problem !== undefined);
    if (broken?.problem) {
      const { code, message } = broken.problem;
      throw new CrossfootError(code, `Row ${broken.number.toString()}: ${message}`, { path: ['fileId'] });
    }
    rows.push(...batch.rows);
    if (rows.length > mostRows) {
      throw new CrossfootError('FILE_TOO_LARGE', `A payroll has ${mostRows.toString()} rows at most`);
    }
  }
  return { table: { header: table.header, rows, dayZero: table.dayZero }, name };
}
