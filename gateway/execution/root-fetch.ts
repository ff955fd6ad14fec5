import type { FetchNode } from '@apollo/query-planner';
import { isData, mergeInto, type Data } from './data.ts';
import { ask, compileFetch, usedVariables, type PlanEnvironment } from './fetch.ts';
import { compileRewrites } from './rewrites.ts';
import type { Run, Step } from './run.ts';
import { addRootErrors, type FetchTargets } from './subgraph-errors.ts';
import { collectTargets } from './targets.ts';

/** Compiles a fetch of root fields, for the answer itself or for objects in it that stand for the root. */
export function compileRootFetch(
  node: FetchNode,
  path: readonly string[],
  environment: PlanEnvironment,
): Step {
  const fetch = compileFetch(node, path, environment);
  const rewrite = compileRewrites(environment.schema, node.outputRewrites);
  const nested = path.length > 0;
  return (run) => {
    const targets = nested ? targetsOf(run, path) : undefined;
    if (targets && targets.objects.length === 0) return undefined;
    return ask(fetch, run, {
      variables: usedVariables(fetch, run),
      kind: 'root',
      entities: 0,
      send: (request) => fetch.source.execute(request),
      failure: (result) => result,
    }).then(({ data, errors }) => {
      if (errors?.length) addRootErrors(run, fetch, { errors, targets });
      if (!isData(data)) return;
      rewrite?.(data);
      if (targets) for (const target of targets.objects) mergeInto(target, data);
      else for (const answer of run.answers) mergeInto(answer.data, data);
    });
  };
}

function targetsOf(run: Run, path: readonly string[]): FetchTargets {
  const objects: Data[] = [];
  const ends: number[] = [];
  for (const answer of run.answers) {
    collectTargets(answer.data, path, objects);
    ends.push(objects.length);
  }
  return { objects, indexes: [], ends };
}
