import '../telemetry-off.ts';
import { GraphQLError, type DocumentNode, type ExecutionResult, type OperationDefinitionNode } from 'graphql';
import type { DomainEvent } from '#kernel/events';
import type { Log } from '#kernel/log';
import type { FederatedGraph } from '../graph/federated-graph.ts';
import type { SubgraphSource } from '../sources/subgraph-source.ts';
import { joinAnswers } from './join-answers.ts';
import { operationPlanner, type PlannedRequest, type PlannedSubscription } from './operation-planner.ts';
import { byPercent, type DecideOverride } from './overrides.ts';
import { newAnswer, type Answer, type Execution, type Step } from './run.ts';

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
  /** Decides about the labels of progressive overrides, for each execution anew; by percentages if left out. */
  readonly overrides?: DecideOverride;
}

/** Makes the executor of a graph over its subgraphs. */
export function createExecutor(options: ExecutorOptions): Executor {
  const { graph, sources, log, overrides = byPercent } = options;
  const sourceOf = (name: string): SubgraphSource => {
    const source = Object.hasOwn(sources, name) ? sources[name] : undefined;
    if (!source) throw new Error(`The supergraph names the subgraph ${name}, for which there is no source`);
    return source;
  };
  const environment = { schema: graph.supergraphSchema, log, sourceOf };
  const plan = operationPlanner({ graph, environment, overrides });
  const compiled = new WeakMap<OperationDefinitionNode, CompiledOperation>();
  return {
    compile(document, operation) {
      const known = compiled.get(operation);
      if (known) return known;
      const planned = plan(document, operation);
      const made = planned.kind === 'subscription' ? subscription(planned) : request(planned);
      compiled.set(operation, made);
      return made;
    },
  };
}

function request({ kind, shaper, steps: stepsNow, varying }: PlannedRequest): CompiledRequest {
  return {
    kind,
    async execute({ variables, actor, observe }) {
      const steps = stepsNow();
      const [only] = steps;
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

function subscription({ owner, shaper, events: ask, rest }: PlannedSubscription): CompiledSubscription {
  return {
    kind: 'subscription',
    owner,
    async render(events, execution) {
      if (events.length === 0) return [];
      const answers = await ask(events, execution);
      const { variables, actor, observe } = execution;
      await rest?.({ variables, actor, observe, answers });
      return answers.map((answer) => shaper.shape(answer, variables));
    },
  };
}
