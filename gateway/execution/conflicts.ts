import {
  Kind,
  visit,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Requirements } from './requirements.ts';

/**
 * Splits a query whose fields require the same field with different arguments, since one plan can fetch it with one set
 * of arguments only. The first document asks for all but the fields in conflict, each further one for some of those.
 */
export function splitConflicts(document: DocumentNode, requirements: Requirements): readonly DocumentNode[] {
  const groups = conflictGroups(document, requirements);
  if (groups.length < 2) return [document];
  const later = new Set(groups.slice(1).flat());
  const plain = withoutSpreads(document);
  return groups.map((group, index) => {
    const prune = index === 0 ? without(later) : only(new Set(group));
    return visit(plain, {
      SelectionSet: { leave: (node, _key, _parent, _path, around) => prune(node, around) },
    });
  });
}

/** Groups of names of fields, without conflict within each. */
function conflictGroups(document: DocumentNode, requirements: Requirements): string[][] {
  const present = new Set<string>();
  visit(document, {
    Field({ name }) {
      if (requirements.needs.has(name.value)) present.add(name.value);
    },
  });
  const groups: string[][] = [];
  for (const name of present) {
    const fitting = groups.find((group) => group.every((other) => !conflict(name, other, requirements)));
    if (fitting) fitting.push(name);
    else groups.push([name]);
  }
  return groups;
}

function conflict(one: string, other: string, { needs }: Requirements): boolean {
  const others = needs.get(other);
  return [...(needs.get(one) ?? [])].some(([path, given]) => (others?.get(path) ?? given) !== given);
}

const typeName: SelectionNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

function without(names: ReadonlySet<string>) {
  return (set: SelectionSetNode): SelectionSetNode => {
    const selections = set.selections.filter((one) => one.kind !== Kind.FIELD || !names.has(one.name.value));
    return { ...set, selections: selections.length > 0 ? selections : [typeName] };
  };
}

function only(names: ReadonlySet<string>) {
  const leads = (node: SelectionNode): boolean =>
    isField(node) && names.has(node.name.value)
      ? true
      : node.kind !== Kind.FRAGMENT_SPREAD && (node.selectionSet?.selections.some(leads) ?? false);
  return (set: SelectionSetNode, around: readonly unknown[]): SelectionSetNode => {
    // Below a wanted field everything is wanted.
    if (around.some((one) => isField(one) && names.has(one.name.value))) return set;
    const selections = set.selections.filter(leads);
    return { ...set, selections: selections.length > 0 ? selections : [typeName] };
  };
}

function isField(node: unknown): node is FieldNode {
  return typeof node === 'object' && node !== null && 'kind' in node && node.kind === Kind.FIELD;
}

/** The operation with the content of each fragment where it is spread, so that each place can be pruned by itself. */
function withoutSpreads(document: DocumentNode): DocumentNode {
  const fragments = fragmentsOf(document);
  const expand = (set: SelectionSetNode): SelectionSetNode => ({
    ...set,
    selections: set.selections.map((node): SelectionNode => {
      if (node.kind !== Kind.FRAGMENT_SPREAD) {
        return node.selectionSet ? { ...node, selectionSet: expand(node.selectionSet) } : node;
      }
      const { typeCondition, selectionSet } = fragments.get(node.name.value)!;
      const { directives } = node;
      return { kind: Kind.INLINE_FRAGMENT, typeCondition, directives, selectionSet: expand(selectionSet) };
    }),
  });
  const definitions = document.definitions.flatMap((node) =>
    node.kind === Kind.OPERATION_DEFINITION ? [{ ...node, selectionSet: expand(node.selectionSet) }] : [],
  );
  return { ...document, definitions };
}

function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const found = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) found.set(node.name.value, node);
  }
  return found;
}
