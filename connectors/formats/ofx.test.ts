import { describe, expect, it } from 'vitest';
import { money } from '#kernel/money';
import type { BankLine, StatementFile } from '#connectors/ports';
import { ofx } from './ofx.ts';
import { ofxTokens } from './ofx-tokens.ts';
import { OFX } from './statement-fixtures.ts';

const read = (text: string): StatementFile => ofx.read(new TextEncoder().encode(text), {});
const lines = (text: string): readonly BankLine[] =>
  read(text).statements.flatMap((statement) => statement.lines);

/** One bank statement with one transaction of the given elements. */
const transaction = (elements: string): string =>
  `<OFX><STMTRS><CURDEF>EUR<BANKACCTFROM><ACCTID>1</BANKACCTFROM><BANKTRANLIST>\n<STMTTRN>${elements}</STMTTRN></BANKTRANLIST></STMTRS></OFX>`;

describe('OFX statements', () => {
  it('are read for bank accounts and credit cards, end tags or not', () => {
    const { format, statements, problems } = read(OFX);
    expect([format, problems]).toEqual(['OFX 1.0.2', []]);
    expect(
      statements.map(({ lines: found, ...statement }) => ({ ...statement, lines: found.length })),
    ).toEqual([
      {
        format: 'OFX 1.0.2',
        account: { accountNumber: '998877' },
        currency: 'USD',
        closing: { amount: money(215656n, 'USD'), on: '2026-03-02' },
        from: '2026-03-01',
        to: '2026-03-02',
        lines: 2,
      },
      { format: 'OFX 1.0.2', account: { accountNumber: '4111' }, currency: 'EUR', lines: 1 },
    ]);
  });

  it('have lines with exact amounts, commas and padding or not', () => {
    const [first, second] = lines(OFX);
    expect(first).toMatchObject({
      bookedOn: '2026-03-01',
      amount: money(128450n, 'USD'),
      counterparty: { name: 'Ada & Sons' },
      bankReference: 'F1',
      remittance: 'Invoice 7',
      transactionCode: 'CREDIT',
      status: 'booked',
      line: 16,
    });
    expect(second).toMatchObject({
      amount: money(-8032n, 'USD'),
      counterparty: { name: 'Scuba Gear' },
      line: 17,
    });
    expect(second?.remittance).toBe('Scuba Gear 1044');
  });

  it('keep each transaction as it stood in the file', () => {
    expect(lines(OFX)[1]?.raw).toMatch(/^<STMTTRN>\n<TRNTYPE>CHECK[\s\S]*Scuba Gear\n<\/STMTTRN>$/);
  });

  it('bring a transaction in another currency to that of the account at its rate', () => {
    expect(lines(OFX)[2]).toMatchObject({ amount: money(-500n, 'EUR'), originalAmount: money(-999n, 'USD') });
  });

  it('are the same as XML', () => {
    const xml = OFX.replace(/^[\s\S]*?\n\n/, '<?xml version="1.0"?>\n<?OFX OFXHEADER="200" VERSION="211"?>\n')
      .replaceAll(/<(\w+)>([^<\r\n]+)/g, '<$1>$2</$1>')
      .replace('<MEMO>\n', '<MEMO></MEMO>\n');
    const facts = (text: string): unknown => lines(text).map((each) => ({ ...each, raw: '', line: 0 }));
    expect(read(xml).format).toBe('OFX 2.1.1');
    expect(facts(xml)).toEqual(facts(OFX));
  });

  it('are read when the end tags of transactions are missing too', () => {
    const open = OFX.replaceAll('</STMTTRN>', '');
    expect(lines(open).map((each) => each.bankReference)).toEqual(['F1', 'F2', 'C1']);
  });

  it('are decoded by the header where the bytes are no UTF-8', () => {
    const bytes = Uint8Array.from(OFX.replace('Scuba Gear', 'Café').split(''), (sign) => sign.charCodeAt(0));
    expect(ofx.read(bytes, {}).statements[0]?.lines[1]?.counterparty.name).toBe('Café');
  });

  it('take an IBAN in the place of the number for an IBAN', () => {
    const { statements } = read(OFX.replace('998877', 'NL91ABNA0417164300'));
    expect(statements[0]?.account).toEqual({ iban: 'NL91ABNA0417164300' });
  });

  it('have pending lines of their own list', () => {
    const text = transaction('<TRNAMT>1<DTPOSTED>20260301').replace(
      '</STMTRS>',
      '<BANKTRANLISTP><STMTTRNP><TRNTYPE>POS<DTTRAN>20260303<TRNAMT>-2</STMTTRNP></BANKTRANLISTP></STMTRS>',
    );
    expect(lines(text)).toMatchObject([{ status: 'booked' }, { status: 'pending', bookedOn: '2026-03-03' }]);
  });

  it('leave securities out and say so', () => {
    const text = `<OFX><INVSTMTRS><CURDEF>USD<INVACCTFROM><ACCTID>7</INVACCTFROM><INVTRANLIST><BUYMF><INVBUY><INVTRAN><FITID>1<DTTRADE>20260301</INVTRAN><TOTAL>-5</INVBUY></BUYMF>
<INVBANKTRAN><STMTTRN><DTPOSTED>20260301<TRNAMT>5<FITID>2</STMTTRN></INVBANKTRAN></INVTRANLIST></INVSTMTRS></OFX>`;
    expect(lines(text)).toMatchObject([{ bankReference: '2' }]);
    expect(read(text).problems).toMatchObject([{ severity: 'warning', code: 'FORMAT_UNSUPPORTED' }]);
  });
});

