import { CrossfootError } from '#kernel/errors';
import { absolute, add, money, negate, parseMoney, subtract } from '#kernel/money';
import type { Money } from '#kernel/money';
import type { PayoutMemberKind, PayoutReportFile } from '#connectors/payout-ports';
import { childOf, objectsIn, textOf, type JsonObject } from './payout-json.ts';
import { gatherRows, required, type PayoutTable, type ReportRow } from './payout-table.ts';
import { isoDay, memberOf, PayoutGatherer } from './payout-values.ts';

const isPayout = (object: JsonObject): boolean =>
  childOf(object, 'summary') !== undefined && 'date' in object && 'amount' in object;
const isTransaction = (object: JsonObject): boolean =>
  'payout_id' in object && 'source_type' in object && 'net' in object;

/** Whether pages are answers of Shopify's API about its payments. */
export function isShopify(pages: readonly unknown[]): boolean {
  return objectsIn(pages, (object) => isPayout(object) || isTransaction(object)).length > 0;
}

const kinds: readonly (readonly [RegExp, PayoutMemberKind | 'payout'])[] = [
  [/^payout/, 'payout'],
  [/^(charge|sale|payment|capture)/, 'CHARGE'],
  [/^refund/, 'REFUND'],
  [/dispute|chargeback/, 'CHARGEBACK'],
  [/reserve|advance/, 'RESERVE'],
  [/tax|vat/, 'TAX'],
  [/fee|billing/, 'FEE'],
  [/adjustment|credit|debit/, 'ADJUSTMENT'],
];
const kindOf = (type: string) => kinds.find(([sign]) => sign.test(type))?.[1] ?? 'OTHER';

const summaries: readonly (readonly [string, PayoutMemberKind])[] = [
  ['charges', 'CHARGE'],
  ['refunds', 'REFUND'],
  ['adjustments', 'ADJUSTMENT'],
  ['reserved_funds', 'RESERVE'],
  ['retried_payouts', 'OTHER'],
];

/** Reads payouts and balance transactions of Shopify Payments, as its API answers them. */
export function readShopify(pages: readonly unknown[]): PayoutReportFile {
  const gatherer = new PayoutGatherer('SHOPIFY', 'Shopify API JSON');
  const transactions = objectsIn(pages, isTransaction);
  const detailed = new Set(transactions.map((one) => textOf(one, 'payout_id')));
  objectsIn(pages, isPayout).forEach((payout, at) =>
    gatherer.attempt(at + 1, () => takePayout(gatherer, payout, detailed.has(textOf(payout, 'id')))),
  );
  transactions.forEach((one, at) => gatherer.attempt(at + 1, () => takeTransaction(gatherer, one)));
  return gatherer.finish();
}

function takePayout(gatherer: PayoutGatherer, payout: JsonObject, detailed: boolean): void {
  const currency = textOf(payout, 'currency')?.toUpperCase() ?? '';
  const draft = gatherer.of(textOf(payout, 'id') ?? '', currency);
  draft.amount = parseMoney(textOf(payout, 'amount') ?? '', currency);
  draft.initiatedOn = isoDay(textOf(payout, 'date'));
  draft.failed = /^(failed|canceled|cancelled)$/.test(textOf(payout, 'status') ?? '');
  const trace = textOf(payout, 'external_trace_id');
  if (trace) draft.references.add(trace);
  if (detailed) return;
  draft.detail = 'SUMMARY';
  const summary = childOf(payout, 'summary');
  for (const [name, kind] of summaries) {
    const gross = parseMoney(textOf(summary, `${name}_gross_amount`) ?? '0', currency);
    const fee = negate(parseMoney(textOf(summary, `${name}_fee_amount`) ?? '0', currency));
    if (gross.minor === 0n && fee.minor === 0n) continue;
    const record = {
      [name]: { gross: textOf(summary, `${name}_gross_amount`), fee: textOf(summary, `${name}_fee_amount`) },
    };
    draft.members.push(memberOf({ key: `summary ${name}`, kind, type: name, gross, fee, record }));
  }
}

function takeTransaction(gatherer: PayoutGatherer, one: JsonObject): void {
  const payoutId = textOf(one, 'payout_id');
  if (payoutId === undefined || one['test'] === true) return;
  const currency = textOf(one, 'currency')?.toUpperCase() ?? '';
  const amount = (name: string): Money => parseMoney(textOf(one, name) ?? '0', currency);
  const type = textOf(one, 'type') ?? '';
  const draft = gatherer.of(payoutId, currency);
  const kind = kindOf(type);
  if (kind === 'payout') {
    draft.amount ??= negate(amount('net'));
    return;
  }
  draft.members.push(
    memberOf({
      key: textOf(one, 'id') ?? type,
      kind,
      type,
      gross: amount('amount'),
      fee: negate(amount('fee')),
      net: amount('net'),
      references: [
        textOf(one, 'source_order_name'),
        textOf(one, 'source_order_id'),
        textOf(one, 'source_order_transaction_id'),
        textOf(one, 'source_id'),
      ],
      occurredOn: isoDay(textOf(one, 'processed_at')),
      record: one,
    }),
  );
}

