import { describe, expect, it } from 'vitest';
import { money } from '#kernel/money';
import type { BankLine, BankStatement, StatementFile } from '#connectors/ports';
import { camt053 } from './camt053.ts';
import { CAMT } from './statement-fixtures.ts';

const read = (xml: string): StatementFile => camt053.read(new TextEncoder().encode(xml), {});
const eur = (minor: bigint): ReturnType<typeof money> => money(minor, 'EUR');
const first = (xml: string): BankStatement => {
  const statement = read(xml).statements[0];
  if (statement === undefined) throw new Error('no statement was read');
  return statement;
};
const line = (xml: string, index = 0): BankLine => {
  const found = first(xml).lines[index];
  if (found === undefined) throw new Error('no line was read');
  return found;
};

/** A statement of one entry in the oldest style: text status, no namespace. */
const entry = (inner: string, balances = ''): string =>
  `<Document><BkToCstmrStmt><Stmt><Id>1</Id><Acct><Id><IBAN>DE89370400440532013000</IBAN></Id></Acct>${balances}` +
  `<Ntry>${inner}</Ntry></Stmt></BkToCstmrStmt></Document>`;
const booked = '<Sts>BOOK</Sts><BookgDt><Dt>2026-03-02</Dt></BookgDt>';
const balance = (code: string, amount: string): string =>
  `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>`;

