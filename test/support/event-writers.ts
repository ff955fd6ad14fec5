import pg from 'pg';
import { roleUrl, type Database } from '#kernel/database';
import { finishWith } from './finish-with.ts';

/** Writes events as commands do. */
export interface EventWriters {
  /** Commits events in one transaction; `hold` keeps it open for a moment. */
  readonly emit: (subjects: readonly string[], options?: { hold?: boolean; facts?: object }) => Promise<void>;
  /** Many transactions at once, some of which end after others that began later. */
  readonly writeMuch: (name: string, transactions?: number) => Promise<void>;
  close(): Promise<void>;
}

/** Writers of `vendor.registered` events of org_1. */
export function openWriters(database: Database, owner: pg.Pool): EventWriters {
  const pool = new pg.Pool({ connectionString: roleUrl(database, 'vendors'), max: 8 });
  // The server may end idle connections when the database is dropped.
  pool.on('error', () => undefined);
  let emitted = 0;
  const emit: EventWriters['emit'] = async (subjects, options = {}) => {
    const client = await pool.connect();
    const key = `emit-${(emitted += 1)}`;
    const events = subjects.map((subjectId) => ({
      type: 'vendor.registered',
      subjectId,
      facts: options.facts ?? { name: subjectId },
    }));
    try {
      await client.query('begin');
      await client.query('select kernel.begin_command($1, $2, $3)', ['org_1', 'mem_1', key]);
      await finishWith(client, { organisationId: 'org_1', key }, events);
      if (options.hold) await client.query('select pg_sleep(random() * 0.03)');
      await client.query('commit');
    } finally {
      client.release();
    }
  };
  return {
    emit,
    writeMuch: async (name: string, transactions = 120): Promise<void> => {
      let next = 0;
      const worker = async (): Promise<void> => {
        for (let n = (next += 1); n <= transactions; n = next += 1) {
          await emit(n % 3 ? [`${name}-${n}`] : [`${name}-${n}a`, `${name}-${n}b`], { hold: n % 4 === 0 });
          // The process that writes tells so after each commit.
          await owner.query('notify crossfoot_committed');
        }
      };
      await Promise.all(Array.from({ length: 6 }, worker));
    },
    close: () => pool.end(),
  };
}
