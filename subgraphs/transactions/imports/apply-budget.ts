import type { Transaction } from '#kernel/command';
import { loadCatalogue, loadValues } from '../dimensions/load-catalogue.ts';
import { normaliseDimensions } from '../dimensions/normalise-dimensions.ts';
import { storeBudgetAmounts, type NewBudgetAmount } from '../ledger/store-budget-amounts.ts';
import type { Applied } from './applied.ts';
import type { LockedImport } from './import-status.ts';
import type { RowProblem } from './read-row.ts';
import type { ImportProblem } from './store-problems.ts';
import { takeEntries, type TakenRow } from './take-rows.ts';

/** Sets the next amounts on the stage in the budget; a later row of the same account, month and dimensions counts. */
export async function applyBudget(transaction: Transaction, locked: LockedImport): Promise<Applied> {
  const rows = (await takeEntries(transaction, locked)).flatMap((entry) => entry.rows);
  const read = await readerOf(transaction, locked, rows);
  const amounts: NewBudgetAmount[] = [];
  const problems: ImportProblem[] = [];
  for (const row of rows) {
    const one = read(row);
    if ('code' in one) problems.push({ ...one, rowNumber: row.row_number, entry: row.entry });
    else amounts.push(one);
  }
  if (amounts.length > 0) await storeBudgetAmounts(transaction, locked.settings.budgetId ?? '', amounts);
  return {
    entry: rows.at(-1)?.entry ?? locked.last_entry,
    rowsApplied: amounts.length,
    rowsRefused: problems.length,
    made: amounts.length,
    known: 0,
    problems,
  };
}

async function readerOf(
  transaction: Transaction,
  locked: LockedImport,
  rows: readonly TakenRow[],
): Promise<(row: TakenRow) => NewBudgetAmount | RowProblem> {
  const found = await transaction.query<{ id: string; code: string }>(
    'select id, code from transactions.account where book_id = $1 and code = any($2::text[])',
    [locked.book_id, rows.map((row) => row.account_code)],
  );
  const accounts = new Map(found.map(({ id, code }) => [code, id]));
  const known = await loadCatalogue(transaction, locked.book_id);
  const texts = new Set(rows.flatMap(({ extra }) => Object.values(extra ?? {})));
  const catalogue = { ...known, values: await loadValues(transaction, known.dimensions, texts) };
  return ({ account_code: code, posted_on: month, side, minor, extra }) => {
    const accountId = accounts.get(code);
    if (accountId === undefined) {
      const column = locked.settings.mapping.ACCOUNT;
      return { column, code: 'ACCOUNT_UNKNOWN', message: `The book has no account ${code}` };
    }
    const { result: dimensions, problems } = normaliseDimensions(extra ?? {}, catalogue);
    const [problem] = problems;
    if (problem) return { code: problem.code, message: problem.message };
    if (month === null) throw new Error('A row of a budget on the stage has no month');
    const size = minor ?? 0n;
    return { accountId, month, dimensions, minor: side === 'CREDIT' ? -size : size };
  };
}
