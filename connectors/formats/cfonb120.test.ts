import { describe, expect, it } from 'vitest';
import { money } from '#kernel/money';
import type { StatementFile } from '#connectors/ports';
import { cfonb120 } from './cfonb120.ts';
import { checkStatement } from './statement-check.ts';
import { readStatementFile } from './statement-formats.ts';

const bytes = (...records: readonly string[]): Uint8Array => new TextEncoder().encode(records.join('\n'));
const read = (...records: readonly string[]): StatementFile => cfonb120.read(bytes(...records), {});
const eur = (minor: bigint) => money(minor, 'EUR');

/** Text put into columns counted from one. */
function record(kind: string, fields: Readonly<Record<number, string>>): string {
  let text = kind.padEnd(120);
  for (const [from, value] of Object.entries(fields)) {
    text = text.slice(0, Number(from) - 1) + value + text.slice(Number(from) - 1 + value.length);
  }
  return text;
}
/** Bank 20041, branch 01005, account 0500013M026: the example of the French IBAN. */
const account = { 3: '20041', 12: '01005', 17: 'EUR2', 22: '0500013M026' };
const amount = (cents: number): string => {
  const digits = String(Math.abs(cents)).padStart(14, '0');
  const last = Number(digits.at(-1));
  return digits.slice(0, -1) + (cents < 0 ? '}JKLMNOPQR' : '{ABCDEFGHI')[last];
};
const balance = (kind: '01' | '07', on: string, cents: number): string =>
  record(kind, { ...account, 35: on, 91: amount(cents) });
const movement = (cents: number, label = 'VIR SEPA', extra = {}): string =>
  record('04', {
    ...account,
    33: '05',
    35: '100326',
    43: '110326',
    49: label,
    82: '0000042',
    91: amount(cents),
    ...extra,
  });
const more = (qualifier: string, text: string): string =>
  record('05', { ...account, 33: '05', 35: '100326', 46: qualifier, 49: text });

describe('CFONB 120 statements', () => {
  const whole = [
    balance('01', '280226', 100_000),
    movement(2_559),
    more('NPY', 'MENUISERIE DUPONT'),
    more('LCC', 'FACTURE 2026-17'),
    more('RCN', 'E2E-2026-17'),
    movement(-1_000, 'PRLV SEPA TELECOM'),
    balance('07', '310326', 101_559),
  ];

  it('are read with the IBAN that bank, branch and account make', () => {
    const { statements, problems } = read(...whole);
    expect(problems).toEqual([]);
    expect(statements[0]).toMatchObject({
      account: { iban: 'FR1420041010050500013M02606', currency: 'EUR' },
      opening: { amount: eur(100_000n), on: '2026-02-28' },
      closing: { amount: eur(101_559n), on: '2026-03-31' },
    });
    expect(statements.flatMap(checkStatement)).toEqual([]);
  });

  it('give each movement its sign, its days, the other side and all of its text', () => {
    const [first, second] = read(...whole).statements[0]?.lines ?? [];
    expect(first).toMatchObject({
      bookedOn: '2026-03-10',
      valueOn: '2026-03-11',
      amount: eur(2_559n),
      counterparty: { name: 'MENUISERIE DUPONT' },
      bankReference: '0000042',
      endToEndId: 'E2E-2026-17',
      remittance: 'VIR SEPA FACTURE 2026-17',
      transactionCode: '05',
    });
    expect(second).toMatchObject({ amount: eur(-1_000n), remittance: 'PRLV SEPA TELECOM', reversal: false });
  });

  it('mark what was sent back', () => {
    const rejected = movement(500, 'REJET', { 41: '05' });
    expect(
      read(whole[0] ?? '', rejected, balance('07', '310326', 100_500)).statements[0]?.lines[0],
    ).toMatchObject({
      reversal: true,
    });
  });

  it('lose a movement whose amount has no sign, and nothing else', () => {
    const broken = movement(500).replace(amount(500), '00000000000500');
    const { statements, problems } = read(
      whole[0] ?? '',
      broken,
      movement(7),
      balance('07', '310326', 100_007),
    );
    expect(statements[0]?.lines.map((line) => line.amount)).toEqual([eur(7n)]);
    expect(problems).toMatchObject([{ severity: 'error', code: 'AMOUNT_INVALID', line: 2 }]);
  });

  it('say when the closing balance is missing or of another account', () => {
    expect(read(whole[0] ?? '', movement(7)).problems).toMatchObject([{ severity: 'warning' }]);
    const other = record('07', { ...account, 22: '0500013M027', 35: '310326', 91: amount(1) });
    expect(
      read(whole[0] ?? '', other).problems.some(({ message }) => message.includes('another account')),
    ).toBe(true);
  });

  it('are recognised by their first record', async () => {
    expect((await readStatementFile(bytes(...whole), 'a.txt')).format).toBe('CFONB 120');
  });
});
