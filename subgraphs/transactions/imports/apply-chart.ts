import type { Transaction } from '#kernel/command';
import { newId } from '#kernel/ids';
import type { Applied } from './applied.ts';
import type { LockedImport } from './import-status.ts';
import type { ImportProblem } from './store-problems.ts';
import { takeEntries, type TakenRow } from './take-rows.ts';

interface Account {
  readonly code: string;
  readonly type: string;
  readonly currency: string | null;
}

/**
 * Adds the next accounts on the stage to the chart. An account that is there stays as it is: it counts as known when
 * type and currency agree, and is a problem otherwise, because those are final.
 */
export async function applyChart(transaction: Transaction, locked: LockedImport): Promise<Applied> {
  const rows = (await takeEntries(transaction, locked)).flatMap((entry) => entry.rows);
  const fresh = new Map<string, TakenRow>();
  for (const row of rows) if (!fresh.has(row.account_code)) fresh.set(row.account_code, row);
  const first = [...fresh.values()];
  const added = await transaction.query<{ code: string }>(
    `insert into transactions.account (organisation_id, id, book_id, code, name, type, currency, created_at)
     select $1, a.id, $2, a.code, a.name, a.type, a.currency, $3
       from unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[]) as a (id, code, name, type, currency)
     on conflict (organisation_id, book_id, code) do nothing returning code`,
    [
      transaction.organisationId,
      locked.book_id,
      transaction.now,
      first.map(() => newId('acc')),
      first.map((row) => row.account_code),
      first.map((row) => row.description ?? row.account_code),
      first.map((row) => row.extra?.['type'] ?? ''),
      first.map((row) => row.currency),
    ],
  );
  const stands = await transaction.query<Account>(
    'select code, type, currency from transactions.account where book_id = $1 and code = any($2::text[])',
    [locked.book_id, [...fresh.keys()]],
  );
  const accounts = new Map(stands.map((account) => [account.code, account]));
  const problems = rows.flatMap((row) => differences(row, accounts.get(row.account_code)));
  return {
    entry: rows.at(-1)?.entry ?? locked.last_entry,
    rowsApplied: rows.length - problems.length,
    rowsRefused: problems.length,
    made: added.length,
    known: rows.length - problems.length - added.length,
    problems,
  };
}

function differences(row: TakenRow, account: Account | undefined): ImportProblem[] {
  const type = row.extra?.['type'];
  if (!account || (account.type === type && account.currency === row.currency)) return [];
  const takes = (currency: string | null) => currency ?? 'any currency';
  const message =
    `The book has an account ${row.account_code} of type ${account.type} that takes ${takes(account.currency)}, ` +
    `not ${type} and ${takes(row.currency)}`;
  return [{ rowNumber: row.row_number, entry: row.entry, code: 'ALREADY_EXISTS', message }];
}
