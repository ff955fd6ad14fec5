import type { ExecutionResult } from 'graphql';
import type { Actor } from '#kernel/actor';
import { CrossfootError } from '#kernel/errors';
import type { DomainEvent } from '#kernel/events';
import type { Log } from '#kernel/log';
import type { Executor } from '../execution/executor.ts';
import type { FederatedGraph } from '../graph/federated-graph.ts';
import type { KnownOperation } from '../operations/admission.ts';

/** A graph and what compiles its operations. */
export interface RendererOptions {
  readonly graph: FederatedGraph;
  readonly executor: Executor;
  readonly log: Log;
}

/** For whom, and with which variables of the operation, events are rendered. */
export interface Reader {
  readonly actor: Actor;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Answers what a subscription selects of each event, in their order; all events are asked for together. */
export type RenderEvents = (events: readonly DomainEvent[], reader: Reader) => Promise<ExecutionResult[]>;

/** Plans a subscription: the owning subgraph renders events, then the others add their fields. */
export function compileSubscription(known: KnownOperation, { executor }: RendererOptions): RenderEvents {
  const compiled = executor.compile(known.document, known.operation);
  if (compiled.kind !== 'subscription') {
    throw new CrossfootError('OPERATION_RESOLUTION_FAILURE', 'The operation is no subscription');
  }
  return (events, reader) => compiled.render(events, reader);
}
