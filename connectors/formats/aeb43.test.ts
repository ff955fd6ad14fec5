import { describe, expect, it } from 'vitest';
import { money } from '#kernel/money';
import type { StatementFile } from '#connectors/ports';
import { aeb43 } from './aeb43.ts';
import { checkStatement } from './statement-check.ts';
import { readStatementFile } from './statement-formats.ts';

const bytes = (...records: readonly string[]): Uint8Array => new TextEncoder().encode(records.join('\r\n'));
const read = (...records: readonly string[]): StatementFile => aeb43.read(bytes(...records), {});
const eur = (minor: bigint) => money(minor, 'EUR');

/** Bank 2100, office 0418, account 0200051332: the example of the Spanish IBAN. */
const account = '210004180200051332';
const header = `11${account}260301260331200000000100000` + '9783FERRETERIA DEL SUR SL     ';
const movement = (sign: 1 | 2, cents: number, on = '260310'): string =>
  `22    0418${on}26031104016${sign}${String(cents).padStart(14, '0')}0000000042FACT-2026-17RECIBO 17       `;
const more = '2301TRANSFERENCIA DE                      NUNEZ Y HIJOS                         ';
const end = (debits: number, credits: number, cents: number): string =>
  `33${account}${String(debits).padStart(5, '0')}${'0'.repeat(14)}${String(credits).padStart(5, '0')}${'0'.repeat(14)}2${String(cents).padStart(14, '0')}978    `;
const last = (records: number): string => `88${'9'.repeat(18)}${String(records).padStart(6, '0')}`;

describe('AEB43 statements', () => {
  const whole = [header, movement(2, 2_550), more, movement(1, 1_000), end(1, 1, 101_550), last(5)];

  it('are read with the IBAN that bank, office and account make', () => {
    const { statements, problems } = read(...whole);
    expect(problems).toEqual([]);
    expect(statements).toHaveLength(1);
    expect(statements[0]).toMatchObject({
      account: { iban: 'ES9121000418450200051332', name: 'FERRETERIA DEL SUR SL', currency: 'EUR' },
      opening: { amount: eur(100_000n), on: '2026-03-01' },
      closing: { amount: eur(101_550n), on: '2026-03-31' },
    });
    expect(statements.flatMap(checkStatement)).toEqual([]);
  });

  it('give each movement its days, references and all of its text', () => {
    const [first, second] = read(...whole).statements[0]?.lines ?? [];
    expect(first).toMatchObject({
      bookedOn: '2026-03-10',
      valueOn: '2026-03-11',
      amount: eur(2_550n),
      bankReference: '0000000042',
      endToEndId: 'FACT-2026-17',
      remittance: 'TRANSFERENCIA DE NUNEZ Y HIJOS RECIBO 17',
      transactionCode: '04/016',
      line: 2,
    });
    expect(first?.raw).toContain('NUNEZ Y HIJOS');
    expect(second?.amount).toEqual(eur(-1_000n));
  });

  it('keep what a movement was worth in another currency', () => {
    const dollars = '240184000000000003000';
    const [line] = read(header, movement(2, 2_550), dollars, end(0, 1, 102_550)).statements[0]?.lines ?? [];
    expect(line?.originalAmount).toEqual(money(3_000n, 'USD'));
    const [paid] = read(header, movement(1, 2_550), dollars, end(1, 0, 97_450)).statements[0]?.lines ?? [];
    expect(paid?.originalAmount).toEqual(money(-3_000n, 'USD'));
  });

  it('have the decimals of their currency', () => {
    const yen = header.replace('9783', '3923');
    const { statements } = read(yen, movement(1, 2_500), end(1, 0, 97_500));
    expect(statements[0]?.lines[0]?.amount).toEqual(money(-2_500n, 'JPY'));
  });

  it('lose a movement that cannot be read, and nothing else', () => {
    const broken = movement(1, 1_000).replace('260310', '261310');
    const { statements, problems } = read(header, broken, movement(2, 50), end(1, 1, 100_050));
    expect(statements[0]?.lines.map((line) => line.amount)).toEqual([eur(50n)]);
    expect(problems).toEqual([expect.objectContaining({ severity: 'error', code: 'DATE_INVALID', line: 2 })]);
  });

  it('say when records are missing', () => {
    const { problems } = read(header, movement(2, 50), end(0, 2, 100_100), last(9));
    expect(problems.map(({ severity, line }) => [severity, line])).toEqual([
      ['warning', 4],
      ['warning', 3],
    ]);
    expect(read(header, movement(2, 50)).problems).toMatchObject([{ severity: 'warning', line: 1 }]);
    expect(read(movement(2, 50)).problems[0]).toMatchObject({ severity: 'refused' });
  });

  it('are recognised by their first record', async () => {
    expect((await readStatementFile(bytes(...whole), 'a.n43')).format).toBe('AEB43');
  });
});
