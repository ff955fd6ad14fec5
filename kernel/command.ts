import type { z } from 'zod';
import type { Actor, Scope } from '#kernel/actor';
import type { UserError } from '#kernel/errors';
import type { EventFacts, EventType } from '#kernel/events';
import type { Services } from '#kernel/services';
import type { WrittenFacts } from '#kernel/written-facts';

/** What a command answers: ids and plain values, kept for ever under its idempotency key. */
export type CommandResult = Readonly<Record<string, unknown>>;

/** What a command tells the audit log beside who, what and when; one row for each call. */
export interface AuditNote {
  readonly subjectType: string;
  readonly subjectId: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** An event as a command raises it; kernel adds who, when and for whom. */
export interface RaisedEvent<T extends EventType> {
  readonly type: T;
  readonly subjectId: string;
  readonly bookId?: string;
  readonly facts: EventFacts[T] | WrittenFacts;
}

/** The open write transaction of a command. All rows it sees and writes belong to the actor's organisation. */
export interface Transaction {
  readonly actor: Actor;
  readonly organisationId: string;
  /** The one instant of this command. */
  readonly now: Date;
  readonly services: Services;
  /** Runs SQL with positional parameters; statements are prepared once and kept. */
  query<Row extends object = Record<string, unknown>>(
    sql: string,
    values?: readonly unknown[],
  ): Promise<Row[]>;
  /** The first row, or undefined. */
  maybe<Row extends object = Record<string, unknown>>(
    sql: string,
    values?: readonly unknown[],
  ): Promise<Row | undefined>;
  /** The first row; throws NOT_FOUND with the text when there is none. */
  require<Row extends object = Record<string, unknown>>(
    missing: string,
    sql: string,
    values?: readonly unknown[],
  ): Promise<Row>;
  /** Inserts one row from an object of column names; `organisation_id` is added. */
  insert(table: string, row: Readonly<Record<string, unknown>>): Promise<void>;
  emit<T extends EventType>(event: RaisedEvent<T>): void;
  audit(note: AuditNote): void;
  /** Wakes a background job once this is committed, and only then; a wake-up that is lost is only logged. */
  wake(job: string, data: Readonly<Record<string, string>>): void;
  /** Tells the caller of something that did not stop the command: the rest of the batch goes on. */
  report(error: UserError): void;
  /** Switches a platform command to the organisation it has just made. */
  enter(organisationId: string): Promise<void>;
}

/**
 * The whole work of a call as one statement, which travels with everything around it: one round trip instead of two.
 * Its `with` parts end in one called `answer`, with at most one row and the column `told text[]`: what only the database
 * knows, such as a number it gives. Without a row it has done nothing, and the call goes the long way.
 */
export interface AtOnce<Result extends CommandResult = CommandResult> {
  /** The `with` parts; a constant, because it is prepared once. */
  readonly parts: string;
  readonly values: readonly unknown[];
  /** How many texts `told` has. */
  readonly tells: number;
  /** What the call leaves behind; texts that are told may stand in it as whole values only. */
  leave(told: readonly string[]): AtOnceLeft<Result>;
}

/** What a call that was one statement answers, raises and notes: the same that it would the long way. */
export interface AtOnceLeft<Result extends CommandResult = CommandResult> {
  readonly result: Result;
  readonly events: readonly RaisedEvent<EventType>[];
  readonly note: AuditNote;
}

/** A use case that writes. Its name is the mutation, the file and the audit action. */
export interface Command<Input = unknown, Result extends CommandResult = CommandResult> {
  readonly name: string;
  readonly description: string;
  readonly scope: Scope;
  readonly input: z.ZodType<Input>;
  /** What of the result is kept for a repeated key; secrets that are shown once are left out. */
  remember(result: Result): Partial<Result>;
  execute(input: Input, context: ExecuteContext): Promise<(transaction: Transaction) => Promise<Result>>;
  /** The call as one statement, where it may be one. */
  atOnce?(input: Input, context: AtOnceContext): AtOnce<Result> | undefined;
}

/** What the work before the transaction may use. */
export interface ExecuteContext {
  readonly actor: Actor;
  readonly services: Services;
}

/** What a call knows of itself before it asks the database. */
export interface AtOnceContext {
  readonly actor: Actor;
  readonly organisationId: string;
  /** The one instant of this command. */
  readonly now: Date;
}

interface CommandDefinition<Schema extends z.ZodType, Prepared, Result extends CommandResult> {
  readonly name: string;
  readonly description: string;
  readonly scope: Scope;
  readonly input: Schema;
  /** Work that needs no transaction, such as reading a file; it may run again when the transaction is retried. */
  readonly prepare?: (input: z.output<Schema>, context: ExecuteContext) => Promise<Prepared>;
  readonly run: (transaction: Transaction, input: z.output<Schema>, prepared: Prepared) => Promise<Result>;
  /** For what is called very often: the same work as one statement; undefined, or no row, leaves it to `run`. */
  readonly atOnce?: (input: z.output<Schema>, context: AtOnceContext) => AtOnce<Result> | undefined;
  /** Left out, the whole result is kept for a repeated key. */
  readonly remember?: (result: Result) => Partial<Result>;
}

/** Defines a command. `run` throws CrossfootError for what the caller can fix; everything it wrote is then undone. */
export function command<Schema extends z.ZodType, Result extends CommandResult, Prepared = undefined>(
  definition: CommandDefinition<Schema, Prepared, Result>,
): Command<z.output<Schema>, Result> {
  return {
    name: definition.name,
    description: definition.description,
    scope: definition.scope,
    input: definition.input as unknown as z.ZodType<z.output<Schema>>,
    remember: definition.remember ?? ((result) => result),
    ...(definition.atOnce && { atOnce: definition.atOnce }),
    async execute(input, context) {
      const prepared = (await definition.prepare?.(input, context)) as Prepared;
      return (transaction) => definition.run(transaction, input, prepared);
    },
  };
}
