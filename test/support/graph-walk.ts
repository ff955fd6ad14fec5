import {
  getNamedType,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';

/** A query that reads one field of one root field, with all that hangs on it. */
export interface WalkQuery {
  /** Such as `documents.journalEntry`. */
  readonly name: string;
  readonly query: string;
}

type Field = GraphQLField<unknown, unknown>;
/** Values of required arguments, by `field.argument` or `argument`. */
export type ArgumentValues = (root: string, argument: string) => string;

interface WalkOptions {
  readonly schema: GraphQLSchema;
  readonly argument: ArgumentValues;
  /** Rows of each page. */
  readonly first: number;
}

/**
 * Queries that together select every field which can be reached from a root field, each entity with its own fields and
 * those of the entities beside it. Made from the schema, so that a new field cannot be forgotten.
 */
export function walkQueries({ schema, argument, first }: WalkOptions): WalkQuery[] {
  const roots = Object.values(schema.getQueryType()?.getFields() ?? {});
  return roots.flatMap((root) => {
    const type = rowType(root.type);
    if (!type) return [];
    const head = `${root.name}${rootArguments(root, { argument, first })}`;
    const wrap = (selection: string) => `{ ${head} ${inPage(root.type, selection)} }`;
    const own = `${leaves(type)} __typename`;
    const objects = Object.values(type.getFields()).filter((field) => reads(field) && rowType(field.type));
    return [
      { name: root.name, query: wrap(own) },
      ...objects.map((field) => ({
        name: `${root.name}.${field.name}`,
        query: wrap(`__typename ${nested(field, { first, depth: 1 })}`),
      })),
    ];
  });
}

/** A field with all leaves of its type and, while there is depth, all objects of it. */
function nested(field: Field, { first, depth }: { first: number; depth: number }): string {
  const type = rowType(field.type);
  if (!type) return field.name;
  const deeper =
    depth === 0
      ? []
      : Object.values(type.getFields())
          .filter((one) => reads(one) && rowType(one.type))
          .map((one) => nested(one, { first, depth: depth - 1 }));
  const paged = field.args.some(({ name }) => name === 'first') ? `(first: ${Math.ceil(first / 4)})` : '';
  return `${field.name}${paged} ${inPage(field.type, `__typename ${leaves(type)} ${deeper.join(' ')}`)}`;
}

/** Fields that need an argument cannot be read without knowing what it means. */
const reads = (field: Field): boolean => field.args.every((arg) => !isNonNullType(arg.type));

function leaves(type: GraphQLObjectType): string {
  return Object.values(type.getFields())
    .filter((field) => reads(field) && isLeafType(getNamedType(field.type)))
    .map((field) => field.name)
    .join(' ');
}

function inPage(type: GraphQLOutputType, selection: string): string {
  const page = pageType(type);
  return page
    ? `{ totalCount pageInfo { hasNextPage endCursor } edges { cursor node { ${selection} } } }`
    : `{ ${selection} }`;
}

/** The type of a page, when the field answers one. `Connection` alone is one to an accounting system. */
function pageType(type: GraphQLOutputType): GraphQLObjectType | undefined {
  const named = getNamedType(type);
  return isObjectType(named) && /.Connection$/.test(named.name) ? named : undefined;
}

/** The type of the rows a field answers, through pages and lists; undefined for leaves and interfaces. */
function rowType(type: GraphQLOutputType): GraphQLObjectType | undefined {
  const page = pageType(type);
  if (page) return rowType(fieldOf(rowType(fieldOf(page, 'edges').type), 'node').type);
  const named = getNamedType(type);
  return isObjectType(named) ? named : undefined;
}

function fieldOf(type: GraphQLObjectType | undefined, name: string): Field {
  const field = type?.getFields()[name];
  if (!field) throw new Error(`${type?.name} has no field ${name}`);
  return field;
}

function rootArguments(
  root: Field,
  { argument, first }: { argument: ArgumentValues; first: number },
): string {
  const given = root.args.flatMap((arg) => {
    if (arg.name === 'first') return [`first: ${first}`];
    return isNonNullType(arg.type) ? [`${arg.name}: ${argument(root.name, arg.name)}`] : [];
  });
  return given.length > 0 ? `(${given.join(', ')})` : '';
}

/** Every list and page of objects that queries can reach, as `Type.field`. */
export function listFields(schema: GraphQLSchema): string[] {
  const queries = schema.getQueryType();
  const reached = new Set<GraphQLObjectType>(queries ? [queries] : []);
  for (const type of reached) {
    for (const field of Object.values(type.getFields())) {
      const next = getNamedType(field.type);
      const found = isObjectType(next) ? [next] : isAbstractType(next) ? schema.getPossibleTypes(next) : [];
      for (const one of found) reached.add(one);
    }
  }
  return [...reached]
    .filter((type) => !/(.Connection|Edge)$/.test(type.name))
    .flatMap((type) =>
      Object.values(type.getFields())
        .filter((field) => rowType(field.type) && (isList(field.type) || pageType(field.type)))
        .map((field) => `${type.name}.${field.name}`),
    );
}

const isList = (type: GraphQLOutputType): boolean =>
  isNonNullType(type) ? isList(type.ofType as GraphQLOutputType) : isListType(type);

interface Page {
  readonly edges: readonly { readonly node: unknown }[];
}

/** Counts the rows of each list and page in an answer, as `Type.field`, by the `__typename` that stands in it. */
export function tallyRows(parent: string, value: unknown, rows: Map<string, number>): void {
  if (typeof value !== 'object' || value === null) return;
  const own = (value as { readonly __typename?: string }).__typename ?? parent;
  for (const [name, child] of Object.entries(value)) {
    const page = child as Partial<Page> | null;
    const list: unknown = Array.isArray(page?.edges) ? page.edges.map(({ node }) => node) : child;
    if (Array.isArray(list)) {
      const place = `${own}.${name}`;
      rows.set(place, (rows.get(place) ?? 0) + list.length);
      for (const one of list) tallyRows(own, one, rows);
    } else tallyRows(own, list, rows);
  }
}

/** The ids of all entities in an answer. */
export function idsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { id } = value as { readonly id?: unknown };
  return [...(typeof id === 'string' ? [id] : []), ...Object.values(value).flatMap(idsIn)];
}
