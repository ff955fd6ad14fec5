import type pg from 'pg';
import { holds, mayRun, type Actor } from '#kernel/actor';
import { runAtOnce } from '#kernel/at-once';
import { canonicalJson, sha256Hex } from '#kernel/canonical';
import type { Command, CommandResult } from '#kernel/command';
import { CrossfootError, userError, type UserError } from '#kernel/errors';
import { failureOf, isTransient } from '#kernel/database-errors';
import { newId } from '#kernel/ids';
import { sleep } from '#kernel/sleep';
import type { Tracing } from '#kernel/tracing';
import { openTransaction, type KnownCall, type OpenTransaction } from '#kernel/transaction';
import type { Services } from '#kernel/services';
import { withoutNulls } from '#kernel/input';

/** How one call of a command is to be carried out. */
export interface CommandCall {
  readonly actor: Actor;
  /** Repeating a key with the same input answers the first result; it never expires. */
  readonly idempotencyKey?: string;
  /** Does everything and undoes it, to show what would happen. */
  readonly dryRun?: boolean;
}

/** What became of a call. Without a result nothing was written. */
export interface CommandOutcome<Result extends CommandResult = CommandResult> {
  readonly result?: Result;
  readonly errors: readonly UserError[];
  /** True when the result is that of an earlier call with the same key. */
  readonly replayed: boolean;
}

/** The one door for writes of a subgraph. */
export interface CommandDoor {
  run<Input, Result extends CommandResult>(
    command: Command<Input, Result>,
    input: unknown,
    call: CommandCall,
  ): Promise<CommandOutcome<Result>>;
}

type KeyedCall = CommandCall & { readonly idempotencyKey: string };

interface DoorOptions {
  readonly pool: pg.Pool;
  readonly services: Services;
  /** Told after every commit, to wake those who wait for its events and audit rows. */
  readonly committed: () => void;
  /** Records each call of a recorded trace. */
  readonly tracing?: Tracing | undefined;
}

const maxAttempts = 6;

/**
 * Opens the door: authorise, validate, remember, run, outbox and audit rows, commit; again when the database asks for it.
 * No other code opens a write transaction.
 */
export function createCommandDoor(options: DoorOptions): CommandDoor {
  return {
    async run<Input, Result extends CommandResult>(
      command: Command<Input, Result>,
      rawInput: unknown,
      call: CommandCall,
    ): Promise<CommandOutcome<Result>> {
      if (!holds(call.actor, command.scope)) {
        return refused(userError('FORBIDDEN', `${command.name} needs the scope ${command.scope}`));
      }
      if (!mayRun(call.actor, command.name)) {
        return refused(userError('FORBIDDEN', `${command.name} is no feature of this token's components`));
      }
      const input = command.input.safeParse(withoutNulls(rawInput ?? {}));
      if (!input.success) return { errors: input.error.issues.map(inputError), replayed: false };
      // A key of its own for a call without one: a retry after a lost connection must find what the first try committed.
      const keyed = { ...call, idempotencyKey: call.idempotencyKey ?? newId('once') };
      const work = () => withRetries(() => attempt(command, { input: input.data, call: keyed }, options));
      return call.actor.spanId ? traced(options.tracing, { command: command.name, call }, work) : work();
    },
  };
}

/** Records a call with its outcome; never its input. */
async function traced<Outcome extends CommandOutcome>(
  tracing: Tracing | undefined,
  { command, call }: { readonly command: string; readonly call: CommandCall },
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  const span = tracing?.under(call.actor, `command ${command}`, {
    facts: { 'crossfoot.command': command, 'crossfoot.dry_run': call.dryRun === true },
  });
  try {
    const outcome = await work();
    span?.set({ 'crossfoot.replayed': outcome.replayed });
    if (outcome.result === undefined) span?.fail(outcome.errors[0]?.code ?? 'INTERNAL');
    return outcome;
  } catch (error) {
    span?.fail(error instanceof CrossfootError ? error.code : 'INTERNAL');
    throw error;
  } finally {
    span?.end();
  }
}