describe('camt.053 statements', () => {
  it('reads account, balances, period and number', () => {
    const { lines, ...statement } = first(CAMT);
    expect(lines).toHaveLength(2);
    expect(statement).toEqual({
      format: 'camt.053.001.08',
      reference: 'S-2026-42',
      sequence: '42',
      account: {
        iban: 'DE89370400440532013000',
        name: 'Fjord Tools GmbH',
        bic: 'COBADEFFXXX',
        currency: 'EUR',
      },
      currency: 'EUR',
      opening: { amount: eur(-10000n), on: '2026-03-01' },
      closing: { amount: eur(114850n), on: '2026-03-02' },
      from: '2026-03-02',
      to: '2026-03-02',
    });
  });

  it('reads an entry as one line with its transactions as details', () => {
    expect(line(CAMT)).toMatchObject({
      bookedOn: '2026-03-02',
      valueOn: '2026-03-03',
      amount: eur(124850n),
      status: 'booked',
      reversal: false,
      counterparty: {},
      bankReference: 'BANK-1',
      transactionCode: 'PMNT-RCDT-ESCT/NTRF+166',
      charges: eur(150n),
      line: 10,
    });
    expect(line(CAMT).details.slice(0, 2)).toEqual([
      {
        amount: eur(100000n),
        counterparty: { iban: 'NL91ABNA0417164300', name: 'Ada & Söhne', bic: 'ABNANL2A' },
        endToEndId: 'INV-7',
        structuredReference: 'RF18539007547034',
        remittance: '2026-007',
      },
      { amount: eur(25000n), counterparty: {}, remittance: 'Invoice 8 second part' },
    ]);
  });

  it('keeps the entry as it stood in the file', () => {
    expect(line(CAMT).raw).toMatch(/^<Ntry><Amt Ccy="EUR">1248\.50000<[\s\S]*<\/Ntry>$/);
    expect(line(CAMT, 1).raw).toContain('0012-345');
    expect(line(CAMT, 1).raw).not.toContain('1248.50000');
  });

  it('lets a single transaction speak for the line: who got the money, by name and number', () => {
    expect(line(CAMT, 1)).toMatchObject({
      bookedOn: '2026-03-04',
      amount: eur(-4000n),
      status: 'pending',
      counterparty: { name: 'Stadtwerke', accountNumber: '0012-345' },
    });
  });

  it('reads the same under any prefix and with a status in the style of any version', () => {
    const prefixed = CAMT.replaceAll(/<(\/?)(?=[A-Z])/g, '<$1ns2:').replace('xmlns=', 'xmlns:ns2=');
    const old = CAMT.replaceAll(/<Sts><Cd>(\w+)<\/Cd><\/Sts>/g, '<Sts>$1</Sts>');
    const facts = (xml: string): unknown => first(xml).lines.map((each) => ({ ...each, raw: '' }));
    expect(facts(prefixed)).toEqual(facts(CAMT));
    expect(first(prefixed).format).toBe('camt.053.001.08');
    expect(facts(old)).toEqual(facts(CAMT));
  });

  it('reads several statements, and camt.052 and camt.054 under their own names', () => {
    const statement = /<Stmt>[\s\S]*<\/Stmt>/.exec(CAMT)?.[0] ?? '';
    expect(read(CAMT.replace(statement, statement + statement)).statements).toHaveLength(2);
    const notification = CAMT.replaceAll('BkToCstmrStmt', 'BkToCstmrDbtCdtNtfctn').replaceAll(
      'Stmt>',
      'Ntfctn>',
    );
    expect(read(notification.replace('camt.053', 'camt.054'))).toMatchObject({ format: 'camt.054.001.08' });
    const report = CAMT.replaceAll('BkToCstmrStmt', 'BkToCstmrAcctRptV01').replaceAll('Stmt>', 'Rpt>');
    const { statements } = read(report.replace('camt.053.001.08', 'camt.052.001.01'));
    expect(statements[0]).toMatchObject({ format: 'camt.052.001.01' });
    expect(statements[0]?.lines).toHaveLength(2);
  });

  it('takes an IBAN given as another identification for an IBAN', () => {
    const other = CAMT.replace(
      '<IBAN>DE89370400440532013000</IBAN>',
      '<Othr><Id>DE89370400440532013000</Id></Othr>',
    );
    expect(first(other).account.iban).toBe('DE89370400440532013000');
    const number = CAMT.replace('<IBAN>DE89370400440532013000</IBAN>', '<Othr><Id>DE00-1</Id></Othr>');
    expect(first(number).account).toMatchObject({ accountNumber: 'DE00-1' });
  });

  it('finds the other side when the bank swaps the roles', () => {
    const party = (role: string, name: string, iban: string): string =>
      `<${role}><Nm>${name}</Nm></${role}><${role}Acct><Id><IBAN>${iban}</IBAN></Id></${role}Acct>`;
    const us = party('Dbtr', 'Us', 'DE89370400440532013000');
    const them = party('Cdtr', 'Them', 'NL91ABNA0417164300');
    const swapped = `<Amt Ccy="EUR">5</Amt><CdtDbtInd>CRDT</CdtDbtInd>${booked}<NtryDtls><TxDtls><RltdPties>${us}${them}</RltdPties></TxDtls></NtryDtls>`;
    expect(line(entry(swapped)).counterparty).toMatchObject({ name: 'Them', iban: 'NL91ABNA0417164300' });
  });

  it('adds up charges of version 2, which stand beside the entry without records', () => {
    const charges =
      '<Chrgs><Amt Ccy="EUR">0.30</Amt><CdtDbtInd>DBIT</CdtDbtInd></Chrgs><Chrgs><Amt Ccy="EUR">0.10</Amt><CdtDbtInd>CRDT</CdtDbtInd></Chrgs>';
    const xml = entry(`<Amt Ccy="EUR">5</Amt><CdtDbtInd>DBIT</CdtDbtInd>${booked}${charges}`);
    expect(line(xml)).toMatchObject({ amount: eur(-500n), charges: eur(20n) });
  });

  it('makes charges that lie between the details and the entry a share of their own', () => {
    const [batch] = first(CAMT).lines;
    expect(batch?.details.map(({ kind, amount }) => [kind, amount?.minor])).toEqual([
      [undefined, 100_000n],
      [undefined, 25_000n],
      ['charge', -150n],
    ]);
    expect(read(CAMT).problems).toEqual([]);
  });

  it('keeps the charges of each detail with it, and says when details are not the whole', () => {
    const detail =
      '<NtryDtls><TxDtls><Amt Ccy="EUR">4.00</Amt><Chrgs><TtlChrgsAndTaxAmt Ccy="EUR">0.25</TtlChrgsAndTaxAmt></Chrgs></TxDtls></NtryDtls>';
    const xml = entry(`<Amt Ccy="EUR">5</Amt><CdtDbtInd>DBIT</CdtDbtInd>${booked}${detail}`);
    expect(line(xml).details).toMatchObject([{ amount: eur(-400n), charges: eur(25n) }]);
    expect(read(xml).problems).toMatchObject([{ severity: 'warning', code: 'FIELD_INVALID', line: 1 }]);
    const whole = xml.replace('>5<', '>4.25<');
    expect(line(whole).details[1]).toEqual({ kind: 'charge', amount: eur(-25n) });
    expect(read(whole).problems).toEqual([]);
    expect(line(xml.replace('>5<', '>4<')).details).toHaveLength(1);
  });

  it('knows a batch by the reference of the order that it came from', () => {
    const batch = '<NtryDtls><Btch><PmtInfId>RUN-42</PmtInfId><NbOfTxs>7</NbOfTxs></Btch></NtryDtls>';
    const xml = entry(`<Amt Ccy="EUR">5</Amt><CdtDbtInd>DBIT</CdtDbtInd>${booked}${batch}`);
    expect(line(xml)).toMatchObject({ endToEndId: 'RUN-42', details: [] });
  });

  it('tells the amount in the currency of the order with the sign of the line', () => {
    const ordered =
      '<NtryDtls><TxDtls><AmtDtls><InstdAmt><Amt Ccy="USD">11.00</Amt></InstdAmt></AmtDtls></TxDtls></NtryDtls>';
    const xml = entry(`<Amt Ccy="EUR">10</Amt><CdtDbtInd>DBIT</CdtDbtInd>${booked}${ordered}`);
    expect(line(xml).originalAmount).toEqual(money(-1100n, 'USD'));
  });
});

