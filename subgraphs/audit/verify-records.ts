import { newId } from '#kernel/ids';
import type { MaintenanceQuery } from '#kernel/maintenance';
import {
  closeChain,
  genesis,
  openChain,
  verifyNext,
  type ChainHead,
  type ChainVerification,
} from './chain.ts';

/** Records read at a time; what verification holds in memory. */
const pageSize = 5000;

interface RecordRow {
  readonly sequence: string;
  readonly record: string;
  readonly previous_hash: string;
  readonly hash: string;
  readonly command: string;
  readonly subject_id: string;
}

/**
 * Checks all records of the organisation the transaction is set to, page by page through a cursor. `query` must run all
 * its statements in one transaction with one snapshot.
 */
export async function verifyRecords(
  query: MaintenanceQuery,
  organisationId: string,
  kept?: ChainHead,
): Promise<ChainVerification> {
  const [head] = await query<{ sequence: string; hash: string }>(
    'select sequence::text as sequence, hash from audit.head where organisation_id = kernel.organisation()',
  );
  // Where no head is remembered there must be no records.
  const end = head ? { sequence: Number(head.sequence), hash: head.hash } : genesis(organisationId);
  let progress = openChain(organisationId, { end, kept });
  const cursor = newId('records');
  await query(
    `declare ${cursor} no scroll cursor for
       select sequence::text as sequence, record, previous_hash, hash, command, subject_id
         from audit.record where organisation_id = kernel.organisation() order by audit.record.sequence`,
  );
  for (;;) {
    const page = await query<RecordRow>(`fetch forward ${pageSize} from ${cursor}`);
    for (const row of page) {
      progress = verifyNext(progress, {
        sequence: Number(row.sequence),
        record: row.record,
        previousHash: row.previous_hash,
        hash: row.hash,
        command: row.command,
        subjectId: row.subject_id,
      });
    }
    if (page.length < pageSize || progress.broken) break;
  }
  await query(`close ${cursor}`);
  return closeChain(progress);
}
