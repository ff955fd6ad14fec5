import type { ExecutionResult, GraphQLError } from 'graphql';
import type { DomainEvent } from '#kernel/events';
import type { SubgraphRequest } from '#kernel/subgraph-request';
import { rememberingMap } from '../operations/remembering-map.ts';
import { cachedTypes, type CachedType } from './cached-types.ts';
import { readEntitiesQuery, type EntitiesQuery } from './entities-query.ts';
import { createEntityStore, type EntityPlace, type EntityStore, type EntityValue } from './entity-store.ts';
import { createEpochs, type Epochs } from './epochs.ts';
import { onlyReads } from './operation-kind.ts';
import { rightsKeyOf } from './scope-key.ts';
import type { SubgraphSource } from './subgraph-source.ts';

const platform = 'platform';
/** Events take milliseconds; this is for the hour in which none arrive. */
const keptMilliseconds = 30_000;

interface CacheOptions {
  readonly capacityBytes: number;
  /** Raised by every write and event; what was read in an epoch that is over is not kept. */
  readonly epochs: Epochs;
  readonly types?: readonly CachedType[];
  readonly now?: () => number;
  /** Told of each fetch how many entities were known and how many had to be asked for. */
  readonly looked?: (known: number, asked: number) => void;
}

/** Entities kept between requests, for all subgraphs of a gateway. */
export interface EntityCache {
  /** A source that asks its subgraph only for the entities that are not known. */
  over(subgraph: string, source: SubgraphSource): SubgraphSource;
  /** Forgets what an event has overtaken; the epoch of its organisation must have been raised before. */
  noticed(event: DomainEvent): void;
  readonly bytes: number;
}

interface Representation {
  readonly __typename: string;
  readonly id: string;
}

/** One fetch on its way through the cache. */
interface Fetch {
  readonly request: SubgraphRequest;
  readonly query: EntitiesQuery;
  readonly places: readonly EntityPlace[];
  readonly representations: readonly Representation[];
  /** Who asks for what. */
  readonly slot: string;
}

/** Makes the cache; nothing of it outlives the process. */
export function createEntityCache(options: CacheOptions): EntityCache {
  const { epochs, types = cachedTypes, now = Date.now, looked = () => undefined } = options;
  const store = createEntityStore({ capacityBytes: options.capacityBytes, keptMilliseconds, now });
  /** A write to a subgraph changes rows of that subgraph alone; the rest follows by events. */
  const written = createEpochs();
  const realmOf = (organisationId: string, subgraph: string): string => {
    const key = `${organisationId}\0${subgraph}`;
    return `${key}\0${written.of(key)}`;
  };
  return {
    over(subgraph, source) {
      const understand = fetchReader(types.filter((one) => one.subgraph === subgraph));
      const write = async (request: SubgraphRequest): Promise<ExecutionResult> => {
        const { organisationId } = request.actor;
        try {
          return await source.execute(request);
        } finally {
          if (organisationId === platform) written.raiseAll();
          else written.raise(`${organisationId}\0${subgraph}`);
        }
      };
      return {
        execute(request) {
          if (!onlyReads(request.query)) return write(request);
          const fetch = understand(request, realmOf(request.actor.organisationId, subgraph));
          return fetch ? complete(fetch, { source, store, epochs, looked }) : source.execute(request);
        },
        render: (request) => source.render(request),
        ready: () => source.ready(),
      };
    },
    noticed({ type, organisationId, subjectId }) {
      const subject = type.slice(0, type.indexOf('.'));
      for (const cached of types) {
        if (cached.changedBy !== subject) continue;
        store.forget({ realm: realmOf(organisationId, cached.subgraph), type: cached.type, id: subjectId });
      }
    },
    get bytes() {
      return store.bytes;
    },
  };
}

/** Makes of a request a fetch the cache can answer from; undefined for all others. */
function fetchReader(types: readonly CachedType[]) {
  const queries = rememberingMap<string, { readonly read: EntitiesQuery | undefined }>(1_000);
  return (request: SubgraphRequest, realm: string): Fetch | undefined => {
    const { query: text, variables, actor } = request;
    const remembered = queries.get(text) ?? queries.keep(text, { read: readEntitiesQuery(text, types) });
    const query = remembered.read;
    const representations = query && variables?.[query.variable];
    if (!query || !isListOfReferences(representations)) return undefined;
    const places = representations.map(({ __typename: type, id }) => ({ realm, type, id }));
    const slot = `${rightsKeyOf(actor)}\0${query.selection}`;
    return { request, query, places, representations, slot };
  };
}

interface Parts {
  readonly source: SubgraphSource;
  readonly store: EntityStore;
  readonly epochs: Epochs;
  readonly looked: (known: number, asked: number) => void;
}

/** Answers a fetch from what is kept and asks for the rest, which is kept if nothing changed meanwhile. */
async function complete(fetch: Fetch, { source, store, epochs, looked }: Parts): Promise<ExecutionResult> {
  const { request, query, places, representations, slot } = fetch;
  const { organisationId } = request.actor;
  const known = places.map((place) => store.get(place, slot));
  const unknown = [...known.keys()].filter((index) => !known[index]);
  looked(known.length - unknown.length, unknown.length);
  // Whoever gets an answer may change it, so what is kept goes in and out as copies.
  const entities: (EntityValue | null)[] = known.map((value) => (value ? { ...value } : null));
  if (unknown.length === 0) return { data: { [query.answeredAs]: entities } };
  const begun = epochs.of(organisationId);
  const variables = { [query.variable]: unknown.map((index) => representations[index]) };
  const answer = await source.execute({ ...request, variables });
  const fetched = answer.data?.[query.answeredAs];
  if (!Array.isArray(fetched)) return answer;
  const isFresh = !answer.errors && epochs.of(organisationId) === begun;
  for (const [index, position] of unknown.entries()) {
    const value = (fetched[index] ?? null) as EntityValue | null;
    const place = places[position];
    entities[position] = value;
    if (isFresh && value && place) store.keep(place, slot, { ...value });
  }
  const errors = answer.errors?.map((error) => atPosition(error, unknown));
  return { ...answer, ...(errors && { errors }), data: { ...answer.data, [query.answeredAs]: entities } };
}

/** By id and by nothing else: further keys are values another subgraph answers from. */
function isListOfReferences(value: unknown): value is readonly Representation[] {
  return Array.isArray(value) && value.every(isReference);
}

function isReference(value: unknown): value is Representation {
  if (typeof value !== 'object' || value === null) return false;
  const one = value as Partial<Representation>;
  return typeof one.__typename === 'string' && typeof one.id === 'string' && Object.keys(value).length === 2;
}

/** An error of the shorter list, at the place of the entity in the list that was asked for. */
function atPosition(error: GraphQLError, positions: readonly number[]): GraphQLError {
  const [root, index, ...rest] = error.path ?? [];
  const position = typeof index === 'number' ? positions[index] : undefined;
  if (root === undefined || position === undefined) return error;
  // Errors of other processes are plain objects; both kinds have what is read of them.
  const { message, extensions } = error;
  return { message, extensions, path: [root, position, ...rest] } as unknown as GraphQLError;
}
