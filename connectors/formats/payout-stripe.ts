import type { PayoutMemberKind } from '#connectors/payout-ports';

/** What each category of Stripe's reports and API is; `payout` marks what leaves the balance. */
const kinds: readonly (readonly [RegExp, PayoutMemberKind | 'payout'])[] = [
  [/^payout(_failure|_cancel|_reversal)?$/, 'payout'],
  [/^(charge|payment|connect_collection_transfer|fee_refund_of_charge)$/, 'CHARGE'],
  [
    /^(refund|refund_failure|payment_refund|payment_failure_refund|payment_reversal|partial_capture_reversal|charge_failure)$/,
    'REFUND',
  ],
  [/dispute/, 'CHARGEBACK'],
  [/^(tax|tax_fee)$/, 'TAX'],
  [/(^|_)fee(_|$)|^network_cost$|^fee_/, 'FEE'],
  [/reserve|_hold$|_release$|^payout_minimum_balance/, 'RESERVE'],
  [/adjustment|^contribution$|^financing/, 'ADJUSTMENT'],
];

/** What a balance transaction of Stripe is, by its reporting category. */
export function stripeKind(category: string): PayoutMemberKind | 'payout' {
  return kinds.find(([sign]) => sign.test(category))?.[1] ?? 'OTHER';
}

/** Metadata that merchants keep of their own: its key says whether the value names an order or invoice. */
export function isReferenceKey(key: string): boolean {
  return /order|invoice|reference|number|^ref$|receipt/i.test(key);
}
