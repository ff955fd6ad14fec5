import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calendarDate } from '#kernel/calendar';
import { money } from '#kernel/money';
import { convert } from '../rates/exchange-arithmetic.ts';
import { checkLines, type LineRate, type NewLine } from './entry.ts';
import { functionalAmounts } from './functional-amounts.ts';
import { itemKey, settleItems, type OpenAmount } from './settle-items.ts';
import { settlementLines } from './settlement-lines.ts';

const postedOn = calendarDate('2026-03-15');
const rateFrom = (rate: string, currency: string, base: string): LineRate => ({
  rate,
  source: 'ECB',
  on: postedOn,
  path: `${currency}>${base}`,
});

interface Payment {
  /** Amount and currency of the bank line, and what it settles of the item. */
  readonly bank: readonly [bigint, string];
  readonly applied: bigint;
  /** Units of the base currency for one unit of a currency, on the day of the payment. */
  readonly rates: Readonly<Record<string, string>>;
}

/** Pays one item in parts; answers the lines of every payment and what is open in the end. */
function pay(
  item: { account: string; currency: string; open: OpenAmount },
  payments: readonly Payment[],
  base = 'EUR',
): { entries: NewLine[][]; open: OpenAmount } {
  let { open } = item;
  const key = itemKey('je_1', item.account, item.currency);
  const entries = payments.map(({ bank, applied, rates }) => {
    const rateOf = (currency: string) => {
      const rate = rates[currency];
      if (rate === undefined) throw new Error(`No rate of ${currency}`);
      return rateFrom(rate, currency, base);
    };
    const parts = settleItems(
      [
        {
          journalEntryId: 'je_1',
          controlAccountCode: item.account,
          applied: money(applied, item.currency),
        },
      ],
      { base, open: new Map([[key, open]]), rateOf },
    );
    for (const part of parts) {
      if (part.rate && part.rate.source !== 'CARRIED') continue;
      open = {
        ...open,
        minor: open.minor - part.money.minor,
        functional: open.functional - part.functional,
      };
    }
    return settlementLines({
      bankAccountCode: '1000',
      base,
      lines: [{ money: money(...bank) }],
      items: parts,
      rateOf,
    });
  });
  return { entries, open };
}

const shown = (lines: readonly NewLine[]) =>
  lines.map(
    ({ side, accountCode, money: { minor, currency }, functional, rate }) =>
      `${side} ${accountCode} ${minor} ${currency} = ${functional}${rate ? ` at ${rate.rate} ${rate.source}` : ''}`,
  );

const signed = (line: NewLine, amount: bigint) => (line.side === 'DEBIT' ? amount : -amount);
const total = (lines: readonly NewLine[], ...codes: string[]) =>
  lines
    .filter((line) => codes.includes(line.accountCode))
    .reduce((sum, line) => sum + signed(line, line.functional ?? 0n), 0n);

