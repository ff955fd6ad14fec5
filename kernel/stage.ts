import type { EventType } from './events.ts';
import type { Handler, Handlers, Subgraph } from './subgraph.ts';

/** What one stage of the subgraph brings. */
export interface Stage extends Pick<Subgraph, 'entities' | 'figures'> {
  readonly handlers?: Handlers;
  readonly jobs?: Subgraph['jobs'];
}

/** Puts the stages together; the reactions of an earlier stage to an event run before those of a later one. */
export function stagesTogether(
  stages: readonly Stage[],
): Required<Pick<Subgraph, 'entities' | 'handlers' | 'jobs' | 'figures'>> {
  const handlers: Partial<Record<EventType, Handler<never>[]>> = {};
  for (const stage of stages) {
    for (const [type, reactions] of Object.entries(stage.handlers ?? {}) as [
      EventType,
      readonly Handler<never>[],
    ][]) {
      handlers[type] = [...(handlers[type] ?? []), ...reactions];
    }
  }
  return {
    entities: stages.flatMap((stage) => stage.entities),
    handlers: handlers as Handlers,
    jobs: stages.flatMap((stage) => stage.jobs ?? []),
    figures: stages.flatMap((stage) => stage.figures ?? []),
  };
}
