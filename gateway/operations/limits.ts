import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { CrossfootError } from '#kernel/errors';

/** What one operation may ask for. */
export interface OperationLimits {
  /** Lexical tokens of the document. */
  readonly tokens: number;
  /** Levels of nested fields. */
  readonly depth: number;
  /** Aliased fields, those of fragments counted at every use. */
  readonly aliases: number;
  /** Fields of Query, Mutation or Subscription. */
  readonly rootFields: number;
  /** Fields times the sizes of the pages and lists they stand in. */
  readonly cost: number;
}

/** The limits of the gateway. */
export const operationLimits: OperationLimits = {
  tokens: 4_000,
  depth: 20,
  aliases: 50,
  rootFields: 20,
  cost: 100_000,
};

/** The size of a page when `first` is left out, as the subgraphs have it. */
const defaultPage = 50;
/** The largest page the subgraphs give. */
const largestPage = 500;
/** What a list without pages is taken to hold. */
const assumedList = 5;

type Measures = Readonly<Record<'depth' | 'aliases' | 'rootFields' | 'cost', number>>;

/** What an operation needs, and whether other variables could change it. */
export interface Measured extends Measures {
  readonly dependsOnVariables: boolean;
}

const nothing: Measures = { depth: 0, aliases: 0, rootFields: 0, cost: 0 };

const names: Record<keyof Measures, string> = {
  depth: 'levels of nested fields',
  aliases: 'aliases',
  rootFields: 'root fields',
  cost: 'fields counted with the sizes of their pages',
};

/** What an operation needs; each fragment is measured once, so the time is linear in the document. */
export function measureOperation(
  operation: OperationDefinitionNode,
  given: { document: DocumentNode; schema: GraphQLSchema; variables: Readonly<Record<string, unknown>> },
): Measured {
  const meter = new Meter(given);
  const root = given.schema.getRootType(operation.operation) ?? undefined;
  const measures = meter.selections(operation.selectionSet, root);
  return { ...measures, dependsOnVariables: meter.dependsOnVariables };
}

/** What a part of an operation needs by itself: a selection set on a type. */
export function measureSelections(
  set: SelectionSetNode,
  type: GraphQLNamedType | undefined,
  given: ConstructorParameters<typeof Meter>[0],
): Measures {
  return new Meter(given).selections(set, type);
}

/** Throws OPERATION_TOO_COMPLEX that names the figure and the limit when an operation asks for too much. */
export function checkLimits(measures: Measures, limits: OperationLimits = operationLimits): void {
  for (const [key, name] of Object.entries(names) as [keyof Measures, string][]) {
    if (measures[key] > limits[key]) {
      throw new CrossfootError(
        'OPERATION_TOO_COMPLEX',
        `The operation has ${figure(measures[key])} ${name}; at most ${limits[key]} are answered`,
      );
    }
  }
}

function figure(value: number): string {
  return Number.isSafeInteger(value) ? String(value) : 'uncountably many';
}

class Meter {
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #measured = new Map<string, Measures>();
  readonly #schema: GraphQLSchema;
  readonly #variables: Readonly<Record<string, unknown>>;
  dependsOnVariables = false;

  constructor(given: {
    document: DocumentNode;
    schema: GraphQLSchema;
    variables: Readonly<Record<string, unknown>>;
  }) {
    this.#schema = given.schema;
    this.#variables = given.variables;
    this.#fragments = new Map(
      given.document.definitions.flatMap((node) =>
        node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
      ),
    );
  }

  /** The sum of a selection set; `rootFields` counts the fields at its own level. */
  selections(set: SelectionSetNode, type: GraphQLNamedType | undefined): Measures {
    let total = nothing;
    for (const node of set.selections) {
      const part =
        node.kind === Kind.FIELD
          ? this.#field(node, type)
          : node.kind === Kind.FRAGMENT_SPREAD
            ? this.#fragment(node.name.value)
            : this.selections(node.selectionSet, this.#typeNamed(node.typeCondition?.name.value) ?? type);
      total = {
        depth: Math.max(total.depth, part.depth),
        aliases: total.aliases + part.aliases,
        rootFields: total.rootFields + part.rootFields,
        cost: total.cost + part.cost,
      };
    }
    return total;
  }

  #fragment(name: string): Measures {
    const known = this.#measured.get(name);
    if (known) return known;
    const fragment = this.#fragments.get(name);
    if (!fragment) return nothing;
    // A fragment that spreads itself is refused by validation; here it counts nothing the second time.
    this.#measured.set(name, nothing);
    const measures = this.selections(
      fragment.selectionSet,
      this.#typeNamed(fragment.typeCondition.name.value),
    );
    this.#measured.set(name, measures);
    return measures;
  }

  #field(node: FieldNode, parent: GraphQLNamedType | undefined): Measures {
    const field = fieldOf(parent, node.name.value);
    const inner = node.selectionSet
      ? this.selections(node.selectionSet, field && getNamedType(field.type))
      : nothing;
    return {
      depth: 1 + inner.depth,
      aliases: (node.alias ? 1 : 0) + inner.aliases,
      rootFields: 1,
      cost: 1 + this.#multiplier(node, field, parent) * inner.cost,
    };
  }

  #multiplier(
    node: FieldNode,
    field: GraphQLField<unknown, unknown> | undefined,
    parent: GraphQLNamedType | undefined,
  ): number {
    if (!field || !isCompositeType(getNamedType(field.type))) return 1;
    if (field.args.some((argument) => argument.name === 'first')) return this.#page(node);
    // The edges are the page that was counted at the connection.
    if (!isListType(getNullableType(field.type)) || parent?.name.endsWith('Connection')) return 1;
    return parent?.name.startsWith('__') ? 1 : assumedList;
  }

  #page(node: FieldNode): number {
    const value = node.arguments?.find((argument) => argument.name.value === 'first')?.value;
    if (!value || value.kind === Kind.NULL) return defaultPage;
    if (value.kind === Kind.VARIABLE) this.dependsOnVariables = true;
    const size =
      value.kind === Kind.INT
        ? Number(value.value)
        : value.kind === Kind.VARIABLE
          ? this.#variables[value.name.value]
          : undefined;
    // What cannot be known before execution, such as a default of the operation, is taken for the worst.
    return typeof size === 'number' && size > 0 ? Math.min(size, largestPage) : largestPage;
  }

  #typeNamed(name: string | undefined): GraphQLNamedType | undefined {
    return name === undefined ? undefined : this.#schema.getType(name);
  }
}

function fieldOf(
  type: GraphQLNamedType | undefined,
  name: string,
): GraphQLField<unknown, unknown> | undefined {
  return isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
}
