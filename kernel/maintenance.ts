import type pg from 'pg';

/** Runs SQL inside a maintenance transaction. */
export type MaintenanceQuery = <Row extends object>(
  sql: string,
  values?: readonly unknown[],
) => Promise<Row[]>;

/** Opens maintenance transactions on connections somebody else holds. */
export type Maintain = <T>(work: (query: MaintenanceQuery) => Promise<T>) => Promise<T>;

/**
 * The second door for writes, for work that changes nothing a user sees and must leave no memory, event or audit row
 * of its own: sealing the audit log would otherwise give itself the next record to seal. It sets no organisation, so
 * tenant tables stay hidden and closed; what such work may reach is granted in its migration. Everything else goes
 * through the command door. Commits when `work` is done, rolls back and throws when it throws.
 */
export async function maintenanceTransaction<T>(
  pool: pg.Pool,
  work: (query: MaintenanceQuery) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  try {
    await client.query('begin');
    const result = await work(
      async <Row extends object>(sql: string, values: readonly unknown[] = []) =>
        (await client.query<Row>(sql, [...values])).rows,
    );
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => {
      broken = true;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
