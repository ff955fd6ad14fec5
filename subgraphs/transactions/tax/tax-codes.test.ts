import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addDays, dateOf } from '#kernel/calendar';
import { newId } from '#kernel/ids';
import { openTestBook } from '../../../test/support/book.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { transactions } from '../subgraph.ts';
import { changeTaxRate } from './change-tax-rate.ts';
import { createTaxCode } from './create-tax-code.ts';
import { installTaxCodes } from './install-tax-codes.ts';
import { retireTaxCode } from './retire-tax-code.ts';

let bench: Workbench;
let bookId: string;

beforeAll(async () => {
  bench = await openWorkbench([transactions]);
});
beforeEach(async () => {
  bookId = await openTestBook(bench);
});
afterAll(() => bench.close());

const door = () => bench.door('transactions');
const today = dateOf(new Date());

interface Code {
  id: string;
  code: string;
  active: boolean;
  treatment: string;
  category: string | null;
  components: string[];
  roundingMode: string;
  recoverablePercent: string;
  rates: { startsOn: string; percent: string | null }[];
  rate: string | null;
}

async function codes(on = '2026-03-10', book = bookId): Promise<Map<string, Code>> {
  const data = await bench.query<{ taxCodes: Code[] }>(
    'transactions',
    `{ taxCodes(bookId: "${book}") { id code active treatment category components roundingMode recoverablePercent
       rates { startsOn percent } rate(on: "${on}") } }`,
  );
  return new Map(data.taxCodes.map((code) => [code.code, code]));
}

const made = { bookId: '', name: 'Own', jurisdiction: 'DE', percent: '12.5', startsOn: '2020-01-01' };
const create = (more: Record<string, unknown>) =>
  door().run(createTaxCode, { ...made, bookId, code: 'OWN', ...more } as never);
async function created(more: Record<string, unknown> = {}): Promise<string> {
  const answer = await create(more);
  expect(answer.errors).toEqual([]);
  return answer.result?.taxCodeId ?? '';
}

describe('the tax codes of a country', () => {
  test('are given to a book that is opened', async () => {
    const opened = newId('bk');
    const { organisationId } = bench.actor();
    await bench.owner.query(
      `insert into kernel.outbox (organisation_id, book_id, type, subject_id, facts, actor_id, occurred_at)
       values ($1, $2, 'book.opened', $2, $3, 'sys', now())`,
      [
        organisationId,
        opened,
        JSON.stringify({
          name: 'Paris',
          legalName: 'Acme SARL',
          country: 'FR',
          baseCurrency: 'EUR',
          fiscalYearStartMonth: 1,
        }),
      ],
    );
    await bench.settle();
    const found = await codes('2026-03-10', opened);
    expect(found.get('FR-STANDARD')).toMatchObject({ rate: '20', treatment: 'TAXED', category: 'S' });
    expect(found.get('FR-REVERSE')).toMatchObject({
      rate: '20',
      treatment: 'REVERSE_CHARGE',
      category: 'AE',
    });
  });

  test('come with their dated rates, and a second time change nothing', async () => {
    const first = await door().run(installTaxCodes, { bookId });
    expect(first.result?.taxCodeIds.length).toBeGreaterThan(7);
    expect((await codes()).get('DE-STANDARD')?.rates).toEqual([
      { startsOn: '1998-04-01', percent: '16' },
      { startsOn: '2007-01-01', percent: '19' },
      { startsOn: '2020-07-01', percent: '16' },
      { startsOn: '2021-01-01', percent: '19' },
    ]);
    expect((await codes('2020-08-01')).get('DE-STANDARD')?.rate).toBe('16');
    expect((await codes('2020-08-01')).get('DE-ZERO')?.rate).toBe('0');
    const again = await door().run(installTaxCodes, { bookId });
    expect(again.result?.taxCodeIds).toEqual([]);
  });

  test('can be those of another country, too, but only of the library', async () => {
    await door().run(installTaxCodes, { bookId, country: 'CA' });
    expect((await codes()).get('CA-GST-QST-QC')?.components).toEqual(['CA-GST', 'CA-QST-QC']);
    const refused = await door().run(installTaxCodes, { bookId, country: 'ZZ' });
    expect(refused.errors).toMatchObject([{ code: 'NOT_FOUND', path: ['country'] }]);
  });

  test('are listed before they are installed', async () => {
    const data = await bench.query<{ taxJurisdictions: { country: string; taxCodes: string[] }[] }>(
      'transactions',
      '{ taxJurisdictions { country name taxCodes } }',
    );
    expect(data.taxJurisdictions).toHaveLength(14);
    expect(data.taxJurisdictions.find((one) => one.country === 'JP')?.taxCodes).toContain('JP-REDUCED');
  });
});

