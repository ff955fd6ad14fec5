import type { FetchNode } from '@apollo/query-planner';
import type { ExecutionResult } from 'graphql';
import { compileContext, eachWithContext, type ContextReader } from './context-values.ts';
import { fieldOf, isData, mergeInto, type Data } from './data.ts';
import { ask, compileFetch, usedVariables, type CompiledFetch, type PlanEnvironment } from './fetch.ts';
import { compilePicker, keyOf, singleKey, type Picker, type SingleKey } from './representations.ts';
import { compileRewrites, type Rewrite } from './rewrites.ts';
import type { Run, Step } from './run.ts';
import { addEntityErrors, type FetchTargets } from './subgraph-errors.ts';
import { collectTargets } from './targets.ts';

interface EntityFetch {
  readonly fetch: CompiledFetch;
  readonly pick: Picker;
  readonly rewriteInput: Rewrite | undefined;
  readonly rewriteOutput: Rewrite | undefined;
}

/** The distinct representations of the objects at a place, each asked for once. */
interface Batch extends FetchTargets {
  readonly representations: readonly Data[];
}

/** Compiles a fetch of entities; equal representations are asked for once, for all answers of a run together. */
export function compileEntityFetch(
  node: FetchNode,
  path: readonly string[],
  environment: PlanEnvironment,
): Step {
  const compiled: EntityFetch = {
    fetch: compileFetch(node, path, environment),
    pick: compilePicker(environment.schema, node.requires ?? []),
    rewriteInput: compileRewrites(environment.schema, node.inputRewrites),
    rewriteOutput: compileRewrites(environment.schema, node.outputRewrites),
  };
  const readContext = compileContext(environment.schema, node.contextRewrites);
  if (readContext) return (run) => fetchInContexts(compiled, run, readContext);
  const single = singleKey(environment.schema, node.requires ?? []);
  return (run) => {
    const targets = targetsOf(run, compiled.fetch.path);
    const batch = (single && batchBySingleKey(compiled, targets, single)) ?? batchOf(compiled, targets);
    return batch.representations.length === 0 ? undefined : fetchBatch(compiled, run, batch);
  };
}

/** Arguments from above are variables of the whole fetch, so that there is one for each set of their values. */
function fetchInContexts(
  compiled: EntityFetch,
  run: Run,
  readContext: ContextReader,
): Promise<void> | undefined {
  const objects: Data[] = [];
  const ends: number[] = [];
  const members = new Map<string, { values: Readonly<Record<string, unknown>>; objects: Set<number> }>();
  for (const answer of run.answers) {
    eachWithContext(answer.data, compiled.fetch.path, (object, above) => {
      const values = readContext(above);
      const key = JSON.stringify(values);
      const group = members.get(key) ?? { values, objects: new Set<number>() };
      members.set(key, group);
      group.objects.add(objects.push(object) - 1);
    });
    ends.push(objects.length);
  }
  const fetches = [...members.values()].flatMap((group) => {
    const batch = batchOf(compiled, { objects, ends, only: group.objects });
    return batch.representations.length === 0
      ? []
      : [fetchBatch(compiled, run, { ...batch, context: group.values })];
  });
  return fetches.length === 0 ? undefined : Promise.all(fetches).then(() => undefined);
}

interface Candidates extends Pick<Batch, 'objects' | 'ends'> {
  /** The indexes of those that are meant, where it is not all of them. */
  readonly only?: ReadonlySet<number>;
}

function targetsOf(run: Run, path: readonly string[]): Candidates {
  const objects: Data[] = [];
  const ends: number[] = [];
  for (const answer of run.answers) {
    collectTargets(answer.data, path, objects);
    ends.push(objects.length);
  }
  return { objects, ends };
}

