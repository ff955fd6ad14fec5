import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { createCommandDoor, resultOf, type CommandDoor } from '#kernel/command-door';
import { createPool } from '#kernel/database';
import { folderFileStore } from '#kernel/files';
import { newId } from '#kernel/ids';
import type { Services } from '#kernel/services';
import { stepImport } from '../../subgraphs/transactions/imports/run-import.ts';
import { startImport } from '../../subgraphs/transactions/imports/start-import.ts';
import type { ImportProcess } from '../support/import-process.ts';
import { benchActor, openBenchBook } from './bench-book.ts';
import { openBenchInstallation, type BenchInstallation } from './bench-installation.ts';
import { blocks, pour, storeJournal } from './import-file.ts';
import { machine, median, rounded, throwIfInterrupted } from './rounds.ts';

interface Bench {
  readonly installation: BenchInstallation;
  readonly services: Services;
  readonly door: CommandDoor;
  readonly pool: pg.Pool;
  readonly owner: pg.Client;
  readonly rows: number;
}

const denominatorIs =
  'COPY of the same rows into the same staging table with its keys, foreign key and checks, by its owner, because COPY ' +
  'refuses tables with row-level security to anybody else; no file is read, no row is checked';

/** Rows of a file staged and posted against COPY, the memory it takes, and how it comes through kills. */
export async function benchImport(
  print: (line: string) => void,
  parameters: readonly string[],
): Promise<void> {
  const { values } = parseArgs({
    args: [...parameters],
    options: { rows: { type: 'string' }, rounds: { type: 'string' }, kills: { type: 'string' } },
  });
  const [rows, rounds, kills] = [values.rows ?? '200000', values.rounds ?? '3', values.kills ?? '0'].map(
    Number,
  ) as [number, number, number];
  const installation = await openBenchInstallation();
  const pool = createPool(installation.database, 'transactions', 4);
  const owner = new pg.Client({ connectionString: installation.database.ownerUrl });
  await owner.connect();
  const services = { ...installation.services, files: folderFileStore(filesOf(installation), 2 ** 31) };
  const door = createCommandDoor({ pool, services, committed: () => undefined });
  const bench = { installation, services, door, pool, owner, rows };
  try {
    const tell = (result: object) => print(JSON.stringify({ bench: 'import', ...result, ...machine }));
    tell(await benchStaging(bench, rounds));
    tell(await benchMemory(bench));
    if (kills > 0) tell(await benchKills(bench, kills));
  } finally {
    await owner.end();
    await pool.end();
    await installation.close();
  }
}

const filesOf = ({ services }: BenchInstallation): string => join(services.dataFolder, 'files');

interface Started {
  readonly bookId: string;
  readonly key: { readonly organisationId: string; readonly importId: string };
}

async function start({ door, services }: Bench, rows: number): Promise<Started> {
  const bookId = await openBenchBook(door);
  const { organisationId } = benchActor;
  const fileId = await storeJournal(services, organisationId, rows);
  const started = resultOf(
    await door.run(startImport, { bookId, fileId, kind: 'JOURNAL' }, { actor: benchActor }),
  );
  return { bookId, key: { organisationId, importId: started.importId } };
}

async function benchStaging(bench: Bench, rounds: number): Promise<object> {
  const { rows } = bench;
  const ratios: number[] = [];
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    throwIfInterrupted();
    const { key } = await start(bench, rows);
    const stage = async () => {
      await stepImport(bench, key, Number.MAX_SAFE_INTEGER);
      const staged = await bench.owner.query<{ n: bigint }>(
        'select count(*) as n from transactions.import_row where import_id = $1',
        [key.importId],
      );
      if (Number(staged.rows[0]?.n) !== rows)
        throw new Error(`${staged.rows[0]?.n} of ${rows} rows were staged`);
    };
    const copies = newId('imp');
    const sides = [
      { rates: ours, work: stage },
      { rates: theirs, work: () => copy(bench, key, copies) },
    ];
    await prepareCopy(bench, key, copies);
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
      const began = performance.now();
      await side.work();
      // The first round warms both up.
      if (round > 0) side.rates.push((rows * 1000) / (performance.now() - began));
    }
    if (round > 0) ratios.push((ours.at(-1) ?? 0) / (theirs.at(-1) ?? 1));
    await bench.owner.query('truncate transactions.import_row');
  }
  return {
    case: `CSV of ${rows} journal rows onto the stage`,
    unit: 'rows/s',
    crossfoot: rounded(median(ours)),
    denominator: rounded(median(theirs)),
    ratio: rounded(median(ratios)),
    ratios: ratios.map(rounded),
    denominatorIs,
  };
}

/** An import to which the copied rows belong, because the stage takes no others. */
async function prepareCopy({ owner }: Bench, key: Started['key'], copies: string): Promise<void> {
  await owner.query(
    `insert into transactions.import (organisation_id, id, book_id, kind, status, file_id, settings, bytes_total, started_at, told_at)
     select organisation_id, $2, book_id, kind, 'PAUSED', file_id, settings, 0, now(), now() from transactions.import where id = $1`,
    [key.importId, copies],
  );
}

async function copy(
  { owner, rows }: Bench,
  { organisationId }: Started['key'],
  importId: string,
): Promise<void> {
  await pour(
    blocks(stagedLines(rows, `${organisationId}\t${importId}`)),
    owner.query(
      copyFrom(
        `copy transactions.import_row (organisation_id, import_id, entry, position, row_number, entry_key, posted_on,
           account_code, side, minor, currency, description, memo, extra) from stdin`,
      ),
    ),
  );
}

function* stagedLines(rows: number, ids: string): Generator<string> {
  for (let row = 0; row < rows; row += 1) {
    const entry = row >> 1;
    const minor = ((entry * 7919) % 9_999_999) + 1;
    const day = `2026-${String((entry % 12) + 1).padStart(2, '0')}-${String((entry % 28) + 1).padStart(2, '0')}`;
    const side = row % 2 === 0 ? '6850\tDEBIT' : '1000\tCREDIT';
    yield `${ids}\t${entry + 1}\t${2 * row + 1}\t${row + 2}\tE${entry}\t${day}\t${side}\t${minor}\tEUR\tEntry number ${entry}\tline ${row}\t\\N\n`;
  }
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
async function benchMemory(bench: Bench): Promise<object> {
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
async function benchKills(bench: Bench, kills: number): Promise<object> {
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
