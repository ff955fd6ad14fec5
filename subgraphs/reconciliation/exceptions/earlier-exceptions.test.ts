import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { expect, inject, test } from 'vitest';
import { kernelMigrations, migrate } from '#kernel/migrate';

const migrations = join(import.meta.dirname, '../migrations');

const rowsOfBefore = [
  `insert into reconciliation.bank_account (organisation_id, id, book_id, name, sealed_number, number_index, last_four,
     currency, ledger_account_code, opened_at) values ('org', 'ba', 'bk', 'Bank', 'x', 'x', '3000', 'EUR', '1200', now())`,
  `insert into reconciliation.bank_statement (organisation_id, id, book_id, bank_account_id, file_id, fingerprint, format,
     currency, line_count, known_count, pending_count, status, problems, imported_at)
   values ('org', 'bs', 'bk', 'ba', 'f', 'p', 'MT940', 'EUR', 1, 0, 0, 'QUARANTINED', '[]', now())`,
  `insert into reconciliation.statement_line (organisation_id, id, book_id, bank_account_id, statement_id, position,
     identity, booked_on, minor, currency, reversal, refs, remittance, sealed_record, status, held)
   values ('org', 'bl', 'bk', 'ba', 'bs', 1, 'i', '2025-11-30', -500, 'EUR', false, '{}', 'x', 'x', 'EXCEPTION', false)`,
  `insert into reconciliation.exception (organisation_id, id, book_id, statement_id, line_id, reason, severity, status,
     detail, raised_at, resolved_at)
   values ('org', 'ex_1', 'bk', 'bs', 'bl', 'NO_CANDIDATE', 'LOW', 'OPEN', 'x', '2025-11-01T10:00:00Z', null),
          ('org', 'ex_2', 'bk', 'bs', null, 'STATEMENT_UNBALANCED', 'HIGH', 'OPEN', 'x', '2025-11-01T10:00:00Z', null),
          ('org', 'ex_3', 'bk', 'bs', 'bl', 'AMBIGUOUS', 'MEDIUM', 'RESOLVED', 'x', '2025-11-01T10:00:00Z', now())`,
];

test('exceptions raised before there were due times get one, and are still one for each line and statement', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'crossfoot-earlier-'));
  for (const file of readdirSync(migrations)) {
    if (file < '003') cpSync(join(migrations, file), join(folder, file));
  }
  const name = `earlier_exceptions_${process.pid}_${Date.now()}`;
  const server = new pg.Client({ connectionString: inject('serverUrl') });
  await server.connect();
  await server.query(`create database ${name}`);
  const url = new URL(inject('serverUrl'));
  url.pathname = `/${name}`;
  const database = { ownerUrl: url.toString(), secret: inject('secret') };
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  try {
    await migrate(database, [kernelMigrations, { schema: 'reconciliation', folder }]);
    await owner.connect();
    for (const text of rowsOfBefore) await owner.query(text);
    await migrate(database, [kernelMigrations, { schema: 'reconciliation', folder: migrations }]);
    const { rows } = await owner.query(
      `select id, target, evidence, to_char(due_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as due
         from reconciliation.exception order by id`,
    );
    expect(rows).toEqual([
      { id: 'ex_1', target: 'bl', evidence: {}, due: '2025-11-08 10:00' },
      { id: 'ex_2', target: 'bs', evidence: {}, due: '2025-11-02 10:00' },
      { id: 'ex_3', target: 'bl', evidence: {}, due: '2025-11-04 10:00' },
    ]);
    const second = `insert into reconciliation.exception (organisation_id, id, book_id, statement_id, line_id, reason,
      severity, status, detail, raised_at, due_at)
      values ('org', 'ex_4', 'bk', 'bs', 'bl', 'AMBIGUOUS', 'LOW', 'OPEN', 'x', now(), now())`;
    await expect(owner.query(second)).rejects.toMatchObject({ constraint: 'exception_open_target' });
  } finally {
    await owner.end();
    await server.query(`drop database if exists ${name} with (force)`);
    await server.end();
    rmSync(folder, { recursive: true, force: true });
  }
});
