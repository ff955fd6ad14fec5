import type { EventType } from '#kernel/events';
import type { Handler, Handlers } from '#kernel/subgraph';
import { intakeHandlers } from './intake/handlers.ts';
import { ledgerHandlers } from './ledger/handlers.ts';
import { taxHandlers } from './tax/handlers.ts';

/** The reactions of all stages; those of an earlier stage to the same event run first. */
export const handlers: Handlers = merge([intakeHandlers, taxHandlers, ledgerHandlers]);

function merge(stages: readonly Handlers[]): Handlers {
  const merged: Partial<Record<EventType, Handler<never>[]>> = {};
  for (const stage of stages)
    for (const [type, reactions] of Object.entries(stage) as [EventType, readonly Handler<never>[]][])
      merged[type] = [...(merged[type] ?? []), ...reactions];
  return merged as Handlers;
}
