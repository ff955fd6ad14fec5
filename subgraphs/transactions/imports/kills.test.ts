import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestBook } from '../../../test/support/book.ts';
import type { ImportProcess } from '../../../test/support/import-process.ts';
import { upload } from '../../../test/support/upload.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { transactions } from '../subgraph.ts';
import { startImport } from './start-import.ts';

/** The processes of this file do the imports: the workbench has the subgraph without its background jobs. */
let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench([{ ...transactions, jobs: [] }]);
});
afterAll(() => bench.close());

const entries = 6000;
const places = ['rows_read', 'applied_entry'] as const;

/** Each entry has three lines that stand apart in the file, so that entries are open wherever the file is cut. */
function journal(): string {
  const lines = ['Entry,Date,Account,Debit,Credit,Memo'];
  for (let entry = -2; entry < entries; entry += 1) {
    const cents = (of: number) => `${of + 1}.00`;
    const [first, second, third] = [entry + 2, entry + 1, entry];
    if (first < entries) lines.push(`E${first},2026-01-31,6850,${cents(first)},,a ${first}`);
    if (second >= 0 && second < entries)
      lines.push(`E${second},2026-01-31,6855,${cents(second)},,b ${second}`);
    if (third >= 0) lines.push(`E${third},2026-01-31,1000,,${2 * (third + 1)}.00,c ${third}`);
  }
  return lines.join('\n');
}

/** Runs a process that imports; it is killed as soon as the import stands behind a place, or runs to its end. */
async function run(
  start: ImportProcess,
  behind?: { column: (typeof places)[number]; value: number },
): Promise<number | null> {
  const script = join(import.meta.dirname, '../../../test/support/import-process.ts');
  const running = spawn(process.execPath, [script, JSON.stringify(start)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  let code: number | null | undefined;
  const ended = new Promise<void>((resolve) =>
    running.once('exit', (is) => {
      code = is;
      resolve();
    }),
  );
  while (behind && code === undefined) {
    const { rows } = await bench.owner.query<Record<string, number>>(
      `select rows_read, applied_entry from transactions.import where id = $1`,
      [start.importId],
    );
    // Killed at a random moment after the place, which is most often in the middle of the next transaction.
    if ((rows[0]?.[behind.column] ?? 0) > behind.value) {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 60));
      running.kill('SIGKILL');
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await ended;
  return code ?? null;
}

test('an import whose process is killed again and again posts every row once, and every entry balances', async () => {
  const bookId = await openTestBook(bench);
  const fileId = await upload(bench, journal(), { name: 'journal.csv' });
  const { result, errors } = await bench
    .door('transactions')
    .run(startImport, { bookId, fileId, kind: 'JOURNAL' });
  expect(errors).toEqual([]);
  const importId = result?.importId ?? '';
  const start = {
    database: bench.database,
    files: join(bench.services.dataFolder, 'files'),
    organisationId: bench.actor().organisationId,
    importId,
  };
  let kills = 0;
  for (const behind of [
    { column: 'rows_read', value: 0 },
    { column: 'rows_read', value: 6000 },
    { column: 'applied_entry', value: 0 },
    { column: 'applied_entry', value: 1500 },
    { column: 'applied_entry', value: 3500 },
  ] as const) {
    if ((await run(start, behind)) === null) kills += 1;
  }
  expect(kills).toBeGreaterThanOrEqual(3);
  expect(await run(start)).toBe(0);
  const { rows } = await bench.owner.query(
    `select i.status, i.rows_read, i.rows_applied, i.records_made,
            (select count(*)::int from transactions.import_row r where r.import_id = i.id) as waiting,
            (select count(*)::int from transactions.journal_entry e where e.book_id = i.book_id) as entries
       from transactions.import i where i.id = $1`,
    [importId],
  );
  const lines = 3 * entries;
  expect(rows).toEqual([
    {
      status: 'SUCCEEDED',
      rows_read: lines,
      rows_applied: lines,
      records_made: entries,
      waiting: 0,
      entries,
    },
  ]);
  const posted = await bench.owner.query<{ memo: string; net: string }>(
    `select count(distinct l.memo)::int as memos, count(*)::int as lines,
            count(*) filter (where e.debits <> e.credits)::int as unbalanced
       from transactions.journal_line l
       join (select journal_entry_id, sum(minor) filter (where side = 'DEBIT') as debits,
                    sum(minor) filter (where side = 'CREDIT') as credits
               from transactions.journal_line group by journal_entry_id) e using (journal_entry_id)`,
  );
  expect(posted.rows).toEqual([{ memos: lines, lines, unbalanced: 0 }]);
});
