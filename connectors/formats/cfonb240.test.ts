import { describe, expect, it } from 'vitest';
import { money } from '#kernel/money';
import type { BankLine, StatementFile } from '#connectors/ports';
import { cfonb240 } from './cfonb240.ts';
import { readStatementFile } from './statement-formats.ts';

const bytes = (...records: readonly string[]): Uint8Array => new TextEncoder().encode(records.join('\n'));
const read = (...records: readonly string[]): StatementFile => cfonb240.read(bytes(...records), {});
const eur = (minor: bigint) => money(minor, 'EUR');

/** Text put into columns counted from one. */
function record(kind: string, fields: Readonly<Record<number, string>>): string {
  let text = kind.padEnd(240);
  for (const [from, value] of Object.entries(fields)) {
    text = text.slice(0, Number(from) - 1) + value + text.slice(Number(from) - 1 + value.length);
  }
  return text;
}
/** The example of the French IBAN, and another account. */
const [ours, theirs] = ['20041010050500013M026', '300661077100020030401'];
const header = record('31000001', { 9: '20', 11: '090326', 17: 'E', 22: ours, 43: 'FJORD OUTILS' });
const detail = (code: string, cents: number, fields: Readonly<Record<number, string>> = {}): string =>
  record('34000002', {
    9: code,
    11: '100326',
    17: 'E',
    22: theirs,
    43: 'MENUISERIE DUPONT',
    78: ours,
    99: 'FJORD OUTILS',
    123: 'REF042',
    153: 'FACTURE 2026-17',
    185: 'MERCI',
    229: String(cents).padStart(12, '0'),
    ...fields,
  });
const total = (cents: number): string =>
  record('39000003', { 9: '20', 22: ours, 229: String(cents).padStart(12, '0') });
const line = (code: string, fields = {}): BankLine | undefined =>
  read(header, detail(code, 2_559, fields), total(2_559)).statements[0]?.lines[0];

describe('CFONB 240', () => {
  it('is read with the IBAN of the account, each movement with its other side', () => {
    const { statements, problems } = read(header, detail('20', 2_559), total(2_559));
    expect(problems).toEqual([]);
    expect(statements).toMatchObject([
      {
        format: 'CFONB 240',
        account: { iban: 'FR1420041010050500013M02606', name: 'FJORD OUTILS', currency: 'EUR' },
        from: '2026-03-10',
        to: '2026-03-10',
      },
    ]);
    expect(statements[0]?.lines).toMatchObject([
      {
        bookedOn: '2026-03-10',
        amount: eur(2_559n),
        counterparty: { name: 'MENUISERIE DUPONT', iban: 'FR7630066107710002003040111' },
        bankReference: 'REF042',
        remittance: 'FACTURE 2026-17 MERCI',
        transactionCode: '20',
        line: 2,
      },
    ]);
  });

  it('leaves its movements pending, since the statement brings them again', () => {
    expect(line('20')?.status).toBe('pending');
    expect(line('23')?.status).toBe('information');
  });

  it.each([
    ['a transfer that came', '20', 2_559n, false],
    ['a transfer from abroad', '77', 2_559n, false],
    ['a direct debit to pay', '80', -2_559n, false],
    ['a cheque to pay', '40', -2_559n, false],
    ['an own transfer that was sent back', '21', 2_559n, true],
    ['an own direct debit that was refused', '81', -2_559n, true],
    ['a cheque handed in that was refused', '41', -2_559n, true],
  ])('books %s in its direction', (_, code, minor, reversal) => {
    expect(line(code)).toMatchObject({ amount: eur(minor), reversal });
  });

  it('looks for the other side of what came back where the record has the receiver', () => {
    const fields = { 22: ours, 43: 'FJORD OUTILS', 78: theirs, 99: 'MENUISERIE DUPONT' };
    expect(line('21', fields)?.counterparty).toMatchObject({ name: 'MENUISERIE DUPONT' });
  });

  it('tells what was sent from abroad and what the bank kept', () => {
    const fields = { 67: '  7,50', 129: 'USD', 132: '     3000,25' };
    expect(line('77', fields)).toMatchObject({
      charges: eur(750n),
      originalAmount: money(300_025n, 'USD'),
    });
  });

  it('takes another currency with its decimals where the record gives one', () => {
    expect(line('20', { 17: ' ', 18: '3USD', 229: '000000025500' })?.amount).toEqual(money(2_550n, 'USD'));
  });

  it('says when the operations do not add up to the total, and when there is none', () => {
    expect(read(header, detail('20', 1), total(2)).problems).toMatchObject([
      { severity: 'warning', code: 'STATEMENT_UNBALANCED', line: 3 },
    ]);
    expect(read(header, detail('20', 1)).problems).toMatchObject([{ severity: 'warning', line: 1 }]);
  });

  it('loses an operation it does not know or cannot read, and nothing else', () => {
    const bad = [detail('99', 1), detail('20', 1, { 11: '320326' }), detail('20', 1, { 229: 'x' })];
    const { statements, problems } = read(header, ...bad, detail('20', 7), total(7));
    expect(statements[0]?.lines.map(({ amount }) => amount)).toEqual([eur(7n)]);
    expect(problems.map(({ code, line: at }) => [code, at])).toEqual([
      ['LINE_MALFORMED', 2],
      ['DATE_INVALID', 3],
      ['AMOUNT_INVALID', 4],
    ]);
  });

  it('is recognised by its first record', async () => {
    expect((await readStatementFile(bytes(header, total(0)), 'a.txt')).format).toBe('CFONB 240');
  });
});
