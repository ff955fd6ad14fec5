import '../telemetry-off.ts';
import { operationFromDocument } from '@apollo/federation-internals';
import { getVariableValues, GraphQLError, validate, type GraphQLSchema } from 'graphql';
import type { Actor } from '#kernel/actor';
import { CrossfootError } from '#kernel/errors';
import type { Log } from '#kernel/log';
import { toClientError, type ClientError } from '../error-format.ts';
import { documentOf } from '../execution/conditions.ts';
import { createExecutor } from '../execution/executor.ts';
import type { FederatedGraph } from '../graph/federated-graph.ts';
import { readOperation, type Admit, type AdmittedOperation } from '../operations/admission.ts';
import type { SubgraphSources } from '../sources/subgraph-source.ts';
import { costView, type CostView } from './cost-view.ts';
import { fetchesOf, planView, type PlanView } from './plan-view.ts';
import { timedSources, type TimedFetch } from './timed-run.ts';

/** An operation somebody wants explained. */
export interface ExplainRequest {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Whether to run it too. */
  readonly run: boolean;
}

/** An operation explained. */
export interface ExplainedOperation {
  readonly operation: { readonly name: string | null; readonly type: string; readonly hash: string };
  readonly cost: CostView;
  /** How long the planner took, in milliseconds. */
  readonly planMilliseconds: number;
  /** Null where no subgraph has to be asked. */
  readonly plan: PlanView | null;
  /** Null where it was not run. */
  readonly timings: Timings | null;
}

/** What was measured while an operation ran. */
export interface Timings {
  readonly traceId: string | null;
  readonly milliseconds: number;
  readonly fetches: readonly TimedFetch[];
  readonly errors: readonly ClientError[];
  /** Length of the answer's data as JSON, in characters. */
  readonly size: number;
}

/** Explains an operation as it would run for an actor; throws coded errors for what cannot be planned or run. */
export type ExplainOperation = (request: ExplainRequest, actor: Actor) => Promise<ExplainedOperation>;

/** What operations are explained by, as it is now; a new supergraph brings another one. */
export interface Explainer {
  readonly graph: FederatedGraph;
  readonly admit: Admit;
  readonly sources: SubgraphSources;
}

/** Makes what explains operations; running one goes through the same admission as everybody's. */
export function operationExplainer(current: () => Explainer, log: Log): ExplainOperation {
  return async (request, actor) => {
    const { graph, admit, sources } = current();
    const { query, operationName, variables } = request;
    const { document, operation, hash } = readOperation({ query, operationName });
    refuseInvalid(graph.api, document);
    const begun = performance.now();
    const plan = planView(
      graph.planner.buildQueryPlan(operationFromDocument(graph.apiSchema, documentOf(document, operation))),
    );
    const planMilliseconds = performance.now() - begun;
    const cost = costView({ document, operation, schema: graph.api, variables });
    const timings = request.run
      ? await run(admit({ query, operationName, variables }, { actor, client: viewer }), {
          plan,
          actor,
          graph,
          sources,
          log,
        })
      : null;
    const { name } = operation;
    return {
      operation: { name: name?.value ?? null, type: operation.operation, hash },
      cost,
      planMilliseconds,
      plan,
      timings,
    };
  };
}

const viewer = { name: 'plan viewer', version: '' };

interface RunOptions {
  readonly plan: PlanView | null;
  readonly actor: Actor;
  readonly graph: FederatedGraph;
  readonly sources: SubgraphSources;
  readonly log: Log;
}

async function run(admitted: AdmittedOperation, options: RunOptions): Promise<Timings> {
  const { document, operation, request } = admitted;
  const { plan, actor, graph, log } = options;
  if (operation.operation !== 'query') {
    throw new CrossfootError(
      'BAD_REQUEST',
      'Only queries are run here: to look at a plan must change nothing',
    );
  }
  const given = getVariableValues(graph.api, operation.variableDefinitions ?? [], request.variables ?? {});
  if (given.errors?.[0]) {
    throw new GraphQLError(given.errors[0].message, { extensions: { code: 'BAD_USER_INPUT' } });
  }
  // Compiled ahead, so that what is measured is what happens when the operation is known.
  const { sources, fetches, begin } = timedSources(options.sources, fetchesOf(plan));
  const compiled = createExecutor({ graph, sources, log }).compile(document, operation);
  if (compiled.kind === 'subscription') throw new Error('A query was compiled into a subscription');
  const begun = begin();
  const { data, errors = [] } = await compiled.execute({ variables: given.coerced ?? {}, actor });
  return {
    traceId: actor.traceId ?? null,
    milliseconds: performance.now() - begun,
    fetches,
    errors: errors.map(toClientError),
    size: JSON.stringify(data ?? null).length,
  };
}

function refuseInvalid(schema: GraphQLSchema, document: Parameters<typeof validate>[1]): void {
  const [first] = validate(schema, document, undefined, { maxErrors: 1 });
  if (!first) return;
  throw new GraphQLError(first.message, {
    nodes: first.nodes,
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
  });
}
