import type { PaymentStatus as Reported } from '#connectors/payment-ports';
import { mayBecome, type PaymentStatus } from './payment-states.ts';

/** A payment as far as a report can mean it. */
export interface ReportedPayment {
  readonly id: string;
  readonly messageId: string;
  readonly batchId: string | undefined;
  readonly endToEndId: string;
  readonly status: PaymentStatus;
}

/** What a report makes of a payment. */
export interface PaymentOutcome {
  readonly id: string;
  readonly status: 'ACCEPTED' | 'EXECUTED' | 'REJECTED';
  /** What the bank said, for people. */
  readonly reason: string;
}

/**
 * What the codes of ISO 20022 mean for a payment. Received, pending and partly accepted (RCVD, PDNG, PART, PATC) say
 * nothing new of a single payment and are not here.
 */
const meanings: Readonly<Record<string, PaymentOutcome['status']>> = {
  ACTC: 'ACCEPTED',
  ACCP: 'ACCEPTED',
  ACSP: 'ACCEPTED',
  ACWC: 'ACCEPTED',
  ACWP: 'ACCEPTED',
  ACFC: 'ACCEPTED',
  ACSC: 'EXECUTED',
  ACCC: 'EXECUTED',
  RJCT: 'REJECTED',
  CANC: 'REJECTED',
  BLCK: 'REJECTED',
};

/**
 * What a status report makes of payments. What is said of a payment itself goes before what is said of its batch, and
 * that before what is said of the message. Nothing that is over begins again, so a report that comes late or twice
 * changes nothing.
 */
export function outcomesOfReport(
  statuses: readonly Reported[],
  payments: readonly ReportedPayment[],
): PaymentOutcome[] {
  return payments.flatMap((payment) => {
    const said = mostSpecific(statuses, payment);
    const status = said && meanings[said.status];
    // What the bank has executed is only taken back by a return.
    if (said === undefined || status === undefined || !mayBecome(payment.status, status)) return [];
    if (payment.status === 'EXECUTED') return [];
    return [{ id: payment.id, status, reason: said.reason ?? `${said.status}, without a reason.` }];
  });
}

function mostSpecific(statuses: readonly Reported[], payment: ReportedPayment): Reported | undefined {
  const concerned = statuses.filter(
    (each) => each.messageId === undefined || each.messageId === payment.messageId,
  );
  return (
    concerned.findLast((each) => each.endToEndId === payment.endToEndId) ??
    concerned.findLast(
      (each) =>
        each.endToEndId === undefined && each.batchId !== undefined && each.batchId === payment.batchId,
    ) ??
    concerned.findLast(
      (each) => each.endToEndId === undefined && each.batchId === undefined && each.messageId !== undefined,
    )
  );
}
