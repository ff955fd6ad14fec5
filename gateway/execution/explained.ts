import type { GraphQLError } from 'graphql';
import type { Answer } from './run.ts';

interface Place {
  readonly below: Map<string | number, Place>;
  explains: boolean;
}

/**
 * The holes for which no error of a subgraph accounts: none at the same place, above or below it, and no fetch for that
 * place that failed as a whole. Each missing value is told of once.
 */
export function unexplained(holes: readonly GraphQLError[], answer: Answer): readonly GraphQLError[] {
  if (holes.length === 0 || (answer.errors.length === 0 && answer.failures.length === 0)) return holes;
  const root = newPlace();
  for (const { path } of answer.errors) if (path) mark(root, path);
  for (const path of answer.failures) mark(root, path);
  return holes.filter(({ path }) => !isExplained(root, path ?? []));
}

function newPlace(): Place {
  return { below: new Map(), explains: false };
}

function mark(root: Place, path: readonly (string | number)[]): void {
  let place = root;
  for (const key of path) {
    const next = place.below.get(key) ?? newPlace();
    place.below.set(key, next);
    place = next;
  }
  place.explains = true;
}

function isExplained(place: Place, path: readonly (string | number)[], at = 0): boolean {
  if (place.explains || at === path.length) return true;
  const key = path[at]!;
  const exact = place.below.get(key);
  if (exact && isExplained(exact, path, at + 1)) return true;
  const any = typeof key === 'number' ? place.below.get('@') : undefined;
  return any !== undefined && isExplained(any, path, at + 1);
}
