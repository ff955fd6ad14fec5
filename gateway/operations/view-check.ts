import {
  getVariableValues,
  GraphQLError,
  Kind,
  validate,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type TypeNode,
} from 'graphql';
import { viewOf, type Actor } from '#kernel/actor';
import { codedError } from '../error-format.ts';
import type { PartialView } from '../graph/view-tags.ts';
import type { GraphView, GraphViews } from '../graph/view.ts';
import { asksOfSchema, asksOnlyOfSchema } from './introspection.ts';
import type { KnownOperation, OperationRequest, ViewCheck } from './admission.ts';

interface Verdict {
  readonly refusal: GraphQLError | undefined;
  /** Whether variables could name what the view lacks, so that each request's have to be looked at. */
  readonly narrowed: boolean;
}

/**
 * Makes the check. An operation is validated once in each view that sends it, in the words with which it would be
 * refused if the rest of the graph did not exist. Throws GRAPHQL_VALIDATION_FAILED and BAD_USER_INPUT.
 */
export function createViewCheck(views: GraphViews): ViewCheck {
  const verdicts = new WeakMap<KnownOperation, Map<PartialView, Verdict>>();
  return (known, request, actor) => {
    const name = viewOf(actor);
    if (name === 'internal') return;
    const view = views[name];
    const ofViews = verdicts.get(known) ?? new Map<PartialView, Verdict>();
    verdicts.set(known, ofViews);
    const verdict = ofViews.get(name) ?? verdictOn(known, view);
    ofViews.set(name, verdict);
    if (verdict.refusal) throw verdict.refusal;
    if (verdict.narrowed) checkVariables(known.operation, { view, request });
  };
}

/** The schema in which somebody's questions about the schema are answered; undefined for the whole graph's. */
export function schemaSeenBy(actor: Actor, views: GraphViews): GraphQLSchema | undefined {
  const name = viewOf(actor);
  return name === 'internal' ? undefined : views[name].schema;
}

function verdictOn(known: KnownOperation, view: GraphView): Verdict {
  const narrowed = (known.operation.variableDefinitions ?? []).some(({ type }) =>
    view.narrowed.has(nameOf(type)),
  );
  return { refusal: refusalOf(known, view), narrowed };
}

function refusalOf(known: KnownOperation, view: GraphView): GraphQLError | undefined {
  const { operation } = known.operation;
  // The rules of validation say nothing about fields of a root that is not there.
  if (!view.schema.getRootType(operation)) {
    return codedError('GRAPHQL_VALIDATION_FAILED', `The schema has no ${operation}.`);
  }
  const [fault] = validate(view.schema, known.document);
  if (fault) {
    const { message, source, positions, nodes } = fault;
    const extensions = { code: 'GRAPHQL_VALIDATION_FAILED' };
    return new GraphQLError(message, { source, positions, nodes, extensions });
  }
  // The whole graph is planned as one; only a question by itself can be answered from a view.
  if (asksOfSchema(known) && !asksOnlyOfSchema(known.operation)) {
    return codedError(
      'GRAPHQL_VALIDATION_FAILED',
      'Ask for __schema and __type in an operation that asks for nothing else, and not by fragments.',
    );
  }
  return undefined;
}

function checkVariables(
  operation: OperationDefinitionNode,
  { view, request }: { readonly view: GraphView; readonly request: OperationRequest },
): void {
  const given = getVariableValues(view.schema, operation.variableDefinitions ?? [], request.variables ?? {});
  const [fault] = given.errors ?? [];
  if (fault) throw codedError('BAD_USER_INPUT', fault.message);
}

function nameOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type);
}
