import type { EntityMetadata, EntityName } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import DataLoader from 'dataloader';
import type { Context } from '#kernel/context';
import { pageSize, parseCursor, toPage, type Page, type PageArgs } from '#kernel/graphql-connection';

/** Whose rows, in which order. */
interface ParentOptions<Entity> {
  readonly args: PageArgs;
  /** The column in which a row names its parent. */
  readonly column: keyof Entity & string;
  readonly parent: string;
  readonly by?: keyof Entity & string;
  readonly direction?: 'asc' | 'desc';
}

interface Loaders {
  readonly rows: DataLoader<string, readonly { readonly id: string }[]>;
  readonly counts: DataLoader<string, number>;
}

const loadersOfRequest = {};

/**
 * Reads the page of rows that belong to one parent, as `pageOf` does, but for all parents of a request at once: however
 * many rows a list has, the pages below them cost two statements, and their counts one. Throws as `pageOf` does.
 */
export async function pageOfParent<Entity extends { id: string }>(
  context: Context,
  entity: EntityName<Entity>,
  options: ParentOptions<Entity>,
): Promise<Page<Entity>> {
  const { args, by, parent } = options;
  const first = pageSize(args);
  const loaders = loadersOf(context, entity, { ...options, first });
  return toPage((await loaders.rows.load(parent)) as Entity[], {
    first,
    by,
    hasPrevious: Boolean(args.after),
    totalCount: () => loaders.counts.load(parent),
  });
}

type PagesOptions<Entity> = ParentOptions<Entity> & { readonly first: number };

/** Pages of one kind and size are read together. */
function loadersOf<Entity extends { id: string }>(
  context: Context,
  entity: EntityName<Entity>,
  options: PagesOptions<Entity>,
): Loaders {
  const kept = context.once(loadersOfRequest, () => new Map<unknown, Map<string, Loaders>>());
  const ofEntity = kept.get(entity) ?? new Map<string, Loaders>();
  kept.set(entity, ofEntity);
  const { args, column, by, direction, first } = options;
  const key = JSON.stringify([column, by, direction, first, args.after]);
  const known = ofEntity.get(key);
  if (known) return known;
  const after = args.after ? parseCursor(args.after) : undefined;
  const made: Loaders = {
    rows: new DataLoader((parents) => rowsOf(context, entity, { ...options, after, parents })),
    counts: new DataLoader((parents) => countsOf(context, entity, { column, parents })),
  };
  ofEntity.set(key, made);
  return made;
}

async function rowsOf<Entity extends { id: string }>(
  context: Context,
  entity: EntityName<Entity>,
  options: PagesOptions<Entity> & {
    readonly after: readonly [string | null, string] | undefined;
    readonly parents: readonly string[];
  },
): Promise<Entity[][]> {
  const { after, by, column, direction = 'desc', first, parents } = options;
  const em = await context.read();
  const meta = em.getMetadata(entity);
  const values: unknown[] = [parents];
  const mark = (value: unknown) => `$${values.push(value)}`;
  const ordered = [...(by ? [columnOf(meta, by)] : []), columnOf(meta, 'id')];
  const behind = after
    ? `and (${ordered.join(', ')}) ${direction === 'asc' ? '>' : '<'} (${(by ? after : [after[1]]).map(mark).join(', ')})`
    : '';
  const places = await context.sql<{ parent: string; id: string }>(
    `select p.parent, r.id
       from unnest($1::text[]) with ordinality as p (parent, place)
      cross join lateral (
        select * from ${tableOf(em, meta)}
         where ${columnOf(meta, column)} = p.parent ${behind}
         order by ${ordered.map((name) => `${name} ${direction}`).join(', ')}
         limit ${first + 1}) as r
      order by p.place, ${ordered.map((name) => `r.${name} ${direction}`).join(', ')}`,
    values,
  );
  const found = await em.find(entity, { id: { $in: places.map(({ id }) => id) } } as never);
  const rows = new Map(found.map((row) => [row.id, row as Entity]));
  const pages = Map.groupBy(places, ({ parent }) => parent);
  return parents.map((parent) => (pages.get(parent) ?? []).flatMap(({ id }) => rows.get(id) ?? []));
}

async function countsOf<Entity extends { id: string }>(
  context: Context,
  entity: EntityName<Entity>,
  { column, parents }: { readonly column: keyof Entity & string; readonly parents: readonly string[] },
): Promise<number[]> {
  const em = await context.read();
  const meta = em.getMetadata(entity);
  const name = columnOf(meta, column);
  const counts = await context.sql<{ parent: string; rows: number }>(
    `select ${name} as parent, count(*)::int as rows from ${tableOf(em, meta)}
      where ${name} = any ($1::text[]) group by 1`,
    [parents],
  );
  const found = new Map(counts.map(({ parent, rows }) => [parent, rows]));
  return parents.map((parent) => found.get(parent) ?? 0);
}

function tableOf<Entity>(em: EntityManager, meta: EntityMetadata<Entity>): string {
  const schema = meta.schema ?? em.config.get('schema');
  return `"${schema}"."${meta.tableName}"`;
}

function columnOf<Entity>(meta: EntityMetadata<Entity>, property: keyof Entity & string): string {
  const [column] = meta.props.find(({ name }) => name === property)?.fieldNames ?? [];
  if (!column) throw new Error(`${meta.className} has no column ${property}`);
  return `"${column}"`;
}
