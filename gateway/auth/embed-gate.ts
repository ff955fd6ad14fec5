import { Kind, type DocumentNode, type SelectionSetNode } from 'graphql';
import { mayRun } from '#kernel/actor';
import { CrossfootError } from '#kernel/errors';
import type { Gate } from '../operations/admission.ts';

const rootFields = new WeakMap<SelectionSetNode, ReadonlySet<string>>();

/**
 * Refuses mutations that are no feature of the components a token is for, before anything runs. The door of each
 * subgraph refuses them by itself; here they are refused whole, with the same error on every transport.
 */
export const embedGate: Gate = ({ document, operation }, { actor }) => {
  if (!actor.embed || operation.operation !== 'mutation') return;
  for (const name of namesIn(operation.selectionSet, document)) {
    if (name === '__typename' || mayRun(actor, name)) continue;
    throw new CrossfootError('FORBIDDEN', `${name} is no feature of the components this token is for`);
  }
};

/** The fields a selection asks for on its own level, inside fragments too. */
function namesIn(selection: SelectionSetNode, document: DocumentNode): ReadonlySet<string> {
  const known = rootFields.get(selection);
  if (known) return known;
  const names = new Set<string>();
  const visited = new Set<string>();
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const node of selections) {
      if (node.kind === Kind.FIELD) names.add(node.name.value);
      else if (node.kind === Kind.INLINE_FRAGMENT) collect(node.selectionSet);
      else if (!visited.has(node.name.value)) {
        visited.add(node.name.value);
        for (const definition of document.definitions) {
          const isIt =
            definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === node.name.value;
          if (isIt) collect(definition.selectionSet);
        }
      }
    }
  };
  collect(selection);
  rootFields.set(selection, names);
  return names;
}
