import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { roleUrl } from '#kernel/database';
import { openForeignBook } from '../../../test/support/foreign-book.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';

import { transactions } from '../subgraph.ts';
import { revalueBook } from './revalue-book.ts';

let bench: Workbench;
let role: pg.Client;

beforeAll(async () => {
  bench = await openWorkbench([transactions]);
  const book = await openForeignBook(bench);
  await book.rate('USD EUR', '0.90', '2026-03-02');
  await book.rate('USD EUR', '0.93', '2026-03-31');
  const item = await book.post('2026-03-02', ['1200', '4400'], [10000n, 'USD']);
  await book.pay({ on: '2026-03-31', bank: [4000n, 'USD'], applied: [item, '1200', 4000n, 'USD'] });
  const { bookId } = book;
  await bench.door('transactions').run(revalueBook, { bookId, on: '2026-03-31' });
  role = new pg.Client({ connectionString: roleUrl(bench.database, 'transactions') });
  await role.connect();
  await role.query("select set_config('crossfoot.organisation', $1, false)", [bench.actor().organisationId]);
});
afterAll(async () => {
  await role?.end();
  await bench.close();
});

describe.each([
  ['exchange_rate', "reason = 'another'"],
  ['settled_amount', 'functional_minor = 0'],
  ['revaluation', "on_day = '2020-01-01'"],
  ['revaluation_line', 'rate = 1'],
])('what stands in %s', (table, change) => {
  const rows = async () => (await bench.owner.query(`select * from transactions.${table}`)).rows;
  const attempts = [`update transactions.${table} set ${change}`, `delete from transactions.${table}`];

  test('is never changed or removed by our role', async () => {
    const before = await rows();
    expect(before.length).toBeGreaterThan(0);
    for (const attempt of [...attempts, `truncate transactions.${table} cascade`])
      await expect(role.query(attempt)).rejects.toThrow('permission denied');
    expect(await rows()).toEqual(before);
  });

  test('is never changed or removed by its owner', async () => {
    const before = await rows();
    for (const attempt of [...attempts, `truncate transactions.${table} cascade`])
      await expect(bench.owner.query(attempt)).rejects.toThrow('is refused');
    expect(await rows()).toEqual(before);
  });
});

test.each([
  ['a rate of zero', "'USD', 'EUR', 0, '2026-01-01', '2026-01-01', 'x'"],
  ['a rate of a currency in itself', "'EUR', 'EUR', 1, '2026-01-01', '2026-01-01', 'x'"],
  ['a rate that ends before it begins', "'USD', 'EUR', 1, '2026-01-02', '2026-01-01', 'x'"],
  ['a rate without a reason', "'USD', 'EUR', 1, '2026-01-01', '2026-01-01', ''"],
])('%s is refused by the database', async (_what, values) => {
  const insert = `insert into transactions.exchange_rate
      (organisation_id, id, from_currency, to_currency, rate, valid_from, valid_to, reason, set_at)
    values ('${bench.actor().organisationId}', 'fx_x', ${values}, now())`;
  await expect(role.query(insert)).rejects.toThrow('violates check constraint');
});