function batchOf({ pick, rewriteInput }: EntityFetch, { objects, ends, only }: Candidates): Batch {
  const indexes: number[] = [];
  const representations: Data[] = [];
  const known = new Map<string, number>();
  for (let at = 0; at < objects.length; at += 1) {
    const object = objects[at]!;
    const representation = only?.has(at) === false ? undefined : pick(object);
    if (!representation) {
      indexes.push(-1);
      continue;
    }
    let key = keyOf(representation);
    if (rewriteInput) {
      // Objects of two types may be asked for as one, but they do not become the same by that: the key is of before.
      rewriteInput(representation);
      key = `${String(object['__typename'])} ${key}`;
    }
    let index = known.get(key);
    if (index === undefined) {
      index = representations.push(representation) - 1;
      known.set(key, index);
    }
    indexes.push(index);
  }
  return { objects, indexes, ends, representations };
}

/** The batch where one plain field tells entities apart; undefined where such a field is not plain after all. */
function batchBySingleKey(
  { rewriteInput }: EntityFetch,
  { objects, ends }: Candidates,
  { types, key }: SingleKey,
): Batch | undefined {
  const indexes: number[] = [];
  const representations: Data[] = [];
  const known = new Map<string, Map<string | number, number>>();
  for (let at = 0; at < objects.length; at += 1) {
    const object = objects[at]!;
    const typename = object['__typename'];
    const value = fieldOf(object, key);
    if (typeof typename !== 'string' || !types.has(typename) || value === undefined) {
      indexes.push(-1);
      continue;
    }
    if (typeof value !== 'string' && typeof value !== 'number') return undefined;
    let ofType = known.get(typename);
    if (!ofType) known.set(typename, (ofType = new Map()));
    let index = ofType.get(value);
    if (index === undefined) {
      const representation: Data = { __typename: typename, [key]: value };
      rewriteInput?.(representation);
      index = representations.push(representation) - 1;
      ofType.set(value, index);
    }
    indexes.push(index);
  }
  return { objects, indexes, ends, representations };
}

async function fetchBatch(
  compiled: EntityFetch,
  run: Run,
  batch: Batch & { readonly context?: Readonly<Record<string, unknown>> },
): Promise<void> {
  const { fetch, rewriteOutput } = compiled;
  const variables = usedVariables(fetch, run);
  if (batch.context) Object.assign(variables, batch.context);
  variables['representations'] = batch.representations;
  const result = await ask(fetch, run, {
    variables,
    kind: 'entities',
    entities: batch.representations.length,
    send: (request) => fetch.source.execute(request),
    failure: (failed) => failed,
  });
  const errors = result.errors ?? [];
  if (errors.length > 0) addEntityErrors(run, fetch, { errors, targets: batch });
  const entities = entitiesOf(result, batch.representations.length);
  if (typeof entities === 'string') {
    addEntityErrors(run, fetch, { errors: [{ message: entities }], targets: batch });
  } else if (entities) {
    addEntities(batch, entities, rewriteOutput);
  }
}

/** The list of entities; nothing where there is none because of errors, and a text that says what is wrong with it. */
function entitiesOf({ data, errors }: ExecutionResult, expected: number): unknown[] | string | undefined {
  const entities: unknown = data?.['_entities'];
  if (!Array.isArray(entities)) {
    if (errors?.length || data === null || data === undefined) return undefined;
    return 'Expected "data._entities" in response to be an array';
  }
  return entities.length === expected
    ? entities
    : `Expected "data._entities" to contain ${expected} elements`;
}

function addEntities(batch: Batch, entities: readonly unknown[], rewrite: Rewrite | undefined): void {
  const { objects, indexes } = batch;
  if (rewrite) {
    // Rewrites look at types, which a subgraph need not have been asked for.
    for (let at = 0; at < objects.length; at += 1) {
      const entity = indexes[at]! < 0 ? undefined : entities[indexes[at]!];
      if (isData(entity)) entity['__typename'] ??= objects[at]!['__typename'];
    }
    rewrite(entities);
  }
  for (let at = 0; at < objects.length; at += 1) {
    const index = indexes[at]!;
    if (index < 0) continue;
    const entity = entities[index];
    if (isData(entity)) mergeInto(objects[at]!, entity);
  }
}
