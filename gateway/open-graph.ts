import type { GraphQLFormattedError } from 'graphql';
import type { Log } from '#kernel/log';
import { createExecutor } from './execution/executor.ts';
import { readSupergraph } from './graph/federated-graph.ts';
import type { LoadedGraph } from './graph/graph-in-force.ts';
import { subgraphUrls } from './graph/subgraph-urls.ts';
import { acceptedOperations, type AcceptedOperations } from './operations/accepted-operations.ts';
import { createAdmission, type Admit } from './operations/admission.ts';
import { warmAnswers, type AnswerWarm } from './operations/warm-answers.ts';
import type { Epochs } from './sources/epochs.ts';
import { openSource, type OpenSource } from './sources/open-source.ts';
import { sharingSource } from './sources/sharing-source.ts';
import type { SubgraphSource } from './sources/subgraph-source.ts';

/** A graph that is not ours with everything that was made for it. */
export interface OpenGraph extends LoadedGraph {
  readonly sources: Readonly<Record<string, SubgraphSource>>;
  readonly admit: Admit;
  readonly accepted: AcceptedOperations;
  readonly answerWarm: AnswerWarm;
}

/** What outlives a change of the graph. */
export interface Surroundings {
  readonly pool: SourcePool;
  readonly log: Log;
  readonly epochs: Epochs;
  /** Whether equal reads under way at the same time are asked once. */
  readonly share: boolean;
}

/** Prepares any supergraph for being served; throws when it cannot be read. */
export function loadOpenGraph(supergraphSdl: string, { pool, log, epochs, share }: Surroundings): OpenGraph {
  const graph = readSupergraph(supergraphSdl);
  const sources = Object.fromEntries(
    [...subgraphUrls(supergraphSdl)].map(([name, url]) => [
      name,
      sharingSource(pool.of(name, url), { epochs, share }),
    ]),
  );
  const executor = createExecutor({ graph, sources, log });
  const accepted = acceptedOperations();
  return {
    supergraphSdl,
    graph,
    executor,
    sources,
    accepted,
    admit: createAdmission(graph.api),
    answerWarm: warmAnswers({
      schema: graph.api,
      executor,
      accepted,
      epochs: share ? epochs : undefined,
      present: (errors) => errors.map((error) => asItIs(error.toJSON())),
    }),
  };
}

/** The connections to all subgraphs. */
export interface SourcePool {
  of(name: string, url: string): SubgraphSource;
  close(): Promise<void>;
}

/** Keeps sources beyond a change of the graph: requests under way still need those of the one before. */
export function sourcePool(): SourcePool {
  const sources = new Map<string, OpenSource>();
  return {
    of(name, url) {
      const key = `${name} ${url}`;
      const source = sources.get(key) ?? openSource({ name, url });
      sources.set(key, source);
      return source;
    },
    async close() {
      await Promise.all([...sources.values()].map((source) => source.close()));
    },
  };
}

/** The graph and its codes are somebody else's, so that their errors are shown as they are. */
export function asItIs(error: GraphQLFormattedError): GraphQLFormattedError {
  const code = error.extensions?.['code'] ?? 'INTERNAL_SERVER_ERROR';
  return { ...error, extensions: { ...error.extensions, code } };
}
