import { formatMoney } from '#kernel/money';
import type { PayoutReportFile } from '#connectors/payout-ports';
import { readPayoutReport } from './payout-formats.ts';
import { tableSource } from './table-fixtures.ts';

/** Reads a report given as text, in small blocks as a stream gives them; for tests. */
export function readReport(content: string | object, block = 64): Promise<PayoutReportFile> {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return readPayoutReport(tableSource(text, { name: 'report', block }));
}

/** A file in short: each payout with its members as `KIND gross fee net`; for tests. */
export function shown(file: PayoutReportFile) {
  return file.payouts.map(({ payoutId, amount, members }) => ({
    payout: `${payoutId} ${formatMoney(amount)} ${amount.currency}`,
    members: members.map(
      ({ kind, gross, fee, net }) =>
        `${kind} ${formatMoney(gross)} ${formatMoney(fee)} ${formatMoney(net)}${net.currency === amount.currency ? '' : ` ${net.currency}`}`,
    ),
  }));
}

/** Stripe's reconciliation report of one payout of 162.90 EUR: two charges, a refund and a fee; for tests. */
export const stripeReport = [
  'automatic_payout_id,automatic_payout_effective_at,balance_transaction_id,created,currency,gross,fee,net,reporting_category,source_id,description,charge_id,card_brand,card_country,payment_metadata[invoice_number]',
  'po_1A,2026-03-05 00:00:00,txn_1,2026-03-02 10:00:00,eur,119.00,1.99,117.01,charge,ch_1,Order,ch_1,Visa,DE,INV-2026-0042',
  'po_1A,2026-03-05 00:00:00,txn_2,2026-03-02 11:00:00,eur,59.50,1.14,58.36,charge,ch_2,"Order, urgent",ch_2,MasterCard,US,INV-2026-0043',
  'po_1A,2026-03-05 00:00:00,txn_3,2026-03-03 09:00:00,eur,-10.00,0.00,-10.00,refund,re_1,,ch_1,Visa,DE,',
  'po_1A,2026-03-05 00:00:00,txn_4,2026-03-03 09:00:00,eur,-2.47,0.00,-2.47,fee,fee_1,Radar,,,,',
  '',
].join('\n');
