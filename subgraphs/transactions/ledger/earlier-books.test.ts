import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { expect, inject, test } from 'vitest';
import { kernelMigrations, migrate } from '#kernel/migrate';

const migrations = join(import.meta.dirname, '../migrations');

test('lines of a book that was kept before rates learn their day and worth, and stay as they were', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'crossfoot-earlier-'));
  for (const file of readdirSync(migrations)) {
    if (file < '004') cpSync(join(migrations, file), join(folder, file));
  }
  const name = `earlier_${process.pid}_${Date.now()}`;
  const server = new pg.Client({ connectionString: inject('serverUrl') });
  await server.connect();
  await server.query(`create database ${name}`);
  const url = new URL(inject('serverUrl'));
  url.pathname = `/${name}`;
  const database = { ownerUrl: url.toString(), secret: inject('secret') };
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  try {
    await migrate(database, [kernelMigrations, { schema: 'transactions', folder }]);
    await owner.connect();
    await owner.query(
      `insert into transactions.book (organisation_id, id, name, legal_name, country, base_currency, fiscal_year_start_month, opened_at)
       values ('org', 'bk', 'Main', 'Acme', 'DE', 'EUR', 1, now())`,
    );
    await owner.query(
      `insert into transactions.account (organisation_id, id, book_id, code, name, type, created_at)
       values ('org', 'a', 'bk', '1000', 'Bank', 'ASSET', now()), ('org', 'b', 'bk', '4400', 'Sales', 'INCOME', now())`,
    );
    await owner.query(
      `with line as (
         insert into transactions.journal_line (organisation_id, journal_entry_id, position, account_id, side, minor, currency)
         values ('org', 'je', 1, 'a', 'DEBIT', 500, 'EUR'), ('org', 'je', 2, 'b', 'CREDIT', 500, 'EUR'),
                ('org', 'je', 3, 'a', 'DEBIT', 700, 'USD'), ('org', 'je', 4, 'b', 'CREDIT', 700, 'USD'))
       insert into transactions.journal_entry (organisation_id, id, book_id, sequence, kind, posted_on, description, posted_at)
       values ('org', 'je', 'bk', 1, 'MANUAL', '2025-11-30', 'Earlier', now())`,
    );
    await migrate(database, [kernelMigrations, { schema: 'transactions', folder: migrations }]);
    const { rows } = await owner.query(
      `select position, minor::text as minor, currency, posted_on::text as day, functional_minor::text as worth
         from transactions.journal_line order by position`,
    );
    expect(rows).toEqual([
      { position: 1, minor: '500', currency: 'EUR', day: '2025-11-30', worth: '500' },
      { position: 2, minor: '500', currency: 'EUR', day: '2025-11-30', worth: '500' },
      { position: 3, minor: '700', currency: 'USD', day: '2025-11-30', worth: null },
      { position: 4, minor: '700', currency: 'USD', day: '2025-11-30', worth: null },
    ]);
    await expect(owner.query('update transactions.journal_line set minor = 1')).rejects.toMatchObject({
      hint: 'STATE_CONFLICT',
    });
  } finally {
    await owner.end();
    await server.query(`drop database if exists ${name} with (force)`);
    await server.end();
    rmSync(folder, { recursive: true, force: true });
  }
});
