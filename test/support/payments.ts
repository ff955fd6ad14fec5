import { expect } from 'vitest';
import type { Actor } from '#kernel/actor';
import type { Subgraph } from '#kernel/subgraph';
import { iban, openAccount } from './reconciliation.ts';
import { upload } from './upload.ts';
import { openWorkbench, type Workbench } from './workbench.ts';
import { approvePaymentOrder } from '../../subgraphs/reconciliation/payments/approve-payment-order.ts';
import { createPaymentOrder } from '../../subgraphs/reconciliation/payments/create-payment-order.ts';
import { importPaymentStatus } from '../../subgraphs/reconciliation/payments/import-payment-status.ts';
import { markPaymentOrderSent } from '../../subgraphs/reconciliation/payments/mark-payment-order-sent.ts';
import { paymentFile } from '../../subgraphs/reconciliation/payments/payment-file.ts';
import { reconciliation } from '../../subgraphs/reconciliation/subgraph.ts';
import { vendors } from '../../subgraphs/vendors/subgraph.ts';

/** A workbench on which bills of vendors are paid. */
export function openPaymentBench(...others: readonly Subgraph[]): Promise<Workbench> {
  return openWorkbench([...others, vendors, reconciliation]);
}

/** Orders all that is due of a book from a new account, has it approved, and answers the text of the file for the bank. */
export async function payAllDue(bench: Workbench, bookId: string, ownIban: string): Promise<string> {
  const { bankAccountId } = await openAccount(bench, { bookId, iban: ownIban });
  const made = await bench
    .door('reconciliation')
    .run(createPaymentOrder, { bookId, bankAccountId, dueUntil: '2099-12-31' });
  const paymentOrderId = made.result?.paymentOrderId ?? '';
  expect(await approve(bench, paymentOrderId)).toEqual([]);
  return fileOf(bench, paymentOrderId);
}

interface ShownPayment {
  readonly id: string;
  readonly status: string;
  readonly endToEndId: string;
  readonly reason: string | null;
  readonly creditorName: string;
  readonly executionOn: string;
  readonly remittance: string;
  readonly amount: { readonly amount: string; readonly currency: string };
  readonly discount: { readonly amount: string };
  readonly creditorAccount: { readonly lastFour: string; readonly unused: boolean };
  readonly match: { readonly id: string; readonly method: string; readonly status: string } | null;
  readonly returnLine: { readonly id: string } | null;
  readonly openItem: {
    readonly id: string;
    readonly reference: string;
    readonly open: { readonly amount: string };
  };
}

/** An order as the API shows it. */
export interface ShownOrder {
  readonly id: string;
  readonly status: string;
  readonly messageId: string;
  readonly approvalsNeeded: number;
  readonly approvals: readonly { readonly member: { readonly id: string } }[];
  readonly totals: readonly { readonly amount: string; readonly currency: string }[];
  readonly payments: readonly ShownPayment[];
}

/** The order with its payments, in the order in which they were made. */
export async function orderOf(bench: Workbench, id: string): Promise<ShownOrder> {
  const { paymentOrder } = await bench.query<{
    paymentOrder: Omit<ShownOrder, 'payments'> & { payments: { edges: { node: ShownPayment }[] } };
  }>(
    'reconciliation',
    `query ($id: ID!) { paymentOrder(id: $id) { id status messageId approvalsNeeded approvals { member { id } }
       totals { amount currency } payments { edges { node { id status endToEndId reason creditorName executionOn remittance
       amount { amount currency } discount { amount } creditorAccount { lastFour unused } match { id method status }
       returnLine { id } openItem { id reference open { amount } } } } } } }`,
    { variables: { id } },
  );
  return { ...paymentOrder, payments: paymentOrder.payments.edges.map((edge) => edge.node) };
}

/** Somebody else approves an order; answers the codes of what stood against it. */
export async function approve(
  bench: Workbench,
  paymentOrderId: string,
  by = 'Ravi',
): Promise<readonly string[]> {
  const outcome = await bench
    .door('reconciliation')
    .run(approvePaymentOrder, { paymentOrderId }, { actor: bench.actor(by) });
  return outcome.errors.map((error) => error.code);
}

/** Writes the file of an order and answers its text. */
export async function fileOf(bench: Workbench, paymentOrderId: string, actor?: Actor): Promise<string> {
  const outcome = await bench.door('reconciliation').run(paymentFile, { paymentOrderId }, { actor });
  expect(outcome.errors).toEqual([]);
  const { organisationId } = bench.actor();
  return Buffer.from(await bench.services.files.read(organisationId, outcome.result?.fileId ?? '')).toString(
    'utf8',
  );
}

