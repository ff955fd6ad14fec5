import type pg from 'pg';
import type { Registry } from 'prom-client';
import type { EventType } from '#kernel/events';
import { fieldTotals, timeFields, type FieldTotals } from '#kernel/field-times';
import { lookUp, type Observability } from '#kernel/observability';
import { showPool, type ShownPool } from '#kernel/process-figures';
import type { EventReader } from '#kernel/relay';
import { requestWatcher, type RequestWatch } from '#kernel/request-watch';
import type { Subgraph } from '#kernel/subgraph';
import type { SubgraphRequest } from '#kernel/subgraph-request';

interface ShownParts {
  readonly reader: Pick<EventReader, 'pool'>;
  /** The pool of commands. */
  readonly pool: pg.Pool;
  /** The pool of reads; made when it is first used. */
  readonly reads: () => ShownPool | undefined;
}

/** Shows the figures of a subgraph and answers what decides whether a request is looked at while it runs. */
export function showSubgraph(
  subgraph: Subgraph,
  observability: Observability | undefined,
  parts: ShownParts,
): (request: SubgraphRequest) => RequestWatch | undefined {
  const { name } = subgraph;
  const totals = fieldTotals();
  timeFields(subgraph.schema);
  if (observability) {
    const { registry } = observability;
    showPool(registry, { role: name, use: 'commands' }, () => parts.pool);
    showPool(registry, { role: name, use: 'reads' }, parts.reads);
    showConsumer(registry, name, {
      reader: parts.reader,
      types: Object.keys(subgraph.handlers) as EventType[],
    });
    showFields(registry, name, totals);
    for (const figure of subgraph.figures ?? []) {
      lookUp(registry, { ...figure, kind: 'gauge' }, async (say) => {
        for (const { labels, value } of await figure.read(parts.pool)) say(labels, value);
      });
    }
  }
  return requestWatcher({
    subgraph: name,
    tracing: observability?.tracing,
    timedRequests: observability?.timedRequests ?? 0,
    totals,
  });
}

const furthestLook = 20_000;

/** Shows what waits for a subgraph: events it has not handled, and those whose handlers failed. */
function showConsumer(
  registry: Registry,
  subgraph: string,
  source: { readonly reader: Pick<EventReader, 'pool'>; readonly types: readonly EventType[] },
): void {
  const labels = ['subgraph'] as const;
  const { pool } = source.reader;
  const backlog = async (): Promise<{ events: number; seconds: number } | undefined> => {
    if (source.types.length === 0) return { events: 0, seconds: 0 };
    const found = await pool.query<{ events: number; seconds: number }>(
      `select count(*)::int as events,
              coalesce(extract(epoch from now() - min(next.occurred_at)), 0)::float8 as seconds
         from (select o.type, o.occurred_at from kernel.outbox o
                where (o.xid, o.id) > (coalesce((select xid from kernel.consumer where name = $1), '0'::xid8),
                                       coalesce((select event_id from kernel.consumer where name = $1), 0))
                order by o.xid, o.id limit ${furthestLook}) next
        where next.type = any ($2)`,
      [subgraph, source.types],
    );
    return found.rows[0];
  };
  lookUp(
    registry,
    {
      name: 'crossfoot_consumer_backlog',
      help: `Events a subgraph has yet to handle, among the ${furthestLook} behind its place.`,
      kind: 'gauge',
      labels,
    },
    async (say) => {
      const found = await backlog();
      if (found) say({ subgraph }, found.events);
    },
  );
  lookUp(
    registry,
    {
      name: 'crossfoot_consumer_backlog_seconds',
      help: 'Age of the oldest event a subgraph has yet to handle.',
      kind: 'gauge',
      labels,
    },
    async (say) => {
      const found = await backlog();
      if (found) say({ subgraph }, found.seconds);
    },
  );
  lookUp(
    registry,
    {
      name: 'crossfoot_parked_events',
      help: 'Events whose handler failed and is tried again.',
      kind: 'gauge',
      labels,
    },
    async (say) => {
      const found = await pool.query<{ n: number }>(
        'select count(*)::int as n from kernel.parked_event where consumer = $1',
        [subgraph],
      );
      say({ subgraph }, found.rows[0]?.n ?? 0);
    },
  );
}

const shownFields = 20;

/** Shows the fields that take longest, of the requests that are timed. */
function showFields(registry: Registry, subgraph: string, totals: FieldTotals): void {
  const labels = ['subgraph', 'field'] as const;
  lookUp(
    registry,
    {
      name: 'crossfoot_field_seconds_total',
      help: `Time of the ${shownFields} fields that take longest, summed over the timed requests.`,
      kind: 'counter',
      labels,
    },
    (say) => {
      for (const { field, milliseconds } of totals.top(shownFields))
        say({ subgraph, field }, milliseconds / 1000);
    },
  );
  lookUp(
    registry,
    {
      name: 'crossfoot_field_calls_total',
      help: `Calls of the ${shownFields} fields that take longest, in the timed requests.`,
      kind: 'counter',
      labels,
    },
    (say) => {
      for (const { field, calls } of totals.top(shownFields)) say({ subgraph, field }, calls);
    },
  );
}
