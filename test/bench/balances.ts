import pg from 'pg';
import { createCommandDoor } from '#kernel/command-door';
import { calendarDate } from '#kernel/calendar';
import { createPool } from '#kernel/database';
import { startJobs } from '#kernel/jobs';
import { formatMoney } from '#kernel/money';
import { createEventReader } from '#kernel/relay';
import type { RunningSubgraph } from '#kernel/subgraph-runtime';
import { startSubgraph } from '#kernel/subgraph-runtime';
import { keepBalances } from '../../subgraphs/transactions/ledger/balance-jobs.ts';
import { transactions } from '../../subgraphs/transactions/subgraph.ts';
import { benchActor, openBenchBook } from './bench-book.ts';
import { openBenchInstallation } from './bench-installation.ts';
import { machine, median, rounded, throwIfInterrupted } from './rounds.ts';

const entries = 500_000;
const rounds = 41;

/**
 * The balance of one account that has half of a million lines, and the whole trial balance, on days spread over two
 * years: as the graph answers them, against the plain sum of the same lines in the database.
 */
export async function benchBalances(print: (line: string) => void): Promise<void> {
  const installation = await openBenchInstallation();
  const { database, services } = installation;
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  const pool = createPool(database, 'transactions', 2);
  const reader = await createEventReader(database, services.log);
  const jobs = await startJobs(database, services.log);
  const running = await startSubgraph(transactions, { database, services, reader, jobs });
  try {
    const door = createCommandDoor({ pool, services, committed: () => undefined });
    const bookId = await openBenchBook(door);
    const accountId = await fill(owner, bookId);
    const before = performance.now();
    const kept = await keepBalances(door, {
      organisationId: benchActor.organisationId,
      bookId,
      until: calendarDate('2026-07-01'),
    });
    const keeping = { keptDays: kept.built, keptDaysMilliseconds: Math.round(performance.now() - before) };
    if (kept.parted > 0) throw new Error(`${kept.parted} kept balances part from the lines`);
    await owner.query('vacuum analyze transactions.journal_line, transactions.journal_entry');
    const graph = graphOf(running);
    const sums = sumsOf(owner);
    for (const [name, ours, theirs] of [
      ['one account of 500,000 lines', graph.account(accountId), sums.account(accountId)],
      ['the trial balance of 1,000,000 lines', graph.trial(bookId), sums.trial(bookId)],
    ] as const) {
      const figures = await compared(ours, theirs);
      print(
        JSON.stringify({
          bench: 'balances',
          case: name,
          unit: 'ms',
          ...figures,
          ...keeping,
          denominatorIs,
          rounds,
          ...machine,
        }),
      );
    }
  } finally {
    await running.stop();
    await jobs.stop();
    await reader.stop();
    await pool.end();
    await owner.end();
    await installation.close();
  }
}

const denominatorIs =
  'the sum of the lines up to the day in one statement of the owner, past row-level security, parallel where the server likes; ' +
  'ours is the whole operation of the subgraph, its answer as text';

/** Half a million entries over two years, each from the bank account to one of the others; guards are not what is measured. */
async function fill(owner: pg.Client, bookId: string): Promise<string> {
  await owner.query('set session_replication_role = replica');
  await owner.query(
    `insert into transactions.journal_entry (organisation_id, id, book_id, sequence, kind, posted_on, description, posted_at)
     select $1, 'je_' || lpad(n::text, 26, '0'), $2, n, 'MANUAL', date '2024-07-01' + (n::bigint * 729 / $3::int)::int, 'Entry', now()
       from generate_series(1, $3::int) n`,
    [benchActor.organisationId, bookId, entries],
  );
  const found = await owner.query<{ id: string }>(
    `with other as (select id, row_number() over (order by code) - 1 as place, count(*) over () as others
                      from transactions.account where book_id = $2 and code <> '1000'),
          bank as (select id from transactions.account where book_id = $2 and code = '1000'),
          line as (
       insert into transactions.journal_line
         (organisation_id, journal_entry_id, position, account_id, side, minor, currency, posted_on, functional_minor)
       select $1, 'je_' || lpad(n::text, 26, '0'), p.position,
              case p.position when 1 then bank.id else other.id end,
              case when (n + p.position) % 2 = 0 then 'DEBIT' else 'CREDIT' end, n % 9973 + 1, 'EUR',
              date '2024-07-01' + (n::bigint * 729 / $3::int)::int, n % 9973 + 1
         from generate_series(1, $3::int) n
        cross join bank join other on other.place = n % other.others
        cross join (values (1), (2)) as p (position))
     select id from bank`,
    [benchActor.organisationId, bookId, entries],
  );
  await owner.query('set session_replication_role = origin');
  await owner.query('analyze transactions.journal_line, transactions.journal_entry');
  return found.rows[0]?.id ?? '';
}

