import { MikroORM } from '@mikro-orm/postgresql';
import type { ExecutionResult } from 'graphql';
import { createCommandDoor, type CommandDoor } from '#kernel/command-door';
import { startConsumer, type Consumer } from '#kernel/consumer';
import { createPool, roleUrl, type Database } from '#kernel/database';
import type { Jobs } from '#kernel/jobs';
import type { Observability } from '#kernel/observability';
import { operationRunner } from '#kernel/operation-runner';
import type { ShownPool } from '#kernel/process-figures';
import type { EventReader } from '#kernel/relay';
import type { Services } from '#kernel/services';
import { statementLogger } from '#kernel/statement-logger';
import type { Subgraph } from '#kernel/subgraph';
import { showSubgraph } from '#kernel/subgraph-figures';
import type { RenderRequest, SubgraphRequest } from '#kernel/subgraph-request';

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
  /** Where its work is recorded; nowhere when left out. */
  readonly observability?: Observability | undefined;
}

/** Starts a subgraph: its pool, its read model, its door for writes, its consumer of events and its jobs. */
export async function startSubgraph(subgraph: Subgraph, environment: Environment): Promise<RunningSubgraph> {
  const { database, services, reader, jobs, observability } = environment;
  const reads: { pool?: ShownPool } = {};
  const pool = createPool(database, subgraph.name, 10);
  const door = createCommandDoor({
    pool,
    services,
    committed: () => reader.committed(),
    tracing: observability?.tracing,
  });
  const orm = await MikroORM.init({
    clientUrl: roleUrl(database, subgraph.name),
    entities: [...subgraph.entities],
    schema: subgraph.name,
    pool: { min: 0, max: 10 },
    driverOptions: { pipeline: true, onPoolCreated: (made: ShownPool) => void (reads.pool = made) },
    loggerFactory: statementLogger,
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
  const watch = showSubgraph(subgraph, observability, { reader, pool, reads: () => reads.pool });
  const run = operationRunner(subgraph, { orm, pool, door, services, watch });
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

async function answers(pool: ReturnType<typeof createPool>): Promise<boolean> {
  try {
    await pool.query('select 1');
    return true;
  } catch {
    return false;
  }
}