describe('reversals in camt.053', () => {
  const reversal = `<Amt Ccy="EUR">10.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><RvslInd>true</RvslInd>${booked}`;

  it('have the sign of their indicator when the balances agree or say nothing', () => {
    expect(line(entry(reversal))).toMatchObject({ reversal: true, amount: eur(-1000n) });
    const xml = entry(reversal, balance('OPBD', '100.00') + balance('CLBD', '90.00'));
    expect(line(xml).amount).toEqual(eur(-1000n));
    expect(read(xml).problems).toEqual([]);
  });

  it('are turned round, with a warning, when only that makes the balances agree', () => {
    const xml = entry(reversal, balance('OPBD', '100.00') + balance('CLBD', '110.00'));
    expect(line(xml).amount).toEqual(eur(1000n));
    expect(read(xml).problems).toMatchObject([{ severity: 'warning', code: 'FIELD_INVALID', line: 1 }]);
  });

  it('are taken as written, with a warning, where no balances prove their sign', () => {
    expect(read(entry(reversal)).problems).toMatchObject([
      { severity: 'warning', code: 'FIELD_INVALID', line: 1 },
    ]);
  });

  it('stay as they are when neither sign makes the balances agree', () => {
    const xml = entry(reversal, balance('OPBD', '100.00') + balance('CLBD', '500.00'));
    expect(line(xml).amount).toEqual(eur(-1000n));
  });

  it('keep the parties in the roles of the original', () => {
    const parties =
      '<NtryDtls><TxDtls><RltdPties><Dbtr><Nm>Payer</Nm></Dbtr><Cdtr><Nm>Us</Nm></Cdtr></RltdPties></TxDtls></NtryDtls>';
    expect(line(entry(reversal + parties)).counterparty.name).toBe('Payer');
  });
});