describe('worked by hand', () => {
  // An invoice to a customer: 100.00 USD on a day at 0.90, so 90.00 EUR stand in 1200.
  const receivable = {
    account: '1200',
    currency: 'USD',
    open: { minor: 10000n, functional: 9000n, rate: rateFrom('0.9', 'USD', 'EUR') },
  };

  test('paid whole into a bank account in dollars at 0.92: 92.00 against 90.00 is a gain of 2.00', () => {
    const { entries, open } = pay(receivable, [
      { bank: [10000n, 'USD'], applied: 10000n, rates: { USD: '0.92' } },
    ]);
    expect(shown(entries[0] ?? [])).toEqual([
      'DEBIT 1000 10000 USD = 9200 at 0.92 ECB',
      'CREDIT 1200 10000 USD = 9000 at 0.9 CARRIED',
      'CREDIT 4840 10000 USD = 9200',
      'DEBIT 4840 10000 USD = 9000',
      'DEBIT 4840 200 EUR = 200',
      'CREDIT 4841 200 EUR = 200',
    ]);
    expect(open).toMatchObject({ minor: 0n, functional: 0n });
  });

  test('paid in euros: the bank gave 88.50 for what stands at 90.00, a loss of 1.50', () => {
    const { entries } = pay(receivable, [{ bank: [8850n, 'EUR'], applied: 10000n, rates: {} }]);
    expect(shown(entries[0] ?? [])).toEqual([
      'DEBIT 1000 8850 EUR = 8850',
      'CREDIT 1200 10000 USD = 9000 at 0.9 CARRIED',
      'DEBIT 4840 10000 USD = 9000',
      'CREDIT 4840 9000 EUR = 9000',
      'DEBIT 6841 150 EUR = 150',
    ]);
  });

  test('paid in a third currency: pounds at 1.15 for dollars', () => {
    // 80.00 GBP at 1.15 are 92.00 EUR for what stands at 90.00: a gain of 2.00.
    const { entries } = pay(receivable, [
      { bank: [8000n, 'GBP'], applied: 10000n, rates: { GBP: '1.15', USD: '0.91' } },
    ]);
    expect(shown(entries[0] ?? [])).toEqual([
      'DEBIT 1000 8000 GBP = 9200 at 1.15 ECB',
      'CREDIT 1200 10000 USD = 9000 at 0.9 CARRIED',
      'CREDIT 4840 8000 GBP = 9200',
      'DEBIT 4840 10000 USD = 9000',
      'DEBIT 4840 200 EUR = 200',
      'CREDIT 4841 200 EUR = 200',
    ]);
  });

  test('three thirds of an odd value clear it to the cent', () => {
    // 100.00 EUR-cents of value over three parts of 33.33, 33.33 and 33.34 dollars:
    // 10000 x 3333/10000 = 3333; of the rest 6667: 6667 x 3333/6667 = 3333; the last takes the rest, 3334.
    const { entries, open } = pay({ ...receivable, open: { ...receivable.open, functional: 10000n } }, [
      { bank: [3333n, 'USD'], applied: 3333n, rates: { USD: '1' } },
      { bank: [3333n, 'USD'], applied: 3333n, rates: { USD: '1' } },
      { bank: [3334n, 'USD'], applied: 3334n, rates: { USD: '1' } },
    ]);
    expect(entries.map((lines) => -total(lines, '1200'))).toEqual([3333n, 3333n, 3334n]);
    expect(entries.every((lines) => lines.length === 2)).toBe(true);
    expect(open).toMatchObject({ minor: 0n, functional: 0n });
  });

  test('a payable in yen: 10,000 yen at 0.0062 stand at 62.00, two payments at 0.0063 lose 0.50 each', () => {
    const payable = {
      account: '2000',
      currency: 'JPY',
      open: { minor: -10000n, functional: -6200n, rate: rateFrom('0.0062', 'JPY', 'EUR') },
    };
    // 5,000 yen at 0.0063 are 31.50 for what stands at 31.00.
    const half = { bank: [-5000n, 'JPY'], applied: -5000n, rates: { JPY: '0.0063' } } as const;
    const { entries, open } = pay(payable, [half, half]);
    for (const lines of entries) {
      expect(shown(lines)).toEqual([
        'CREDIT 1000 5000 JPY = 3150 at 0.0063 ECB',
        'DEBIT 2000 5000 JPY = 3100 at 0.0062 CARRIED',
        'CREDIT 4840 5000 JPY = 3100',
        'DEBIT 4840 5000 JPY = 3150',
        'CREDIT 4840 50 EUR = 50',
        'DEBIT 6841 50 EUR = 50',
      ]);
    }
    expect(open).toMatchObject({ minor: 0n, functional: 0n });
  });

  test('charges the bank kept are worth the rate of the day, and no part of the gain', () => {
    // 98.00 arrive at 0.92 = 90.16; 2.00 of charges = 1.84; together 92.00 against 90.00.
    const { entries } = pay(receivable, [{ bank: [9800n, 'USD'], applied: 10000n, rates: { USD: '0.92' } }]);
    expect(shown(entries[0] ?? []).slice(0, 3)).toEqual([
      'DEBIT 1000 9800 USD = 9016 at 0.92 ECB',
      'CREDIT 1200 10000 USD = 9000 at 0.9 CARRIED',
      'DEBIT 6855 200 USD = 184 at 0.92 ECB',
    ]);
    expect(total(entries[0] ?? [], '4841')).toBe(-200n);
  });

  test('a cent that rounding leaves is no exchange gain', () => {
    // 0.33 USD at 0.9 are 0.297, so 0.30; in two parts of 0.16 and 0.17 (0.144 and 0.153) the bank has 0.14 and 0.15,
    // the item gives up 0.15 and 0.15: a cent of rounding in the first payment.
    const small = { ...receivable, open: { ...receivable.open, minor: 33n, functional: 30n } };
    const { entries } = pay(small, [
      { bank: [16n, 'USD'], applied: 16n, rates: { USD: '0.9' } },
      { bank: [17n, 'USD'], applied: 17n, rates: { USD: '0.9' } },
    ]);
    expect(entries.map((lines) => total(lines, '6990'))).toEqual([1n, 0n]);
    expect(entries.map((lines) => total(lines, '4841', '6841'))).toEqual([0n, 0n]);
  });

  test('what is applied beyond the item is worth the rate of the day', () => {
    const { entries, open } = pay(receivable, [
      { bank: [12000n, 'USD'], applied: 12000n, rates: { USD: '0.92' } },
    ]);
    expect(shown(entries[0] ?? []).slice(1, 3)).toEqual([
      'CREDIT 1200 10000 USD = 9000 at 0.9 CARRIED',
      'CREDIT 1200 2000 USD = 1840 at 0.92 ECB',
    ]);
    expect(open).toMatchObject({ minor: 0n, functional: 0n });
  });

  test('an item nobody knows has the value of the day of its payment', () => {
    const [part] = settleItems(
      [{ journalEntryId: 'je_9', controlAccountCode: '1200', applied: money(100n, 'USD') }],
      { base: 'EUR', open: new Map(), rateOf: () => rateFrom('0.92', 'USD', 'EUR') },
    );
    expect(part).toMatchObject({ functional: 92n, rate: { source: 'ECB' } });
  });
});

