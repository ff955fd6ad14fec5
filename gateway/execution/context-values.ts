import type { FetchNode } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { fieldOf, isData, type Data } from './data.ts';
import { namesWithin } from './possible-types.ts';

/** The values of arguments that come from objects above the one they are for; each by the name of its variable. */
export type ContextReader = (above: readonly Data[]) => Readonly<Record<string, unknown>>;

interface Place {
  readonly variable: string;
  /** How many objects above. */
  readonly up: number;
  readonly steps: readonly (string | ReadonlySet<string>)[];
}

const fragment = '... on ';

/** Compiles where the contextual arguments of a fetch come from; nothing when it has none. */
export function compileContext(
  schema: GraphQLSchema,
  rewrites: FetchNode['contextRewrites'],
): ContextReader | undefined {
  if (!rewrites || rewrites.length === 0) return undefined;
  const places = rewrites.map(({ path, renameKeyTo }): Place => {
    const up = path.filter((element) => element === '..').length;
    const steps = path
      .slice(up)
      .map((element) =>
        element.startsWith(fragment) ? namesWithin(schema, element.slice(fragment.length)) : element,
      );
    return { variable: renameKeyTo, up, steps };
  });
  return (above) => {
    const values: Record<string, unknown> = {};
    for (const place of places) values[place.variable] ??= valueAt(place, above) ?? null;
    return values;
  };
}

function valueAt({ up, steps }: Place, above: readonly Data[]): unknown {
  let value: unknown = above.at(-up);
  for (const step of steps) {
    if (!isData(value)) return undefined;
    if (typeof step === 'string') value = fieldOf(value, step);
    else if (!step.has(String(value['__typename']))) return undefined;
  }
  return value;
}

/** Calls back for each object at a path of a plan with the objects above it, the outermost first. */
export function eachWithContext(
  root: Data,
  path: readonly string[],
  act: (object: Data, above: readonly Data[]) => void,
): void {
  const walk = (value: unknown, at: number, above: readonly Data[]): void => {
    const key = path[at];
    if (key === '@') {
      if (Array.isArray(value)) for (const element of value) walk(element, at + 1, above);
    } else if (isData(value)) {
      if (key === undefined) act(value, above);
      else walk(fieldOf(value, key), at + 1, [...above, value]);
    }
  };
  walk(root, 0, []);
}
