import { byBatch, byId } from '#kernel/loaders';
import { PayrollEntity, SignedStatementEntity } from './entities.ts';
import type { StatementContent } from './statement-content.ts';

export const signedStatementById = byId(SignedStatementEntity);
export const payrollById = byId(PayrollEntity);

/** What was signed, as it was written down. */
export const signedContentById = byBatch<StatementContent | null>(async (ids, context) => {
  const rows = await context.sql<{ id: string; content: string }>(
    'select id, content from reconciliation.signed_statement where id = any($1)',
    [ids],
  );
  const found = new Map(rows.map((row) => [row.id, JSON.parse(row.content) as StatementContent]));
  return ids.map((id) => found.get(id) ?? null);
});

/** Somebody who has looked at a signed statement too. */
export interface Countersignature {
  readonly memberId: string;
  readonly name: string;
  readonly note: string | null;
  readonly signedAt: Date;
}

export const countersignaturesById = byBatch<Countersignature[]>(async (ids, context) => {
  const rows = await context.sql<{
    statement: string;
    signed_by: string;
    signer_name: string;
    note: string | null;
    signed_at: Date | string;
  }>(
    `select signed_statement_id as statement, signed_by, signer_name, note, signed_at
       from reconciliation.statement_countersignature where signed_statement_id = any($1) order by signed_at, signed_by`,
    [ids],
  );
  const groups = Map.groupBy(rows, (row) => row.statement);
  return ids.map((id) =>
    (groups.get(id) ?? []).map((row) => ({
      memberId: row.signed_by,
      name: row.signer_name,
      note: row.note,
      signedAt: new Date(row.signed_at),
    })),
  );
});
