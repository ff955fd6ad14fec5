import '../telemetry-off.ts';
import { operationFromDocument } from '@apollo/federation-internals';
import { isPlanNode, type FetchNode, type PlanNode } from '@apollo/query-planner';
import { GraphQLError, type DocumentNode, type ExecutionResult, type OperationDefinitionNode } from 'graphql';
import { CrossfootError } from '#kernel/errors';
import type { DomainEvent } from '#kernel/events';
import type { Log } from '#kernel/log';
import type { FederatedGraph } from '../graph/federated-graph.ts';
import type { SubgraphSource } from '../sources/subgraph-source.ts';
import { separateNames } from './client-names.ts';
import { documentOf } from './conditions.ts';
import { splitConflicts } from './conflicts.ts';
import { compileEventFetch } from './event-fetch.ts';
import type { PlanEnvironment } from './fetch.ts';
import { joinAnswers } from './join-answers.ts';
import { compilePlan } from './plan.ts';
import { readRequirements } from './requirements.ts';
import { newAnswer, type Answer, type Execution, type Step } from './run.ts';
import { compileShaper, type Shaper } from './shaper.ts';

/** A query or mutation, compiled into calls of its subgraphs. */
export interface CompiledRequest {
  readonly kind: 'query' | 'mutation';
  /** Answers the operation; errors of subgraphs are part of the answer. */
  execute(execution: Execution): Promise<ExecutionResult>;
}

/** A subscription, compiled into how its events are rendered. */
export interface CompiledSubscription {
  readonly kind: 'subscription';
  /** The subgraph that renders the event. */
  readonly owner: string;
  /** Renders events for one reader, all in one go: one result for each, in their order. */
  render(events: readonly DomainEvent[], execution: Execution): Promise<ExecutionResult[]>;
}

/** An operation that needs no plan, parser or printer any more. */
export type CompiledOperation = CompiledRequest | CompiledSubscription;

/** Compiles operations of one graph. */
export interface Executor {
  /**
   * Plans and compiles a valid operation of a document, once for as long as the operation is kept by anybody. Throws
   * GraphQL errors for what cannot be planned.
   */
  compile(document: DocumentNode, operation: OperationDefinitionNode): CompiledOperation;
}

interface ExecutorOptions {
  readonly graph: FederatedGraph;
  readonly sources: Readonly<Record<string, SubgraphSource | undefined>>;
  readonly log: Log;
}

/** Makes the executor of a graph over its subgraphs. */
export function createExecutor({ graph, sources, log }: ExecutorOptions): Executor {
  const environment: Omit<PlanEnvironment, 'clientKeys'> = {
    schema: graph.supergraphSchema,
    log,
    sourceOf(name) {
      const source = Object.hasOwn(sources, name) ? sources[name] : undefined;
      if (!source) throw new Error(`The supergraph names the subgraph ${name}, for which there is no source`);
      return source;
    },
  };
  const requirements = readRequirements(graph.planner.supergraph.schema);
  const compile = (document: DocumentNode, operation: OperationDefinitionNode): CompiledOperation => {
    const names = separateNames(documentOf(document, operation), requirements);
    const shaper = compileShaper(graph.api, { document, operation, dataKey: names.dataKey });
    const inPlan: PlanEnvironment = { ...environment, clientKeys: names.clientKeys };
    const planOf = (one: DocumentNode) =>
      graph.planner.buildQueryPlan(operationFromDocument(graph.apiSchema, one)).node;
    if (operation.operation === 'subscription') {
      const planned = planOf(names.document);
      if (planned?.kind === 'Subscription') return subscription(planned, shaper, inPlan);
      throw new CrossfootError('OPERATION_RESOLUTION_FAILURE', 'The subscription belongs to no subgraph');
    }
    // A mutation is run once, whatever its answer needs.
    const parts =
      operation.operation === 'query' ? splitConflicts(names.document, requirements) : [names.document];
    const steps = parts.flatMap((part) => {
      const node = planOf(part);
      return isPlanNode(node) ? [compilePlan(node, inPlan)] : [];
    });
    return request(operation.operation, steps, { shaper, varying: requirements.withArguments });
  };
  const compiled = new WeakMap<OperationDefinitionNode, CompiledOperation>();
  return {
    compile(document, operation) {
      let known = compiled.get(operation);
      if (!known) {
        known = compile(document, operation);
        compiled.set(operation, known);
      }
      return known;
    },
  };
}

function request(
  kind: CompiledRequest['kind'],
  steps: readonly Step[],
  { shaper, varying }: { readonly shaper: Shaper; readonly varying: ReadonlySet<string> },
): CompiledRequest {
  const [only] = steps;
  return {
    kind,
    async execute({ variables, actor, observe }) {
      if (!only && shaper.needsSubgraphs(variables)) return { errors: [unanswerable()], data: null };
      const run = async (step: Step): Promise<Answer> => {
        const answer = newAnswer({});
        await step({ variables, actor, observe, answers: [answer] });
        return answer;
      };
      if (steps.length > 1) {
        return shaper.shape(joinAnswers(await Promise.all(steps.map(run)), varying), variables);
      }
      return shaper.shape(only ? await run(only) : newAnswer({}), variables);
    },
  };
}

/** The planner gives no plan when every way to a field ends at a type that no subgraph can tell. */
function unanswerable(): GraphQLError {
  return new GraphQLError('No subgraph can answer what the operation asks for', {
    extensions: { code: 'DOWNSTREAM_SERVICE_ERROR' },
  });
}

function subscription(
  planned: { readonly primary: FetchNode; readonly rest?: PlanNode },
  shaper: Shaper,
  environment: PlanEnvironment,
): CompiledSubscription {
  const render = compileEventFetch(planned.primary, environment);
  const rest = planned.rest && compilePlan(planned.rest, environment);
  return {
    kind: 'subscription',
    owner: planned.primary.serviceName,
    async render(events, execution) {
      if (events.length === 0) return [];
      const answers = await render(events, execution);
      const { variables, actor, observe } = execution;
      await rest?.({ variables, actor, observe, answers });
      return answers.map((answer) => shaper.shape(answer, variables));
    },
  };
}
