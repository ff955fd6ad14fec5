import type { Maintain, MaintenanceQuery } from '#kernel/maintenance';
import { chainRecord, genesis, type ChainHead, type ChainRecord } from './chain.ts';

/** Small enough that the events of others, which wait for every open transaction, wait milliseconds. */
const batchSize = 1000;

interface StagedRow {
  readonly id: string;
  readonly organisation_id: string;
  readonly record: string;
  readonly head_sequence: string | null;
  readonly head_hash: string | null;
}

/**
 * Seals every staged row that was committed before the call, of all organisations, in the order of their transactions.
 * Rows behind a transaction that still runs wait for it. Many may call at once: the database lets one of them seal at a
 * time. Answers how many rows were sealed.
 */
export async function sealStaged(maintain: Maintain): Promise<number> {
  const [now] = await maintain((query) =>
    query<{ horizon: string }>('select pg_snapshot_xmin(pg_current_snapshot())::text as horizon'),
  );
  let sealed = 0;
  for (;;) {
    const count = await maintain((query) => sealBatch(query, now?.horizon ?? '0'));
    sealed += count;
    if (count < batchSize) return sealed;
  }
}

async function sealBatch(query: MaintenanceQuery, horizon: string): Promise<number> {
  const staged = await query<StagedRow>(
    `select id::text, organisation_id, record, head_sequence::text, head_hash
       from audit.staged($1::text::xid8, $2)`,
    [horizon, batchSize],
  );
  if (staged.length === 0) return 0;
  const chained = chainAll(staged);
  await query(
    'select audit.seal($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[])',
    [
      staged.map((row) => row.id),
      chained.map((record) => record.sequence),
      chained.map((record) => record.previousHash),
      chained.map((record) => record.hash),
      chained.map((record) => record.command),
      chained.map((record) => record.subjectId),
    ],
  );
  return staged.length;
}

function chainAll(staged: readonly StagedRow[]): ChainRecord[] {
  const heads = new Map<string, ChainHead>();
  return staged.map((row) => {
    const chained = chainRecord(heads.get(row.organisation_id) ?? headOf(row), row.record);
    heads.set(row.organisation_id, chained);
    return chained;
  });
}

function headOf(row: StagedRow): ChainHead {
  return row.head_sequence === null || row.head_hash === null
    ? genesis(row.organisation_id)
    : { sequence: Number(row.head_sequence), hash: row.head_hash };
}
