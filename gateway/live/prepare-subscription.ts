import '../telemetry-off.ts';
import { buildOperationContext } from '@apollo/gateway';
import { operationFromDocument } from '@apollo/federation-internals';
import type { FetchNode, QueryPlan } from '@apollo/query-planner';
import {
  getArgumentValues,
  getVariableValues,
  GraphQLError,
  Kind,
  validate,
  type DocumentNode,
  type FieldNode,
  type OperationDefinitionNode,
} from 'graphql';
import { CrossfootError } from '#kernel/errors';
import type { DomainEvent, EventPosition } from '#kernel/events';
import type { OperationRequest, AdmittedOperation } from '../operations/admission.ts';
import type { FederatedGraph } from '../graph/federated-graph.ts';
import { positionOf } from './resume-position.ts';

/** The name under which a plan reaches the subgraph that renders the event. */
export const eventService = '$event';

const rememberedPlans = 500;

/** A subscription ready to be fed with events. */
export interface PreparedSubscription {
  /** The plan of one event: the owning subgraph renders it, then the others add their fields. */
  readonly plan: QueryPlan;
  /** The subgraph that renders the event. */
  readonly owner: string;
  readonly operationContext: ReturnType<typeof buildOperationContext>;
  /** `journalEntry` for `journalEntryChanged`: the first part of the types of the events. */
  readonly subject: string;
  /** Where to resume; undefined for from now on. */
  readonly after: EventPosition | undefined;
  readonly wants: (event: DomainEvent) => boolean;
}

type Planned = Pick<PreparedSubscription, 'plan' | 'owner' | 'operationContext' | 'subject'> & {
  readonly field: FieldNode;
};

/** Prepares subscriptions; validation and plan of an operation are made once. */
export function subscriptionPreparer(
  graph: FederatedGraph,
): (request: OperationRequest, admitted: AdmittedOperation) => PreparedSubscription {
  const plans = new Map<string, Planned>();
  const plannedOf = (request: OperationRequest, admitted: AdmittedOperation): Planned => {
    const key = `${request.operationName ?? ''}\n${request.query}`;
    const known = plans.get(key);
    if (known) return known;
    const planned = plan(graph, request, admitted);
    if (plans.size >= rememberedPlans) plans.delete(plans.keys().next().value ?? '');
    plans.set(key, planned);
    return planned;
  };
  return (request, admitted) => {
    const { field, ...planned } = plannedOf(request, admitted);
    const args = argumentsOf(graph, { field, operation: admitted.operation, request });
    return { ...planned, after: positionOf(args['after']), wants: filterOf(args) };
  };
}

function plan(graph: FederatedGraph, request: OperationRequest, admitted: AdmittedOperation): Planned {
  const { document, operation } = admitted;
  refuseInvalid(graph, document);
  const made = graph.planner.buildQueryPlan(
    operationFromDocument(graph.apiSchema, document, { operationName: request.operationName }),
  ).node;
  const field = rootField(operation, document);
  if (made?.kind !== 'Subscription' || !field) {
    throw new CrossfootError('OPERATION_RESOLUTION_FAILURE', 'The operation is no subscription');
  }
  const primary: FetchNode = { ...made.primary, serviceName: eventService };
  return {
    plan: {
      kind: 'QueryPlan',
      node: { kind: 'Sequence', nodes: [primary, ...(made.rest ? [made.rest] : [])] },
    },
    owner: made.primary.serviceName,
    operationContext: buildOperationContext({
      schema: graph.api,
      operationDocument: document,
      operationName: request.operationName,
    }),
    subject: field.name.value.replace(/Changed$/, ''),
    field,
  };
}

function refuseInvalid(graph: FederatedGraph, document: DocumentNode): void {
  const [first] = validate(graph.api, document, undefined, { maxErrors: 1 });
  if (!first) return;
  throw new GraphQLError(first.message, {
    nodes: first.nodes,
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
  });
}

/** Validation has seen to it that there is exactly one, possibly inside fragments. */
function rootField(operation: OperationDefinitionNode, document: DocumentNode): FieldNode | undefined {
  let set = operation.selectionSet;
  for (;;) {
    const [node] = set.selections;
    if (!node || node.kind === Kind.FIELD) return node;
    if (node.kind === Kind.INLINE_FRAGMENT) {
      set = node.selectionSet;
    } else {
      const name = node.name.value;
      const fragment = document.definitions.find(
        (one) => one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === name,
      );
      if (fragment?.kind !== Kind.FRAGMENT_DEFINITION) return undefined;
      set = fragment.selectionSet;
    }
  }
}

function argumentsOf(
  graph: FederatedGraph,
  asked: { field: FieldNode; operation: OperationDefinitionNode; request: OperationRequest },
): Readonly<Record<string, unknown>> {
  const { field, operation, request } = asked;
  const definition = graph.api.getSubscriptionType()?.getFields()[field.name.value];
  if (!definition) throw new Error(`The API has no subscription ${field.name.value}`);
  const { coerced, errors } = getVariableValues(
    graph.api,
    operation.variableDefinitions ?? [],
    request.variables ?? {},
    { maxErrors: 1 },
  );
  if (errors?.[0]) throw new GraphQLError(errors[0].message, { extensions: { code: 'BAD_USER_INPUT' } });
  return getArgumentValues(definition, field, coerced);
}

/** All arguments but `after` select: `bookId` by the event's book, any other by the fact of its name. */
function filterOf(args: Readonly<Record<string, unknown>>): (event: DomainEvent) => boolean {
  const wanted = Object.entries(args).filter(
    ([name, value]) => name !== 'after' && value !== undefined && value !== null,
  );
  return (event) =>
    wanted.every(([name, value]) => {
      const facts: Readonly<Record<string, unknown>> = event.facts;
      return value === (name === 'bookId' ? event.bookId : facts[name]);
    });
}
