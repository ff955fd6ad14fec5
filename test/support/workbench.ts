import { roles, scopesOf, type Actor, type Role } from '#kernel/actor';
import type { Database } from '#kernel/database';
import { beginning, type DomainEvent } from '#kernel/events';
import { newId } from '#kernel/ids';
import { startJobs } from '#kernel/jobs';
import { createLog } from '#kernel/log';
import type { ProvidedPort } from '#kernel/ports';
import { createEventReader } from '#kernel/relay';
import type { Services } from '#kernel/services';
import type { Subgraph } from '#kernel/subgraph';
import { startSubgraph, type RunningSubgraph } from '#kernel/subgraph-runtime';
import { createTestDatabase } from './database.ts';
import { newest, untilReadable } from './newest-event.ts';
import { openTestServices } from './services.ts';
import { testDoor, type TestDoor } from './test-door.ts';

/** A few subgraphs on a database of their own, without a gateway: for tests of commands, handlers and schemas. */
export interface Workbench {
  readonly services: Services;
  readonly database: Database;
  /** The database as its owner sees it. */
  readonly owner: Awaited<ReturnType<typeof createTestDatabase>>['owner'];
  /** A person of the workbench's organisation; the same name is the same person. */
  actor(name?: string, held?: readonly Role[], organisationId?: string): Actor;
  /** Runs an operation on a subgraph and answers its data; throws when there are GraphQL errors. */
  query<Data = Record<string, never>>(
    subgraph: string,
    query: string,
    options?: { actor?: Actor; variables?: Record<string, unknown> },
  ): Promise<Data>;
  running(subgraph: string): RunningSubgraph;
  /** A subgraph's door for writes; Ana of the workbench's organisation calls unless another is named. */
  door(subgraph: string): TestDoor;
  /** Waits until the consumers have dealt with all that was committed, reactions to reactions included. */
  settle(): Promise<void>;
  /** All events so far. */
  events(): Promise<DomainEvent[]>;
  close(): Promise<void>;
}

/** Opens a workbench with the real connectors; close it after the test. Further ports are added or replaced. */
export async function openWorkbench(
  subgraphs: readonly Subgraph[],
  ports: readonly ProvidedPort[] = [],
): Promise<Workbench> {
  const { database, owner, drop } = await createTestDatabase();
  const log = createLog('error', 'test');
  const reader = await createEventReader(database, log);
  const jobs = await startJobs(database, log);
  const { services, drop: dropServices } = openTestServices({ database, log, wake: jobs.wake, ports });
  const running = new Map<string, RunningSubgraph>();
  for (const subgraph of subgraphs) {
    running.set(subgraph.name, await startSubgraph(subgraph, { database, services, reader, jobs }));
  }
  const organisation = newId('org');
  const actor = (name = 'Ana', held: readonly Role[] = roles, organisationId = organisation): Actor => ({
    kind: 'member',
    id: `mem_${name.toLowerCase()}`,
    memberId: `mem_${name.toLowerCase()}`,
    name,
    organisationId,
    scopes: scopesOf(held),
    source: 'api',
  });
  const find = (name: string): RunningSubgraph => {
    const found = running.get(name);
    if (!found) throw new Error(`The workbench has no subgraph ${name}`);
    return found;
  };
  const events = async (): Promise<DomainEvent[]> => {
    await untilReadable(reader, await newest(owner));
    return reader.read(beginning, 100_000);
  };
  return {
    services,
    database,
    owner,
    actor,
    running: find,
    events,
    async query<Data>(
      name: string,
      query: string,
      options: { actor?: Actor; variables?: Record<string, unknown> } = {},
    ) {
      const answer = await find(name).execute({
        query,
        variables: options.variables,
        actor: options.actor ?? actor(),
      });
      if (answer.errors)
        throw new AggregateError(answer.errors, answer.errors.map((error) => error.message).join('; '));
      return answer.data as Data;
    },
    door: (name) => testDoor(find(name).door, actor()),
    async settle() {
      for (let before = '', now = await newest(owner); before !== now; now = await newest(owner)) {
        before = now;
        // What readers cannot see yet is not settled.
        await untilReadable(reader, now);
        for (const one of running.values()) await one.consumer.settled();
      }
    },
    async close() {
      for (const one of running.values()) await one.stop();
      await jobs.stop();
      await reader.stop();
      await drop();
      dropServices();
    },
  };
}
