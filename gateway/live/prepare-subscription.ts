import {
  getArgumentValues,
  getVariableValues,
  GraphQLError,
  Kind,
  validate,
  visit,
  type DocumentNode,
  type FieldNode,
  type OperationDefinitionNode,
} from 'graphql';
import { CrossfootError } from '#kernel/errors';
import type { DomainEvent, EventPosition } from '#kernel/events';
import type { FederatedGraph } from '../graph/federated-graph.ts';
import type { AdmittedOperation, KnownOperation } from '../operations/admission.ts';
import { personalFields, selectsPersonal } from './personal-fields.ts';
import { compileSubscription, type RenderEvents, type RendererOptions } from './render-events.ts';
import { positionOf } from './resume-position.ts';

/** A subscription as one text of an operation asks for it, whatever its variables. */
export interface PlannedSubscription {
  readonly render: RenderEvents;
  /** `journalEntry` for `journalEntryChanged`: the first part of the types of the events. */
  readonly subject: string;
  /** Whether it selects something whose value depends on who asks. */
  readonly personal: boolean;
  readonly field: FieldNode;
}

/** A subscription ready to be fed with events. */
export interface PreparedSubscription {
  readonly planned: PlannedSubscription;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The same for all that select the same of the same events, wherever they resume. */
  readonly key: string;
  /** Where to resume; undefined for from now on. */
  readonly after: EventPosition | undefined;
  readonly wants: (event: DomainEvent) => boolean;
}

/** Prepares subscriptions against one supergraph; validation and plan of an operation are made once. */
export interface SubscriptionPreparer {
  /** Throws coded errors for what cannot be subscribed to. */
  plan(known: KnownOperation): PlannedSubscription;
  prepare(admitted: AdmittedOperation): PreparedSubscription;
}

/** Makes the preparer of a supergraph. */
export function subscriptionPreparer(options: RendererOptions): SubscriptionPreparer {
  const { graph } = options;
  const personal = personalFields(graph.supergraphSchema);
  const plans = new WeakMap<KnownOperation, PlannedSubscription>();
  const plan = (known: KnownOperation): PlannedSubscription => {
    const made = plans.get(known);
    if (made) return made;
    const { document, operation } = known;
    refuseInvalid(graph, document);
    const field = operation.operation === 'subscription' ? rootField(operation, document) : undefined;
    if (!field) throw new CrossfootError('OPERATION_RESOLUTION_FAILURE', 'The operation is no subscription');
    const planned: PlannedSubscription = {
      render: compileSubscription(known, options),
      subject: field.name.value.replace(/Changed$/, ''),
      personal: selectsPersonal(document, graph.api, personal),
      field,
    };
    plans.set(known, planned);
    return planned;
  };
  return {
    plan,
    prepare(admitted) {
      const planned = plan(admitted.known);
      const variables = variablesOf(graph, admitted);
      const args = argumentsOf(graph, planned.field, variables);
      const { [resumeVariable(planned.field, admitted.document) ?? '']: _after, ...shared } = variables;
      return {
        planned,
        variables,
        key: JSON.stringify([admitted.hash, admitted.operation.name?.value, shared]),
        after: positionOf(args['after']),
        wants: filterOf(args),
      };
    },
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

function variablesOf(
  graph: FederatedGraph,
  { operation, request }: AdmittedOperation,
): Readonly<Record<string, unknown>> {
  const definitions = operation.variableDefinitions ?? [];
  const { coerced, errors } = getVariableValues(graph.api, definitions, request.variables ?? {}, {
    maxErrors: 1,
  });
  if (errors?.[0]) throw new GraphQLError(errors[0].message, { extensions: { code: 'BAD_USER_INPUT' } });
  return coerced ?? {};
}

function argumentsOf(
  graph: FederatedGraph,
  field: FieldNode,
  variables: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const definition = graph.api.getSubscriptionType()?.getFields()[field.name.value];
  if (!definition) throw new Error(`The API has no subscription ${field.name.value}`);
  return getArgumentValues(definition, field, variables);
}

/** The variable that says nothing but where to resume, which may differ between those who share. */
function resumeVariable(field: FieldNode, document: DocumentNode): string | undefined {
  const value = field.arguments?.find((argument) => argument.name.value === 'after')?.value;
  if (value?.kind !== Kind.VARIABLE) return undefined;
  let uses = 0;
  visit(document, {
    VariableDefinition: () => false,
    Variable: ({ name }) => {
      if (name.value === value.name.value) uses += 1;
    },
  });
  return uses === 1 ? value.name.value : undefined;
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
