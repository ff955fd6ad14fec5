import type pg from 'pg';
import type { EventReader } from '#kernel/relay';
import { sleep } from '#kernel/sleep';

/** Waits for readers to see a transaction: other databases of the server hold it back for as long as they write. */
export async function untilReadable(reader: EventReader, xid: string): Promise<void> {
  while ((await reader.end()).xid < BigInt(xid)) await sleep(5);
}

/** The transaction of the newest event, visible to readers or not. */
export async function newest(owner: pg.Pool): Promise<string> {
  const found = await owner.query<{ xid: string }>(
    'select o.xid::text as xid from kernel.outbox o order by o.xid desc limit 1',
  );
  return found.rows[0]?.xid ?? '0';
}
