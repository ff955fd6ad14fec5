import { describe, expect, it } from 'vitest';
import { money } from '#kernel/money';
import type { BankLine, StatementFile } from '#connectors/ports';
import { mt940 } from './mt940.ts';
import { checkStatement } from './statement-check.ts';
import { MT940 } from './statement-fixtures.ts';

const read = (text: string): StatementFile => mt940.read(new TextEncoder().encode(text), {});
const eur = (minor: bigint): ReturnType<typeof money> => money(minor, 'EUR');

/** One statement around the given fields. */
const around = (...fields: readonly string[]): string =>
  [':20:A', ':25:1234567890', ':28C:1', ':60F:C260301EUR10,00', ...fields, ':62F:C260302EUR10,00', '-'].join(
    '\r\n',
  );
const line = (...fields: readonly string[]): BankLine => {
  const found = read(around(...fields)).statements[0]?.lines[0];
  if (found === undefined) throw new Error('no line was read');
  return found;
};

describe('MT940 statements', () => {
  it('are read one for each message, with account, number and balances', () => {
    const { format, statements, problems } = read(MT940);
    expect([format, problems]).toEqual(['MT940', []]);
    expect(statements.map(({ lines, ...statement }) => ({ ...statement, lines: lines.length }))).toEqual([
      {
        format: 'MT940',
        reference: 'STARTUMS',
        sequence: '00042',
        account: { accountNumber: '37040044/0532013000' },
        currency: 'EUR',
        opening: { amount: eur(100000n), on: '2025-12-30' },
        closing: { amount: eur(115050n), on: '2025-12-31' },
        from: '2025-12-30',
        to: '2025-12-31',
        lines: 2,
      },
      expect.objectContaining({ sequence: '00043', lines: 0 }),
    ]);
  });

  it('add up with a reversal of a credit taken away', () => {
    const [statement] = read(MT940).statements;
    expect(statement?.lines[1]).toMatchObject({
      amount: eur(-10000n),
      reversal: true,
      transactionCode: 'NMSC/059',
    });
    expect(statement && checkStatement(statement)).toEqual([]);
  });

  it('give the entry date the year that lies nearest to the value date', () => {
    expect(read(MT940).statements[0]?.lines[0]).toMatchObject({
      valueOn: '2025-12-31',
      bookedOn: '2026-01-02',
    });
    expect(line(':61:2601021231C1,NTRFNONREF')).toMatchObject({
      valueOn: '2026-01-02',
      bookedOn: '2025-12-31',
    });
    expect(line(':61:260302C1,NTRFNONREF')).toMatchObject({ valueOn: '2026-03-02', bookedOn: '2026-03-02' });
  });

  it('keep each movement with its narrative and its line', () => {
    const [first] = read(MT940).statements[0]?.lines ?? [];
    expect(first).toMatchObject({ line: 6, bankReference: 'B-77', endToEndId: 'E2E-1' });
    expect(first?.raw).toMatch(/^:61:2512310102CR250,5NTRFINV-7\/\/B-77\n:86:166\?00[\s\S]*SOEHNE\?34000$/);
  });

  it('are the same with bare tags and with any line ends', () => {
    const facts = (text: string): unknown =>
      read(text).statements.map(({ lines, ...rest }) => ({
        ...rest,
        lines: lines.map((each) => ({ ...each, line: 0 })),
      }));
    const bare = MT940.replaceAll(/\{1:.*\{4:\r\n/g, '').replaceAll('-}', '-');
    expect(facts(bare)).toEqual(facts(MT940));
    expect(facts(MT940.replaceAll('\r\n', '\n'))).toEqual(facts(MT940));
    expect(facts(MT940.replaceAll('\r\n', '\r'))).toEqual(facts(MT940));
    expect(facts(bare.replaceAll('-\r\n', ''))).toEqual(facts(MT940));
  });

  it('are read when all line ends are lost', () => {
    const { statements } = read(
      around(':61:260302C1,50NTRFINV-7//B1', ':86:free text').replaceAll('\r\n', ''),
    );
    expect(statements[0]?.lines).toMatchObject([
      { amount: eur(150n), bankReference: 'B1', remittance: 'free text INV-7' },
    ]);
  });

  it('are read in latin1 as well', () => {
    const bytes = Uint8Array.from(around(':61:260302C1,NTRF', ':86:Müller').split(''), (sign) =>
      sign.charCodeAt(0),
    );
    expect(mt940.read(bytes, {}).statements[0]?.lines[0]?.remittance).toBe('Müller');
  });

  it('join the pages of one number where one intermediate balance passes into the next', () => {
    const page = (
      number: string,
      [from, opening]: [string, string],
      [to, closing]: [string, string],
    ): string =>
      [
        ':20:A',
        ':25:123',
        `:28C:${number}`,
        `:60${from}:C260301EUR${opening}`,
        ':61:260302C1,NTRF',
        `:62${to}:C260302EUR${closing}`,
        '-',
      ].join('\n');
    const pages = `${page('7/1', ['F', '1,'], ['M', '2,'])}\n${page('7/2', ['M', '2,'], ['F', '3,'])}`;
    expect(read(pages).statements).toMatchObject([
      { sequence: '7', opening: { amount: eur(100n) }, closing: { amount: eur(300n) }, lines: [{}, {}] },
    ]);
    const torn = `${page('7/1', ['F', '1,'], ['M', '2,'])}\n${page('7/2', ['M', '9,'], ['F', '10,'])}`;
    expect(read(torn).statements.map((statement) => statement.sequence)).toEqual(['7', '7/2']);
  });

  it('take a dash in the middle of a narrative for text', () => {
    const { statements } = read(
      around(':61:260302C1,NTRF', ':86:/REMI/order 12', '-', '34/', ':61:260302C2,NTRF'),
    );
    expect(statements[0]?.lines).toMatchObject([{ remittance: 'order 12-34' }, { amount: eur(200n) }]);
  });

  it('of MT942 are pending, since the statement of the day repeats them', () => {
    const interim = [
      ':20:A',
      ':25:123',
      ':28C:1',
      ':34F:EURD0,',
      ':13D:2603021200+0100',
      ':61:260302C1,NTRF',
      ':90C:1EUR1,',
      '-',
    ];
    expect(read(interim.join('\n'))).toMatchObject({
      format: 'MT942',
      statements: [{ currency: 'EUR', lines: [{ status: 'pending', amount: eur(100n) }] }],
    });
  });
});

describe('MT940 movements', () => {
  it.each([
    [':61:2603020302C12,5NTRFNONREF', eur(1250n), 'NTRF'],
    [':61:260302DR800,NSTONONREF//55555', eur(-80000n), 'NSTO'],
    [':61:260302RD7,07NTRFNONREF', eur(707n), 'NTRF'],
    [':61:260302RCR0,08NRTINONREF', eur(-8n), 'NRTI'],
    [':61:260302C000000000300.00NMSC170059286', eur(30000n), 'NMSC'],
    [':61:2603020302D500NTRF29-07-2014 10:05', eur(-50000n), 'NTRF'],
    [':61:260302D12,35 NRTIKREF+//2016', eur(-1235n), 'NRTI'],
    [':61:2603020302D20,00NONREF', eur(-2000n), undefined],
    [':61:260302D25,03NOV NONREF', eur(-2503n), 'NOV'],
  ])('read %s', (field, amount, code) => {
    expect(line(field)).toMatchObject({ amount });
    expect(line(field).transactionCode).toBe(code);
  });

  it('read the amount in another currency and charges behind the movement', () => {
    const found = line(':61:260302D12,35NRTIKREF+//9', '/OCMT/USD11,85//CHGS/EUR0,50/');
    expect(found).toMatchObject({ originalAmount: money(-1185n, 'USD'), charges: eur(50n), remittance: '' });
  });

  it('read the name that Dutch banks write behind a padded reference', () => {
    const found = line(':61:260302D1,N0440121470966      W.P. Jansen');
    expect(found).toMatchObject({ counterparty: { name: 'W.P. Jansen' }, remittance: '0121470966' });
  });

  it('take 30 February for the last day of the month', () => {
    expect(line(':61:2602300301D6,N024NONREF')).toMatchObject({
      valueOn: '2026-02-28',
      bookedOn: '2026-03-01',
    });
    expect(line(':61:2402300301D6,N024NONREF')).toMatchObject({ valueOn: '2024-02-29' });
  });

  it.each([
    [':61:nonsense', 'LINE_MALFORMED'],
    [':61:261302C1,NTRF', 'DATE_INVALID'],
    [':61:260302C1,505NTRF', 'AMOUNT_TOO_PRECISE'],
  ])('lose only the line %s', (field, code) => {
    const { statements, problems } = read(around(field, ':86:lost too', ':61:260302C1,NTRF', ':86:kept'));
    expect(statements[0]?.lines).toMatchObject([{ remittance: 'kept' }]);
    expect(problems).toMatchObject([{ severity: 'error', code, line: 5 }]);
  });
});

describe('MT940 accounts', () => {
  it.each([
    ['NL91ABNA0417164300EUR', { iban: 'NL91ABNA0417164300', currency: 'EUR' }],
    ['NL91 ABNA 0417 1643 00', { iban: 'NL91ABNA0417164300' }],
    ['1291.99.348EUR', { accountNumber: '1291.99.348', currency: 'EUR' }],
    ['UBRTHUHB/123456789150/HUF', { accountNumber: '123456789150', bic: 'UBRTHUHB', currency: 'HUF' }],
    ['37040044/0532013000', { accountNumber: '37040044/0532013000' }],
  ])('read %s', (field, account) => {
    const { statements } = read([':20:A', `:25:${field}`, ':60F:C260301EUR1,'].join('\n'));
    expect(statements[0]?.account).toEqual({ currency: undefined, ...account });
  });
});

describe('MT940 files with faults', () => {
  it('are refused without an account, and without a currency', () => {
    expect(read(':20:A\n:60F:C260301EUR1,').problems).toMatchObject([
      { severity: 'refused', code: 'FIELD_MISSING', line: 1 },
    ]);
    expect(read('\n:20:A\n:25:123\n:61:260302C1,NTRF').problems).toMatchObject([
      { severity: 'refused', code: 'FIELD_MISSING', line: 2 },
    ]);
  });

  it('lose one statement and keep the others', () => {
    const { statements, problems } = read(`:20:A\n:60F:C260301EUR1,\n-\n${around(':61:260302C1,NTRF')}`);
    expect(statements).toHaveLength(1);
    expect(problems).toMatchObject([{ severity: 'error', code: 'FIELD_MISSING', line: 1 }]);
  });

  it('keep their lines when a balance cannot be read', () => {
    const { statements, problems } = read(
      around(':61:260302C1,NTRF').replace('C260302EUR10', 'X260302EUR10'),
    );
    expect(statements[0]).toMatchObject({ closing: undefined, lines: [{}] });
    expect(problems).toMatchObject([{ severity: 'warning', code: 'LINE_MALFORMED', line: 6 }]);
  });
});
