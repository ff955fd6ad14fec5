import type { EntitySchema } from '@mikro-orm/core';
import type { GraphQLSchema } from 'graphql';
import type pg from 'pg';
import type { Command } from '#kernel/command';
import type { CommandDoor } from '#kernel/command-door';
import type { SubgraphName } from '#kernel/config';
import type { DomainEvent, EventType } from '#kernel/events';
import type { Services } from '#kernel/services';

/** One reaction to an event: the command it leads to and its input; undefined input means no reaction. */
export interface Handler<T extends EventType> {
  readonly command: Command<never>;
  readonly input: (event: DomainEvent<T>) => unknown;
}

/** The table of a subgraph: event -> commands. Each runs once for each event, whatever is restarted when. */
export type Handlers = { readonly [T in EventType]?: readonly Handler<T>[] };

/** Writes a row of a handler table. */
export function on<T extends EventType, Input>(
  command: Command<Input>,
  input: (event: DomainEvent<T>) => NoInfer<Input> | undefined,
): Handler<T> {
  return { command: command as unknown as Command<never>, input };
}

/** What a background job of a subgraph may use. */
export interface JobContext {
  readonly services: Services;
  readonly door: CommandDoor;
  /** The subgraph's own pool, for reading what there is to do; writes go through the door. */
  readonly pool: pg.Pool;
}

/** Work that is woken or scheduled rather than asked for by a request. */
export interface Job {
  /** Dotted, begins with the subgraph's name: `sync.drain`. */
  readonly name: string;
  /** Cron expression in UTC for what must also run by itself. */
  readonly schedule?: string;
  /** Whether it also runs when a process starts: whatever a killed one left need not wait for the schedule. */
  readonly atStart?: true;
  /** How many of it a process runs side by side; one unless said. */
  readonly concurrency?: number;
  run(data: Readonly<Record<string, string>>, context: JobContext): Promise<void>;
}

/** What work that runs beside the requests may use. */
export interface BackgroundContext extends JobContext {
  /** Calls back soon after commits, from any process, and at least twice a second; answers how to stop. */
  readonly onCommit: (wake: () => void) => () => void;
}

/** Work that runs for as long as its subgraph does. */
export interface Background {
  /** Ends it; resolves when nothing of it is under way any more. */
  stop(): Promise<void>;
}

/** A figure of a subgraph's own, looked up when somebody reads the figures. */
export interface SubgraphFigure {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  /** The values as they stand; with the pool's rights no organisation's rows are seen, only what a function counts. */
  read(
    pool: pg.Pool,
  ): Promise<readonly { readonly labels: Record<string, string>; readonly value: number }[]>;
}

/** Everything a subgraph is, as one value; `main.ts` starts it in this process or in one of its own. */
export interface Subgraph {
  readonly name: SubgraphName;
  readonly schema: GraphQLSchema;
  readonly entities: readonly EntitySchema[];
  /** Absolute folder of numbered SQL files. */
  readonly migrations: string;
  readonly handlers: Handlers;
  readonly jobs: readonly Job[];
  /** What it shows of itself beside what every subgraph does. */
  readonly figures?: readonly SubgraphFigure[];
  /** Starts work that follows every commit at once, where a job would come too late. */
  readonly background?: (context: BackgroundContext) => Background;
}
