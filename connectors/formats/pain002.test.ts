import { describe, expect, test } from 'vitest';
import { readPaymentStatus } from './pain002.ts';
import { reasonSentence } from './payment-reasons.ts';

const read = (text: string) => readPaymentStatus(Buffer.from(text));

const document = (version: string, inside: string) =>
  `<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:${version}">${inside}</Document>`;

describe('a status report', () => {
  test('says something of the message, its batches and its payments', () => {
    const file = read(
      document(
        'pain.002.001.10',
        `<CstmrPmtStsRpt><GrpHdr><MsgId>B1</MsgId></GrpHdr>
         <OrgnlGrpInfAndSts><OrgnlMsgId>PO1</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId><GrpSts>PART</GrpSts></OrgnlGrpInfAndSts>
         <OrgnlPmtInfAndSts><OrgnlPmtInfId>PO1-1</OrgnlPmtInfId><PmtInfSts>ACSP</PmtInfSts>
           <TxInfAndSts><OrgnlEndToEndId>E2</OrgnlEndToEndId><TxSts>RJCT</TxSts>
             <StsRsnInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>Konto</AddtlInf><AddtlInf>erloschen</AddtlInf></StsRsnInf></TxInfAndSts>
           <TxInfAndSts><OrgnlEndToEndId>E3</OrgnlEndToEndId></TxInfAndSts>
         </OrgnlPmtInfAndSts></CstmrPmtStsRpt>`,
      ),
    );
    expect(file).toEqual({
      format: 'pain.002.001.10',
      problems: [],
      statuses: [
        { messageId: 'PO1', status: 'PART', reason: undefined },
        { messageId: 'PO1', batchId: 'PO1-1', status: 'ACSP', reason: undefined },
        {
          messageId: 'PO1',
          batchId: 'PO1-1',
          endToEndId: 'E2',
          status: 'RJCT',
          reason: 'AC04: the account is closed (Konto erloschen).',
        },
      ],
    });
  });

  test('is read in every version and with any prefix', () => {
    const old = read(
      document(
        'pain.002.001.02',
        `<pain.002.001.02><OrgnlGrpInfAndSts><OrgnlMsgId>PO1</OrgnlMsgId><GrpSts>RJCT</GrpSts>
           <StsRsnInf><StsRsn><Prtry>X9</Prtry></StsRsn><AddtlStsRsnInf>no mandate</AddtlStsRsnInf></StsRsnInf></OrgnlGrpInfAndSts>
         <TxInfAndSts><OrgnlPmtInfId>PO1-1</OrgnlPmtInfId><OrgnlEndToEndId>E1</OrgnlEndToEndId><TxSts>ACWC</TxSts></TxInfAndSts></pain.002.001.02>`,
      ),
    );
    expect(old.statuses).toEqual([
      { messageId: 'PO1', status: 'RJCT', reason: 'X9 (no mandate).' },
      { messageId: 'PO1', batchId: 'PO1-1', endToEndId: 'E1', status: 'ACWC', reason: undefined },
    ]);
    const prefixed = read(
      `<p:Document xmlns:p="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><p:CstmrPmtStsRpt><p:OrgnlGrpInfAndSts>
       <p:OrgnlMsgId>PO1</p:OrgnlMsgId><p:GrpSts>ACCP</p:GrpSts></p:OrgnlGrpInfAndSts></p:CstmrPmtStsRpt></p:Document>`,
    );
    expect(prefixed.statuses).toEqual([{ messageId: 'PO1', status: 'ACCP', reason: undefined }]);
  });

  test('is refused with a reason when it is something else, empty or broken', () => {
    const codes = [
      document('camt.054.001.08', '<BkToCstmrDbtCdtNtfctn/>'),
      document('pain.002.001.10', '<CstmrPmtStsRpt/>'),
      '<Document><CstmrPmtStsRpt>',
      'MSG',
      '<!DOCTYPE x><Document/>',
    ].map((text) => read(text).problems.map(({ code, severity }) => `${severity} ${code}`));
    expect(codes).toEqual([
      ['refused FORMAT_WRONG'],
      ['refused FIELD_MISSING'],
      ['refused FILE_UNREADABLE'],
      ['refused FILE_UNREADABLE'],
      ['refused FILE_UNREADABLE'],
    ]);
  });
});

test('a reason is told by its meaning, its code or its words, whatever there is', () => {
  expect(reasonSentence('MD07')).toBe('MD07: the creditor has died.');
  expect(reasonSentence('ZZ99')).toBe('ZZ99.');
  expect(reasonSentence(undefined, ['  closed '])).toBe('closed');
  expect(reasonSentence(undefined, [])).toBeUndefined();
});
