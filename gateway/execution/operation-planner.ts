import { operationFromDocument } from '@apollo/federation-internals';
import { isPlanNode } from '@apollo/query-planner';
import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import { CrossfootError } from '#kernel/errors';
import type { FederatedGraph } from '../graph/federated-graph.ts';
import { separateNames } from './client-names.ts';
import { documentOf } from './conditions.ts';
import { splitConflicts } from './conflicts.ts';
import { compileEventFetch, type EventFetch } from './event-fetch.ts';
import type { PlanEnvironment } from './fetch.ts';
import { overrideVariants, readOverrideLabels, type DecideOverride, type Overrides } from './overrides.ts';
import { compilePlan } from './plan.ts';
import { readRequirements } from './requirements.ts';
import type { Step } from './run.ts';
import { compileShaper, type Shaper } from './shaper.ts';

/** A query or mutation, planned. */
export interface PlannedRequest {
  readonly kind: 'query' | 'mutation';
  readonly shaper: Shaper;
  /** The steps for one execution: one for each plan; none where the planner found no way. */
  readonly steps: () => readonly Step[];
  /** Fields that may differ between several plans. */
  readonly varying: ReadonlySet<string>;
}

/** A subscription, planned. */
export interface PlannedSubscription {
  readonly kind: 'subscription';
  readonly shaper: Shaper;
  readonly owner: string;
  /** Asks the owner for the events. */
  readonly events: EventFetch;
  /** What other subgraphs add. */
  readonly rest: Step | undefined;
}

/** Plans an operation of a document. */
export type PlanOperation = (
  document: DocumentNode,
  operation: OperationDefinitionNode,
) => PlannedRequest | PlannedSubscription;

interface PlannerOptions {
  readonly graph: FederatedGraph;
  readonly environment: Omit<PlanEnvironment, 'clientKeys'>;
  readonly overrides: DecideOverride;
}

/** Makes the planner of operations: Apollo's planner decides, and what it would get wrong is kept from it. */
export function operationPlanner({ graph, environment, overrides }: PlannerOptions): PlanOperation {
  const { schema } = graph.planner.supergraph;
  const requirements = readRequirements(schema);
  const labels = readOverrideLabels(schema);
  const planOf = (document: DocumentNode, conditions: Overrides) =>
    graph.planner.buildQueryPlan(operationFromDocument(graph.apiSchema, document), {
      overrideConditions: new Map(conditions),
    }).node;
  return (document, operation) => {
    const names = separateNames(documentOf(document, operation), requirements);
    const shaper = compileShaper(graph.api, { document, operation, dataKey: names.dataKey });
    const inPlan: PlanEnvironment = { ...environment, clientKeys: names.clientKeys };
    const kind = operation.operation;
    if (kind === 'subscription') {
      const planned = planOf(names.document, new Map());
      if (planned?.kind !== 'Subscription') {
        throw new CrossfootError('OPERATION_RESOLUTION_FAILURE', 'The subscription belongs to no subgraph');
      }
      const events = compileEventFetch(planned.primary, inPlan);
      const rest = planned.rest && compilePlan(planned.rest, inPlan);
      return { kind, shaper, owner: planned.primary.serviceName, events, rest };
    }
    // A mutation is run once, whatever its answer needs.
    const parts = kind === 'query' ? splitConflicts(names.document, requirements) : [names.document];
    const stepsFor = (conditions: Overrides): readonly Step[] =>
      parts.flatMap((part) => {
        const node = planOf(part, conditions);
        return isPlanNode(node) ? [compilePlan(node, inPlan)] : [];
      });
    const usual = stepsFor(new Map());
    const steps = labels.length > 0 ? overrideVariants(labels, overrides, stepsFor) : () => usual;
    return { kind, shaper, steps, varying: requirements.withArguments };
  };
}
