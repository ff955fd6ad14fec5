/** Small made-up statements, one for each format, for the tests of this folder. */

/** camt.053 version 8: one batch of two with charges, one pending debit. */
export const CAMT = `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-03-03T06:00:00+01:00</CreDtTm></GrpHdr>
<Stmt><Id>S-2026-42</Id><ElctrncSeqNb>42</ElctrncSeqNb><CreDtTm>2026-03-03T06:00:00+01:00</CreDtTm>
<FrToDt><FrDtTm>2026-03-02T00:00:00+01:00</FrDtTm><ToDtTm>2026-03-02T23:59:59+01:00</ToDtTm></FrToDt>
<Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy><Ownr><Nm>Fjord Tools GmbH</Nm></Ownr>
<Svcr><FinInstnId><BICFI>COBADEFFXXX</BICFI></FinInstnId></Svcr></Acct>
<Bal><Tp><CdOrPrtry><Cd>PRCD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">100.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Dt><Dt>2026-03-01</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">1148.50</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-03-02</Dt></Dt></Bal>
<Ntry><Amt Ccy="EUR">1248.50000</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
<BookgDt><Dt>2026-03-02</Dt></BookgDt><ValDt><DtTm>2026-03-03T00:00:00+01:00</DtTm></ValDt><AcctSvcrRef>BANK-1</AcctSvcrRef>
<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn><Prtry><Cd>NTRF+166</Cd></Prtry></BkTxCd>
<Chrgs><TtlChrgsAndTaxAmt Ccy="EUR">1.50</TtlChrgsAndTaxAmt></Chrgs>
<NtryDtls><TxDtls><Refs><EndToEndId>INV-7</EndToEndId></Refs><Amt Ccy="EUR">1000.00</Amt>
<RltdPties><Dbtr><Pty><Nm>Ada &amp; Söhne</Nm></Pty></Dbtr><DbtrAcct><Id><IBAN>NL91ABNA0417164300</IBAN></Id></DbtrAcct></RltdPties>
<RltdAgts><DbtrAgt><FinInstnId><BICFI>ABNANL2A</BICFI></FinInstnId></DbtrAgt></RltdAgts>
<RmtInf><Strd><RfrdDocInf><Nb>2026-007</Nb></RfrdDocInf><CdtrRefInf><Ref>RF18 5390 0754 7034</Ref></CdtrRefInf></Strd></RmtInf></TxDtls>
<TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><Amt Ccy="EUR">250.00</Amt>
<RmtInf><Ustrd>Invoice 8</Ustrd><Ustrd>second part</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="EUR">40.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>PDNG</Cd></Sts>
<ValDt><Dt>2026-03-04</Dt></ValDt><BkTxCd/>
<NtryDtls><TxDtls><RltdPties><Dbtr><Pty><Nm>Fjord Tools GmbH</Nm></Pty></Dbtr><Cdtr><Pty><Nm>Stadtwerke</Nm></Pty></Cdtr>
<CdtrAcct><Id><Othr><Id>0012-345</Id></Othr></Id></CdtrAcct></RltdPties></TxDtls></NtryDtls></Ntry>
</Stmt></BkToCstmrStmt></Document>
`;

/** Two MT940 messages in SWIFT blocks, German narrative, a reversal, and a year that turns between value and entry. */
export const MT940 = [
  '{1:F01BANKDEFFAXXX0000000000}{2:I940BANKDEFFXXXXN}{4:',
  ':20:STARTUMS',
  ':25:37040044/0532013000',
  ':28C:00042/001',
  ':60F:C251230EUR1000,00',
  ':61:2512310102CR250,5NTRFINV-7//B-77',
  ':86:166?00GUTSCHRIFT?109310?20EREF+E2E-1?21SVWZ+Rechnung 2025-007 vom 2?220.12.20',
  '25?30ABNANL2A?31NL91ABNA0417164300?32ADA UND SOEHNE?34000',
  ':61:251231RC100,00NMSCNONREF',
  ':86:059?00RUECKBUCHUNG?20Fehlbuchung',
  ':62F:C251231EUR1150,50',
  ':64:C251231EUR1150,50',
  '-}',
  '{1:F01BANKDEFFAXXX0000000000}{2:I940BANKDEFFXXXXN}{4:',
  ':20:STARTUMS',
  ':25:37040044/0532013000',
  ':28C:00043/001',
  ':60F:C251231EUR1150,50',
  ':62F:C260102EUR1150,50',
  '-}',
  '',
].join('\r\n');

