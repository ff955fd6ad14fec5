import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { expect, inject, test } from 'vitest';
import { kernelMigrations, migrate } from '#kernel/migrate';

const migrations = join(import.meta.dirname, '../migrations');

test('bank accounts opened before there were proofs know what was posted to them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'crossfoot-earlier-'));
  for (const file of readdirSync(migrations)) {
    if (file < '007') cpSync(join(migrations, file), join(folder, file));
  }
  const name = `earlier_proofs_${process.pid}_${Date.now()}`;
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
    await owner.query(
      `insert into reconciliation.bank_account (organisation_id, id, book_id, name, sealed_number, number_index, last_four,
         currency, ledger_account_code, opened_at)
       values ('org', 'ba', 'bk', 'House bank', 'x', 'x', '6789', 'EUR', '1000', now())`,
    );
    const line = (accountCode: string, side: string, minor: string) => ({
      accountCode,
      side,
      money: { minor, currency: 'EUR' },
    });
    const tell = (id: string, bookId: string, facts: object) =>
      owner.query(
        `insert into kernel.outbox (organisation_id, book_id, type, subject_id, facts, actor_id, occurred_at)
         values ('org', $2, 'journalEntry.posted', $1, $3, 'ana', now())`,
        [id, bookId, JSON.stringify({ number: id, kind: 'MANUAL', description: 'Earlier', ...facts })],
      );
    const lines = [line('1000', 'DEBIT', '500'), line('1000', 'CREDIT', '20'), line('4400', 'CREDIT', '480')];
    await tell('je_1', 'bk', { postedOn: '2025-11-30', lines });
    const back = [line('1000', 'CREDIT', '480'), line('4400', 'DEBIT', '480')];
    await tell('je_2', 'bk', { postedOn: '2025-12-01', kind: 'REVERSAL', reversalOf: 'je_1', lines: back });
    await tell('je_3', 'other', { postedOn: '2025-12-01', lines });
    await migrate(database, [kernelMigrations, { schema: 'reconciliation', folder: migrations }]);
    const { rows } = await owner.query(
      `select journal_entry_id as entry, account_code as code, minor::text as minor, kind, posted_on::text as day,
              root_entry_id as root from reconciliation.bank_posting order by 1`,
    );
    expect(rows).toEqual([
      { entry: 'je_1', code: '1000', minor: '480', kind: 'MANUAL', day: '2025-11-30', root: 'je_1' },
      { entry: 'je_2', code: '1000', minor: '-480', kind: 'REVERSAL', day: '2025-12-01', root: 'je_1' },
    ]);
    const copied = await owner.query('select ledger_copied_at from reconciliation.bank_account');
    expect(copied.rows).toEqual([{ ledger_copied_at: expect.any(Date) as Date }]);
  } finally {
    await owner.end();
    await server.query(`drop database if exists ${name} with (force)`);
    await server.end();
    rmSync(folder, { recursive: true, force: true });
  }
});
