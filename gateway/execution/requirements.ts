import { FieldDefinition, type Schema } from '@apollo/federation-internals';
import { Kind, parse, print, type FieldNode, type SelectionSetNode } from 'graphql';

/** What the subgraphs of a graph need of each other's fields, by the names of the fields. */
export interface Requirements {
  /** Fields that plans fetch by themselves under their own names. */
  readonly fetched: ReadonlySet<string>;
  /** Those of them that are fetched with arguments of their own. */
  readonly withArguments: ReadonlySet<string>;
  /** For a field that requires others with arguments: those fields, by their path, with their arguments. */
  readonly needs: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** Reads keys and `@requires` out of a supergraph. */
export function readRequirements(supergraph: Schema): Requirements {
  const fetched = new Set(['__typename']);
  const withArguments = new Set<string>();
  const needs = new Map<string, Map<string, string>>();
  const requiredBy = new Map<string, Set<string>>();
  for (const text of argumentsOf(supergraph, { directive: 'join__type', argument: 'key' })) {
    for (const { node } of fieldsIn(text.value)) fetched.add(node.name.value);
  }
  for (const { value, field } of argumentsOf(supergraph, {
    directive: 'join__field',
    argument: 'requires',
  })) {
    const wanted = needs.get(field) ?? new Map<string, string>();
    const names = requiredBy.get(field) ?? new Set<string>();
    for (const { node, path } of fieldsIn(value)) {
      fetched.add(node.name.value);
      if (path.length === 1) names.add(node.name.value);
      if (!node.arguments?.length) continue;
      withArguments.add(node.name.value);
      wanted.set(path.join('.'), node.arguments.map(print).toSorted().join(','));
    }
    needs.set(field, wanted);
    requiredBy.set(field, names);
  }
  return { fetched, withArguments, needs: withIndirect(needs, requiredBy) };
}

/** What a field requires may itself require something. */
function withIndirect(
  needs: ReadonlyMap<string, ReadonlyMap<string, string>>,
  requiredBy: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const all = new Map<string, ReadonlyMap<string, string>>();
  for (const field of needs.keys()) {
    const reached = new Set([field]);
    for (const one of reached) for (const name of requiredBy.get(one) ?? []) reached.add(name);
    const wanted = new Map([...reached].toReversed().flatMap((one) => [...(needs.get(one) ?? [])]));
    if (wanted.size > 0) all.set(field, wanted);
  }
  return all;
}

function argumentsOf(
  supergraph: Schema,
  sought: { readonly directive: string; readonly argument: string },
): { readonly value: string; readonly field: string }[] {
  const found: { value: string; field: string }[] = [];
  for (const application of supergraph.directive(sought.directive)?.applications() ?? []) {
    const value: unknown = application.arguments()[sought.argument];
    const parent: unknown = application.parent;
    const field = parent instanceof FieldDefinition ? parent.name : '';
    if (typeof value === 'string') found.push({ value, field });
  }
  return found;
}

function fieldsIn(text: string): { readonly node: FieldNode; readonly path: readonly string[] }[] {
  const [definition] = parse(`{ ${text} }`, { noLocation: true }).definitions;
  const found: { node: FieldNode; path: readonly string[] }[] = [];
  const walk = (set: SelectionSetNode, path: readonly string[]): void => {
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) {
        const here = [...path, node.name.value];
        found.push({ node, path: here });
        if (node.selectionSet) walk(node.selectionSet, here);
      } else if (node.kind === Kind.INLINE_FRAGMENT) {
        walk(node.selectionSet, path);
      }
    }
  };
  if (definition?.kind === Kind.OPERATION_DEFINITION) walk(definition.selectionSet, []);
  return found;
}