/** OFX 1 without end tags, with a decimal comma, an entity and a credit card beside the bank account. */
export const OFX = `OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:USASCII
CHARSET:1252
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE

<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS><DTSERVER>20260302<LANGUAGE>ENG</SONRS></SIGNONMSGSRSV1>
<BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS>
<STMTRS><CURDEF>USD
<BANKACCTFROM><BANKID>123<ACCTID>998877<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20260301<DTEND>20260302120000[-5:EST]
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260301230000[-5:EST]<TRNAMT>+1284,50<FITID>F1<NAME>Ada &amp; Sons<MEMO>Invoice 7</STMTTRN>
<STMTTRN>
<TRNTYPE>CHECK
<DTPOSTED>20260302
<TRNAMT>-00080.3200
<FITID>F2
<CHECKNUM>1044
<MEMO>
<NAME>Scuba Gear
</STMTTRN>
</BANKTRANLIST>
<LEDGERBAL><BALAMT>2156.56<DTASOF>20260302</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1>
<CREDITCARDMSGSRSV1><CCSTMTTRNRS><CCSTMTRS><CURDEF>EUR<CCACCTFROM><ACCTID>4111</CCACCTFROM>
<BANKTRANLIST><STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260228<TRNAMT>-9.99<FITID>C1<NAME>Hosting<CURRENCY><CURRATE>0.5<CURSYM>USD</CURRENCY></STMTTRN></BANKTRANLIST>
</CCSTMTRS></CCSTMTTRNRS></CREDITCARDMSGSRSV1></OFX>
`;

/** A German bank's export: lines above the table, decimal comma, newest first, running balance. */
export const CSV = `"Kontoumsätze";"01.03.2026 - 02.03.2026"

"Buchungstag";"Wertstellung";"Auftraggeber / Begünstigter";"Verwendungszweck";"Kontonummer/IBAN";"Betrag (EUR)";"Saldo"
"02.03.2026";"03.03.2026";"Stadtwerke";"Abschlag; März";"DE02120300000000202051";"-1.040,00";"1.210,00"
"01.03.2026";"01.03.2026";"Ada & Söhne";"Rechnung 7";"NL91ABNA0417164300";"2.250,00";"2.250,00"
`;

/** A bank account of QIF with two movements, their days by evidence day first. */
export const QIF = `!Account
NGirokonto
TBank
^
!Type:Bank
D25/03/26
T-1,040.00
N1044
PStadtwerke
MAbschlag März
^
D03/03/26
T2,250.00
NDEP
PAda & Söhne
^
`;

/** Text put into columns counted from one. */
function record(width: number, kind: string, fields: Readonly<Record<number, string>>): string {
  let text = kind.padEnd(width);
  for (const [from, value] of Object.entries(fields)) {
    text = text.slice(0, Number(from) - 1) + value + text.slice(Number(from) - 1 + value.length);
  }
  return `${text}\n`;
}

const french = { 3: '20041', 12: '01005', 17: 'EUR2', 22: '0500013M026' };

