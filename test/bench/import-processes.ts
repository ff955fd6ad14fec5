import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type pg from 'pg';
import { resultOf, type CommandDoor } from '#kernel/command-door';
import type { Services } from '#kernel/services';
import { startImport } from '../../subgraphs/transactions/imports/start-import.ts';
import type { ImportProcess } from '../support/import-process.ts';
import { benchActor, openBenchBook } from './bench-book.ts';
import type { BenchInstallation } from './bench-installation.ts';
import { storeJournal } from './import-file.ts';
import { rounded, throwIfInterrupted } from './rounds.ts';

/** What the benches of imports stand on. */
export interface Bench {
  readonly installation: BenchInstallation;
  readonly services: Services;
  readonly door: CommandDoor;
  readonly pool: pg.Pool;
  readonly owner: pg.Client;
  readonly rows: number;
}

/** Where a bench's file store keeps its files. */
export const filesOf = ({ services }: BenchInstallation): string => join(services.dataFolder, 'files');

/** An import that was started and waits. */
export interface Started {
  readonly bookId: string;
  readonly key: { readonly organisationId: string; readonly importId: string };
}

/** Starts the import of so many rows into a book of its own. */
export async function start({ door, services }: Bench, rows: number): Promise<Started> {
  const bookId = await openBenchBook(door);
  const { organisationId } = benchActor;
  const fileId = await storeJournal(services, organisationId, rows);
  const started = resultOf(
    await door.run(startImport, { bookId, fileId, kind: 'JOURNAL' }, { actor: benchActor }),
  );
  return { bookId, key: { organisationId, importId: started.importId } };
}

function child({ installation }: Bench, key: Started['key']) {
  const start: ImportProcess = { database: installation.database, files: filesOf(installation), ...key };
  return spawn(
    process.execPath,
    [join(import.meta.dirname, '../support/import-process.ts'), JSON.stringify(start)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
}

/** Whole imports, from the file into the books, each in a process of its own. */
export async function benchMemory(bench: Bench): Promise<object> {
  const sizes = [Math.round(bench.rows / 10), bench.rows];
  const megabytes: number[] = [];
  let rate = 0;
  for (const rows of sizes) {
    throwIfInterrupted();
    const { bookId, key } = await start(bench, rows);
    const began = performance.now();
    const peak = Number(await text(child(bench, key).stdout));
    rate = (rows * 1000) / (performance.now() - began);
    await verify(bench, { bookId, key }, rows);
    megabytes.push(rounded(peak / 2 ** 20));
  }
  const [small = 0, large = 0] = megabytes;
  return {
    case: `peak memory of a process that imports ${sizes.join(' and then another ')} rows into the books`,
    unit: 'MiB',
    small,
    large,
    ratio: rounded(large / small),
    rowsPerSecondIntoTheBooks: rounded(rate),
  };
}

/** An import whose process is killed at random moments, begun again each time, and must lose and double nothing. */
export async function benchKills(bench: Bench, kills: number): Promise<object> {
  const rows = Math.min(bench.rows, 100_000);
  const { bookId, key } = await start(bench, rows);
  let killed = 0;
  let runs = 0;
  for (;;) {
    throwIfInterrupted();
    const running = child(bench, key);
    runs += 1;
    const ended = new Promise<number | null>((resolve) => running.once('exit', resolve));
    const timer =
      killed < kills ? setTimeout(() => running.kill('SIGKILL'), 400 + Math.random() * 900) : undefined;
    const code = await ended;
    clearTimeout(timer);
    if (code === 0) break;
    if (code !== null) throw new Error(`The import ended with ${code}`);
    killed += 1;
  }
  await verify(bench, { bookId, key }, rows);
  return {
    case: `${rows} rows through ${killed} kills of the process`,
    unit: 'kills',
    killed,
    runs,
    lost: 0,
    doubled: 0,
    unbalanced: 0,
  };
}

/** Every row once, every entry balanced; throws otherwise. */
async function verify({ owner }: Bench, { bookId, key }: Started, rows: number): Promise<void> {
  const { rows: found } = await owner.query<
    Record<'status' | 'waiting' | 'lines' | 'entries' | 'memos' | 'unbalanced', string>
  >(
    `select i.status, (select count(*) from transactions.import_row r where r.import_id = i.id) as waiting,
            count(*) as lines, count(distinct l.journal_entry_id) as entries, count(distinct l.memo) as memos,
            (select count(*) from (select 1 from transactions.journal_line b join transactions.journal_entry e
                on e.organisation_id = b.organisation_id and e.id = b.journal_entry_id where e.book_id = $1
              group by e.id having sum(case b.side when 'DEBIT' then b.minor else -b.minor end) <> 0) as u) as unbalanced
       from transactions.journal_entry e
       join transactions.journal_line l on l.organisation_id = e.organisation_id and l.journal_entry_id = e.id
       join transactions.import i on i.id = $2
      where e.book_id = $1 group by i.id, i.status`,
    [bookId, key.importId],
  );
  const [is] = found;
  const should = {
    status: 'SUCCEEDED',
    waiting: 0,
    lines: rows,
    entries: rows / 2,
    memos: rows,
    unbalanced: 0,
  };
  for (const [name, value] of Object.entries(should)) {
    const has = is?.[name as keyof typeof is];
    if (String(has) !== String(value)) throw new Error(`After the import ${name} is ${has}, not ${value}`);
  }
}