/** Approves an order, writes its file and hands it to the bank; answers the text of the file. */
export async function send(bench: Workbench, paymentOrderId: string): Promise<string> {
  expect(await approve(bench, paymentOrderId)).toEqual([]);
  const text = await fileOf(bench, paymentOrderId);
  const sent = await bench.door('reconciliation').run(markPaymentOrderSent, { paymentOrderId });
  expect(sent.errors).toEqual([]);
  return text;
}

interface StatusText {
  readonly messageId: string;
  readonly group?: string;
  readonly payments?: readonly {
    readonly endToEndId: string;
    readonly status: string;
    readonly reason?: string;
  }[];
}

/** A status report as banks write it. */
export function pain002({ messageId, group, payments = [] }: StatusText): string {
  const transactions = payments.map(
    ({ endToEndId, status, reason }) =>
      `<TxInfAndSts><OrgnlEndToEndId>${endToEndId}</OrgnlEndToEndId><TxSts>${status}</TxSts>` +
      (reason ? `<StsRsnInf><Rsn><Cd>${reason}</Cd></Rsn></StsRsnInf>` : '') +
      '</TxInfAndSts>',
  );
  return (
    '<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>' +
    '<GrpHdr><MsgId>B1</MsgId><CreDtTm>2026-11-21T10:00:00Z</CreDtTm></GrpHdr>' +
    `<OrgnlGrpInfAndSts><OrgnlMsgId>${messageId}</OrgnlMsgId>${group ? `<GrpSts>${group}</GrpSts>` : ''}</OrgnlGrpInfAndSts>` +
    `<OrgnlPmtInfAndSts><OrgnlPmtInfId>${messageId}-1</OrgnlPmtInfId>${transactions.join('')}</OrgnlPmtInfAndSts>` +
    '</CstmrPmtStsRpt></Document>'
  );
}

/** Imports a status report and waits until everything has followed. */
export async function importStatus(bench: Workbench, bookId: string, text: string) {
  const fileId = await upload(bench, text, { name: 'status.xml' });
  const outcome = await bench.door('reconciliation').run(importPaymentStatus, { bookId, fileId });
  await bench.settle();
  return outcome;
}

/** A movement in a notification. */
export interface NotedMovement {
  /** Signed as the account has it. */
  readonly amount: string;
  readonly on: string;
  readonly endToEndIds: readonly string[];
  readonly reference: string;
  readonly returned?: { readonly code: string; readonly text?: string };
  readonly batchId?: string;
  /** The account of the creditor. */
  readonly creditor?: string;
}

/** A notification, camt.054, of movements on an account. */
export function camt054(movements: readonly NotedMovement[], account = iban): string {
  const entries = movements.map(({ amount, on, endToEndIds, reference, returned, batchId, creditor }) => {
    const out = amount.startsWith('-');
    const side = out ? 'DBIT' : 'CRDT';
    const money = `<Amt Ccy="EUR">${amount.replace('-', '')}</Amt><CdtDbtInd>${side}</CdtDbtInd>`;
    const details = endToEndIds.map(
      (id) =>
        `<TxDtls><Refs>${batchId ? `<PmtInfId>${batchId}</PmtInfId>` : ''}<EndToEndId>${id}</EndToEndId></Refs>` +
        (returned
          ? `<RtrInf><Rsn><Cd>${returned.code}</Cd></Rsn>${returned.text ? `<AddtlInf>${returned.text}</AddtlInf>` : ''}</RtrInf>`
          : '') +
        (creditor ? `<RltdPties><CdtrAcct><Id><IBAN>${creditor}</IBAN></Id></CdtrAcct></RltdPties>` : '') +
        '</TxDtls>',
    );
    return (
      `<Ntry>${money}<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>${on}</Dt></BookgDt><ValDt><Dt>${on}</Dt></ValDt>` +
      `<AcctSvcrRef>${reference}</AcctSvcrRef><BkTxCd/><NtryDtls>${details.join('')}</NtryDtls></Ntry>`
    );
  });
  return (
    '<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>' +
    '<GrpHdr><MsgId>N1</MsgId><CreDtTm>2026-11-21T10:00:00Z</CreDtTm></GrpHdr>' +
    `<Ntfctn><Id>N1</Id><CreDtTm>2026-11-21T10:00:00Z</CreDtTm><Acct><Id><IBAN>${account}</IBAN></Id></Acct>` +
    `${entries.join('')}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>`
  );
}
