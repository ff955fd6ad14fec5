import { Kind, visit, type DirectiveNode, type DocumentNode, type OperationDefinitionNode } from 'graphql';

/** The values of the variables on which `@skip` and `@include` depend. */
export type Conditions = Readonly<Record<string, boolean>>;

/** The names of the variables on which `@skip` and `@include` of a document depend. */
export function conditionVariables(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    Directive(node) {
      const value = conditionOf(node);
      if (value?.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}

/** Whether a field or fragment is left out. */
export function isLeftOut(
  node: { readonly directives?: readonly DirectiveNode[] },
  conditions: Conditions,
): boolean {
  for (const directive of node.directives ?? []) {
    const value = conditionOf(directive);
    if (!value) continue;
    const holds =
      value.kind === Kind.VARIABLE
        ? conditions[value.name.value] === true
        : value.kind === Kind.BOOLEAN && value.value;
    if (holds === (directive.name.value === 'skip')) return true;
  }
  return false;
}

function conditionOf(directive: DirectiveNode) {
  const name = directive.name.value;
  if (name !== 'skip' && name !== 'include') return undefined;
  return directive.arguments?.find((argument) => argument.name.value === 'if')?.value;
}

/** A document of one operation of another and all its fragments. */
export function documentOf(document: DocumentNode, operation: OperationDefinitionNode): DocumentNode {
  const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
  return { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] };
}
