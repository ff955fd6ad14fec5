import { Kind, visit, type DocumentNode, type FieldNode } from 'graphql';
import type { Requirements } from './requirements.ts';

/** An operation whose fields cannot be taken for those that plans fetch by themselves. */
export interface ClientNames {
  /** The document for the planner. */
  readonly document: DocumentNode;
  /** Under which name the data of a field of the client's own document comes. */
  readonly dataKey: (node: FieldNode) => string;
  /** The names of the data with those that the client gave. */
  readonly clientKeys: ReadonlyMap<string, string>;
}

/**
 * Plans add fields of their own to an operation: those of keys, and those that other fields require, possibly with
 * other arguments than the client's. Where the client uses such a name for something else, its field gets another one.
 */
export function separateNames(document: DocumentNode, requirements: Requirements): ClientNames {
  const mark = unusedMark(document);
  const clientKeys = new Map<string, string>();
  const dataKey = (node: FieldNode): string => {
    const key = (node.alias ?? node.name).value;
    return isAmbiguous(node, key, requirements) ? `${key}${mark}` : key;
  };
  const separated = visit(document, {
    Field(node) {
      const key = (node.alias ?? node.name).value;
      const own = dataKey(node);
      if (own === key) return undefined;
      clientKeys.set(own, key);
      return { ...node, alias: { kind: Kind.NAME, value: own } };
    },
  });
  if (clientKeys.size === 0) return { document, dataKey: plainKey, clientKeys };
  return { document: separated, dataKey, clientKeys };
}

function isAmbiguous(node: FieldNode, key: string, requirements: Requirements): boolean {
  const name = node.name.value;
  return key === name
    ? requirements.withArguments.has(name) && (node.arguments?.length ?? 0) > 0
    : requirements.fetched.has(key);
}

function plainKey(node: FieldNode): string {
  return (node.alias ?? node.name).value;
}

function unusedMark(document: DocumentNode): string {
  let mark = '__asked';
  visit(document, {
    Name({ value }) {
      while (value.endsWith(mark)) mark += '_';
    },
  });
  return mark;
}
