import type { EventType } from '#kernel/events';
import type { Handler, Handlers, Subgraph } from '#kernel/subgraph';

/** A subgraph whose reactions to one kind of event can be made to wait; for tests of what happens meanwhile. */
export interface HeldSubgraph {
  readonly subgraph: Subgraph;
  /** From now on the subgraph stands still at the next such event. */
  hold(): void;
  /** Lets it go on. */
  release(): void;
}

/** Wraps a subgraph so that it can be held before it reacts to an event of a type, and nowhere else. */
export function heldAt(subgraph: Subgraph, type: EventType): HeldSubgraph {
  let gate = Promise.withResolvers<void>();
  gate.resolve();
  const waiting = (handler: Handler<EventType>): Handler<EventType> => ({
    ...handler,
    command: {
      ...handler.command,
      execute: async (input, context) => {
        await gate.promise;
        return handler.command.execute(input, context);
      },
    },
  });
  const reactions = (subgraph.handlers[type] ?? []) as readonly Handler<EventType>[];
  const handlers = { ...subgraph.handlers, [type]: reactions.map(waiting) } as Handlers;
  return {
    subgraph: { ...subgraph, handlers },
    hold: () => {
      gate = Promise.withResolvers<void>();
    },
    release: () => gate.resolve(),
  };
}
