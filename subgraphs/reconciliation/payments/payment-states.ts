/** Which state of a payment order may follow which; once sent, its state follows from those of its payments. */
export const orderTransitions = {
  DRAFT: ['APPROVED', 'CANCELLED'],
  APPROVED: ['SENT', 'CANCELLED'],
  SENT: ['ACCEPTED', 'PART_ACCEPTED', 'REJECTED', 'EXECUTED', 'RETURNED'],
  ACCEPTED: ['SENT', 'PART_ACCEPTED', 'REJECTED', 'EXECUTED', 'RETURNED'],
  PART_ACCEPTED: ['SENT', 'ACCEPTED', 'REJECTED', 'EXECUTED', 'RETURNED'],
  // A match that is undone takes back that the payment was seen on the account.
  EXECUTED: ['SENT', 'ACCEPTED', 'PART_ACCEPTED', 'RETURNED'],
  REJECTED: [],
  RETURNED: [],
  CANCELLED: [],
} as const satisfies Record<string, readonly string[]>;

/** One state of a payment order. */
export type PaymentOrderStatus = keyof typeof orderTransitions;

/** Which state of a payment may follow which. */
export const paymentTransitions = {
  PENDING: ['SENT', 'CANCELLED'],
  SENT: ['ACCEPTED', 'EXECUTED', 'REJECTED', 'RETURNED'],
  ACCEPTED: ['EXECUTED', 'REJECTED', 'RETURNED'],
  EXECUTED: ['SENT', 'ACCEPTED', 'RETURNED'],
  REJECTED: [],
  RETURNED: [],
  CANCELLED: [],
} as const satisfies Record<string, readonly string[]>;

/** One state of a payment. */
export type PaymentStatus = keyof typeof paymentTransitions;

/** Whether a payment may take the step. */
export function mayBecome(from: PaymentStatus, to: PaymentStatus): boolean {
  return (paymentTransitions[from] as readonly string[]).includes(to);
}

/** The state of an order that was sent, as its payments make it: the worst news that is not everything comes first. */
export function statusOfOrder(payments: readonly PaymentStatus[]): PaymentOrderStatus {
  const are = (...allowed: readonly PaymentStatus[]): boolean =>
    payments.every((one) => allowed.includes(one));
  const some = (...sought: readonly PaymentStatus[]): boolean => payments.some((one) => sought.includes(one));
  if (are('REJECTED')) return 'REJECTED';
  if (are('REJECTED', 'RETURNED')) return 'RETURNED';
  if (are('EXECUTED', 'REJECTED', 'RETURNED')) return 'EXECUTED';
  if (are('ACCEPTED', 'EXECUTED', 'RETURNED')) return 'ACCEPTED';
  return some('ACCEPTED', 'EXECUTED', 'REJECTED', 'RETURNED') ? 'PART_ACCEPTED' : 'SENT';
}
