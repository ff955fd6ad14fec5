import { describe, expect, test } from 'vitest';
import { calendarDate } from '#kernel/calendar';
import { formatMoney, parseMoney, type Money } from '#kernel/money';
import { calculateTax } from '../../subgraphs/transactions/tax/calculate-tax.ts';
import { roundForCash } from '../../subgraphs/transactions/tax/cash-rounding.ts';
import { jurisdictions } from '../../subgraphs/transactions/tax/jurisdictions/library.ts';
import { au } from './tax/au.ts';
import { ca } from './tax/ca.ts';
import { europe } from './tax/europe.ts';
import type { GoldenInvoice } from './tax/golden-invoice.ts';
import { india } from './tax/in.ts';
import { jp } from './tax/jp.ts';
import { us } from './tax/us.ts';

const invoices: Readonly<Record<string, readonly GoldenInvoice[]>> = {
  ...europe,
  AU: au,
  CA: ca,
  IN: india,
  JP: jp,
  US: us,
};
const codes = new Map(jurisdictions.flatMap((one) => one.codes).map((code) => [code.code, code]));
const text = (amount: Money | undefined) => (amount === undefined ? undefined : formatMoney(amount));

/** What the calculator makes of an invoice, written as the invoice is. */
function worked(invoice: GoldenInvoice): Partial<GoldenInvoice> {
  const { currency, lines, pricesInclude = false, rounding } = invoice;
  const answer = calculateTax({
    lines: lines.map(([amount, code]) => ({ amount: parseMoney(amount, currency), taxCodes: [code] })),
    codes,
    on: calendarDate(invoice.on),
    pricesInclude,
    rounding,
  });
  return {
    net: text(answer.net),
    tax: text(answer.tax),
    gross: text(answer.gross),
    taxes: Object.fromEntries(
      answer.totals.map(({ code, base, tax, nonRecoverable }) => {
        const cost = nonRecoverable.minor === 0n ? [] : [formatMoney(nonRecoverable)];
        return [code, [formatMoney(base), formatMoney(tax), ...cost] as never];
      }),
    ),
    ...(invoice.ofLines && {
      ofLines: answer.lines.map((line) => line.taxes.map(({ tax }) => formatMoney(tax))),
    }),
    ...(invoice.cash !== undefined && { cash: text(roundForCash(answer.gross).paid) }),
  };
}

test('there are invoices of every country of the library', () => {
  expect(Object.keys(invoices).toSorted()).toEqual(jurisdictions.map((one) => one.country).toSorted());
});

describe.each(Object.entries(invoices))('invoices of %s', (country, ofCountry) => {
  test.each(ofCountry.map((invoice) => [invoice.title, invoice] as const))('%s', (_title, invoice) => {
    expect(invoice).toMatchObject(worked(invoice));
    expect(worked(invoice)).toMatchObject({ net: invoice.net, taxes: invoice.taxes });
    expect(invoice.lines.every(([, code]) => code.startsWith(`${country}-`))).toBe(true);
  });
});

test.each([
  ['IN-GST-40', '2025-09-21'],
  ['CA-GST-QST-QC-2012', '2013-01-01'],
  ['JP-REDUCED', '2019-09-30'],
])('%s has no rate on %s', (code, on) => {
  const line = { amount: parseMoney('100.00', 'USD'), taxCodes: [code] };
  const asked = { lines: [line], codes, on: calendarDate(on), pricesInclude: false };
  expect(() => calculateTax(asked)).toThrow(/has no rate on/);
});
