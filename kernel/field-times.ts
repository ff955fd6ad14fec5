import { isObjectType, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';

/** Takes the time of one resolved field; kept on the context of requests that are timed. */
export type FieldTimer = (field: string, startedAt: number, milliseconds: number) => void;

/** How long a field took, all its calls together; with lists and loaders these run side by side. */
export interface FieldTime {
  /** `Type.field` */
  readonly field: string;
  readonly calls: number;
  readonly milliseconds: number;
  /** The longest single call. */
  readonly longest: number;
}

interface Timed {
  readonly fieldTimer?: FieldTimer | undefined;
}

type Resolver = GraphQLFieldResolver<unknown, Timed>;

const prepared = new WeakSet<GraphQLSchema>();

/**
 * Puts a stopwatch around every resolver of a schema, once. It looks at the context and does nothing unless that asks
 * for times, so that a request which is not timed pays one look per field.
 */
export function timeFields(schema: GraphQLSchema): void {
  if (prepared.has(schema)) return;
  prepared.add(schema);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      if (field.resolve) field.resolve = stopwatch(`${type.name}.${field.name}`, field.resolve as Resolver);
    }
  }
}

function stopwatch(field: string, resolve: Resolver): Resolver {
  return (...asked) => {
    const timer = asked[2]?.fieldTimer;
    if (!timer) return resolve(...asked);
    const startedAt = performance.now();
    const done = (): void => timer(field, startedAt, performance.now() - startedAt);
    let value: unknown;
    try {
      value = resolve(...asked);
    } catch (error) {
      done();
      throw error;
    }
    if (value instanceof Promise) return value.finally(done);
    done();
    return value;
  };
}

/** Adds up times by field. */
export interface FieldTotals {
  add(field: string, milliseconds: number): void;
  /** The fields that took longest, longest first. */
  top(count: number): FieldTime[];
}

/** Starts at nothing. A schema has a fixed number of fields, so what is kept has a bound. */
export function fieldTotals(): FieldTotals {
  const totals = new Map<string, { calls: number; milliseconds: number; longest: number }>();
  return {
    add(field, milliseconds) {
      let total = totals.get(field);
      if (!total) totals.set(field, (total = { calls: 0, milliseconds: 0, longest: 0 }));
      total.calls += 1;
      total.milliseconds += milliseconds;
      if (milliseconds > total.longest) total.longest = milliseconds;
    },
    top: (count) =>
      [...totals]
        .map(([field, total]) => ({ field, ...total }))
        .toSorted((one, other) => other.milliseconds - one.milliseconds)
        .slice(0, count),
  };
}
