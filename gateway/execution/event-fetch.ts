import type { FetchNode } from '@apollo/query-planner';
import type { ExecutionResult } from 'graphql';
import type { DomainEvent } from '#kernel/events';
import { isData } from './data.ts';
import { ask, compileFetch, usedVariables, type PlanEnvironment } from './fetch.ts';
import { compileRewrites } from './rewrites.ts';
import { newAnswer, type Answer, type Execution, type Run } from './run.ts';
import { addRootErrors } from './subgraph-errors.ts';

/** Asks the owner of a subscription for events, one answer for each. */
export type EventFetch = (events: readonly DomainEvent[], execution: Execution) => Promise<readonly Answer[]>;

/** Compiles the first step of a subscription: its owner renders all events in one call, one answer for each. */
export function compileEventFetch(node: FetchNode, environment: PlanEnvironment): EventFetch {
  const fetch = compileFetch(node, [], environment);
  const rewrite = compileRewrites(environment.schema, node.outputRewrites);
  return async (events, { variables, actor, observe }) => {
    const run: Run = { variables, actor, observe, answers: [] };
    const results = await ask<ExecutionResult[]>(fetch, run, {
      variables: usedVariables(fetch, run),
      kind: 'events',
      entities: events.length,
      send: (request) => fetch.source.render({ ...request, events }),
      failure: (result) => events.map(() => result),
    });
    return events.map((_, index) => {
      const { data, errors } = results[index] ?? missing;
      rewrite?.(data);
      const answer = newAnswer(isData(data) ? data : {});
      if (errors?.length) addRootErrors({ ...run, answers: [answer] }, fetch, { errors });
      return answer;
    });
  };
}

const missing: { readonly data?: null; readonly errors: readonly { readonly message: string }[] } = {
  errors: [{ message: 'A subgraph left an event out' }],
};
