import {
  Kind,
  parse,
  print,
  type DocumentNode,
  type FieldNode,
  type OperationDefinitionNode,
  type SelectionNode,
} from 'graphql';
import type { CachedType } from './cached-types.ts';

/** A step of a plan that asks for leaves of cached types and nothing else. */
export interface EntitiesQuery {
  /** The name under which the entities are answered. */
  readonly answeredAs: string;
  /** The variable that holds the representations; the only one there is. */
  readonly variable: string;
  /** What is asked of each entity, as text. */
  readonly selection: string;
}

/** Understands the text of a step; undefined for everything whose answers are not to be kept. */
export function readEntitiesQuery(query: string, types: readonly CachedType[]): EntitiesQuery | undefined {
  if (types.length === 0 || !query.includes('_entities')) return undefined;
  const operation = onlyOperation(parse(query, { noLocation: true }));
  const [variable, ...furtherVariables] = operation?.variableDefinitions ?? [];
  const [field, ...furtherFields] = operation?.selectionSet.selections ?? [];
  if (!variable || furtherVariables.length > 0 || furtherFields.length > 0) return undefined;
  if (field?.kind !== Kind.FIELD || field.name.value !== '_entities' || !isPlain(field)) return undefined;
  const [argument, ...furtherArguments] = field.arguments ?? [];
  if (argument?.value.kind !== Kind.VARIABLE || furtherArguments.length > 0) return undefined;
  if (argument.value.name.value !== variable.variable.name.value || !field.selectionSet) return undefined;
  if (!field.selectionSet.selections.every((one) => isOfCachedType(one, types))) return undefined;
  return {
    answeredAs: field.alias?.value ?? '_entities',
    variable: argument.value.name.value,
    selection: print(field.selectionSet),
  };
}

function onlyOperation(document: DocumentNode): OperationDefinitionNode | undefined {
  const [only, ...others] = document.definitions;
  if (only?.kind !== Kind.OPERATION_DEFINITION || only.operation !== 'query' || others.length > 0) {
    return undefined;
  }
  return isPlain(only) ? only : undefined;
}

function isOfCachedType(node: SelectionNode, types: readonly CachedType[]): boolean {
  if (node.kind === Kind.FIELD) return node.name.value === '__typename' && isPlain(node);
  if (node.kind !== Kind.INLINE_FRAGMENT || !isPlain(node)) return false;
  const type = types.find((one) => one.type === node.typeCondition?.name.value);
  return type !== undefined && node.selectionSet.selections.every((leaf) => isCachedLeaf(leaf, type.fields));
}

function isCachedLeaf(node: SelectionNode, fields: ReadonlySet<string>): boolean {
  return node.kind === Kind.FIELD && fields.has(node.name.value) && !hasArguments(node) && isPlain(node);
}

function hasArguments(node: FieldNode): boolean {
  return (node.arguments?.length ?? 0) > 0;
}

/** Directives may hang on anything. */
function isPlain(node: { readonly directives?: readonly unknown[] }): boolean {
  return (node.directives?.length ?? 0) === 0;
}
