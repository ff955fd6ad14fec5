import { parseArgs } from 'node:util';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { createCommandDoor } from '#kernel/command-door';
import { createPool } from '#kernel/database';
import { folderFileStore } from '#kernel/files';
import { newId } from '#kernel/ids';
import { stepImport } from '../../subgraphs/transactions/imports/run-import.ts';
import { openBenchInstallation } from './bench-installation.ts';
import { blocks, pour } from './import-file.ts';
import { benchKills, benchMemory, filesOf, start, type Bench, type Started } from './import-processes.ts';
import { machine, median, rounded, throwIfInterrupted } from './rounds.ts';

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
