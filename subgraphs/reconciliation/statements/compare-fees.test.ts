import { expect, test } from 'vitest';
import { calendarDate } from '#kernel/calendar';
import { money, type Money } from '#kernel/money';
import { compareFees, regionOf, totalsOfFees, type ChargedMember, type Tariff } from './compare-fees.ts';

const eur = (minor: number): Money => money(BigInt(minor), 'EUR');

const tariff = (id: string, more: Partial<Tariff> = {}): Tariff => ({
  id,
  provider: 'STRIPE',
  kind: 'CHARGE',
  percent: '1.5',
  fixed: eur(25),
  startsOn: calendarDate('2026-01-01'),
  ...more,
});

const charge = (gross: number, fee: number, more: Partial<ChargedMember> = {}): ChargedMember => ({
  id: `m${gross}`,
  provider: 'STRIPE',
  kind: 'CHARGE',
  gross: eur(gross),
  fee: eur(fee),
  tax: eur(0),
  occurredOn: calendarDate('2026-03-02'),
  ...more,
});

const outcomes = (members: ChargedMember[], tariffs: Tariff[]) =>
  compareFees(members, tariffs).map(({ outcome, tariffId }) =>
    tariffId ? `${outcome} ${tariffId}` : outcome,
  );

test('a fee as agreed agrees, rounded either way, and a cent more does not', () => {
  // 1.5 % of 119.00 is 1.785.
  const members = [-203, -204, -205, -202, -201].map((fee) => charge(11_900, fee));
  expect(outcomes(members, [tariff('t')])).toEqual([
    'AGREES t',
    'AGREES t',
    'AGREES t',
    'DIFFERS t',
    'DIFFERS t',
  ]);
});

test('the tariff that names method and region goes before those that do not', () => {
  const tariffs = [
    tariff('any'),
    tariff('visa', { method: 'visa' }),
    tariff('abroad', { region: 'INTERNATIONAL', homeCountry: 'DE' }),
    tariff('visa abroad', { method: 'visa', region: 'INTERNATIONAL', homeCountry: 'DE' }),
  ];
  const cards = [
    { method: 'mastercard', country: 'DE' },
    { method: 'visa', country: 'DE' },
    { method: 'mastercard', country: 'US' },
    { method: 'visa', country: 'US' },
    {},
  ];
  expect(
    compareFees(
      cards.map((card) => charge(100, 0, card)),
      tariffs,
    ).map(({ tariffId }) => tariffId),
  ).toEqual(['any', 'visa', 'abroad', 'visa abroad', 'any']);
});

test('a tariff holds on its days, for its provider, kind and currency', () => {
  const old = tariff('old', { endsOn: calendarDate('2026-03-01') });
  const current = tariff('new', { startsOn: calendarDate('2026-03-02'), percent: '2' });
  const on = (day: string) => charge(10_000, -175, { occurredOn: calendarDate(day) });
  expect(outcomes([on('2026-03-01'), on('2026-03-02')], [old, current])).toEqual([
    'AGREES old',
    'DIFFERS new',
  ]);
  expect(outcomes([charge(100, -1, { provider: 'ADYEN' })], [current])).toEqual(['UNKNOWN']);
  expect(outcomes([charge(100, -1, { kind: 'REFUND' })], [current])).toEqual(['UNKNOWN']);
  expect(outcomes([charge(100, -1)], [tariff('usd', { fixed: money(25n, 'USD') })])).toEqual(['UNKNOWN']);
});

test('tax on a fee is not part of what was agreed', () => {
  expect(outcomes([charge(10_000, -208, { tax: eur(-33) })], [tariff('t')])).toEqual(['AGREES t']);
});

test('what costs nothing needs no tariff, and other kinds are not compared', () => {
  expect(
    outcomes([charge(100, 0, { kind: 'REFUND' }), charge(-100, 0, { kind: 'FEE' })], [tariff('t')]),
  ).toEqual([]);
});

test.each([
  ['DE', 'DE', 'DOMESTIC'],
  ['FR', 'DE', 'EEA'],
  ['GB', 'DE', 'INTERNATIONAL'],
  ['FR', 'GB', 'INTERNATIONAL'],
  [undefined, 'DE', undefined],
])('a card of %s is seen from %s as %s', (country, home, region) => {
  expect(regionOf(country, home)).toBe(region);
});

test('totals say what was taken beyond what was agreed', () => {
  const fees = compareFees(
    [charge(10_000, -175), charge(20_000, -400), charge(50, -1, { kind: 'REFUND' })],
    [tariff('t')],
  );
  expect(totalsOfFees(fees)).toEqual([
    {
      currency: 'EUR',
      charged: eur(576),
      expected: eur(500),
      difference: eur(75),
      agreeing: 1,
      differing: 1,
      unknown: 1,
    },
  ]);
});
