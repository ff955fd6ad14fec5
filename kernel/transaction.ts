import type pg from 'pg';
import type { Actor } from '#kernel/actor';
import type { AuditNote, RaisedEvent, Transaction } from '#kernel/command';
import { recordsOf, type CommandEntry } from '#kernel/command-records';
import { CrossfootError, type UserError } from '#kernel/errors';
import type { EventType } from '#kernel/events';
import { parameters } from '#kernel/parameters';
import type { Services } from '#kernel/services';
import { statementName } from '#kernel/statement-name';

/** A write transaction with what surrounds it; for the command door alone. */
export interface OpenTransaction {
  readonly transaction: Transaction;
  /**
   * The remembered call when the idempotency key is not new. It comes with the answer of the transaction's first query,
   * which is sent along; for a key that is not new, that query ends in an error, and nothing it did is kept.
   */
  readonly known: Promise<KnownCall | undefined>;
  readonly reported: UserError[];
  /** Writes memory, events and audit rows and commits. */
  commit(entry: CommandEntry): Promise<void>;
  rollBack(): Promise<void>;
  release(): void;
}

/** A call that was committed before under the same key. */
export interface KnownCall {
  readonly command: string;
  readonly inputHash: string;
  readonly result: unknown;
}

/** Who calls, and under which key. */
export interface Call {
  readonly actor: Actor;
  readonly idempotencyKey: string;
}

/** Takes a connection, begins, and sets who the transaction works for, in one round trip with the first query. */
export async function openTransaction(
  pool: pg.Pool,
  services: Services,
  call: Call,
): Promise<OpenTransaction> {
  const client = await pool.connect();
  const known = begin(client, call);
  // Whoever waits for it hears of its failure; nobody may be waiting yet.
  known.catch(() => undefined);
  const state: State = {
    client,
    call,
    known,
    now: new Date(),
    organisationId: call.actor.organisationId,
    events: [],
    notes: [],
    reported: [],
    wakeUps: [],
    open: true,
    broken: false,
  };
  return {
    transaction: transactionOf(state, services),
    known,
    reported: state.reported,
    commit: async (entry) => {
      await commit(state, entry);
      wakeJobs(state, services);
    },
    rollBack: () => rollBack(state),
    release: () => client.release(state.broken),
  };
}

async function begin(client: pg.PoolClient, { actor, idempotencyKey }: Call): Promise<KnownCall | undefined> {
  const bookId = actor.embed?.bookId;
  const [, , begun] = await Promise.all([
    client.query('begin'),
    bookId === undefined
      ? undefined
      : client.query("select set_config('crossfoot.book', $1, true)", [bookId]),
    client.query<{ known: KnownCall | null }>({
      name: 'begin_command',
      text: 'select kernel.begin_command($1, $2, $3) as known',
      values: [actor.organisationId, actor.id, idempotencyKey],
    }),
  ]);
  return begun.rows[0]?.known ?? undefined;
}

interface State {
  readonly client: pg.PoolClient;
  readonly call: Call;
  readonly known: Promise<KnownCall | undefined>;
  readonly now: Date;
  organisationId: string;
  readonly events: RaisedEvent<EventType>[];
  readonly notes: AuditNote[];
  readonly reported: UserError[];
  readonly wakeUps: { readonly job: string; readonly data: Readonly<Record<string, string>> }[];
  open: boolean;
  broken: boolean;
}

function transactionOf(state: State, services: Services): Transaction {
  const query = async <Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> => {
    const asked = state.client.query<Row>({
      name: statementName(sql),
      text: sql,
      values: parameters(values),
    });
    const [begun, answer] = await Promise.allSettled([state.known, asked]);
    if (begun.status === 'rejected') throw begun.reason;
    if (begun.value) throw new Error('The key of this call is not new; its first result is the answer');
    if (answer.status === 'rejected') throw answer.reason;
    return answer.value.rows;
  };
  return {
    actor: state.call.actor,
    get organisationId() {
      return state.organisationId;
    },
    now: state.now,
    services,
    query,
    maybe: async <Row extends object>(sql: string, values?: readonly unknown[]) =>
      (await query<Row>(sql, values))[0],
    require: async <Row extends object>(missing: string, sql: string, values?: readonly unknown[]) => {
      const [row] = await query<Row>(sql, values);
      if (!row) throw new CrossfootError('NOT_FOUND', missing);
      return row;
    },
    insert: async (table, row) => {
      const columns = ['organisation_id', ...Object.keys(row)];
      const marks = columns.map((_, index) => `$${index + 1}`);
      await query(`insert into ${table} (${columns.join(', ')}) values (${marks.join(', ')})`, [
        state.organisationId,
        ...Object.values(row),
      ]);
    },
    emit: (event) => void state.events.push(event),
    audit: (note) => void state.notes.push(note),
    wake: (job, data) => void state.wakeUps.push({ job, data }),
    report: (error) => void state.reported.push(error),
    enter: async (organisationId) => {
      state.organisationId = organisationId;
      await query("select set_config('crossfoot.organisation', $1, true)", [organisationId]);
    },
  };
}

async function commit(state: State, entry: CommandEntry): Promise<void> {
  const { client, call } = state;
  const records = recordsOf({ ...state, actor: call.actor, key: call.idempotencyKey }, entry);
  const finished = client.query({
    name: 'finish_command',
    text: 'select kernel.finish_command($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)',
    values: [...records.values, records.audit],
  });
  const committed = client.query('commit');
  state.open = false;
  const [finish, end] = await Promise.allSettled([finished, committed]);
  if (finish.status === 'rejected') throw finish.reason;
  if (end.status === 'rejected') throw end.reason;
  if (end.value.command !== 'COMMIT')
    throw new Error(`The transaction of ${entry.command} ended as ${end.value.command}`);
}

/** Nobody waits for wake-ups: what they would do stands in tables, and a sweep finds what a lost one left. */
function wakeJobs(state: State, services: Services): void {
  for (const { job, data } of state.wakeUps) {
    services
      .wake(job, data)
      .catch((error: unknown) => services.log.warn({ error, job }, 'a wake-up was lost'));
  }
}

async function rollBack(state: State): Promise<void> {
  if (!state.open) return;
  state.open = false;
  await state.client.query('rollback').catch(() => {
    state.broken = true;
  });
}
