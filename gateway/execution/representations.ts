import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { fieldOf, isData, mergeInto, setField, type Data } from './data.ts';
import { namesWithin } from './possible-types.ts';

/** Makes of an object what its owner needs to know to find it; nothing when it does not hold that. */
export type Picker = (source: Data) => Data | undefined;

type Part =
  | { readonly key: string; readonly inner: readonly Part[] | undefined }
  | { readonly types: ReadonlySet<string>; readonly inner: readonly Part[] };

/** Compiles the `requires` of a fetch. */
export function compilePicker(schema: GraphQLSchema, requires: readonly QueryPlanSelectionNode[]): Picker {
  const parts = partsOf(schema, requires);
  return (source) => {
    const representation = pick(source, parts);
    return representation && typeof representation['__typename'] === 'string' ? representation : undefined;
  };
}

function partsOf(schema: GraphQLSchema, nodes: readonly QueryPlanSelectionNode[]): readonly Part[] {
  const parts: Part[] = [];
  for (const node of nodes) {
    if (node.kind === 'Field') {
      const inner = node.selections && partsOf(schema, node.selections);
      parts.push({ key: node.alias ?? node.name, inner });
    } else if (node.typeCondition !== undefined) {
      parts.push({
        types: namesWithin(schema, node.typeCondition),
        inner: partsOf(schema, node.selections),
      });
    }
  }
  return parts;
}

/** The picked fields; nothing when one is missing. A fragment that lacks a field adds nothing of its own. */
function pick(source: Data, parts: readonly Part[]): Data | undefined {
  const picked: Data = {};
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index]!;
    if ('types' in part) {
      if (!part.types.has(source['__typename'] as string)) continue;
      const more = pick(source, part.inner);
      if (more) mergeInto(picked, more);
    } else {
      const value = fieldOf(source, part.key);
      if (value === undefined) return undefined;
      setField(picked, part.key, part.inner ? pickValue(value, part.inner) : value);
    }
  }
  return picked;
}

function pickValue(value: unknown, parts: readonly Part[]): unknown {
  if (Array.isArray(value)) return value.map((element) => pickValue(element, parts));
  return isData(value) ? (pick(value, parts) ?? null) : null;
}

/** A text that two representations have in common when they are equal, and only then. */
export function keyOf(representation: Data): string {
  let key = '';
  for (const name in representation) {
    const value = representation[name];
    if (typeof value === 'string') key += `${name}:${value.length}:${value};`;
    else if (typeof value === 'number') key += `${name}=${value};`;
    else return JSON.stringify(representation);
  }
  return key;
}

/** The usual case: a reference by type and one plain field. */
export interface SingleKey {
  readonly types: ReadonlySet<string>;
  readonly key: string;
}

/** The one field by which a fetch finds its entities; undefined where there is more to it. */
export function singleKey(
  schema: GraphQLSchema,
  requires: readonly QueryPlanSelectionNode[],
): SingleKey | undefined {
  const [part, more] = partsOf(schema, requires);
  if (!part || more || !('types' in part)) return undefined;
  const [typename, field, other] = part.inner;
  if (!typename || !field || other || 'types' in typename || 'types' in field) return undefined;
  if (typename.key !== '__typename' || field.inner || field.key === '__proto__') return undefined;
  return { types: part.types, key: field.key };
}