describe('OFX files with faults', () => {
  it.each([
    ['<TRNAMT>1', 'FIELD_MISSING'],
    ['<DTPOSTED>20260301', 'FIELD_MISSING'],
    ['<DTPOSTED>20260231<TRNAMT>1', 'DATE_INVALID'],
    ['<DTPOSTED>20260301<TRNAMT>$1', 'AMOUNT_INVALID'],
    ['<DTPOSTED>20260301<TRNAMT>1.005', 'AMOUNT_TOO_PRECISE'],
    ['<DTPOSTED>20260301<TRNAMT>1<CURRENCY><CURSYM>USD<CURRATE>0</CURRENCY>', 'FIELD_INVALID'],
  ])('are refused for a single transaction of %s', (elements, code) => {
    expect(read(transaction(elements))).toMatchObject({
      statements: [],
      problems: [{ severity: 'refused', code, line: 2 }],
    });
  });

  it('lose only the transaction that cannot be read', () => {
    const { statements, problems } = read(OFX.replace('+1284,50', 'twelve'));
    expect(statements[0]?.lines).toMatchObject([{ bankReference: 'F2' }]);
    expect(problems).toMatchObject([{ severity: 'error', code: 'AMOUNT_INVALID', line: 16 }]);
  });

  it('are refused without a currency, without a statement, and with the bank’s own error', () => {
    expect(read(transaction('').replace('<CURDEF>EUR', '')).problems).toMatchObject([
      { severity: 'refused', code: 'CURRENCY_UNKNOWN' },
    ]);
    expect(read('<OFX></OFX>').problems).toMatchObject([
      { severity: 'refused', code: 'FORMAT_UNSUPPORTED', line: 1 },
    ]);
    const failed =
      '<OFX>\n<STMTTRNRS><STATUS><CODE>2003<MESSAGE>Account not found</STATUS></STMTTRNRS></OFX>';
    const [problem] = read(failed).problems;
    expect(problem).toMatchObject({ severity: 'refused', line: 2 });
    expect(problem?.message).toContain('2003 Account not found');
  });

  it('say that lines may be missing when they end too soon', () => {
    const cut = OFX.slice(0, OFX.indexOf('<LEDGERBAL>'));
    expect(read(cut).problems).toMatchObject([
      { severity: 'warning', code: 'FILE_UNREADABLE', line: cut.split('\n').length },
    ]);
    expect(lines(cut)).toHaveLength(2);
  });
});

describe('OFX tags', () => {
  const tokens = (source: string): string[] =>
    [...ofxTokens(source)].map(({ kind, name, text }) => `${kind === 'end' ? '/' : ''}${name}=${text}`);

  it('end where the next begins', () => {
    expect(tokens('<A>1<B>2\n</A>')).toEqual(['A=1', 'B=2', '/A=']);
    expect(tokens('<A<B>2')).toEqual(['A=', 'B=2']);
    expect(tokens('<A/><B>x')).toEqual(['A=', 'B=x']);
  });

  it('keep a sign that begins no tag as text, and resolve entities once', () => {
    expect(tokens('<A>1 < 2 & 3<B>&lt;b&gt; &amp;amp; &#233;&#xE9; &#0; &other;')).toEqual([
      'A=1 < 2 & 3',
      'B=<b> &amp; éé \uFFFD &other;',
    ]);
  });

  it('pass over comments and declarations, and read CDATA as it is', () => {
    expect(
      tokens('<!-- <X>1 --><?OFX a="b"?><!DOCTYPE y><A>1<!-- c -->2<B><![CDATA[a <b> &amp;]]></B>'),
    ).toEqual(['A=12', 'B=a <b> &amp;', '/B=']);
  });

  it.each(['<', '<A', '<!--', '<![CDATA[', '</', '<A>&#1;', '<STMTTRN><TRNAMT>'])(
    'of a long run of %s take no long time',
    (piece) => {
      expect([...ofxTokens(piece.repeat(60_000))].length).toBeLessThanOrEqual(120_000);
    },
  );
});