describe('a tax code of the book', () => {
  test('has its rate, its rounding and what comes back of it', async () => {
    await created({ roundingMode: 'HALF_EVEN', recoverablePercent: '50', category: 'S' });
    expect((await codes()).get('OWN')).toMatchObject({
      rate: '12.5',
      roundingMode: 'HALF_EVEN',
      recoverablePercent: '50',
      category: 'S',
    });
  });

  test('can be made of others, which cannot be retired before it', async () => {
    const taxCodeId = await created();
    await created({ code: 'ON-IT', compound: true });
    const both = { percent: undefined, startsOn: undefined, components: ['OWN', 'ON-IT'] };
    const whole = await created({ code: 'BOTH', ...both });
    const refused = await door().run(retireTaxCode, { taxCodeId });
    expect(refused.errors).toMatchObject([{ code: 'STATE_CONFLICT' }]);
    expect(refused.errors[0]?.message).toContain('BOTH');
    expect((await door().run(retireTaxCode, { taxCodeId: whole })).errors).toEqual([]);
    expect((await door().run(retireTaxCode, { taxCodeId })).errors).toEqual([]);
    expect((await codes()).get('OWN')?.active).toBe(false);
  });

  test.each([
    ['without a rate', { percent: undefined }, 'FIELD_MISSING', 'percent'],
    ['with a rate of no day', { startsOn: undefined }, 'FIELD_MISSING', 'startsOn'],
    ['below zero', { percent: '-1' }, 'FIELD_INVALID', 'percent'],
    [
      'of which more comes back than there is',
      { recoverablePercent: '101' },
      'FIELD_INVALID',
      'recoverablePercent',
    ],
    ['with a code of small letters', { code: 'own' }, 'FIELD_INVALID', 'code'],
    ['exempt with a rate', { treatment: 'EXEMPT' }, 'FIELD_INVALID', 'percent'],
    [
      'made of codes the book does not have',
      { percent: undefined, startsOn: undefined, components: ['A', 'B'] },
      'TAX_CODE_UNKNOWN',
      'components',
    ],
  ])('is refused %s', async (_title, more, code, field) => {
    const refused = await create(more);
    expect(refused.errors).toMatchObject([{ code }]);
    expect(refused.errors[0]?.path[0]).toBe(field);
  });

  test('is refused a second time', async () => {
    await created();
    expect((await create({})).errors).toMatchObject([{ code: 'ALREADY_EXISTS', path: ['code'] }]);
  });

  test.each(["update transactions.tax_code set name = 'X'", 'delete from transactions.tax_code'])(
    'is kept by the database: %s',
    async (sql) => {
      await created();
      await expect(bench.owner.query(sql)).rejects.toThrow(/never changed or removed/);
    },
  );

  test.each(['update transactions.tax_rate set percent = 1', 'delete from transactions.tax_rate'])(
    'keeps its rates: %s',
    async (sql) => {
      await created();
      await expect(bench.owner.query(sql)).rejects.toThrow(/never changed or removed/);
    },
  );
});

describe('a new rate', () => {
  const change = (taxCodeId: string, startsOn: string, percent?: string) =>
    door().run(changeTaxRate, { taxCodeId, startsOn, percent } as never);

  test('holds from its day, the old one until then', async () => {
    const taxCodeId = await created();
    expect((await change(taxCodeId, '2026-01-01', '13')).errors).toEqual([]);
    expect((await codes('2025-12-31')).get('OWN')?.rate).toBe('12.5');
    expect((await codes('2026-01-01')).get('OWN')?.rate).toBe('13');
  });

  test('that has begun is not rewritten', async () => {
    const taxCodeId = await created();
    for (const day of ['2020-01-01', '2019-12-31'])
      expect((await change(taxCodeId, day, '13')).errors).toMatchObject([
        { code: 'STATE_CONFLICT', path: ['startsOn'] },
      ]);
  });

  test('that is still to come can be replaced', async () => {
    const taxCodeId = await created();
    const day = addDays(today, 30);
    await change(taxCodeId, day, '14');
    expect((await change(taxCodeId, day, '15')).errors).toEqual([]);
    expect((await codes(day)).get('OWN')).toMatchObject({
      rate: '15',
      rates: [
        { startsOn: '2020-01-01', percent: '12.5' },
        { startsOn: day, percent: '15' },
      ],
    });
  });

  test('of nothing ends the tax', async () => {
    const taxCodeId = await created();
    await change(taxCodeId, '2026-01-01');
    expect((await codes('2026-01-01')).get('OWN')?.rate).toBeNull();
  });

  test('is not for codes that have none, and not for retired ones', async () => {
    const zero = { treatment: 'ZERO_RATED', percent: undefined, startsOn: undefined };
    const taxCodeId = await created(zero);
    expect((await change(taxCodeId, '2026-01-01', '1')).errors).toMatchObject([{ code: 'FIELD_INVALID' }]);
    await door().run(retireTaxCode, { taxCodeId });
    expect((await change(taxCodeId, '2026-01-01', '1')).errors).toMatchObject([{ code: 'STATE_CONFLICT' }]);
    expect((await door().run(retireTaxCode, { taxCodeId })).errors).toMatchObject([
      { code: 'STATE_CONFLICT' },
    ]);
  });
});

test('another organisation sees and changes none of it', async () => {
  const taxCodeId = await created();
  const stranger = bench.actor('Zoe', undefined, newId('org'));
  const data = await bench.query<{ taxCodes: Code[]; taxCode: Code | null }>(
    'transactions',
    `{ taxCodes(bookId: "${bookId}") { id } taxCode(id: "${taxCodeId}") { id } }`,
    { actor: stranger },
  );
  expect(data).toEqual({ taxCodes: [], taxCode: null });
  const refused = await door().run(retireTaxCode, { taxCodeId }, { actor: stranger });
  expect(refused.errors).toMatchObject([{ code: 'NOT_FOUND' }]);
});
