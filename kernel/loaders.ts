import type { EntityName, FilterQuery, QueryOrderMap } from '@mikro-orm/core';
import DataLoader from 'dataloader';
import type { Context } from '#kernel/context';

/** A batching loader bound to a request. */
export type Loader<Value> = (context: Context) => DataLoader<string, Value>;

/** Loads entities by id, many at once; null for what is not there or not the organisation's. */
export function byId<Entity extends { id: string }>(entity: EntityName<Entity>): Loader<Entity | null> {
  const key = {};
  return (context) =>
    context.once(key, () =>
      batching(async (ids) => {
        const em = await context.read();
        const found = await em.find(entity, { id: { $in: [...ids] } } as unknown as FilterQuery<Entity>);
        const rows = new Map(found.map((row) => [row.id, row]));
        return ids.map((id) => rows.get(id) ?? null);
      }),
    );
}

/** Loads the rows that belong to each parent, many parents at once, in the given order. */
export function byParent<Entity extends object>(
  entity: EntityName<Entity>,
  parent: keyof Entity & string,
  orderBy: QueryOrderMap<Entity>,
): Loader<Entity[]> {
  const key = {};
  return (context) =>
    context.once(key, () =>
      batching(async (parents) => {
        const em = await context.read();
        const found = await em.find(entity, { [parent]: { $in: [...parents] } } as never, {
          orderBy: orderBy as never,
        });
        const groups = new Map<string, Entity[]>(parents.map((id) => [id, []]));
        for (const row of found) groups.get(row[parent] as string)?.push(row);
        return parents.map((id) => groups.get(id) ?? []);
      }),
    );
}

/** Loads one row for each value of a column that identifies it, such as the document of a draft. */
export function byColumn<Entity extends object>(
  entity: EntityName<Entity>,
  column: keyof Entity & string,
): Loader<Entity | null> {
  const many = byParent(entity, column, { id: 'desc' } as unknown as QueryOrderMap<Entity>);
  const key = {};
  return (context) =>
    context.once(key, () =>
      batching((values) => Promise.all(values.map(async (v) => (await many(context).load(v))[0] ?? null))),
    );
}

/** Loads by any batch function; answers must come in the order of the keys. */
export function byBatch<Value>(
  load: (keys: readonly string[], context: Context) => Promise<Value[]>,
): Loader<Value> {
  const key = {};
  return (context) => context.once(key, () => batching((keys) => load(keys, context)));
}

function batching<Value>(load: (keys: readonly string[]) => Promise<Value[]>): DataLoader<string, Value> {
  return new DataLoader<string, Value>(load, { maxBatchSize: 1000 });
}
