import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { Actor } from '#kernel/actor';
import type { AtOnce, Command, CommandResult } from '#kernel/command';
import { recordsOf } from '#kernel/command-records';
import { isKeyRace, isTransient } from '#kernel/database-errors';
import { statementName } from '#kernel/statement-name';
import type { Call } from '#kernel/transaction';

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
 * Sends a call as begin, one statement that works and closes, and commit, all in one packet. Answers undefined when it
 * did nothing, because the statement does not fit what it met or was refused: a key that is not new cannot be closed
 * again. The long way then says what it is. Throws what another try can help.
 */
export async function runAtOnce<Result extends CommandResult>(
  pool: pg.Pool,
  { command, call, inputHash, now, work }: AtOnceCall<Result>,
): Promise<Result | undefined> {
  const blanks = Array.from({ length: work.tells }, (_, index) => `${blank}${(index + 1).toString()}`);
  const { result, events, note } = work.leave(blanks);
  const { actor, idempotencyKey: key } = call;
  const records = recordsOf(
    { actor, key, now, organisationId: actor.organisationId, events, notes: [note] },
    { command: command.name, inputHash, result: command.remember(result) },
  );
  const sql = closing(work);
  const client = await pool.connect();
  let broken = true;
  try {
    const [, worked, committed] = await Promise.allSettled([
      begin(client, actor),
      client.query<{ told: string[] }>({
        name: statementName(sql),
        text: sql,
        values: [...work.values, ...records.values, records.audit, blank],
      }),
      client.query('commit'),
    ]);
    // A commit that was answered, as a commit or as the end of what had failed, leaves the connection as it was.
    broken = committed.status === 'rejected';
    if (committed.status === 'rejected') throw committed.reason;
    if (worked.status === 'rejected') {
      if (isTransient(worked.reason) && !isKeyRace(worked.reason)) throw worked.reason;
      return undefined;
    }
    const [row] = worked.value.rows;
    if (!row) return undefined;
    if (committed.value.command !== 'COMMIT')
      throw new Error(`The transaction of ${command.name} ended as ${committed.value.command}`);
    return work.leave(row.told).result;
  } finally {
    client.release(broken);
  }
}

function begin(client: pg.PoolClient, { organisationId, id, embed }: Actor): Promise<unknown> {
  return Promise.all([
    client.query('begin'),
    embed?.bookId !== undefined &&
      client.query("select set_config('crossfoot.book', $1, true)", [embed.bookId]),
    client.query({
      name: 'begin_at_once',
      text: "select set_config('crossfoot.organisation', $1, true), set_config('crossfoot.actor', $2, true)",
      values: [organisationId, id],
    }),
  ]);
}

/** The statement of the work and the closing of the command in one. */
function closing({ parts, values }: AtOnce): string {
  const marks = Array.from({ length: 12 }, (_, index) => `$${(values.length + index + 1).toString()}`);
  return `${parts} select told, kernel.finish_command(${marks.join(', ')}, told) from answer`;
}
