import type { Registry } from 'prom-client';
import type { Jobs } from '#kernel/jobs';
import { lookUp } from '#kernel/observability';
import type { EventReader } from '#kernel/relay';

/** What a pool of `pg` tells of itself. */
export interface ShownPool {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

/** Shows how many connections a pool has, by what they do, and how many requests wait for one. */
export function showPool(
  registry: Registry,
  names: { readonly role: string; readonly use: string },
  pool: () => ShownPool | undefined,
): void {
  lookUp(
    registry,
    {
      name: 'crossfoot_database_connections',
      help: 'Connections to PostgreSQL by role, use and state (busy, idle); state waiting counts work that waits for one.',
      kind: 'gauge',
      labels: ['role', 'use', 'state'],
    },
    (say) => {
      const counts = pool();
      if (!counts) return;
      const { totalCount, idleCount, waitingCount } = counts;
      say({ ...names, state: 'busy' }, totalCount - idleCount);
      say({ ...names, state: 'idle' }, idleCount);
      say({ ...names, state: 'waiting' }, waitingCount);
    },
  );
}

/** Shows from where reads of events are answered and what became of messages. */
export function showReader(registry: Registry, reader: EventReader): void {
  lookUp(
    registry,
    {
      name: 'crossfoot_event_reader_total',
      help: 'Reads of events by where they were answered (windowReads, postgresReads) and messages of NATS by what became of them.',
      kind: 'counter',
      labels: ['what'],
    },
    (say) => {
      for (const [what, count] of Object.entries(reader.stats())) say({ what }, count);
    },
  );
  showPool(registry, { role: 'relay', use: 'events' }, () => reader.pool);
}

/** Shows how many jobs wait and run, by queue. */
export function showJobs(registry: Registry, jobs: Pick<Jobs, 'backlog'>): void {
  lookUp(
    registry,
    {
      name: 'crossfoot_jobs',
      help: 'Jobs of the queues this process works, by state (ready, active).',
      kind: 'gauge',
      labels: ['queue', 'state'],
    },
    async (say) => {
      for (const { queue, ready, active } of await jobs.backlog()) {
        say({ queue, state: 'ready' }, ready);
        say({ queue, state: 'active' }, active);
      }
    },
  );
}
