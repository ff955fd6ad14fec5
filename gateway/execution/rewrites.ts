import type { FetchDataRewrite } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { fieldOf, isData, setField, type Data } from './data.ts';
import { namesWithin } from './possible-types.ts';

/** Changes an answer or a representation in place, as the plan prescribes. */
export type Rewrite = (data: unknown) => void;

const fragment = '... on ';

/** Compiles the rewrites of a fetch; nothing when there are none. */
export function compileRewrites(
  schema: GraphQLSchema,
  rewrites: readonly FetchDataRewrite[] | undefined,
): Rewrite | undefined {
  if (!rewrites || rewrites.length === 0) return undefined;
  const compiled = rewrites.map((one) => compileRewrite(schema, one));
  return (data) => {
    for (const rewrite of compiled) rewrite(data);
  };
}

function compileRewrite(schema: GraphQLSchema, rewrite: FetchDataRewrite): Rewrite {
  const last = rewrite.path.at(-1);
  if (last === undefined) return () => undefined;
  const change =
    rewrite.kind === 'ValueSetter'
      ? (data: Data) => setField(data, last, rewrite.setValueTo)
      : (data: Data) => rename(data, last, rewrite.renameKeyTo);
  return rewrite.path.slice(0, -1).reduceRight((next: Rewrite, element) => {
    if (!element.startsWith(fragment)) return (data) => each(data, (one) => next(fieldOf(one, element)));
    const types = namesWithin(schema, element.slice(fragment.length));
    // What does not say its type is taken to be of the right one.
    return (data) =>
      each(data, (one) => {
        const name = one['__typename'];
        if (typeof name !== 'string' || types.has(name)) next(one);
      });
  }, atObjects(change));
}

function atObjects(change: (data: Data) => void): Rewrite {
  return (data) => each(data, change);
}

function each(value: unknown, act: (data: Data) => void): void {
  if (Array.isArray(value)) for (const element of value) each(element, act);
  else if (isData(value)) act(value);
}

function rename(data: Data, from: string, to: string): void {
  const value = fieldOf(data, from);
  if (value === undefined) return;
  if (value !== null || fieldOf(data, to) === undefined) setField(data, to, value);
  data[from] = undefined;
}

/** The names that fields have in a subgraph's answer only, with those that clients know. */
export function renamedKeys(
  rewrites: readonly FetchDataRewrite[] | undefined,
  clientKeys: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const names = new Map(clientKeys);
  for (const one of rewrites ?? []) {
    const last = one.path.at(-1);
    if (one.kind !== 'KeyRenamer' || last === undefined) continue;
    names.set(last, clientKeys.get(one.renameKeyTo) ?? one.renameKeyTo);
  }
  return names;
}
