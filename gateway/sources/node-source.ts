import DataLoader from 'dataloader';
import { execute, GraphQLError, parse, type DocumentNode, type ExecutionResult } from 'graphql';
import type { Actor } from '#kernel/actor';
import { CrossfootError } from '#kernel/errors';
import { graphqlError } from '#kernel/graphql';
import { entityOfId } from '#kernel/ids';
import type { GraphViews } from '../graph/view.ts';
import { schemaSeenBy } from '../operations/view-check.ts';
import { nodePart, nodesAtMost, nodeSchema, ownersOf } from '../graph/node-schema.ts';
import { sourceOf, type SubgraphSource, type SubgraphSources } from './subgraph-source.ts';

interface Reference {
  readonly __typename: string;
  readonly id: string;
}

type Finder = DataLoader<string, Reference | null>;

/**
 * The sources together with the gateway's own, which answers `node` and `nodes`. It believes no id: it asks the
 * subgraph that owns the entity, on behalf of the caller, and answers null for what is not there, belongs to another
 * organisation or may not be seen by this caller, all alike.
 */
export function withNodeSource(
  sources: SubgraphSources,
  supergraphSdl: string,
  views: GraphViews,
): SubgraphSources {
  const owners = ownersOf(supergraphSdl);
  if (owners.size === 0) return sources;
  const schema = nodeSchema([...owners.keys()]);
  const ask = existence(owners, { sources, views });
  const documents = new Map<string, DocumentNode>();
  const rootValue = {
    node: ({ id }: { id: string }, finder: Finder) => finder.load(id),
    nodes: ({ ids }: { ids: readonly string[] }, finder: Finder) => {
      if (ids.length > nodesAtMost) {
        throw graphqlError('FIELD_INVALID', `nodes takes ${nodesAtMost} ids at most, not ${ids.length}`);
      }
      return ids.map((id) => finder.load(id));
    },
  };
  const source: SubgraphSource = {
    async execute({ query, variables, operationName, actor }) {
      // The gateway's plans are few and validated by the planner; clients cannot send any text to here.
      const document = documents.get(query) ?? parse(query);
      if (documents.size < 1000) documents.set(query, document);
      const contextValue: Finder = new DataLoader((ids) => ask(ids, actor));
      const asked = { schema, document, rootValue, contextValue, variableValues: variables, operationName };
      return execute(asked);
    },
    render: () => Promise.reject(new Error('Nothing of the node part changes; it has no events to render')),
    ready: () => Promise.resolve(true),
  };
  return { ...sources, [nodePart]: source };
}

/** Looks up many ids, with one question for each subgraph that owns some of them. */
function existence(
  owners: ReadonlyMap<string, string>,
  { sources, views }: { readonly sources: SubgraphSources; readonly views: GraphViews },
) {
  return async (ids: readonly string[], actor: Actor): Promise<(Reference | Error | null)[]> => {
    const found = new Map<string, Reference | Error>();
    const seen = schemaSeenBy(actor, views);
    const bySubgraph = Map.groupBy(
      ids.flatMap((id) => {
        const __typename = entityOfId(id) ?? '';
        const owner = owners.get(__typename);
        // What the view does not have is as what is not there.
        return owner && (!seen || seen.getType(__typename)) ? [{ owner, reference: { __typename, id } }] : [];
      }),
      ({ owner }) => owner,
    );
    await Promise.all(
      [...bySubgraph].map(async ([owner, asked]) => {
        const references = asked.map(({ reference }) => reference);
        try {
          const answers = await existing(references, { actor, source: sourceOf(sources, owner) });
          for (const [id, answer] of answers) found.set(id, answer);
        } catch (error) {
          // An owner that is away costs its own entities only.
          if (!(error instanceof CrossfootError)) throw error;
          for (const { id } of references) found.set(id, graphqlError(error.code, error.message));
        }
      }),
    );
    return ids.map((id) => found.get(id) ?? null);
  };
}

interface EntitiesData {
  readonly _entities?: readonly ({ readonly id: string } | null)[];
}

/** Asks for a field, not only for the type: the type would be told to somebody without the right to see the row. */
async function existing(
  references: readonly Reference[],
  { actor, source }: { readonly actor: Actor; readonly source: SubgraphSource },
): Promise<Map<string, Reference | Error>> {
  const types = [...new Set(references.map((one) => one.__typename))].toSorted();
  const fields = types.map((name) => `... on ${name} { id }`).join(' ');
  const query = `query ($references: [_Any!]!) { _entities(representations: $references) { ${fields} } }`;
  const answer: ExecutionResult = await source.execute({ query, variables: { references }, actor });
  const rows = (answer.data as EntitiesData | null | undefined)?._entities ?? [];
  const failures = (answer.errors ?? []).filter((error) => error.extensions?.['code'] !== 'FORBIDDEN');
  const found = new Map<string, Reference | Error>();
  for (const [index, reference] of references.entries()) {
    const failure = failures.find(({ path }) => path === undefined || path.length < 2 || path[1] === index);
    if (rows[index]) found.set(reference.id, reference);
    else if (failure)
      found.set(reference.id, new GraphQLError(failure.message, { extensions: failure.extensions }));
  }
  return found;
}
