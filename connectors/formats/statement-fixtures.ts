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
