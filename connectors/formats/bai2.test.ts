import { describe, expect, it } from 'vitest';
import { money } from '#kernel/money';
import type { BankLine, StatementFile } from '#connectors/ports';
import { bai2 } from './bai2.ts';
import { checkStatement } from './statement-check.ts';
import { readStatementFile } from './statement-formats.ts';

const bytes = (...records: readonly string[]): Uint8Array => new TextEncoder().encode(records.join('\n'));
const read = (...records: readonly string[]): StatementFile => bai2.read(bytes(...records), {});
const usd = (minor: bigint) => money(minor, 'USD');

const file = '01,BANKUS33,FJORD,260311,0600,1,80,1,2/';
const group = '02,FJORD,BANKUS33,1,260310,,USD,2/';
const whole = [
  file,
  group,
  '03,0012345678,,010,100000,,,015,101550,,/',
  '88,100,2550,1,,400,1000,1,/',
  '16,195,2550,V,260311,,B-77,INV-7,WIRE FROM ADA',
  '88,AND SONS/LEEDS',
  '16,475,1000,S,0,1000,0,CHK-9,,CHECK PAID/',
  '49,208650,6/',
  '98,208650,1,8/',
  '99,208650,1,10/',
];
const lines = (...records: readonly string[]): readonly BankLine[] =>
  read(file, group, '03,0012345678,USD/', ...records).statements[0]?.lines ?? [];

describe('BAI2 reports', () => {
  it('are read one statement an account, with balances in minor units', () => {
    const { statements, problems } = read(...whole);
    expect(problems).toEqual([]);
    expect(statements).toHaveLength(1);
    expect(statements[0]).toMatchObject({
      account: { accountNumber: '0012345678', currency: 'USD' },
      opening: { amount: usd(100_000n) },
      closing: { amount: usd(101_550n), on: '2026-03-10' },
    });
    expect(statements.flatMap(checkStatement)).toEqual([]);
  });

  it('give each transaction its sign by type, its value date, references and wrapped text', () => {
    expect(read(...whole).statements[0]?.lines).toMatchObject([
      {
        bookedOn: '2026-03-10',
        valueOn: '2026-03-11',
        amount: usd(2_550n),
        bankReference: 'B-77',
        endToEndId: 'INV-7',
        remittance: 'WIRE FROM ADA AND SONS/LEEDS',
        transactionCode: '195',
      },
      { amount: usd(-1_000n), bankReference: 'CHK-9', remittance: 'CHECK PAID' },
    ]);
  });

  it('skip the funds of every type', () => {
    expect(
      lines('16,195,100,D,2,0,50,1,50,B-1,C-1,SPREAD/', '16,195,100,0,B-2,C-2,NOW/', '49,200,4/').map(
        ({ bankReference, endToEndId, remittance }) => [bankReference, endToEndId, remittance],
      ),
    ).toEqual([
      ['B-1', 'C-1', 'SPREAD'],
      ['B-2', 'C-2', 'NOW'],
    ]);
  });

  it('tell the other side and its reference where a bank gives one fact a line', () => {
    const facts = ['88,EREF: E2E-17', '88,DBNM: ADA AND SONS', '88,DACT: 101152046', '88,CRNM: FJORD'];
    const [came] = lines('16,195,100,,B-1,C-1,WIRE', ...facts, '49,100,6/');
    expect(came).toMatchObject({
      counterparty: { name: 'ADA AND SONS', accountNumber: '101152046' },
      bankReference: 'B-1',
      endToEndId: 'E2E-17',
    });
    const [went] = lines('16,495,100,,B-1,C-1,WIRE', ...facts, '49,100,6/');
    expect(went?.counterparty).toEqual({ name: 'FJORD', bic: undefined });
    expect(went?.remittance).toContain('WIRE EREF: E2E-17');
  });

  it('may stand several in a line', () => {
    expect(
      lines('16,195,100,,,,ONE/  16,195,200,,,,TWO/ 49,300,4/').map(({ remittance }) => remittance),
    ).toEqual(['ONE', 'TWO']);
  });

  it('leave out what moves nothing, and lose a type that says no direction', () => {
    expect(lines('16,890,,,,,A NOTICE/', '49,0,3/')).toEqual([]);
    const { problems } = read(file, group, '03,1,USD/', '16,850,5,,,,WHAT/', '16,195,5,,,,IN/', '49,10,4/');
    expect(problems).toMatchObject([{ severity: 'error', line: 4 }]);
  });

  it('of a day that is not over hold pending transactions', () => {
    const [line] =
      read(file, '02,F,B,1,260310,,USD,3/', '03,1,,/', '16,195,5,,,,IN/').statements[0]?.lines ?? [];
    expect(line?.status).toBe('pending');
  });

  it('that are tests or take a report back are not taken', () => {
    for (const status of ['2', '4']) {
      const { statements, problems } = read(file, `02,F,B,${status},260310,,USD,2/`, '03,1,,/');
      expect(statements).toEqual([]);
      expect(problems[0]).toMatchObject({ severity: 'refused', line: 2 });
    }
  });

  it('say when their own sums do not add up', () => {
    const { problems } = read(...whole.map((one) => one.replace('49,208650,6', '49,208651,7')));
    expect(problems.map(({ code, severity }) => [code, severity])).toEqual([
      ['LINE_MALFORMED', 'warning'],
      ['STATEMENT_UNBALANCED', 'warning'],
    ]);
  });

  it('are recognised by their first record', async () => {
    expect((await readStatementFile(bytes(...whole), 'a.bai')).format).toBe('BAI2');
  });
});
