import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import pg from 'pg';
import type { Actor } from '#kernel/actor';
import type { Database } from '#kernel/database';
import { sleep } from '#kernel/sleep';
import type { PostingProcess } from './posting-process.ts';

/** What became of the postings of processes that were killed, over a server that crashed. */
export interface FaultFigures {
  readonly processKills: number;
  readonly serverCrashes: number;
  readonly acknowledged: number;
  readonly posted: number;
  readonly lost: number;
  readonly doubled: number;
  readonly unbalanced: number;
  readonly gaps: number;
}

interface Options {
  readonly database: Database;
  readonly actor: Actor;
  readonly bookId: string;
  readonly faults: number;
}

const batchSize = 20;

/**
 * Posts from processes that are killed at random points in turn with crashes of the database server, whose every
 * process then ends at once and which recovers from its log. Afterwards every call that was answered must stand in the
 * books once.
 */
export async function postThroughFaults({ database, actor, bookId, faults }: Options): Promise<FaultFigures> {
  const sent = new Set<string>();
  const done = new Set<string>();
  let processKills = 0;
  let serverCrashes = 0;
  let running = start({ database, actor, bookId, name: 'p0', again: [] }, { sent, done });
  for (let fault = 1; fault <= faults; fault += 1) {
    const before = done.size;
    await until(() => done.size > before + 2);
    await sleep(Math.random() * 400);
    if (fault % 2 === 0) {
      await crashServer(database);
      serverCrashes += 1;
    } else {
      await killed(running);
      processKills += 1;
      const again = [...sent].filter((key) => !done.has(key));
      running = start({ database, actor, bookId, name: `p${fault}`, again }, { sent, done });
    }
  }
  const before = done.size;
  await until(() => done.size > before + 2);
  await killed(running);
  return { processKills, serverCrashes, ...(await inspect(database, bookId, done)) };
}

function start(
  options: PostingProcess,
  { sent, done }: { sent: Set<string>; done: Set<string> },
): ChildProcess {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'posting-process.ts'), JSON.stringify(options)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let rest = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [what, key = ''] = line.split(' ');
      (what === 'done' ? done : sent).add(key);
    }
  });
  return child;
}

/** Ends a process where it stands; what it had written is read. */
function killed(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('close', () => resolve());
    child.kill('SIGKILL');
  });
}

/** Ends one process of the server by force: the server then ends all others, recovers from its log and goes on. */
async function crashServer({ ownerUrl }: Database): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  client.on('error', () => undefined);
  await client.connect();
  const found = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  process.kill(found.rows[0]?.pid ?? 0, 'SIGKILL');
  await client.end().catch(() => undefined);
}

async function until(reached: () => boolean): Promise<void> {
  while (!reached()) await sleep(5);
}

async function inspect(database: Database, bookId: string, done: ReadonlySet<string>) {
  const client = await connected(database);
  try {
    const { rows } = await client.query<{ description: string; sequence: string; balanced: boolean }>(
      `select e.description, e.sequence::text as sequence,
              sum(case l.side when 'DEBIT' then l.minor else -l.minor end) = 0
                and sum(case l.side when 'DEBIT' then l.functional_minor else -l.functional_minor end) = 0
                and count(*) = 2 as balanced
         from transactions.journal_entry e left join transactions.journal_line l on l.journal_entry_id = e.id
        where e.book_id = $1 group by e.id, e.organisation_id, e.description, e.sequence`,
      [bookId],
    );
    const times = new Map<string, number>();
    for (const { description } of rows) times.set(description, (times.get(description) ?? 0) + 1);
    const wanted = [...done].flatMap((key) =>
      key.endsWith('b') ? Array.from({ length: batchSize }, (_, index) => `${key}.${index}`) : [key],
    );
    const last = rows.reduce((most, { sequence }) => Math.max(most, Number(sequence)), 0);
    return {
      acknowledged: wanted.length,
      posted: rows.length,
      lost: wanted.filter((one) => !times.has(one)).length,
      doubled: [...times.values()].filter((count) => count > 1).length,
      unbalanced: rows.filter(({ balanced }) => !balanced).length,
      gaps: last - rows.length,
    };
  } finally {
    await client.end();
  }
}

/** A connection as soon as the server takes one. */
async function connected({ ownerUrl }: Database): Promise<pg.Client> {
  for (;;) {
    const client = new pg.Client({ connectionString: ownerUrl });
    try {
      await client.connect();
      return client;
    } catch {
      await sleep(50);
    }
  }
}
