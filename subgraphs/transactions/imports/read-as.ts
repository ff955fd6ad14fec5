import type pg from 'pg';

/** Reads on behalf of an organisation, whose rows alone are seen. */
export async function readAs<Row extends object>(
  pool: pg.Pool,
  organisationId: string,
  query: { readonly text: string; readonly values: readonly unknown[] },
): Promise<Row[]> {
  const client = await pool.connect();
  try {
    const [, , answer] = await Promise.all([
      client.query('begin read only'),
      client.query("select set_config('crossfoot.organisation', $1, true)", [organisationId]),
      client.query<Row>(query.text, [...query.values]),
      client.query('commit'),
    ]);
    client.release();
    return answer.rows;
  } catch (error) {
    client.release(true);
    throw error;
  }
}