describe('whatever is paid in whatever parts', () => {
  const currencies = ['USD', 'JPY', 'KWD', 'GBP'];
  /** Rates that make a unit of a currency worth between 0.001 and 5 units of the base. */
  const rate = fc.integer({ min: 1, max: 5000 }).map((thousandths) => {
    const text = String(thousandths).padStart(4, '0');
    return `${text.slice(0, -3)}.${text.slice(-3)}`;
  });
  const scenario = fc.record({
    base: fc.constantFrom('EUR', 'JPY', 'KWD'),
    currency: fc.constantFrom(...currencies),
    bankCurrency: fc.constantFrom(...currencies, 'EUR'),
    receivable: fc.boolean(),
    postedAt: rate,
    parts: fc.array(fc.bigInt({ min: 1n, max: 10_000_000n }), { minLength: 1, maxLength: 8 }),
    rates: fc.array(fc.record({ USD: rate, JPY: rate, KWD: rate, GBP: rate, EUR: rate }), {
      minLength: 8,
      maxLength: 8,
    }),
  });

  test('the item ends at zero in both amounts, every entry balances, and the result is what the bank gave less what stood', () => {
    fc.assert(
      fc.property(scenario, (made) => {
        const { base, currency, bankCurrency, parts, rates } = made;
        fc.pre(currency !== base);
        const sign = made.receivable ? 1n : -1n;
        const whole = money(sign * parts.reduce((sum, part) => sum + part, 0n), currency);
        const posted = convert(whole, made.postedAt, base).minor;
        const account = made.receivable ? '1200' : '2000';
        const payments = parts.map((part, index): Payment => {
          const day = rates[index] ?? {};
          const dayRates = { ...day, [base]: '1' } as Record<string, string>;
          const own = money(sign * part, currency);
          const across = convert(own, dayRates[currency] ?? '', bankCurrency).minor;
          const bank = bankCurrency === currency ? own.minor : across || sign;
          return { bank: [bank, bankCurrency], applied: own.minor, rates: dayRates };
        });
        const item = {
          account,
          currency,
          open: {
            minor: whole.minor,
            functional: posted,
            rate: rateFrom(made.postedAt, currency, base),
          },
        };
        const { entries, open } = pay(item, payments, base);

        expect(open).toMatchObject({ minor: 0n, functional: 0n });
        const all = entries.flat();
        const control = all.filter((line) => line.accountCode === account);
        expect(control.reduce((sum, line) => sum + signed(line, line.money.minor), 0n)).toBe(-whole.minor);
        expect(total(all, account)).toBe(-posted);
        expect(total(all, '4840')).toBe(0n);
        for (const lines of entries) {
          checkLines(lines);
          functionalAmounts(lines, { base, postedOn, rates: new Map() });
          const foreign = lines.filter((line) => line.money.currency !== base && line.accountCode !== '4840');
          const rounding = total(lines, '6990');
          expect((rounding < 0n ? -rounding : rounding) <= BigInt(foreign.length)).toBe(true);
        }
        // Gains are credits: what came in at its day's value less what stood in the books.
        const gained = -total(all, '4841', '6841', '6990');
        expect(gained).toBe(total(all, '1000') - posted);
      }),
      { numRuns: 300 },
    );
  });
});
