import { describe, expect, it } from 'vitest';
import { money } from '#kernel/money';
import type { BankLine, ReadOptions, StatementFile } from '#connectors/ports';
import { dayOrder, qifDay } from './qif-days.ts';
import { qif } from './qif.ts';
import { QIF } from './statement-fixtures.ts';

const euro: ReadOptions = { account: { currency: 'EUR' } };
const read = (text: string, options = euro): StatementFile =>
  qif.read(new TextEncoder().encode(text), options);
const linesOf = (file: StatementFile): BankLine[] => file.statements.flatMap(({ lines }) => [...lines]);
const bank = (...records: readonly string[]): string =>
  ['!Type:Bank', ...records.map((record) => `${record}\n^`)].join('\n');
const days = (...texts: readonly string[]): string => bank(...texts.map((text) => `D${text}\nT1.00`));
const eur = (minor: bigint) => money(minor, 'EUR');

describe('QIF', () => {
  it('is refused without the currency of its account, which no QIF names', () => {
    expect(read(QIF, {})).toMatchObject({
      statements: [],
      problems: [{ severity: 'refused', code: 'CURRENCY_UNKNOWN', line: 1 }],
    });
  });

  it('gives each movement its day, amount, other side and text, and the record it stood in', () => {
    const [first, second] = linesOf(read(QIF));
    expect(first).toMatchObject({
      bookedOn: '2026-03-25',
      amount: eur(-104_000n),
      counterparty: { name: 'Stadtwerke' },
      remittance: 'Abschlag März 1044',
      transactionCode: undefined,
      line: 6,
    });
    expect(first?.raw).toContain('T-1,040.00');
    expect(second).toMatchObject({
      amount: eur(225_000n),
      remittance: 'Ada & Söhne',
      transactionCode: 'DEP',
    });
  });

  it('keeps splits as details, and says when they are not the whole', () => {
    const record = 'D2026-03-01\nT-48.00\nPVia\nSFood\nEBread\n$-17.00\nS[Card]\n$-31.00';
    expect(linesOf(read(bank(record)))[0]?.details).toEqual([
      { amount: eur(-1_700n), remittance: 'Food Bread' },
      { amount: eur(-3_100n), remittance: '[Card]' },
    ]);
    expect(read(bank(record)).problems).toEqual([]);
    const short = record.replace('$-31.00', '$-30.00');
    expect(read(bank(short)).problems).toMatchObject([
      { severity: 'warning', code: 'FIELD_INVALID', line: 2 },
    ]);
  });

  it.each([
    ['a day above twelve in first place', ['03/04/26', '25/04/26'], ['2026-04-03', '2026-04-25']],
    ['a day above twelve in second place', ['3/4/26', '4/25/26'], ['2026-03-04', '2026-04-25']],
    ['points', ['3.4.2026'], ['2026-04-03']],
    [
      'rows that run one way',
      ['01/04/26', '02/03/26', '03/05/26'],
      ['2026-01-04', '2026-02-03', '2026-03-05'],
    ],
    ['years first', ['2026-04-03'], ['2026-04-03']],
    ['years after an apostrophe', ["25/ 4' 6"], ['2006-04-25']],
    ['years of the last century', ['25/07/93'], ['1993-07-25']],
  ])('reads days by %s', (_, written, expected) => {
    expect(linesOf(read(days(...written))).map(({ bookedOn }) => bookedOn)).toEqual(expected);
  });

  it('takes what is said of the order, or what is usual for the currency, when no day tells', () => {
    const text = days('03/04/26');
    const day = (options: ReadOptions) => linesOf(read(text, options))[0]?.bookedOn;
    expect(day({ ...euro, dayFirst: false })).toBe('2026-03-04');
    expect(day(euro)).toBe('2026-04-03');
    expect(day({ account: { currency: 'USD' } })).toBe('2026-03-04');
    expect(read(text).problems).toMatchObject([{ severity: 'warning', code: 'DATE_INVALID', line: 2 }]);
    expect(read(text, { ...euro, dayFirst: true }).problems).toEqual([]);
  });

  it('loses the days that may be either where the others contradict each other, and keeps the others', () => {
    const file = read(days('25/04/26', '04/26/26', '03/04/26'));
    expect(linesOf(file).map(({ bookedOn }) => bookedOn)).toEqual(['2026-04-25', '2026-04-26']);
    expect(file.problems).toMatchObject([{ severity: 'error', code: 'DATE_INVALID', line: 8 }]);
  });

  it('reads decimal commas where the file has them', () => {
    const file = read(bank('D2026-03-01\nT-1.284,50', 'D2026-03-02\nT12,00'));
    expect(linesOf(file).map(({ amount }) => amount)).toEqual([eur(-128_450n), eur(1_200n)]);
  });

  it('reads card, cash, asset and liability accounts, each a statement', () => {
    const kinds = ['Bank', 'Cash', 'CCard', 'Oth A', 'Oth L'];
    const text = kinds.map(
      (kind) => `!Account\nN${kind} 1\nT${kind}\n^\n!Type:${kind}\nD2026-03-01\nT1.00\n^\n`,
    );
    const { statements, problems } = read(text.join(''));
    expect(problems).toEqual([]);
    expect(statements.map(({ account }) => account.accountNumber)).toEqual(kinds.map((kind) => `${kind} 1`));
  });

  it('takes the only account of a file for the one that was named', () => {
    const text = '!Account\nNTill\nTCash\n^\n!Type:Cash\nD2026-03-01\nT1.00\n^\n';
    const account = { accountNumber: '0042', currency: 'EUR' };
    expect(read(text, { account }).statements[0]?.account).toEqual({ ...account, name: 'Till' });
  });

  it('does not take a list of accounts for the account of the movements that follow it', () => {
    const list = '!Option:AutoSwitch\n!Account\nNTill\n^\nNSafe\n^\n!Clear:AutoSwitch\n';
    const text = `${list}!Account\nNTill\n^\n!Type:Cash\nD2026-03-01\nT1.00\n^\n`;
    expect(read(text).statements.map(({ account }) => account.name)).toEqual(['Till']);
  });

  it('takes the transfer of an account to itself for its opening balance', () => {
    const text = `!Account\nNTill\n^\n!Type:Cash\nD2026-03-01\nT50.00\nPOpening Balance\nL[Till]\n^\nD2026-03-02\nT1.00\n^\n`;
    const [statement] = read(text).statements;
    expect(statement?.opening).toEqual({ amount: eur(5_000n), on: '2026-03-01' });
    expect(statement?.lines).toHaveLength(1);
  });

  it('reads what investments do to the cash of their account, and says what does nothing to it', () => {
    const trade = (fields: string): string => `D2026-03-01\n${fields}\nT100.00\n^\n`;
    const text = `!Type:Invst\n${['NBuy\nYACME', 'NDiv\nYACME', 'NShrsIn\nYACME', 'NBuyX\nYACME'].map(trade).join('')}`;
    const file = read(text);
    expect(linesOf(file).map(({ amount, transactionCode }) => [amount.minor, transactionCode])).toEqual([
      [-10_000n, 'Buy'],
      [10_000n, 'Div'],
    ]);
    expect(file.problems[0]?.message).toContain('2 securities transactions');
  });

  it('passes over lists, and names a kind of record it does not know', () => {
    const lists = '!Type:Cat\nNFood\nE\n^\n!Type:Class\nNOne\n^\n!Type:Memorized\nT-5.00\nPRent\n^\n';
    const file = read(`${lists}!Type:Budget Plan\nNx\n^\n${days('2026-03-01')}`);
    expect(linesOf(file)).toHaveLength(1);
    expect(file.problems).toMatchObject([{ severity: 'warning', code: 'FORMAT_UNSUPPORTED', line: 13 }]);
  });

  it('loses a record without a day or an amount, and keeps the others', () => {
    const file = read(bank('T1.00', 'D2026-03-01', 'D2026-03-01\nT$one', 'D2026-03-01\nT1.00'));
    expect(linesOf(file)).toHaveLength(1);
    expect(file.problems.map(({ code, line }) => [code, line])).toEqual([
      ['FIELD_MISSING', 2],
      ['FIELD_MISSING', 4],
      ['AMOUNT_INVALID', 6],
    ]);
  });

  it('takes a last record that lacks its end, with a warning', () => {
    const file = read('!Type:Bank\nD2026-03-01\nT1.00');
    expect(linesOf(file)).toHaveLength(1);
    expect(file.problems).toMatchObject([{ severity: 'warning', code: 'FILE_UNREADABLE', line: 2 }]);
  });
});

describe('days of QIF', () => {
  it('have no order where some can only be the one and some only the other', () => {
    expect(dayOrder(['25/04/26', '04/25/26'], { currency: 'EUR' })).toBeUndefined();
  });

  it.each(['31/02/26', '2026-13-01', '1/2', '1/2/345', 'x', ''])('are not invented: %j', (text) => {
    expect(qifDay(text, true)).toBeUndefined();
  });
});
