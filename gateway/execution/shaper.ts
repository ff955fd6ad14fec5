import {
  executeSync,
  Kind,
  type DocumentNode,
  type ExecutionResult,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { completeRoot } from './complete.ts';
import { conditionVariables, documentOf, type Conditions } from './conditions.ts';
import { unexplained } from './explained.ts';
import { rememberingMap } from '../operations/remembering-map.ts';
import type { Answer } from './run.ts';
import { compileObject, type TypeShape } from './shape.ts';

type Variables = Readonly<Record<string, unknown>>;

/** Makes what the client sees of an answer: its data in the client's shape and all errors. */
export interface Shaper {
  shape(answer: Answer, variables: Variables): ExecutionResult;
  /** Whether the client asks for anything that only subgraphs know. */
  needsSubgraphs(variables: Variables): boolean;
}

/** Compiles the shape of an operation's answers, one for each choice of what `@skip` and `@include` leave. */
export function compileShaper(
  schema: GraphQLSchema,
  asked: {
    readonly document: DocumentNode;
    readonly operation: OperationDefinitionNode;
    readonly dataKey: (node: FieldNode) => string;
  },
): Shaper {
  const { document, operation, dataKey } = asked;
  const relevant = documentOf(document, operation);
  const names = conditionVariables(relevant);
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of relevant.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  const root = schema.getRootType(operation.operation);
  if (!root) throw new Error(`The schema has no ${operation.operation}`);
  const compile = (conditions: Conditions): TypeShape =>
    compileObject({ schema, fragments, conditions, dataKey }, root, [operation.selectionSet]).declared();
  const only = names.length === 0 ? compile({}) : undefined;
  const shapes = rememberingMap<string, TypeShape>(64);
  const shapeFor = (variables: Variables): TypeShape => {
    if (only) return only;
    let key = '';
    for (const name of names) key += variables[name] === true ? '1' : '0';
    const known = shapes.get(key);
    if (known) return known;
    return shapes.keep(
      key,
      compile(Object.fromEntries(names.map((name) => [name, variables[name] === true]))),
    );
  };
  return {
    shape(answer, variables) {
      const holes: GraphQLErrorList = [];
      const introspect = (nodes: readonly FieldNode[]): unknown =>
        askSchema(schema, { document: relevant, operation, nodes, variables });
      const data = completeRoot(answer.data, shapeFor(variables), { holes, path: [], introspect });
      const errors = holes.length > 0 ? [...answer.errors, ...unexplained(holes, answer)] : answer.errors;
      return errors.length > 0 ? { errors, data } : { data };
    },
    needsSubgraphs: (variables) =>
      shapeFor(variables).fields.some((field) => field.typeName === undefined && !field.introspection),
  };
}

type GraphQLErrorList = NonNullable<Answer['errors']>;

/** Answers a question about the schema itself. */
function askSchema(
  schema: GraphQLSchema,
  asked: {
    readonly document: DocumentNode;
    readonly operation: OperationDefinitionNode;
    readonly nodes: readonly FieldNode[];
    readonly variables: Variables;
  },
): unknown {
  const operation = {
    ...asked.operation,
    selectionSet: { kind: Kind.SELECTION_SET, selections: asked.nodes } as const,
  };
  const { data } = executeSync({
    schema,
    document: documentOf(asked.document, operation),
    variableValues: asked.variables,
  });
  return Object.values(data ?? {})[0] ?? null;
}