/** CFONB 120: a transfer that came with more about it, and a direct debit. */
export const CFONB120 = [
  record(120, '01', { ...french, 35: '280226', 91: '0000000010000{' }),
  record(120, '04', {
    ...french,
    33: '05',
    35: '100326',
    43: '110326',
    49: 'VIR SEPA',
    91: '0000000000255I',
  }),
  record(120, '05', { ...french, 33: '05', 35: '100326', 46: 'NPY', 49: 'MENUISERIE DUPONT' }),
  record(120, '04', { ...french, 33: '08', 35: '110326', 43: '110326', 49: 'PRLV', 91: '0000000000100}' }),
  record(120, '07', { ...french, 35: '310326', 91: '0000000010155I' }),
].join('');

/** CFONB 240: two transfers and their total. */
export const CFONB240 = [
  record(240, '31000001', { 9: '20', 11: '090326', 17: 'E', 22: '20041010050500013M026' }),
  record(240, '34000002', {
    9: '20',
    11: '100326',
    17: 'E',
    43: 'DUPONT',
    153: 'FACTURE 17',
    229: '000000002559',
  }),
  record(240, '34000003', {
    9: '20',
    11: '100326',
    17: 'E',
    43: 'DURAND',
    153: 'FACTURE 18',
    229: '000000001000',
  }),
  record(240, '39000004', { 9: '20', 22: '20041010050500013M026', 229: '000000003559' }),
].join('');

/** CODA: a movement in three pieces, and one with a structured communication. */
export const CODA = [
  record(128, '00000', { 6: '11032672505', 25: '0265207', 35: 'FJORD TOOLS', 61: 'BBRUBEBB', 128: '2' }),
  record(128, '12021', {
    6: 'BE68539007547034',
    40: 'EUR',
    43: '0000000001000000',
    59: '100326',
    126: '021',
  }),
  record(128, '21', {
    3: '00010000',
    11: 'BANK-1',
    32: '0000000000025500',
    48: '110326',
    54: '00150000',
    62: '0',
    63: 'INVOICE',
    116: '110326',
  }),
  record(128, '22', { 3: '00010000', 11: '17', 64: 'E2E-17', 99: 'KREDBEBB' }),
  record(128, '23', { 3: '00010000', 11: 'BE71096123456769', 45: 'EUR', 48: 'ADA AND SONS' }),
  record(128, '21', {
    3: '00020000',
    11: 'BANK-2',
    32: '1000000000010000',
    48: '110326',
    54: '00150000',
    62: '1',
    63: '101123456789095',
    116: '110326',
  }),
  record(128, '8021', { 5: 'BE68539007547034', 39: 'EUR', 42: '0000000001015500', 58: '110326' }),
  record(128, '9', { 128: '2' }),
].join('');

/** AEB43: a transfer that came with a second concept, and a receipt that went. */
export const AEB43 = [
  '11210004180200051332260301260331200000000100000' + '9783FERRETERIA DEL SUR SL     ',
  '22    0418260310260310' + '04016200000000002550000000' + '0042FACT-2026-17RECIBO 17       ',
  '2301TRANSFERENCIA DE                      NUNEZ Y HIJOS                         ',
  '22    0418260311260311' + '04016100000000001000000000' + '0043FACT-2026-18RECIBO 18       ',
  '33210004180200051332000010000000000000000001000000000000002000000001015509' + '78    ',
  '88999999999999999999000005',
].join('\r\n');

/** BAI2: an account with a wire that goes on over two lines, and a check. */
export const BAI2 = [
  '01,BANKUS33,FJORD,260311,0600,1,80,1,2/',
  '02,FJORD,BANKUS33,1,260310,,USD,2/',
  '03,0012345678,,010,100000,,,015,101550,,/',
  '88,100,2550,1,,400,1000,1,/',
  '16,195,2550,V,260311,,B-77,INV-7,WIRE FROM ADA',
  '88,AND SONS/LEEDS',
  '16,475,1000,S,0,1000,0,CHK-9,,CHECK PAID/',
  '49,208650,6/',
  '98,208650,1,8/',
  '99,208650,1,10/',
].join('\n');