type Read = (on: string) => Promise<string>;

function graphOf(running: RunningSubgraph) {
  // The days are variables, as clients send them: an operation is parsed once, not once a day.
  const ask = async <Data>(query: string, variables: Record<string, unknown>): Promise<Data> => {
    const answer = await running.execute({ query, variables, actor: benchActor });
    if (answer.errors) throw new AggregateError(answer.errors, 'The graph did not answer');
    return answer.data as Data;
  };
  interface Row {
    readonly account: { readonly code: string };
    readonly balance: { readonly amount: string };
  }
  return {
    account:
      (id: string): Read =>
      async (on) => {
        const { _entities } = await ask<{ _entities: { balance: { amount: string }[] }[] }>(
          `query ($account: _Any!, $on: Date!) {
             _entities(representations: [$account]) { ... on Account { balance(on: $on) { amount } } } }`,
          { account: { __typename: 'Account', id }, on },
        );
        return _entities[0]?.balance[0]?.amount ?? '';
      },
    trial:
      (bookId: string): Read =>
      async (on) => {
        const { trialBalance } = await ask<{ trialBalance: { rows: Row[] } }>(
          `query ($bookId: ID!, $on: Date!) {
             trialBalance(bookId: $bookId, on: $on) { rows { account { code } balance { amount } } } }`,
          { bookId, on },
        );
        return trialBalance.rows.map((row) => `${row.account.code} ${row.balance.amount}`).join(', ');
      },
  };
}

function sumsOf(owner: pg.Client) {
  const text = (minor: string) => formatMoney({ minor: BigInt(minor), currency: 'EUR' });
  const signed = "sum(case l.side when 'DEBIT' then l.minor else -l.minor end)::text as minor";
  return {
    account:
      (id: string): Read =>
      async (on) => {
        const { rows } = await owner.query<{ minor: string }>({
          name: 'account',
          text: `select ${signed} from transactions.journal_line l where l.account_id = $1 and l.posted_on <= $2 group by l.currency`,
          values: [id, on],
        });
        return text(rows[0]?.minor ?? '0');
      },
    trial:
      (bookId: string): Read =>
      async (on) => {
        const { rows } = await owner.query<{ code: string; minor: string }>({
          name: 'trial',
          text: `select a.code, ${signed} from transactions.journal_line l
                   join transactions.account a on a.organisation_id = l.organisation_id and a.id = l.account_id
                  where a.book_id = $1 and l.posted_on <= $2 group by a.code, l.currency order by a.code collate "C"`,
          values: [bookId, on],
        });
        return rows.map((row) => `${row.code} ${text(row.minor)}`).join(', ');
      },
  };
}

const warmUps = 200;

/** Both sides for the same days in turn; the figures are milliseconds. Throws when they do not answer the same. */
async function compared(ours: Read, theirs: Read) {
  const [mine, plain]: [number[], number[]] = [[], []];
  // A service that has run for a while: its code is compiled and its plans are made.
  for (let round = 0; round < warmUps; round += 1) {
    await ours('2025-05-05');
    await theirs('2024-08-20');
  }
  for (let round = -5; round < rounds; round += 1) {
    throwIfInterrupted();
    const day = new Date(Date.UTC(2024, 7, 1) + ((round + 5) * 619 * 86_400_000) / (rounds + 5));
    const on = day.toISOString().slice(0, 10);
    const [answer, milliseconds] = await timed(ours, on);
    const [sum, plainMilliseconds] = await timed(theirs, on);
    if (answer !== sum) throw new Error(`On ${on} the answer is ${answer} and the sum ${sum}`);
    if (round < 0) continue;
    mine.push(milliseconds);
    plain.push(plainMilliseconds);
  }
  return {
    crossfoot: rounded(median(mine)),
    crossfootP90: rounded(mine.toSorted((a, b) => a - b)[Math.floor(mine.length * 0.9)] ?? Number.NaN),
    denominator: rounded(median(plain)),
    ratio: rounded(median(plain.map((one, index) => one / (mine[index] ?? Number.NaN)))),
    ratioIs: 'how many times faster than the plain sum',
  };
}

async function timed(read: Read, on: string): Promise<readonly [string, number]> {
  const from = performance.now();
  const answer = await read(on);
  return [answer, performance.now() - from];
}
