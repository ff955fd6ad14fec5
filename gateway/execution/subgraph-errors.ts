import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { AnswerPath, Data } from './data.ts';
import type { Answer, Run } from './run.ts';
import { pathsOf } from './targets.ts';

/** Where the results of a fetch went, so that its errors can be told where clients see them. */
export interface FetchPlace {
  readonly subgraph: string;
  /** Where the fetch adds, lists as `@`. */
  readonly path: readonly string[];
  /** The same in the names that the client gave. */
  readonly clientPath: readonly string[];
  /** Names of fields that differ between the subgraph's answer and the client's. */
  readonly renamed: ReadonlyMap<string, string>;
}

/** The objects to which a fetch adds, and for each the index of its representation; -1 for none. */
export interface FetchTargets {
  readonly objects: readonly Data[];
  readonly indexes: readonly number[];
  /** For each answer of the run, the index behind its last object. */
  readonly ends: readonly number[];
}

type SubgraphError = Partial<GraphQLFormattedError> & { readonly originalError?: unknown };

/** Adds errors of a fetch of root fields to the answers to which it added. */
export function addRootErrors(
  run: Run,
  place: FetchPlace,
  given: { readonly errors: readonly SubgraphError[]; readonly targets?: FetchTargets },
): void {
  const { errors, targets } = given;
  run.answers.forEach((answer, index) => {
    if (targets && objectsOf(targets, index).length === 0) return;
    const places = targets
      ? pathsOfObjects(answer, place, new Set(objectsOf(targets, index)))
      : [[] as AnswerPath];
    for (const error of errors) {
      const tail = error.path;
      if (!tail) answer.errors.push(clientError(error, place, undefined));
      else for (const here of places) answer.errors.push(clientError(error, place, [...here, ...tail]));
    }
    if (errors.some((error) => !error.path)) answer.failures.push(place.clientPath);
  });
}

/** Adds errors of a fetch of entities: each to every object that stands for the entity it is about. */
export function addEntityErrors(
  run: Run,
  place: FetchPlace,
  given: { readonly errors: readonly SubgraphError[]; readonly targets: FetchTargets },
): void {
  const { errors, targets } = given;
  run.answers.forEach((answer, index) => {
    const from = index === 0 ? 0 : targets.ends[index - 1]!;
    const own = objectsOf(targets, index);
    if (own.every((_, at) => targets.indexes[from + at] === -1)) return;
    const paths = pathsOf(answer.data, place.path, new Set(own));
    for (const error of errors) {
      const [field, entity, ...tail] = error.path ?? [];
      if (field !== '_entities' || typeof entity !== 'number') {
        answer.errors.push(clientError(error, place, undefined));
        answer.failures.push(place.clientPath);
        continue;
      }
      const about = new Set(own.filter((_, at) => targets.indexes[from + at] === entity));
      for (const one of about) {
        for (const here of paths.get(one) ?? []) {
          answer.errors.push(clientError(error, place, [...here, ...tail]));
        }
      }
    }
  });
}

function objectsOf(targets: FetchTargets, answer: number): readonly Data[] {
  return targets.objects.slice(answer === 0 ? 0 : targets.ends[answer - 1], targets.ends[answer]);
}

function pathsOfObjects(answer: Answer, place: FetchPlace, objects: ReadonlySet<Data>): AnswerPath[] {
  return [...pathsOf(answer.data, place.path, objects).values()].flat();
}

function clientError(error: SubgraphError, place: FetchPlace, path: AnswerPath | undefined): GraphQLError {
  const { subgraph, renamed } = place;
  const message = error.message || `Error while fetching subquery from service "${subgraph}"`;
  return new GraphQLError(message, {
    path: path?.map((key) => (typeof key === 'string' ? (renamed.get(key) ?? key) : key)),
    originalError: error instanceof Error ? error : undefined,
    extensions: { code: 'DOWNSTREAM_SERVICE_ERROR', ...error.extensions, serviceName: subgraph },
  });
}
