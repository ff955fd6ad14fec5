import type pg from 'pg';
import type { DomainEvent, EventPosition, EventType } from '#kernel/events';

/** Which events a reader wants; left out means all. */
export interface EventFilter {
  readonly organisationId?: string;
  readonly types?: readonly string[];
  /** The first part of the types' names: `journalEntry` for `journalEntry.posted` and its like. */
  readonly subject?: string;
}

/** What one read of the outbox tells. */
export interface OutboxPage {
  readonly events: DomainEvent[];
  /** Nothing can appear any more up to here; a page below its limit is complete up to here. */
  readonly horizon: EventPosition;
}

type Queryable = Pick<pg.ClientBase, 'query'>;

interface OutboxRow {
  horizon: string;
  id: bigint | null;
  xid: string;
  organisation_id: string;
  book_id: string | null;
  type: string;
  subject_id: string;
  facts: unknown;
  actor_id: string;
  occurred_at: Date;
}

const lastId = 9_223_372_036_854_775_807n;

/** Committed events behind a position in the order (xid, id), only those below the oldest running transaction. */
export async function readOutbox(
  queryable: Queryable,
  after: EventPosition,
  options: { readonly limit: number; readonly filter?: EventFilter },
): Promise<OutboxPage> {
  const { limit, filter = {} } = options;
  const answer = await queryable.query<OutboxRow>({
    name: 'read_outbox',
    text: `select pg_snapshot_xmin(pg_current_snapshot())::text as horizon, o.id, o.xid::text as xid,
                  o.organisation_id, o.book_id, o.type, o.subject_id, o.facts, o.actor_id, o.occurred_at
             from (values (1)) as one
             left join lateral (
               select * from kernel.outbox
                where (xid, id) > ($1::text::xid8, $2)
                  and xid < pg_snapshot_xmin(pg_current_snapshot())
                  and ($3::text is null or organisation_id = $3)
                  and ($4::text[] is null or type = any ($4))
                  and ($6::text is null or starts_with(type, $6 || '.'))
                order by xid, id limit $5
             ) as o on true
            order by o.xid, o.id`,
    values: [
      String(after.xid),
      String(after.id),
      filter.organisationId ?? null,
      filter.types ?? null,
      limit,
      filter.subject ?? null,
    ],
  });
  const events = answer.rows.flatMap((row) => (row.id === null ? [] : [eventOf(row, row.id)]));
  return { events, horizon: below(answer.rows[0]?.horizon ?? '0') };
}

/** The position behind which only events of the future lie. */
export async function endOfOutbox(queryable: Queryable): Promise<EventPosition> {
  const answer = await queryable.query<{ xid: string }>(
    'select pg_snapshot_xmin(pg_current_snapshot())::text as xid',
  );
  return below(answer.rows[0]?.xid ?? '0');
}

/** Everything of transactions below the oldest running one is readable now; events from it on are the future. */
function below(xid: string): EventPosition {
  return { xid: BigInt(xid) - 1n, id: lastId };
}

function eventOf(row: OutboxRow, id: bigint): DomainEvent {
  return {
    position: { xid: BigInt(row.xid), id },
    organisationId: row.organisation_id,
    bookId: row.book_id ?? undefined,
    type: row.type as EventType,
    subjectId: row.subject_id,
    facts: row.facts as DomainEvent['facts'],
    actorId: row.actor_id,
    occurredAt: row.occurred_at,
  };
}
