import { MikroORM } from '@mikro-orm/postgresql';
import { ApolloServer } from '@apollo/server';
import type { FormattedExecutionResult } from 'graphql';
import type { Actor } from '#kernel/actor';
import { createCommandDoor } from '#kernel/command-door';
import { createPool, roleUrl } from '#kernel/database';
import { openRequest } from '#kernel/request';
import type { Subgraph } from '#kernel/subgraph';
import '../../gateway/telemetry-off.ts';
import { ApolloGateway, LocalGraphQLDataSource, type GraphQLDataSource } from '@apollo/gateway';
import { nodePart, nodeSchema } from '../../gateway/graph/node-schema.ts';
import type { BenchInstallation } from './bench-installation.ts';

/** One operation with its variables. */
export interface Operation {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

/** Apollo Server and Apollo Gateway as they come out of the box, over the same resolvers in the same process. */
export interface StockGateway {
  execute(operation: Operation, actor: Actor): Promise<FormattedExecutionResult>;
  stop(): Promise<void>;
}

/**
 * Starts the stock pair: default settings, LocalGraphQLDataSource for every subgraph. All it gets from us is what any
 * server must make for a resolver: the context of the request.
 */
export async function startStockGateway(
  installation: BenchInstallation,
  subgraphs: readonly Subgraph[],
  supergraphSdl: string,
): Promise<StockGateway> {
  const locals = new Map<string, LocalSubgraph>();
  for (const subgraph of subgraphs) locals.set(subgraph.name, await openLocal(installation, subgraph));
  const gateway = new ApolloGateway({
    supergraphSdl,
    buildService: ({ name }) => {
      // The gateway's own part of the graph, which the bench does not ask.
      if (name === nodePart) return new LocalGraphQLDataSource(nodeSchema(['Vendor']));
      const local = locals.get(name);
      if (!local) throw new Error(`There is no subgraph ${name}`);
      return local.source;
    },
  });
  const server = new ApolloServer<{ actor: Actor }>({ gateway, stopOnTerminationSignals: false });
  await server.start();
  return {
    async execute(operation, actor) {
      const { body } = await server.executeOperation(operation, { contextValue: { actor } });
      if (body.kind !== 'single') throw new Error('The answer came in parts');
      return body.singleResult;
    },
    async stop() {
      await server.stop();
      for (const local of locals.values()) await local.close();
    },
  };
}

interface LocalSubgraph {
  readonly source: GraphQLDataSource;
  close(): Promise<void>;
}

async function openLocal(
  { database, services }: BenchInstallation,
  subgraph: Subgraph,
): Promise<LocalSubgraph> {
  const pool = createPool(database, subgraph.name, 10);
  const door = createCommandDoor({ pool, services, committed: () => undefined });
  const orm = await MikroORM.init({
    clientUrl: roleUrl(database, subgraph.name),
    entities: [...subgraph.entities],
    schema: subgraph.name,
    pool: { min: 0, max: 10 },
    driverOptions: { pipeline: true },
    discovery: { checkDuplicateFieldNames: false },
    debug: false,
  });
  const local = new LocalGraphQLDataSource(subgraph.schema);
  return {
    source: {
      async process(options) {
        const { actor } = options.context as { actor: Actor };
        const open = openRequest({ orm, pool, door, services, actor });
        try {
          return await local.process({ ...options, context: open.context } as typeof options);
        } finally {
          await open.close();
        }
      },
    },
    async close() {
      await orm.close(true);
      await pool.end();
    },
  };
}
