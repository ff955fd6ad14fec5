import type { EntityName, FilterQuery, QueryOrderMap } from '@mikro-orm/core';
import type { Context } from '#kernel/context';
import { CrossfootError } from '#kernel/errors';
import { graphqlError, type Graph, type PageInfo } from '#kernel/graphql';
import type { TypeRef } from '#kernel/graphql-types';

/** A page of a connection. */
export interface Page<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly pageInfo: PageInfo;
  readonly totalCount: () => Promise<number>;
}

/** The arguments of every connection: forward only. */
export interface PageArgs {
  readonly first?: number | null;
  readonly after?: string | null;
}

const defaultPageSize = 50;
const maxPageSize = 500;

/** The connection type of a node type; made at first use. */
export function connectionOf<Node>(graph: Graph, node: TypeRef<Node>): TypeRef<Page<Node>> {
  const { builder } = graph;
  const known = graph.connections.get(node.name);
  if (known) return known as TypeRef<Page<Node>>;
  const edge = builder.objectRef<Page<Node>['edges'][number]>(`${node.name}Edge`).implement({
    description: `One ${node.name} of a page.`,
    viewsOf: node.name,
    fields: (t) => ({
      cursor: t.exposeString('cursor', { description: 'Pass it as `after` to go on from here.' }),
      node: t.field({
        type: node as never,
        description: `The ${node.name}.`,
        resolve: (e) => e.node as never,
      }),
    }),
  });
  const ref = builder.objectRef<Page<Node>>(`${node.name}Connection`).implement({
    description: `A page of ${node.name} rows.`,
    viewsOf: node.name,
    fields: (t) => ({
      edges: t.field({
        type: [edge],
        description: 'The rows of the page.',
        resolve: (page) => [...page.edges],
      }),
      pageInfo: t.field({
        type: graph.pageInfo,
        description: 'Where the page stands.',
        resolve: (page) => page.pageInfo,
      }),
      totalCount: t.int({
        description: 'All rows, not only those of the page.',
        resolve: (page) => page.totalCount(),
      }),
    }),
  });
  graph.connections.set(node.name, ref);
  return ref as unknown as TypeRef<Page<Node>>;
}

/** The `first` and `after` of a field that answers a connection; spread into its `args`. */
export function pageArgs(t: { arg: { int: (o: object) => unknown; string: (o: object) => unknown } }) {
  return {
    first: t.arg.int({
      description: `How many rows, ${defaultPageSize} unless said, ${maxPageSize} at most.`,
    }) as never,
    after: t.arg.string({ description: 'The cursor after which to go on.' }) as never,
  };
}

/**
 * Reads one page of an entity by keyset, newest id first unless told. `by` orders by a column before the id. Pages of
 * rows that belong to a parent are kernel/pages-of-parents.ts. Throws CURSOR_INVALID and FIELD_INVALID as GraphQL errors.
 */
export async function pageOf<Entity extends { id: string }>(
  context: Context,
  entity: EntityName<Entity>,
  options: {
    readonly args: PageArgs;
    readonly where?: FilterQuery<Entity>;
    readonly by?: keyof Entity & string;
    readonly direction?: 'asc' | 'desc';
  },
): Promise<Page<Entity>> {
  const first = pageSize(options.args);
  const direction = options.direction ?? 'desc';
  const where = (options.where ?? {}) as FilterQuery<Entity>;
  const after = options.args.after
    ? keysetAfter<Entity>(options.args.after, options.by, direction)
    : undefined;
  const em = await context.read();
  const orderBy = {
    ...(options.by ? { [options.by]: direction } : {}),
    id: direction,
  } as QueryOrderMap<Entity>;
  const rows = await em.find(entity, (after ? { $and: [where, after] } : where) as FilterQuery<Entity>, {
    orderBy,
    limit: first + 1,
  });
  return toPage(rows as Entity[], {
    first,
    by: options.by,
    hasPrevious: after !== undefined,
    totalCount: async () => (await context.read()).count(entity, where as never),
  });
}

/** How many rows a page is asked for; throws FIELD_INVALID as a GraphQL error. */
export function pageSize(args: PageArgs): number {
  const first = args.first ?? defaultPageSize;
  if (first < 1 || first > maxPageSize) {
    throw graphqlError('FIELD_INVALID', `first must lie between 1 and ${maxPageSize}`);
  }
  return first;
}

/** Makes a page of rows that were read in order, one more than fit where there are more. */
export function toPage<Entity extends { id: string }>(
  rows: readonly Entity[],
  page: {
    readonly first: number;
    readonly by: (keyof Entity & string) | undefined;
    readonly hasPrevious: boolean;
    readonly totalCount: () => Promise<number>;
  },
): Page<Entity> {
  const edges = rows.slice(0, page.first).map((node) => ({ cursor: cursorOf(node, page.by), node }));
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > page.first,
      hasPreviousPage: page.hasPrevious,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: page.totalCount,
  };
}

function cursorOf<Entity extends { id: string }>(
  row: Entity,
  by: (keyof Entity & string) | undefined,
): string {
  const value = by ? row[by] : undefined;
  const key = value instanceof Date ? value.toISOString() : value === undefined ? null : String(value);
  return Buffer.from(JSON.stringify([key, row.id])).toString('base64url');
}

function keysetAfter<Entity>(
  cursor: string,
  by: string | undefined,
  direction: 'asc' | 'desc',
): FilterQuery<Entity> {
  const [key, id] = parseCursor(cursor);
  const beyond = direction === 'asc' ? '$gt' : '$lt';
  if (!by) return { id: { [beyond]: id } } as FilterQuery<Entity>;
  return {
    $or: [{ [by]: { [beyond]: key } }, { [by]: key, id: { [beyond]: id } }],
  } as unknown as FilterQuery<Entity>;
}

/** The key and the id of the row behind which a page begins; throws CURSOR_INVALID as a GraphQL error. */
export function parseCursor(cursor: string): [string | null, string] {
  try {
    const [key, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown[];
    if ((key === null || typeof key === 'string') && typeof id === 'string') return [key, id];
    throw new CrossfootError('CURSOR_INVALID', 'no cursor');
  } catch {
    throw graphqlError('CURSOR_INVALID', 'This is not a cursor of this connection');
  }
}
