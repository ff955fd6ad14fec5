import {
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { measureSelections, operationLimits } from '../operations/limits.ts';

/** The part of the cost that a field and everything below it account for. */
export interface FieldCost {
  /** As it stands in the operation, with its alias. */
  readonly field: string;
  /** How many of it there are in the whole answer, by estimate. */
  readonly times: number;
  /** How many items the estimate takes for each of them; 1 where it is no list. */
  readonly size: number;
  readonly cost: number;
  readonly fields: readonly FieldCost[];
}

/** The cost of an operation, in fields counted with the sizes of their pages. */
export interface CostView {
  readonly total: number;
  readonly limit: number;
  readonly fields: readonly FieldCost[];
}

interface Measured {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly schema: GraphQLSchema;
  readonly variables: Readonly<Record<string, unknown>>;
}

const deepest = 25;

/** Says which fields a valid operation's cost comes from. */
export function costView({ operation, ...given }: Measured): CostView {
  const fragments = new Map(
    given.document.definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
    ),
  );
  const costsOf = (set: SelectionSetNode, place: Place): FieldCost[] =>
    fieldsOf(set, { type: place.type, schema: given.schema, fragments }).map(([node, type]) => {
      const cost = measureSelections(setOf([node]), type, given).cost;
      const definition = fieldOf(type, node.name.value);
      const inner = definition && getNamedType(definition.type);
      const innerCost = node.selectionSet ? measureSelections(node.selectionSet, inner, given).cost : 0;
      const size = innerCost > 0 ? (cost - 1) / innerCost : 1;
      return {
        field: node.alias ? `${node.alias.value}: ${node.name.value}` : node.name.value,
        times: place.times,
        size,
        cost: cost * place.times,
        fields:
          node.selectionSet && place.depth < deepest
            ? costsOf(node.selectionSet, {
                type: inner,
                times: place.times * size,
                depth: place.depth + 1,
              })
            : [],
      };
    });
  const root = given.schema.getRootType(operation.operation) ?? undefined;
  return {
    total: measureSelections(operation.selectionSet, root, given).cost,
    limit: operationLimits.cost,
    fields: costsOf(operation.selectionSet, { type: root, times: 1, depth: 0 }),
  };
}

interface Place {
  readonly type: GraphQLNamedType | undefined;
  readonly times: number;
  readonly depth: number;
}

interface Scope {
  readonly type: GraphQLNamedType | undefined;
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/** The fields of a set with those of its fragments, each with the type it is selected on. */
function fieldsOf(
  set: SelectionSetNode,
  scope: Scope,
): (readonly [FieldNode, GraphQLNamedType | undefined])[] {
  return set.selections.flatMap((node) => {
    if (node.kind === Kind.FIELD) return [[node, scope.type] as const];
    const part = node.kind === Kind.FRAGMENT_SPREAD ? scope.fragments.get(node.name.value) : node;
    if (!part) return [];
    const name = part.typeCondition?.name.value;
    const type = name === undefined ? scope.type : scope.schema.getType(name);
    return fieldsOf(part.selectionSet, { ...scope, type });
  });
}

function setOf(selections: readonly FieldNode[]): SelectionSetNode {
  return { kind: Kind.SELECTION_SET, selections };
}

function fieldOf(type: GraphQLNamedType | undefined, name: string) {
  return isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
}
