import pg from 'pg';
import type { ChainVerification } from './chain.ts';
import { verifyRecords } from './verify-records.ts';

/** What verification found for one organisation. */
export interface OrganisationVerification extends ChainVerification {
  readonly organisationId: string;
  /** Rows that wait to be sealed; they are not part of the chain yet. */
  readonly unsealed: number;
}

/**
 * Checks the chains of all organisations straight from the database, with no part of the running platform; the URL must
 * be that of the owner. Changes nothing, not even by sealing. An organisation that raised events but has no records
 * any more is found too. Throws what the database says when it cannot be reached or hides rows.
 */
export async function verifyInstallation(ownerUrl: string): Promise<OrganisationVerification[]> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'crossfoot_verify' });
  await client.connect();
  try {
    // A role that must not see all rows gets an error instead of fewer rows.
    await client.query('set row_security = off');
    await client.query('begin transaction isolation level repeatable read read only');
    const organisations = await client.query<{ id: string; unsealed: number; events: boolean }>(
      `with everyone as (
         select organisation_id as id from audit.head
          union select organisation_id from audit.record
          union select organisation_id from kernel.audit_stage
          union select organisation_id from kernel.outbox)
       select e.id,
              (select count(*)::int from kernel.audit_stage s where s.organisation_id = e.id) as unsealed,
              exists (select 1 from kernel.outbox o where o.organisation_id = e.id) as events
         from everyone e order by e.id`,
    );
    const found: OrganisationVerification[] = [];
    for (const { id, unsealed, events } of organisations.rows) {
      await client.query("select set_config('crossfoot.organisation', $1, true)", [id]);
      const chain = await verifyRecords(
        async <Row extends object>(sql: string, values: readonly unknown[] = []) =>
          (await client.query<Row>(sql, [...values])).rows,
        id,
      );
      const vanished = chain.valid && chain.records === 0 && unsealed === 0 && events;
      found.push({ organisationId: id, unsealed, ...(vanished ? { ...chain, ...allGone } : chain) });
    }
    return found;
  } finally {
    await client.end();
  }
}

const allGone = {
  valid: false,
  firstBroken: 1,
  problem: 'All records are gone: the organisation raised events, and every command leaves a record',
};
