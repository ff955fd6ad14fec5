import { describe, expect, it } from 'vitest';
import { money } from '#kernel/money';
import type { StatementFile } from '#connectors/ports';
import { coda } from './coda.ts';
import { checkStatement } from './statement-check.ts';
import { readStatementFile } from './statement-formats.ts';

const bytes = (...records: readonly string[]): Uint8Array => new TextEncoder().encode(records.join('\r\n'));
const read = (...records: readonly string[]): StatementFile => coda.read(bytes(...records), {});
const eur = (minor: bigint) => money(minor, 'EUR');

/** Text put into columns counted from one. */
function record(kind: string, fields: Readonly<Record<number, string>>): string {
  let text = kind.padEnd(128);
  for (const [from, value] of Object.entries(fields)) {
    text = text.slice(0, Number(from) - 1) + value + text.slice(Number(from) - 1 + value.length);
  }
  return text;
}
const amount = (cents: number): string =>
  `${cents < 0 ? 1 : 0}${String(Math.abs(cents) * 10).padStart(15, '0')}`;
const header = record('00000', {
  6: '11032672505',
  25: '0265207',
  35: 'FJORD TOOLS',
  61: 'BBRUBEBB',
  72: '00330158420',
  128: '2',
});
const old = record('12021', {
  6: 'BE68539007547034',
  40: 'EUR',
  43: amount(100_000),
  59: '100326',
  65: 'FJORD TOOLS',
  126: '021',
});
const movement = (number: string, cents: number, more = {}): string =>
  record('21', {
    3: number,
    11: `BANK-${number}`,
    32: amount(cents),
    48: '110326',
    54: '00150000',
    62: '0',
    63: 'INVOICE 2026-17',
    116: '110326',
    ...more,
  });
const closing = (cents: number): string =>
  record('8021', { 5: 'BE68539007547034', 39: 'EUR', 42: amount(cents), 58: '110326' });
const trailer = record('9', { 128: '2' });
const whole = [
  header,
  old,
  movement('00010000', 2_550, { 63: `${'INVOICE '.padEnd(48, '.')}NUMBE` }),
  record('22', { 3: '00010000', 11: 'R 17', 64: 'E2E-17', 99: 'KREDBEBB' }),
  record('23', { 3: '00010000', 11: 'BE71096123456769', 45: 'EUR', 48: 'ADA AND SONS', 83: ' PAID' }),
  record('31', { 3: '00010001', 11: 'BANK-00010000', 32: '00150000', 40: '1', 41: '001LEEDS' }),
  movement('00020000', -1_000, { 62: '1', 63: '101123456789095' }),
  closing(101_550),
  trailer,
];

describe('CODA statements', () => {
  it('are read with account, number and balances of three decimals', () => {
    const { statements, problems } = read(...whole);
    expect(problems).toEqual([]);
    expect(statements[0]).toMatchObject({
      reference: '0265207',
      sequence: '021',
      account: { iban: 'BE68539007547034', name: 'FJORD TOOLS', bic: 'BBRUBEBB', currency: 'EUR' },
      opening: { amount: eur(100_000n), on: '2026-03-10' },
      closing: { amount: eur(101_550n), on: '2026-03-11' },
    });
    expect(statements.flatMap(checkStatement)).toEqual([]);
  });

  it('put the pieces of a movement together', () => {
    expect(read(...whole).statements[0]?.lines[0]).toMatchObject({
      bookedOn: '2026-03-11',
      amount: eur(2_550n),
      counterparty: { name: 'ADA AND SONS', iban: 'BE71096123456769', bic: 'KREDBEBB' },
      bankReference: 'BANK-00010000',
      endToEndId: 'E2E-17',
      remittance: expect.stringMatching(/^INVOICE \.+NUMBER 17 PAID LEEDS$/),
      transactionCode: '00150000',
    });
  });

  it('check the Belgian reference modulo 97', () => {
    const referenceIn = (text: string) =>
      read(header, old, movement('00010000', 1, { 62: '1', 63: text }), closing(100_001)).statements[0]
        ?.lines[0];
    // 1234567890 modulo 97 is 2.
    expect(referenceIn('101123456789002')).toMatchObject({
      structuredReference: '123456789002',
      remittance: '',
    });
    expect(referenceIn('101123456789003')).toMatchObject({
      structuredReference: undefined,
      remittance: '123456789003',
    });
  });

  it('make the parts of a totalled movement its details, which move no balance', () => {
    const { statements } = read(
      header,
      old,
      movement('00010000', 3_000, { 54: '10150000' }),
      movement('00010001', 1_000, { 54: '50150000', 63: 'FIRST' }),
      movement('00010002', 2_000, { 54: '50150000', 63: 'SECOND' }),
      closing(103_000),
      trailer,
    );
    expect(statements[0]?.lines).toHaveLength(1);
    expect(statements[0]?.lines[0]?.details.map((one) => one.amount)).toEqual([eur(1_000n), eur(2_000n)]);
    expect(statements.flatMap(checkStatement)).toEqual([]);
  });

  it('make an IBAN of the twelve digits of an old Belgian number', () => {
    const before = record('10021', { 6: '539007547034', 19: 'EUR', 43: amount(0), 59: '100326' });
    expect(read(header, before, closing(0)).statements[0]?.account.iban).toBe('BE68539007547034');
  });

  it('lose what cannot be read, and nothing else', () => {
    const { statements, problems } = read(
      header,
      old,
      movement('00010000', 1_000, { 116: '991326' }),
      movement('00020000', 5),
      record('7', {}),
      closing(100_005),
    );
    expect(statements[0]?.lines.map((line) => line.amount)).toEqual([eur(5n)]);
    expect(problems.map(({ code, line }) => [code, line])).toEqual([
      ['LINE_MALFORMED', 5],
      ['DATE_INVALID', 3],
    ]);
    expect(read(header, movement('00010000', 1)).problems[0]).toMatchObject({ severity: 'refused' });
  });

  it('are recognised by their first records', async () => {
    expect((await readStatementFile(bytes(...whole), 'a.cod')).format).toBe('CODA');
  });
});
