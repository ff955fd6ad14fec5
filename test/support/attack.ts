import type pg from 'pg';
import { newId } from '#kernel/ids';
import { transactions } from '../../subgraphs/transactions/subgraph.ts';
import { openTestBook } from './book.ts';
import { openWorkbench, type Workbench } from './workbench.ts';

/** A line as an attacker writes it; what is left out is as it has to be. */
export interface Line {
  readonly account: string;
  readonly side: string;
  readonly minor: number;
  readonly currency?: string;
  readonly on?: string;
  readonly functional?: number;
  readonly unvalued?: boolean;
  readonly rate?: number;
  readonly source?: string;
  readonly dimensions?: unknown;
  readonly tax?: string;
  readonly role?: string;
}

/** An entry as an attacker writes it. */
export interface Entry {
  readonly id?: string;
  readonly sequence?: number;
  readonly kind?: string;
  readonly on?: string;
  readonly reversalOf?: string;
  readonly lines?: readonly Line[];
  readonly key?: string;
  readonly hash?: string;
  readonly fields?: unknown;
}

/** Two lines that balance. */
export const balanced: readonly Line[] = [
  { account: '1100', side: 'DEBIT', minor: 100 },
  { account: '4400', side: 'CREDIT', minor: 100 },
];

/** The books of an organisation under attack in plain SQL, past all code of ours. */
export interface Attack {
  readonly bench: Workbench;
  readonly organisation: string;
  readonly bookId: string;
  /** Ids of the accounts of the book by code. */
  readonly accountIds: ReadonlyMap<string, string>;
  /** Begins as somebody, in the organisation under attack; answers how to take everything back. */
  begin(role: string): Promise<() => Promise<void>>;
  run(sql: string, values?: readonly unknown[]): Promise<pg.QueryResult>;
  /** Inserts an entry with its lines in one statement, as posting does; answers its id. */
  insert(entry: Entry): Promise<string>;
  close(): Promise<void>;
}

/** Opens two books to attack. */
export async function openAttack(): Promise<Attack> {
  const bench = await openWorkbench([transactions]);
  const organisation = bench.actor().organisationId;
  const bookId = await openTestBook(bench);
  await openTestBook(bench);
  const found = await bench.owner.query<{ id: string; code: string }>(
    'select id, code from transactions.account where book_id = $1',
    [bookId],
  );
  const accountIds = new Map(found.rows.map((row) => [row.code, row.id]));
  const client = await bench.owner.connect();
  let next = 1;
  const run = (sql: string, values: readonly unknown[] = []) => client.query(sql, [...values]);
  return {
    bench,
    organisation,
    bookId,
    accountIds,
    run,
    async begin(role) {
      await run('begin');
      if (role !== 'the owner') await run(`set local role ${role}`);
      await run("select set_config('crossfoot.organisation', $1, true)", [organisation]);
      next = 1;
      return async () => void (await run('rollback'));
    },
    async insert(entry) {
      const id = entry.id ?? newId('je');
      const lines = entry.lines ?? balanced;
      await run(
        `with line as (
       insert into transactions.journal_line
         (organisation_id, journal_entry_id, position, account_id, side, minor, currency, posted_on, functional_minor, rate,
          rate_source, rate_on, rate_path, dimensions, tax_code, tax_role)
       select $1, $2, row_number() over (), "accountId", side, minor, coalesce(currency, 'EUR'),
              coalesce("on", $6)::date, case when unvalued then null else coalesce(functional, minor) end, rate,
              case when rate is not null then coalesce(source, 'MANUAL') end, case when rate is not null then $6::date end,
              case when rate is not null then 'USD>EUR' end, coalesce(dimensions, '{}'), tax, role
         from jsonb_to_recordset($3::jsonb) as l ("accountId" text, side text, minor bigint, currency text, "on" text,
              functional bigint, unvalued boolean, rate numeric, source text, dimensions jsonb, tax text, role text)
     )
     insert into transactions.journal_entry
       (organisation_id, id, book_id, sequence, kind, posted_on, description, reversal_of, posted_at,
        idempotency_key, input_hash, fields)
     values ($1, $2, $4, $5, $7, $6::date, 'Attack', $8, now(), $9, $10, $11)`,
        [
          organisation,
          id,
          JSON.stringify(
            lines.map((line) => ({ ...line, accountId: accountIds.get(line.account) ?? line.account })),
          ),
          bookId,
          entry.sequence ?? next,
          entry.on ?? '2026-05-01',
          entry.kind ?? 'MANUAL',
          entry.reversalOf ?? null,
          entry.key ?? null,
          entry.hash ?? (entry.key === undefined ? null : 'hash'),
          JSON.stringify(entry.fields ?? {}),
        ],
      );
      next += 1;
      return id;
    },
    async close() {
      client.release();
      await bench.close();
    },
  };
}

/** Why a statement was refused: the code of our error table, or the SQLSTATE; 'accepted' when it was not. */
export async function refused(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    const { hint, code } = error as { hint?: string; code?: string };
    return hint ?? code ?? String(error);
  }
  return 'accepted';
}
