import { Kind, type DocumentNode, type OperationDefinitionNode } from 'graphql';

/** Whether the operation is plainly a question about the schema: nothing else, and no fragment at its root. */
export function asksOnlyOfSchema(operation: OperationDefinitionNode): boolean {
  return operation.selectionSet.selections.every(
    (node) => node.kind === Kind.FIELD && node.name.value.startsWith('__'),
  );
}

/** Whether the document asks about the schema anywhere, whatever else it asks. */
export function asksOfSchema({
  operation,
  document,
}: {
  readonly operation: OperationDefinitionNode;
  readonly document: DocumentNode;
}): boolean {
  const sets = [
    operation.selectionSet,
    ...document.definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [node.selectionSet] : [],
    ),
  ];
  // They stand at the root only, which inline fragments may wrap.
  for (const set of sets) {
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD && ['__schema', '__type'].includes(node.name.value)) return true;
      if (node.kind === Kind.INLINE_FRAGMENT) sets.push(node.selectionSet);
    }
  }
  return false;
}
