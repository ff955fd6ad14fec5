import type { GraphQLError } from 'graphql';
import type { Actor } from '#kernel/actor';
import type { Data } from './data.ts';

/** What was learned of one fetch of a plan, for traces and metrics. */
export interface FetchObservation {
  readonly subgraph: string;
  /** Where in the answer it adds, lists as `@`. */
  readonly path: readonly string[];
  /** The operation's root fields, fields of entities, or the events of a subscription. */
  readonly kind: 'root' | 'entities' | 'events';
  /** How many distinct entities or events were asked for; 0 for root fields. */
  readonly entities: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly milliseconds: number;
  /** Whether the subgraph could not be asked or answered with errors. */
  readonly failed: boolean;
}

/** Sees every fetch after it ended. */
export interface Observer {
  fetch(observation: FetchObservation): void;
}

/** For whom an operation runs and with which variables, coerced. */
export interface Execution {
  readonly variables: Readonly<Record<string, unknown>>;
  readonly actor: Actor;
  readonly observe?: Observer | undefined;
}

/** One answer in the making. */
export interface Answer {
  readonly data: Data;
  readonly errors: GraphQLError[];
  /** Where fetches failed as a whole, lists as `@`: what is missing below is explained by that. */
  readonly failures: (readonly string[])[];
}

/** A plan at work: one answer for a query or mutation, one for each event of a subscription. */
export interface Run extends Execution {
  readonly answers: readonly Answer[];
}

/** One step of a compiled plan; a promise only where it waits for something. */
export type Step = (run: Run) => Promise<void> | undefined;

/** An answer to which nothing was added yet. */
export function newAnswer(data: Data): Answer {
  return { data, errors: [], failures: [] };
}
