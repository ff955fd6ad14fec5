import { absolute, negate, parseMoney, type Money } from '#kernel/money';
import { gatherRows, required, type PayoutTable, type ReportRow } from './payout-table.ts';
import { isReferenceKey, stripeKind } from './payout-stripe.ts';
import { isoDay, memberOf, PayoutGatherer, type PayoutDraft } from './payout-values.ts';

const ids = ['automatic_payout_id', 'payout_id', 'transfer'] as const;

/** Stripe's payout reconciliation report, and the list of balance transactions that its dashboard exports. */
export const stripeCsv: PayoutTable = {
  recognises: (header) =>
    ids.some((name) => header.has(name)) &&
    header.has('currency') &&
    header.has('fee') &&
    header.has('net') &&
    (header.has('reporting_category') || (header.has('source') && header.has('amount'))),
  read: (table) =>
    gatherRows(table, new PayoutGatherer('STRIPE', 'Stripe payout reconciliation CSV'), takeRow),
};

function takeRow(gatherer: PayoutGatherer, row: ReportRow): void {
  const id = row.cell(...ids);
  // What no payout has taken along yet stays in the balance and comes with a later report.
  if (id === undefined) return;
  const currency = required(row, 'currency').toUpperCase();
  const amount = (text: string) => parseMoney(text, currency);
  const draft = gatherer.of(id, currency);
  const paid = isoDay(
    row.cell('automatic_payout_effective_at', 'automatic_payout_effective_at_utc', 'effective_at'),
  );
  draft.arrivesOn ??= isoDay(row.cell('payout_expected_arrival_date')) ?? paid;
  draft.initiatedOn ??= isoDay(row.cell('transfer date (utc)')) ?? paid;
  if (/fail|cancel/i.test(row.cell('payout_status') ?? '') || row.cell('payout_reversed_at'))
    draft.failed = true;
  const category = required(row, 'reporting_category', 'type').toLowerCase();
  const gross = amount(required(row, 'gross', 'amount'));
  const fee = negate(amount(row.cell('fee') ?? '0'));
  const kind = stripeKind(category);
  if (kind === 'payout') takePayout(draft, { gross, fee, row });
  else {
    draft.members.push(
      memberOf({
        key: required(row, 'balance_transaction_id', 'id'),
        kind,
        type: category,
        gross,
        fee,
        net: amount(required(row, 'net')),
        exchange: exchangeOf(row, currency),
        references: referencesOf(row),
        method: row.cell('card_brand', 'payment_method_type')?.toLowerCase(),
        country: row.cell('card_country'),
        occurredOn: isoDay(row.cell('created', 'created_utc', 'created (utc)')),
        description: row.cell('description'),
        record: row.record,
        line: row.line,
      }),
    );
  }
}

/** The payout itself leaves the balance, so its row is negative; what an instant payout costs is a member of it. */
function takePayout(
  draft: PayoutDraft,
  { gross, fee, row }: { gross: Money; fee: Money; row: ReportRow },
): void {
  draft.amount = negate(gross);
  draft.detail = draft.members.length > 0 ? 'ITEMS' : draft.detail;
  if (fee.minor === 0n) return;
  const record = row.record;
  const key = `${required(row, 'balance_transaction_id', 'id', ...ids)} fee`;
  draft.members.push(memberOf({ key, kind: 'FEE', type: 'payout_fee', gross: fee, record, line: row.line }));
}

function exchangeOf(row: ReportRow, currency: string) {
  const paid = row.cell('customer_facing_amount', 'customer facing amount');
  const paidIn = row.cell('customer_facing_currency', 'customer facing currency')?.toUpperCase();
  if (paid === undefined || paidIn === undefined || paidIn === currency) return undefined;
  const original = parseMoney(paid, paidIn);
  // Reports state what the customer saw, without the sign of what happened.
  const negative = /refund|dispute/i.test(row.cell('reporting_category', 'type') ?? '');
  return { original: negative ? negate(absolute(original)) : original };
}

/** What merchants wrote themselves comes first, then Stripe's own ids. */
function referencesOf(row: ReportRow): (string | undefined)[] {
  const own = Object.entries(row.record).flatMap(([name, value]) => {
    const key = /metadata\[(.+)\]$/i.exec(name)?.[1] ?? /^(.+) \(metadata\)$/i.exec(name)?.[1];
    return key !== undefined && isReferenceKey(key) ? [value] : [];
  });
  const named = ['invoice_number', 'invoice_id', 'charge_id', 'source_id', 'source', 'payment_intent_id'];
  return [...own, ...named.map((name) => row.cell(name))];
}
