import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { roleUrl } from '#kernel/database';
import { openTestBook } from '../../../test/support/book.ts';
import { corpora } from '../../../test/support/corpora.ts';
import { publishedRates } from '../../../test/support/published-rates.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { transactions } from '../subgraph.ts';
import { importReferenceRates } from './import-reference-rates.ts';
import { fetchReferenceRates } from './jobs.ts';
import { setExchangeRate } from './set-exchange-rate.ts';

// Good Friday and Easter Monday of 2026 are 3 and 6 April: the bank publishes nothing from the 3rd to the 6th.
const easter = `Date,USD,GBP,CHF,
2026-04-07,1.1600,0.8700,0.9200,
2026-04-02,1.1500,0.8600,N/A,
2026-04-01,1.1400,0.8500,0.9100,
`;

interface Rate {
  readonly rate: string;
  readonly source: string;
  readonly on: string;
  readonly path: string;
}

const asked = `query ($from: CurrencyCode!, $to: CurrencyCode!, $on: Date, $bookId: ID) {
  exchangeRate(from: $from, to: $to, on: $on, bookId: $bookId) { rate source on path } }`;

describe('rates of exchange', () => {
  let bench: Workbench;
  let bookId: string;
  let published: Uint8Array | undefined;

  beforeAll(async () => {
    bench = await openWorkbench([transactions], [publishedRates(() => published)]);
    bookId = await openTestBook(bench);
    await importText(easter);
  });
  afterAll(() => bench.close());

  async function importText(text: string, organisationId = bench.actor().organisationId) {
    const file = await bench.services.files.put(organisationId, chunks(text), {
      name: 'rates.csv',
      mediaType: 'text/csv',
    });
    return bench
      .door('transactions')
      .run(
        importReferenceRates,
        { fileId: file.id },
        { actor: bench.actor('Ana', undefined, organisationId) },
      );
  }

  async function* chunks(text: string) {
    yield Buffer.from(text);
  }

  const rate = async (pair: string, on: string, more: { bookId?: string; organisationId?: string } = {}) => {
    const [from, to] = pair.split(' ');
    const { exchangeRate } = await bench.query<{ exchangeRate: Rate | null }>('transactions', asked, {
      variables: { from, to, on, bookId: more.bookId },
      actor: bench.actor('Ana', undefined, more.organisationId),
    });
    return exchangeRate;
  };

  const set = (input: Record<string, unknown>) =>
    bench.door('transactions').run(setExchangeRate, { reason: 'contract', ...input });

  test.each([
    ['2026-04-02', '2026-04-02', '1.15'],
    ['2026-04-03', '2026-04-02', '1.15'],
    ['2026-04-06', '2026-04-02', '1.15'],
    ['2026-04-07', '2026-04-07', '1.16'],
    ['2026-04-14', '2026-04-07', '1.16'],
  ])('on %s the rate of the last business day counts', async (on, from, text) => {
    expect(await rate('EUR USD', on)).toEqual({ rate: text, source: 'ECB', on: from, path: 'EUR>USD' });
  });

  test.each(['2026-03-31', '2026-04-15'])('on %s there is none', async (on) => {
    expect(await rate('EUR USD', on)).toBeNull();
  });

  test('a currency left out on a day has the rate of the day before', async () => {
    expect(await rate('EUR CHF', '2026-04-03')).toMatchObject({ rate: '0.91', on: '2026-04-01' });
    // 0.86 / 0.91 over the euro, as old as the older leg
    expect(await rate('CHF GBP', '2026-04-03')).toEqual({
      rate: '0.945054945054945',
      source: 'ECB',
      on: '2026-04-01',
      path: 'CHF>EUR>GBP',
    });
  });

  test('importing the same again changes nothing and tells nobody', async () => {
    const before = (await bench.events()).length;
    expect((await importText(easter)).result).toEqual({ days: 3, changed: 0 });
    expect(await bench.events()).toHaveLength(before);
  });

  test('what an organisation imports is its own', async () => {
    expect(await rate('EUR USD', '2026-04-02', { organisationId: 'org_other' })).toBeNull();
    await importText('Date,USD\n2026-04-02,9.99\n', 'org_other');
    expect(await rate('EUR USD', '2026-04-02', { organisationId: 'org_other' })).toMatchObject({
      rate: '9.99',
    });
    expect(await rate('EUR USD', '2026-04-02')).toMatchObject({ rate: '1.15' });
  });

  test('a file that is none is refused', async () => {
    const outcome = await importText('Day;Amount\n');
    expect(outcome.errors).toMatchObject([{ code: 'FORMAT_UNKNOWN', path: ['fileId'] }]);
    expect(outcome.result).toBeUndefined();
  });

  test('what the platform fetches serves every organisation, and what one imported itself goes before', async () => {
    published = Buffer.from('Date,USD\n2026-05-04,1.2000\n2026-04-02,1.9999\n');
    const context = {
      services: bench.services,
      door: bench.running('transactions').door,
      pool: bench.owner,
    };
    await fetchReferenceRates.run({}, context);
    published = undefined;
    await fetchReferenceRates.run({}, context);
    expect(await rate('USD EUR', '2026-05-04', { organisationId: 'org_third' })).toMatchObject({
      rate: '0.833333333333333',
    });
    expect(await rate('EUR USD', '2026-05-05')).toMatchObject({ rate: '1.2', on: '2026-05-04' });
    expect(await rate('EUR USD', '2026-04-02')).toMatchObject({ rate: '1.15' });
  });

  test('nobody writes what the platform publishes', async () => {
    const client = new pg.Client({ connectionString: roleUrl(bench.database, 'transactions') });
    await client.connect();
    try {
      await client.query('begin');
      await client.query("select set_config('crossfoot.organisation', $1, true)", [
        bench.actor().organisationId,
      ]);
      const changed = await client.query(
        "update transactions.reference_rates set rates = '{}' where organisation_id = 'platform'",
      );
      expect(changed.rowCount).toBe(0);
      await expect(
        client.query(
          "insert into transactions.reference_rates values ('platform', '2026-06-01', '{}', now())",
        ),
      ).rejects.toThrow('row-level security');
    } finally {
      await client.end();
    }
  });

  test('a rate set by hand goes before the reference rate, with its reason in the audit log', async () => {
    const outcome = await set({ from: 'USD', to: 'EUR', rate: '0.8', on: '2026-04-07', until: '2026-04-08' });
    expect(outcome.errors).toEqual([]);
    const manual = { rate: '0.8', source: 'MANUAL', on: '2026-04-07', path: 'USD>EUR' };
    expect(await rate('USD EUR', '2026-04-07')).toEqual(manual);
    expect(await rate('USD EUR', '2026-04-08')).toEqual(manual);
    expect(await rate('EUR USD', '2026-04-08')).toMatchObject({ rate: '1.25', source: 'MANUAL' });
    expect(await rate('USD EUR', '2026-04-09')).toMatchObject({ source: 'ECB' });
    const { rows } = await bench.owner.query<{ record: string }>(
      "select record from kernel.audit_stage where record like '%setExchangeRate%'",
    );
    expect(rows.map((row) => JSON.parse(row.record) as unknown)).toContainEqual(
      expect.objectContaining({
        after: expect.objectContaining({ reason: 'contract', rate: '0.8' }) as unknown,
      }),
    );
  });

  test('the newest rate of a day counts, that of a book for its book only', async () => {
    await set({ from: 'GBP', to: 'EUR', rate: '1.1', on: '2026-04-07' });
    await set({ from: 'GBP', to: 'EUR', rate: '1.2', on: '2026-04-07' });
    await set({ from: 'GBP', to: 'EUR', rate: '1.3', on: '2026-04-07', bookId });
    await set({ from: 'GBP', to: 'EUR', rate: '1.4', on: '2026-04-07' });
    expect(await rate('GBP EUR', '2026-04-07', { bookId })).toMatchObject({ rate: '1.3' });
    expect(await rate('GBP EUR', '2026-04-07')).toMatchObject({ rate: '1.4' });
  });

  test('without a rate the reference rates count again', async () => {
    await set({ from: 'CHF', to: 'EUR', rate: '1.5', on: '2026-04-07' });
    expect(await rate('CHF EUR', '2026-04-07')).toMatchObject({ source: 'MANUAL' });
    await set({ from: 'CHF', to: 'EUR', on: '2026-04-07' });
    expect(await rate('CHF EUR', '2026-04-07')).toMatchObject({ source: 'ECB' });
  });

  test('a currency nobody publishes needs rates set by hand, and then goes over the euro too', async () => {
    expect(await rate('KWD CHF', '2026-04-07')).toBeNull();
    await set({ from: 'KWD', to: 'EUR', rate: '3', on: '2026-04-07' });
    // 3 x 0.92
    expect(await rate('KWD CHF', '2026-04-07')).toMatchObject({
      rate: '2.76',
      source: 'MANUAL',
      path: 'KWD>EUR>CHF',
    });
  });

  test.each([
    ['zero', { rate: '0' }, 'AMOUNT_INVALID'],
    ['negative', { rate: '-1' }, 'AMOUNT_INVALID'],
    ['endless', { rate: '1.000000000000000000000001' }, 'AMOUNT_INVALID'],
    ['of a currency in itself', { to: 'USD' }, 'FIELD_INVALID'],
    ['that ends before it begins', { until: '2026-04-06' }, 'FIELD_INVALID'],
    ['without a reason', { reason: ' ' }, 'FIELD_INVALID'],
    ['of a book that is not there', { bookId: 'bk_none' }, 'NOT_FOUND'],
  ])('a rate %s is refused', async (_what, more, code) => {
    const outcome = await set({ from: 'USD', to: 'EUR', rate: '0.8', on: '2026-04-07', ...more });
    expect(outcome.errors).toMatchObject([{ code }]);
  });

  test('rates set by hand are listed with who set them', async () => {
    const { manualExchangeRates } = await bench.query<{
      manualExchangeRates: { edges: { node: unknown }[] };
    }>(
      'transactions',
      '{ manualExchangeRates(first: 1) { edges { node { rate from to reason setBy { id } startsOn endsOn } } } }',
    );
    expect(manualExchangeRates.edges).toMatchObject([{ node: { from: 'KWD', setBy: { id: 'mem_ana' } } }]);
  });

  const folder = corpora('fx');
  test.skipIf(folder === undefined)('the whole published history goes in at once', async () => {
    published = readFileSync(`${folder}/eurofxref-hist.zip`);
    await fetchReferenceRates.run(
      {},
      {
        services: bench.services,
        door: bench.running('transactions').door,
        pool: bench.owner,
      },
    );
    // Saturday, 1 January 2000 takes the rate of Thursday, 30 December 1999.
    expect(await rate('EUR USD', '2000-01-01', { organisationId: 'org_fourth' })).toMatchObject({
      rate: '1.0046',
      on: '1999-12-30',
    });
  });
});
