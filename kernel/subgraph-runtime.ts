import { MikroORM } from '@mikro-orm/postgresql';
import { execute, GraphQLError, parse, validate, type DocumentNode, type ExecutionResult } from 'graphql';
import type pg from 'pg';
import type { Actor } from '#kernel/actor';
import { createCommandDoor, type CommandDoor } from '#kernel/command-door';
import { startConsumer, type Consumer } from '#kernel/consumer';
import { createPool, roleUrl, type Database } from '#kernel/database';
import { graphqlError } from '#kernel/graphql';
import { CrossfootError } from '#kernel/errors';
import type { DomainEvent } from '#kernel/events';
import type { Jobs } from '#kernel/jobs';
import type { EventReader } from '#kernel/relay';
import { openRequest } from '#kernel/request';
import type { Services } from '#kernel/services';
import type { Subgraph } from '#kernel/subgraph';

/** One operation for a subgraph, on behalf of an actor the gateway has authenticated. */
export interface SubgraphRequest {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
  readonly actor: Actor;
}

/** A subscription of which a subgraph renders one step for each event. */
export interface RenderRequest extends SubgraphRequest {
  readonly events: readonly DomainEvent[];
}

/** A subgraph at work in this process. */
export interface RunningSubgraph {
  readonly name: string;
  execute(request: SubgraphRequest): Promise<ExecutionResult>;
  /** One result for each event, in their order; all of one snapshot and with shared loaders. */
  render(request: RenderRequest): Promise<ExecutionResult[]>;
  readonly door: CommandDoor;
  readonly consumer: Consumer;
  /** Whether its database answers. */
  ready(): Promise<boolean>;
  stop(): Promise<void>;
}

interface Environment {
  readonly database: Database;
  readonly services: Services;
  readonly reader: EventReader;
  readonly jobs: Jobs;
}

/** Starts a subgraph: its pool, its read model, its door for writes, its consumer of events and its jobs. */
export async function startSubgraph(subgraph: Subgraph, environment: Environment): Promise<RunningSubgraph> {
  const { database, services, reader, jobs } = environment;
  const pool = createPool(database, subgraph.name, 10);
  const door = createCommandDoor({ pool, services, committed: () => reader.committed() });
  const orm = await MikroORM.init({
    clientUrl: roleUrl(database, subgraph.name),
    entities: [...subgraph.entities],
    schema: subgraph.name,
    pool: { min: 0, max: 10 },
    driverOptions: { pipeline: true },
    discovery: { checkDuplicateFieldNames: false },
    debug: false,
  });
  const consumer = startConsumer({
    name: subgraph.name,
    handlers: subgraph.handlers,
    door,
    reader,
    log: services.log,
  });
  await jobs.work(subgraph.jobs, { services, door, pool });
  const background = subgraph.background?.({ services, door, pool, onCommit: reader.onCommit });
  const run = operationRunner(subgraph, { orm, pool, door, services });
  return {
    name: subgraph.name,
    door,
    consumer,
    async execute(request) {
      const [result] = await run(request, [undefined]);
      return result ?? {};
    },
    render: (request) => run(request, request.events),
    ready: () => answers(pool),
    async stop() {
      await consumer.stop();
      await background?.stop();
      await orm.close(true);
      await pool.end();
    },
  };
}

type RunOperation = (request: SubgraphRequest, roots: readonly unknown[]) => Promise<ExecutionResult[]>;

/** Runs an operation once for each root value, side by side in one context. */
function operationRunner(
  subgraph: Subgraph,
  parts: Omit<Parameters<typeof openRequest>[0], 'actor'>,
): RunOperation {
  const documents = documentCache(subgraph);
  return async (request, roots) => {
    const document = documents(request.query);
    if ('errors' in document) return roots.map(() => document);
    const open = openRequest({ ...parts, actor: request.actor });
    const runOne = async (rootValue: unknown): Promise<ExecutionResult> => {
      const result = await execute({
        schema: subgraph.schema,
        document: document.parsed,
        rootValue,
        contextValue: open.context,
        variableValues: request.variables,
        operationName: request.operationName,
      });
      return result.errors
        ? { ...result, errors: result.errors.map((error) => present(error, parts.services)) }
        : result;
    };
    try {
      return await Promise.all(roots.map(runOne));
    } finally {
      await open.close();
    }
  };
}

type Parsed = { readonly parsed: DocumentNode } | { readonly errors: readonly GraphQLError[] };

/** Parses and validates each operation text once; the gateway sends few distinct ones. */
function documentCache(subgraph: Subgraph): (query: string) => Parsed {
  const cache = new Map<string, Parsed>();
  return (query) => {
    const known = cache.get(query);
    if (known) return known;
    const made = prepare(subgraph, query);
    if (cache.size >= 2000) cache.delete(cache.keys().next().value ?? '');
    cache.set(query, made);
    return made;
  };
}

function prepare(subgraph: Subgraph, query: string): Parsed {
  try {
    const parsed = parse(query);
    const errors = validate(subgraph.schema, parsed);
    return errors.length > 0 ? { errors } : { parsed };
  } catch (error) {
    if (error instanceof GraphQLError) return { errors: [error] };
    throw error;
  }
}

/** What the caller may see of an error: typed ones as they are, ours as INTERNAL with the cause in the log. */
function present(error: GraphQLError, services: Services): GraphQLError {
  const cause = error.originalError;
  if (cause instanceof GraphQLError || cause === undefined) return error;
  const shown =
    cause instanceof CrossfootError && cause.code !== 'INTERNAL'
      ? graphqlError(cause.code, cause.message)
      : graphqlError('INTERNAL', 'Something went wrong on our side');
  if (shown.extensions['code'] === 'INTERNAL')
    services.log.error({ err: cause, path: error.path }, 'a resolver failed');
  return new GraphQLError(shown.message, {
    nodes: error.nodes,
    path: error.path,
    extensions: shown.extensions,
  });
}

async function answers(pool: pg.Pool): Promise<boolean> {
  try {
    await pool.query('select 1');
    return true;
  } catch {
    return false;
  }
}