/** The list of transactions that Shopify's administration exports; without ids, a payout is its day and currency. */
export const shopifyTransactions: PayoutTable = {
  recognises: (header) =>
    ['transaction date', 'type', 'order', 'payout date', 'amount', 'fee', 'net'].every((name) =>
      header.has(name),
    ),
  read: (table) =>
    gatherRows(table, new PayoutGatherer('SHOPIFY', 'Shopify payments transactions CSV'), takeRow),
};

/** The list of payouts that Shopify's administration exports: totals of each. */
export const shopifyPayouts: PayoutTable = {
  recognises: (header) =>
    ['payout date', 'status', 'charges', 'refunds', 'fees', 'total'].every((name) => header.has(name)),
  read: (table) =>
    gatherRows(table, new PayoutGatherer('SHOPIFY', 'Shopify payments payouts CSV'), takeSummary),
};

function draftOfRow(gatherer: PayoutGatherer, row: ReportRow) {
  const currency = required(row, 'currency').toUpperCase();
  const day = isoDay(row.cell('payout date'));
  if (day === undefined) throw new CrossfootError('DATE_INVALID', 'The payout date is not a day.');
  const draft = gatherer.of(row.cell('payout id') ?? `${day} ${currency}`, currency);
  draft.initiatedOn = day;
  return draft;
}

function takeRow(gatherer: PayoutGatherer, row: ReportRow): void {
  // What no payout has taken along yet comes with a later report.
  if (row.cell('payout date') === undefined || row.cell('payout status')?.toLowerCase() === 'pending') return;
  const draft = draftOfRow(gatherer, row);
  const { currency } = draft;
  const type = required(row, 'type').toLowerCase();
  const kind = kindOf(type);
  if (kind === 'payout') return;
  const gross = parseMoney(required(row, 'amount'), currency);
  const vat = absolute(parseMoney(row.cell('vat') ?? '0', currency));
  const fee = negate(parseMoney(row.cell('fee') ?? '0', currency));
  const net = parseMoney(required(row, 'net'), currency);
  const taken = subtract(net, gross);
  // Some exports count the tax within the fee, some beside it.
  const beside = add(gross, fee).minor !== net.minor && subtract(fee, vat).minor === taken.minor;
  const paidIn = row.cell('presentment currency')?.toUpperCase();
  const paid = row.cell('presentment amount');
  draft.members.push(
    memberOf({
      key:
        row.cell('transaction id', 'checkout') ??
        `${row.cell('transaction date')} ${type} ${row.cell('order') ?? ''}`,
      kind,
      type,
      gross,
      fee: beside ? taken : fee,
      net,
      fees:
        vat.minor === 0n
          ? []
          : [
              { kind: 'FEE', label: 'fee', amount: beside ? fee : add(fee, vat) },
              { kind: 'TAX', label: 'VAT', amount: negate(vat) },
            ],
      exchange: paid && paidIn && paidIn !== currency ? { original: parseMoney(paid, paidIn) } : undefined,
      references: [row.cell('order'), row.cell('checkout')],
      method: row.cell('card brand', 'payment method name')?.toLowerCase(),
      occurredOn: isoDay(row.cell('transaction date')),
      record: row.record,
      line: row.line,
    }),
  );
}

const totals: readonly (readonly [string, PayoutMemberKind])[] = [
  ['charges', 'CHARGE'],
  ['refunds', 'REFUND'],
  ['adjustments', 'ADJUSTMENT'],
  ['reserved funds', 'RESERVE'],
  ['fees', 'FEE'],
  ['retried amount', 'OTHER'],
];

function takeSummary(gatherer: PayoutGatherer, row: ReportRow): void {
  const draft = draftOfRow(gatherer, row);
  const { currency } = draft;
  draft.amount = parseMoney(required(row, 'total'), currency);
  draft.detail = 'SUMMARY';
  draft.failed = /fail|cancel/i.test(row.cell('status') ?? '');
  const reference = row.cell('bank reference');
  if (reference) draft.references.add(reference);
  for (const [name, kind] of totals) {
    const stated = parseMoney(row.cell(name) ?? '0', currency);
    // The column of fees holds what they cost, whatever its sign.
    const gross = kind === 'FEE' ? negate(absolute(stated)) : stated;
    if (gross.minor === 0n) continue;
    const record = { [name]: row.cell(name) };
    draft.members.push(
      memberOf({
        key: `summary ${name}`,
        kind,
        type: name,
        gross,
        fee: money(0n, currency),
        record,
        line: row.line,
      }),
    );
  }
}
