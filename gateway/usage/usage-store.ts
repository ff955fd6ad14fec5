import { join } from 'node:path';
import { createPool, type Database } from '#kernel/database';
import type { MigrationSet } from '#kernel/migrate';
import type { OperationProfile } from './coordinates.ts';

/** How often a client sent an operation on a day. */
export interface UsageCount {
  /** UTC, YYYY-MM-DD. */
  readonly day: string;
  /** Empty where the client does not name itself. */
  readonly client: string;
  readonly version: string;
  readonly hash: string;
  readonly count: number;
  readonly lastUsedAt: Date;
}

/** What was counted since the last time. */
export interface UsageBatch {
  readonly counts: readonly UsageCount[];
  /** What each hash of the counts stands for. */
  readonly operations: readonly Pick<OperationProfile, 'hash' | 'name' | 'type' | 'coordinates'>[];
}

/** One operation of one client in a span of time. */
export interface RecordedUse {
  readonly client: string;
  readonly version: string;
  readonly hash: string;
  readonly name: string;
  readonly type: OperationProfile['type'];
  readonly coordinates: readonly string[];
  readonly count: number;
  readonly lastUsedAt: Date;
}

/** Keeps counts of every gateway of the installation; they add up. */
export interface UsageStore {
  add(batch: UsageBatch): Promise<void>;
  /** What was used in the last so many days, most used first; of one client where it is named. */
  read(options: {
    readonly days: number;
    readonly client?: string | undefined;
  }): Promise<readonly RecordedUse[]>;
  /** The first day, YYYY-MM-DD, of the last so many on which anything was counted. */
  firstDay(days: number): Promise<string | undefined>;
  stop(): Promise<void>;
}

/** The tables of the gateway; they hold nothing of any organisation. */
export const gatewayMigrations: MigrationSet = {
  schema: 'gateway',
  folder: join(import.meta.dirname, '../migrations'),
};

const keptDays = 400;
const dayMilliseconds = 86_400_000;

/** Usage in the gateway's own tables, written and read by its own role. */
export function usageStore(database: Database): UsageStore {
  const pool = createPool(database, 'gateway', 2);
  let cleared = 0;
  return {
    async add({ counts, operations }) {
      // Rows are taken in one order everywhere, or two gateways that add the same at once could wait for each other.
      await pool.query(
        `insert into gateway.operation (hash, name, type, coordinates)
         select hash, name, type, array(select jsonb_array_elements_text(coordinates))
           from jsonb_to_recordset($1::jsonb) as o (hash text, name text, type text, coordinates jsonb) order by hash
         on conflict (hash) do update set coordinates = excluded.coordinates
          where gateway.operation.coordinates <> excluded.coordinates`,
        [JSON.stringify(operations)],
      );
      await pool.query(
        `insert into gateway.usage (day, client, client_version, hash, count, last_used_at)
         select day, client, version, hash, count, "lastUsedAt"
           from jsonb_to_recordset($1::jsonb)
             as u (day date, client text, version text, hash text, count bigint, "lastUsedAt" timestamptz)
          order by day, client, version, hash
         on conflict (day, client, client_version, hash) do update
           set count = gateway.usage.count + excluded.count,
               last_used_at = greatest(gateway.usage.last_used_at, excluded.last_used_at)`,
        [JSON.stringify(counts)],
      );
      if (Date.now() - cleared < dayMilliseconds) return;
      cleared = Date.now();
      await pool.query(`delete from gateway.usage where day < current_date - ${keptDays}`);
      await pool.query(
        'delete from gateway.operation o where not exists (select 1 from gateway.usage u where u.hash = o.hash)',
      );
    },
    async read({ days, client }) {
      const { rows } = await pool.query<Omit<RecordedUse, 'count'> & { readonly count: bigint }>(
        `select u.client, u.client_version as version, u.hash, o.name, o.type, o.coordinates,
                sum(u.count)::bigint as count, max(u.last_used_at) as "lastUsedAt"
           from gateway.usage u join gateway.operation o using (hash)
          where u.day > current_date - $1::int and ($2::text is null or u.client = $2)
          group by u.client, u.client_version, u.hash, o.name, o.type, o.coordinates
          order by count desc, u.client, u.hash`,
        [days, client ?? null],
      );
      return rows.map((row) => ({ ...row, count: Number(row.count) }));
    },
    async firstDay(days) {
      const { rows } = await pool.query<{ day: string | null }>(
        'select min(day) as day from gateway.usage where day > current_date - $1::int',
        [days],
      );
      return rows[0]?.day ?? undefined;
    },
    stop: () => pool.end(),
  };
}
