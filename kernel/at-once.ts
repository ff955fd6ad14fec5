import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { AtOnce, Command, CommandResult } from '#kernel/command';
import { tracesOf } from '#kernel/command-traces';
import { statementName } from '#kernel/statement-name';
import { begin, type Call, type KnownCall } from '#kernel/transaction';

/** What became of a call that was sent as one statement. */
export type AtOnceOutcome<Result extends CommandResult> =
  | { readonly known: KnownCall }
  | { readonly result: Result }
  /** Nothing was done: the statement does not fit what it met. */
  | undefined;

interface AtOnceCall<Result extends CommandResult> {
  readonly command: Pick<Command<never, Result>, 'name' | 'remember'>;
  readonly call: Call;
  readonly inputHash: string;
  readonly now: Date;
  readonly work: AtOnce<Result>;
}

/** What stands where a told text belongs until the database fills it in; nobody outside this process knows it. */
const blank = randomUUID();

/**
 * Sends a call as begin, question, one statement that works and closes, and commit, all in one packet. Under a key that
 * is not new the statement cannot close, and nothing it did is kept.
 */
export async function runAtOnce<Result extends CommandResult>(
  pool: pg.Pool,
  { command, call, inputHash, now, work }: AtOnceCall<Result>,
): Promise<AtOnceOutcome<Result>> {
  const blanks = Array.from({ length: work.tells }, (_, index) => `${blank}${(index + 1).toString()}`);
  const { result, events, note } = work.leave(blanks);
  const { actor, idempotencyKey: key } = call;
  const traces = tracesOf(
    { actor, key, now, organisationId: actor.organisationId, events, notes: [note] },
    { command: command.name, inputHash, result: command.remember(result) },
  );
  const sql = closing(work);
  const client = await pool.connect();
  let broken = true;
  try {
    const [known, worked, committed] = await Promise.allSettled([
      begin(client, call),
      client.query<{ told: string[] }>({
        name: statementName(sql),
        text: sql,
        values: [...work.values, ...traces.values, traces.records[0], blank],
      }),
      client.query('commit'),
    ]);
    // A commit that was answered, as a commit or as the end of what had failed, leaves the connection as it was.
    broken = committed.status === 'rejected';
    if (known.status === 'rejected') throw known.reason;
    if (known.value) return { known: known.value };
    if (worked.status === 'rejected') throw worked.reason;
    if (committed.status === 'rejected') throw committed.reason;
    const [row] = worked.value.rows;
    if (!row) return undefined;
    if (committed.value.command !== 'COMMIT')
      throw new Error(`The transaction of ${command.name} ended as ${committed.value.command}`);
    return { result: work.leave(row.told).result };
  } finally {
    client.release(broken);
  }
}

/** The statement of the work and the closing of the command in one. */
function closing({ parts, values }: AtOnce): string {
  const marks = Array.from({ length: 12 }, (_, index) => `$${(values.length + index + 1).toString()}`);
  return `${parts} select told, kernel.finish_at_once(${marks.join(', ')}, told) from answer`;
}
