import { absolute, compare, type Money } from '#kernel/money';
import { severityOrder, type ExceptionReason, type ExceptionSeverity } from './reasons.ts';

/** How urgent each reason is where a book says nothing else. */
export const defaultSeverities: Readonly<Record<ExceptionReason, ExceptionSeverity>> = {
  NO_CANDIDATE: 'LOW',
  FEE_UNKNOWN: 'LOW',
  AMBIGUOUS: 'MEDIUM',
  AMOUNT_DIFFERS: 'MEDIUM',
  FX_OUT_OF_BAND: 'MEDIUM',
  POSTING_REFUSED: 'MEDIUM',
  CURRENCY_DIFFERS: 'MEDIUM',
  PENDING_CHANGED: 'MEDIUM',
  PAYMENT_UNCONFIRMED: 'MEDIUM',
  PAYOUT_INCOMPLETE: 'MEDIUM',
  FEE_DIFFERS: 'MEDIUM',
  FEED_FAILED: 'MEDIUM',
  DUPLICATE: 'HIGH',
  RETURNED: 'HIGH',
  CLOSED_PERIOD: 'HIGH',
  STATEMENT_UNBALANCED: 'HIGH',
  STATEMENT_GAP: 'HIGH',
  STATEMENT_OVERLAP: 'HIGH',
  BALANCE_DIFFERS: 'HIGH',
  PAYMENT_REJECTED: 'HIGH',
  PAYMENT_RETURNED: 'HIGH',
  PAYOUT_MISSING: 'HIGH',
};

/** From this amount on, whatever its sign, an exception in its currency is at least this urgent. */
export interface SeverityFromAmount {
  readonly severity: ExceptionSeverity;
  readonly from: Money;
}

/** What a book says of urgency. */
export interface SeverityRules {
  readonly byReason: Readonly<Partial<Record<ExceptionReason, ExceptionSeverity>>>;
  readonly byAmount: readonly SeverityFromAmount[];
}

/** How urgent an exception is: by its reason, and never less than its amount makes it. */
export function severityOf(
  rules: SeverityRules,
  reason: ExceptionReason,
  amount: Money | undefined,
): ExceptionSeverity {
  let severity = rules.byReason[reason] ?? defaultSeverities[reason];
  for (const step of rules.byAmount) {
    if (amount && reaches(amount, step.from)) severity = moreUrgent(severity, step.severity);
  }
  return severity;
}

function reaches(amount: Money, from: Money): boolean {
  return amount.currency === from.currency && compare(absolute(amount), absolute(from)) >= 0;
}

function moreUrgent(a: ExceptionSeverity, b: ExceptionSeverity): ExceptionSeverity {
  return severityOrder.indexOf(a) >= severityOrder.indexOf(b) ? a : b;
}