describe('camt.053 files with faults', () => {
  it('are refused for a DOCTYPE, with the line', () => {
    const hostile = CAMT.replace('<Document', '<!DOCTYPE x [<!ENTITY a "b">]>\n<Document');
    expect(read(hostile)).toMatchObject({
      statements: [],
      problems: [{ severity: 'refused', code: 'FILE_UNREADABLE', line: 2 }],
    });
  });

  it('are refused when cut off, with the line', () => {
    const cut = CAMT.slice(0, CAMT.indexOf('<RltdAgts>'));
    const lines = cut.split('\n').length;
    expect(read(cut)).toMatchObject({
      statements: [],
      problems: [{ severity: 'refused', code: 'FILE_UNREADABLE', line: lines }],
    });
  });

  it('count lines from the start of the file, blank lines before the XML included', () => {
    expect(line(`\n\n${CAMT}`).line).toBe(12);
  });

  it.each([
    [
      '<CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd>',
      '<CdtDbtInd>XXXX</CdtDbtInd><Sts><Cd>BOOK</Cd>',
      'FIELD_INVALID',
    ],
    ['>1248.50000<', '>1248.505<', 'AMOUNT_TOO_PRECISE'],
    ['>1248.50000<', '>1,248.50<', 'AMOUNT_INVALID'],
    ['<Amt Ccy="EUR">1248.50000<', '<Amt Ccy="EUX">1248.50000<', 'CURRENCY_UNKNOWN'],
    ['<Amt Ccy="EUR">1248.50000</Amt>', '', 'FIELD_MISSING'],
    ['<BookgDt><Dt>2026-03-02<', '<BookgDt><Dt>2026-02-30<', 'DATE_INVALID'],
  ])('lose only the entry with %s made %s', (from, to, code) => {
    const { statements, problems } = read(CAMT.replace(from, to));
    expect(statements[0]?.lines).toHaveLength(1);
    expect(problems).toMatchObject([{ severity: 'error', code, line: 10 }]);
  });

  it('are refused when every entry is lost', () => {
    const xml = entry(`<Amt Ccy="EUR">x</Amt><CdtDbtInd>CRDT</CdtDbtInd>${booked}`, balance('OPBD', '1.00'));
    expect(read(xml)).toMatchObject({
      statements: [],
      problems: [{ severity: 'refused', code: 'AMOUNT_INVALID', line: 1 }],
    });
  });

  it('never post an entry whose status is unknown', () => {
    const { statements, problems } = read(CAMT.replace('<Cd>BOOK</Cd>', '<Cd>ODD</Cd>'));
    expect(statements[0]?.lines[0]?.status).toBe('pending');
    expect(problems).toMatchObject([{ severity: 'warning', code: 'FIELD_INVALID' }]);
  });

  it('are refused when nested without end', () => {
    const deep = CAMT.replace('<Ntry>', `<Ntry>${'<a>'.repeat(100)}`);
    expect(read(deep).problems).toMatchObject([{ severity: 'refused', code: 'FILE_UNREADABLE' }]);
  });
});

describe('payments that came back, in camt.053 and camt.054', () => {
  const reasonOf = (information: string) => {
    const details = `<NtryDtls><TxDtls><Refs><EndToEndId>E7</EndToEndId></Refs>${information}</TxDtls></NtryDtls>`;
    return line(entry(`<Amt Ccy="EUR">5</Amt><CdtDbtInd>CRDT</CdtDbtInd>${booked}${details}`)).details[0];
  };

  it('say why, in every version', () => {
    expect(reasonOf('<RtrInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>erloschen</AddtlInf></RtrInf>')).toMatchObject(
      {
        endToEndId: 'E7',
        returnReason: 'AC04: the account is closed (erloschen).',
      },
    );
    expect(reasonOf('<RtrInf><RtrRsn><Prtry>914</Prtry></RtrRsn></RtrInf>')?.returnReason).toBe('914.');
    expect(reasonOf('<RtrInf/>')?.returnReason).toBe('The bank gave no reason.');
    expect(reasonOf('')).not.toHaveProperty('returnReason');
  });
});
