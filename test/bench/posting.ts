import pg from 'pg';
import { createCommandDoor, resultOf } from '#kernel/command-door';
import { createPool, roleUrl, type Database } from '#kernel/database';
import { newId } from '#kernel/ids';
import { postJournalEntry } from '../../subgraphs/transactions/ledger/post-journal-entry.ts';
import { benchActor, openBenchBook, postBatch } from './bench-book.ts';
import { openBenchInstallation } from './bench-installation.ts';
import { compare, machine, type Rounds, type Work } from './rounds.ts';

const batchSize = 1000;

/** One entry of two lines in one statement: its number, itself and its lines; triggers and policies do their part. */
const leanestEntry = `
  with counter as (
    insert into transactions.entry_counter as c (organisation_id, book_id, year, last) values ($1, $2, 2026, 1)
    on conflict (organisation_id, book_id, year) do update set last = c.last + 1 returning last
  ), line as (
    insert into transactions.journal_line
      (organisation_id, journal_entry_id, position, account_id, side, minor, currency, posted_on, functional_minor)
    values ($1, $3, 1, $4, 'DEBIT', $6, 'EUR', '2026-03-31', $6), ($1, $3, 2, $5, 'CREDIT', $6, 'EUR', '2026-03-31', $6)
  )
  insert into transactions.journal_entry
    (organisation_id, id, book_id, sequence, kind, posted_on, description, posted_by, posted_at)
  select $1, $3, $2, last, 'MANUAL', '2026-03-31', $7, $8, now() from counter`;

/** The same for many entries of one book. */
const leanestBatch = `
  with counter as (
    insert into transactions.entry_counter as c (organisation_id, book_id, year, last)
    values ($1, $2, 2026, cardinality($3::text[]))
    on conflict (organisation_id, book_id, year) do update set last = c.last + excluded.last returning last
  ), line as (
    insert into transactions.journal_line
      (organisation_id, journal_entry_id, position, account_id, side, minor, currency, posted_on, functional_minor)
    select $1, id, side.position, side.account_id, side.name, $6, 'EUR', '2026-03-31'::date, $6
      from unnest($3::text[]) as id, (values (1, $4, 'DEBIT'), (2, $5, 'CREDIT')) as side (position, account_id, name)
  )
  insert into transactions.journal_entry
    (organisation_id, id, book_id, sequence, kind, posted_on, description, posted_by, posted_at)
  select $1, id, $2, last - cardinality($3::text[]) + place, 'MANUAL', '2026-03-31', $7, $8, now()
    from counter, unnest($3::text[]) with ordinality as given (id, place)`;

interface Bench {
  readonly database: Database;
  /** As many books as there are workers, or one for all. */
  readonly books: readonly Book[];
  readonly workers: number;
}

interface Book {
  readonly id: string;
  readonly debit: string;
  readonly credit: string;
}

/** The postJournalEntry command against the leanest SQL that posts the same entry into the same guarded tables. */
export async function benchPosting(print: (line: string) => void): Promise<void> {
  const installation = await openBenchInstallation();
  const { database, services } = installation;
  const setup = createPool(database, 'transactions', 2);
  try {
    const door = createCommandDoor({ pool: setup, services, committed: () => undefined });
    const books: Book[] = [];
    for (let index = 0; index < 8; index += 1) books.push(await bookOf(database, await openBenchBook(door)));
    const show = (name: string, rounds: Rounds, compared: object) =>
      print(
        JSON.stringify({
          bench: 'posting',
          case: name,
          unit: 'entries/s',
          ...compared,
          denominatorIs,
          ...rounds,
          ...machine,
        }),
      );
    const single = { rounds: 5, milliseconds: 3000 };
    for (const [name, workers, count] of [
      ['1 connection', 1, 1],
      ['8 connections, a book each', 8, 8],
      ['8 connections, one book', 8, 1],
    ] as const) {
      const bench = { database, books: books.slice(0, count), workers };
      const rounds = { ...single, workers };
      show(name, rounds, await benchOne(bench, rounds, services));
    }
    const rounds = { ...single, workers: 1, weight: batchSize };
    const bench = { database, books: books.slice(0, 1), workers: 1 };
    show(`batches of ${batchSize}, 1 connection`, rounds, await benchOne(bench, rounds, services));
  } finally {
    await setup.end();
    await installation.close();
  }
}

const denominatorIs =
  'begin, set_config, one statement, commit, pipelined, as the same role into the same tables with the same triggers; ' +
  'no idempotency, event, audit record or check outside the database';

async function bookOf(database: Database, id: string): Promise<Book> {
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  try {
    const { rows } = await owner.query<{ id: string }>(
      "select id from transactions.account where book_id = $1 and code in ('1000', '3000') order by code",
      [id],
    );
    return { id, debit: rows[0]?.id ?? '', credit: rows[1]?.id ?? '' };
  } finally {
    await owner.end();
  }
}

async function benchOne(
  bench: Bench,
  rounds: Rounds,
  services: Parameters<typeof createCommandDoor>[0]['services'],
) {
  const { database, workers } = bench;
  const pool = createPool(database, 'transactions', workers);
  const clients = await Promise.all(Array.from({ length: workers }, () => pipelined(database)));
  try {
    const door = createCommandDoor({ pool, services, committed: () => undefined });
    const bookAt = (worker: number) => bench.books[worker % bench.books.length] as Book;
    const ours: Work = rounds.weight
      ? async (worker) =>
          void resultOf(
            await door.run(
              postBatch,
              { bookId: bookAt(worker).id, entries: batchSize },
              { actor: benchActor },
            ),
          )
      : async (worker) =>
          void resultOf(
            await door.run(postJournalEntry, entryInput(bookAt(worker).id), { actor: benchActor }),
          );
    const raw: Work = (worker) =>
      postRaw(clients[worker] as pg.Client, bookAt(worker), rounds.weight ? newIds(batchSize) : undefined);
    return await compare(ours, raw, rounds);
  } finally {
    await Promise.all(clients.map((client) => client.end()));
    await pool.end();
  }
}

function entryInput(bookId: string) {
  const line = { amount: '123.45', currency: 'EUR' };
  return {
    bookId,
    postedOn: '2026-03-31',
    description: 'Entry',
    lines: [
      { accountCode: '1000', side: 'DEBIT', ...line },
      { accountCode: '3000', side: 'CREDIT', ...line },
    ],
  };
}

const newIds = (count: number): string[] => Array.from({ length: count }, () => newId('je'));

async function pipelined(database: Database): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: roleUrl(database, 'transactions'),
    pipeline: true,
  } as pg.ClientConfig);
  await client.connect();
  return client;
}

async function postRaw(client: pg.Client, book: Book, ids?: readonly string[]): Promise<void> {
  const { organisationId, id: actorId } = benchActor;
  const [, , , committed] = await Promise.all([
    client.query('begin'),
    client.query({
      name: 'tenant',
      text: "select set_config('crossfoot.organisation', $1, true)",
      values: [organisationId],
    }),
    client.query({
      name: ids ? 'batch' : 'entry',
      text: ids ? leanestBatch : leanestEntry,
      values: [
        organisationId,
        book.id,
        ids ?? newId('je'),
        book.debit,
        book.credit,
        '12345',
        'Entry',
        actorId,
      ],
    }),
    client.query('commit'),
  ]);
  if (committed.command !== 'COMMIT') throw new Error('The raw entry was not committed');
}
