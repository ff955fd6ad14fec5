import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor } from '#kernel/actor';
import type { Command, CommandResult } from '#kernel/command';
import type { CommandOutcome } from '#kernel/command-door';
import type { FieldTimer } from '#kernel/field-times';
import type { Maintain } from '#kernel/maintenance';
import type { Services } from '#kernel/services';

/** What every resolver of a subgraph gets; made for one request and thrown away with it. */
export interface Context {
  readonly actor: Actor;
  readonly services: Services;
  /** Takes the times of fields; only of requests that are timed. */
  readonly fieldTimer?: FieldTimer | undefined;
  /** The request's read-only transaction, opened at first use; sees the actor's organisation only. */
  read(): Promise<EntityManager>;
  /**
   * Runs a query of the request's transaction, for sums and joins no entity holds; marks are `$1`, `$2` …, lists become
   * PostgreSQL arrays. The text must hold no question mark.
   */
  readonly sql: <Row extends object>(text: string, values?: readonly unknown[]) => Promise<Row[]>;
  /** Runs a command through the door; reads after it see its effect. */
  run<Input, Result extends CommandResult>(
    command: Command<Input, Result>,
    input: unknown,
    options: { idempotencyKey?: string; dryRun?: boolean },
  ): Promise<CommandOutcome<Result>>;
  /** Opens a maintenance transaction beside the request's own; kernel/maintenance.ts says what it is for. */
  readonly maintain: Maintain;
  /** Keeps one value per key for the request, such as a DataLoader. */
  once<T extends object>(key: object, make: () => T): T;
}