async function attempt<Input, Result extends CommandResult>(
  command: Command<Input, Result>,
  { input, call }: { readonly input: Input; readonly call: KeyedCall },
  options: DoorOptions,
): Promise<CommandOutcome<Result>> {
  const hash = sha256Hex(canonicalJson(input));
  let open: OpenTransaction | undefined;
  try {
    const done = await atOnce(command, { input, call, hash }, options);
    if (done) return done;
    const work = await command.execute(input, { actor: call.actor, services: options.services });
    open = await openTransaction(options.pool, options.services, call);
    // The work begins before it is known whether it was done already: its first query travels with the question.
    const [known, worked] = await Promise.allSettled([open.known, work(open.transaction)]);
    if (known.status === 'rejected') throw known.reason;
    if (known.value) {
      await open.rollBack();
      return recalled<Result>(known.value, command.name, hash);
    }
    if (worked.status === 'rejected') throw worked.reason;
    const result = worked.value;
    if (call.dryRun) await open.rollBack();
    else {
      await open.commit({ command: command.name, inputHash: hash, result: command.remember(result) });
      options.committed();
    }
    return { result, errors: open.reported, replayed: false };
  } catch (error) {
    await open?.rollBack();
    const failure = failureOf(error);
    if (failure) return { errors: failure, replayed: false };
    throw error;
  } finally {
    open?.release();
  }
}

/** The call as one statement, where its command has one for it and it fits; undefined when nothing was done. */
async function atOnce<Input, Result extends CommandResult>(
  command: Command<Input, Result>,
  { input, call, hash }: { readonly input: Input; readonly call: KeyedCall; readonly hash: string },
  options: DoorOptions,
): Promise<CommandOutcome<Result> | undefined> {
  if (call.dryRun || !command.atOnce) return undefined;
  const now = new Date();
  const { actor } = call;
  const work = command.atOnce(input, { actor, organisationId: actor.organisationId, now });
  if (!work) return undefined;
  const result = await runAtOnce(options.pool, { command, call, inputHash: hash, now, work });
  if (result === undefined) return undefined;
  options.committed();
  return { result, errors: [], replayed: false };
}

async function withRetries<T>(work: () => Promise<T>): Promise<T> {
  for (let attemptNumber = 1; ; attemptNumber += 1) {
    try {
      return await work();
    } catch (error) {
      if (attemptNumber >= maxAttempts || !isTransient(error)) throw error;
      await sleep(Math.random() * 10 * 2 ** attemptNumber);
    }
  }
}

function recalled<Result extends CommandResult>(
  known: KnownCall,
  name: string,
  hash: string,
): CommandOutcome<Result> {
  if (known.command !== name || known.inputHash !== hash) {
    return refused(
      userError(
        'IDEMPOTENCY_CONFLICT',
        `This idempotency key was used for another ${known.command} request`,
        ['idempotencyKey'],
      ),
    );
  }
  return { result: known.result as Result, errors: [], replayed: true };
}

function refused<Result extends CommandResult>(error: UserError): CommandOutcome<Result> {
  return { errors: [error], replayed: false };
}

function inputError(issue: {
  path: PropertyKey[];
  message: string;
  code?: string;
  params?: unknown;
}): UserError {
  const path = issue.path.map(String);
  const where = path.length > 0 ? `${path.join('.')}: ` : '';
  const given = (issue as { params?: { code?: unknown } }).params?.code;
  if (given === 'CURRENCY_UNKNOWN' || given === 'DATE_INVALID' || given === 'AMOUNT_INVALID') {
    return userError(given, `${where}${issue.message}`, path);
  }
  const missing = issue.message.includes('received undefined');
  return userError(
    missing ? 'FIELD_MISSING' : 'FIELD_INVALID',
    `${where}${missing ? 'this field is required' : issue.message}`,
    path,
  );
}

/** The result of a call that must succeed; throws the first error otherwise. */
export function resultOf<Result extends CommandResult>(outcome: CommandOutcome<Result>): Result {
  if (outcome.result !== undefined) return outcome.result;
  const first = outcome.errors[0];
  throw new CrossfootError(
    'INTERNAL',
    first ? `${first.code}: ${first.message}` : 'The command gave no result',
  );
}
