import type { ReadProblem } from '#connectors/ports';
import type { PaymentStatus, PaymentStatusFile } from '#connectors/payment-ports';
import { reasonSentence } from './payment-reasons.ts';
import { declaredEncoding, decodeText } from './text.ts';
import { child, children, readXml, textAt } from './xml-tree.ts';
import type { XmlElement } from './xml-tree.ts';

const versionOf = /(pain\.002\.\d{3}\.\d{2})/;

/**
 * Reads a pain.002 (CustomerPaymentStatusReport) of any version, by local names. What is said of the message, of a
 * batch and of a payment are statuses of their own, the general ones first. Never throws for what the file contains.
 */
export function readPaymentStatus(bytes: Uint8Array): PaymentStatusFile {
  const tree = readXml(decodeText(bytes, declaredEncoding(bytes)));
  if (tree.problem !== undefined) return { format: 'pain.002', statuses: [], problems: [tree.problem] };
  const { root } = tree;
  // Version 2 names the element after the message.
  const report =
    child(root, 'CstmrPmtStsRpt', 'pain.002.001.02') ?? (root.name === 'CstmrPmtStsRpt' ? root : undefined);
  if (report === undefined) {
    const message =
      'This is no payment status report (pain.002); import bank statements and notifications (camt) by `importBankStatement`.';
    return {
      format: 'unknown',
      statuses: [],
      problems: [{ severity: 'refused', code: 'FORMAT_WRONG', message, line: root.line }],
    };
  }
  const format = versionOf.exec(root.attributes.get('xmlns') ?? '')?.[1] ?? 'pain.002';
  const problems: ReadProblem[] = [];
  const statuses = statusesOf(report);
  if (statuses.length === 0) {
    const message = 'The report says nothing of any payment.';
    problems.push({ severity: 'refused', code: 'FIELD_MISSING', message, line: report.line });
  }
  return { format, statuses, problems };
}

function statusesOf(report: XmlElement): PaymentStatus[] {
  const group = child(report, 'OrgnlGrpInfAndSts', 'OrgnlGrpInf');
  const messageId = textAt(group, 'OrgnlMsgId');
  const found: PaymentStatus[] = [];
  add(found, { messageId }, { status: textAt(group, 'GrpSts'), element: group });
  const batches = children(report, 'OrgnlPmtInfAndSts');
  for (const batch of batches) {
    const batchId = textAt(batch, 'OrgnlPmtInfId');
    add(found, { messageId, batchId }, { status: textAt(batch, 'PmtInfSts'), element: batch });
    addTransactions(found, batch, { messageId, batchId });
  }
  // Version 2 has the payments beside the group.
  addTransactions(found, report, { messageId });
  return found;
}

type Subject = Pick<PaymentStatus, 'messageId' | 'batchId' | 'endToEndId'>;

function addTransactions(found: PaymentStatus[], parent: XmlElement, subject: Subject): void {
  for (const transaction of children(parent, 'TxInfAndSts')) {
    const endToEndId = textAt(transaction, 'OrgnlEndToEndId') ?? textAt(transaction, 'OrgnlInstrId');
    if (endToEndId === undefined) continue;
    const batchId = subject.batchId ?? textAt(transaction, 'OrgnlPmtInfId');
    const messageId = subject.messageId ?? textAt(transaction, 'OrgnlGrpInf', 'OrgnlMsgId');
    add(
      found,
      { messageId, batchId, endToEndId },
      { status: textAt(transaction, 'TxSts'), element: transaction },
    );
  }
}

/** Something of which no status is said is told by what surrounds it. */
function add(
  found: PaymentStatus[],
  subject: Subject,
  { status, element }: { status: string | undefined; element: XmlElement | undefined },
): void {
  if (status === undefined) return;
  found.push({ ...subject, status, reason: reasonIn(children(element, 'StsRsnInf')) });
}

/** Several reasons are told one after the other. */
function reasonIn(informations: readonly XmlElement[]): string | undefined {
  const told = informations.flatMap((each) => {
    // Version 2 says StsRsn and AddtlStsRsnInf.
    const code =
      textAt(each, 'Rsn', 'Cd') ??
      textAt(each, 'Rsn', 'Prtry') ??
      textAt(each, 'StsRsn', 'Cd') ??
      textAt(each, 'StsRsn', 'Prtry');
    const words = children(each, 'AddtlInf', 'AddtlStsRsnInf').map((one) => one.text);
    return reasonSentence(code, words) ?? [];
  });
  return told.length === 0 ? undefined : told.join(' ');
}
