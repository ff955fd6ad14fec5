import { parseMoney, sum } from '#kernel/money';
import type { Money } from '#kernel/money';
import type { CalendarDate } from '#kernel/calendar';
import type { PayoutFee, PayoutMemberKind } from '#connectors/payout-ports';
import { cellHabits, readDay } from './csv-expenses-cells.ts';
import { eachRow, required, type PayoutTable, type ReportRow } from './payout-table.ts';
import { memberOf, PayoutGatherer, type PayoutDraft } from './payout-values.ts';

/** The settlement report of Amazon, flat file V2: the first row of a settlement is its total, the others its parts. */
export const amazonSettlement: PayoutTable = {
  recognises: (header) =>
    ['settlement-id', 'total-amount', 'transaction-type', 'amount-type', 'amount-description'].every((name) =>
      header.has(name),
    ),
  async read(table) {
    const gatherer = new PayoutGatherer('AMAZON', 'Amazon settlement flat file V2');
    const orders: Orders = new Map();
    const currencies = new Map<string, string>();
    await eachRow(
      table,
      (row) => gatherer.attempt(row.line, () => takeRow(row, { gatherer, orders, currencies })),
      ({ number, problem }) =>
        problem && gatherer.problems.push({ severity: 'error', line: number, ...problem }),
    );
    for (const order of orders.values()) {
      gatherer.attempt(order.line, () => order.draft.members.push(memberFrom(order)));
    }
    return gatherer.finish();
  },
};

/** The rows that tell of one order or event, which are one member. */
interface Order {
  readonly draft: PayoutDraft;
  readonly key: string;
  readonly kind: PayoutMemberKind;
  readonly type: string;
  readonly references: readonly (string | undefined)[];
  readonly occurredOn: CalendarDate | undefined;
  readonly line: number;
  readonly record: Readonly<Record<string, string>>;
  readonly gross: Money[];
  readonly fees: PayoutFee[];
}

type Orders = Map<string, Order>;

interface Reading {
  readonly gatherer: PayoutGatherer;
  readonly orders: Orders;
  /** The currency of each settlement; only its first row says it. */
  readonly currencies: Map<string, string>;
}

const habits = cellHabits([], ['31/12/2026'], '\t');
const dayOf = (text: string | undefined) => readDay(text?.replace(/\s.*$/, '') ?? '', habits);
const plain = (text: string, currency: string) => parseMoney(text.replace(',', '.'), currency);

function takeRow(row: ReportRow, { gatherer, orders, currencies }: Reading): void {
  const id = required(row, 'settlement-id');
  const total = row.cell('total-amount');
  if (total !== undefined) {
    const currency = required(row, 'currency');
    currencies.set(id, currency);
    const draft = gatherer.of(id, currency);
    draft.amount = plain(total, currency);
    draft.initiatedOn = dayOf(row.cell('settlement-end-date'));
    draft.arrivesOn = dayOf(row.cell('deposit-date'));
    return;
  }
  const currency = currencies.get(id) ?? required(row, 'currency');
  const amount = plain(required(row, 'amount'), currency);
  const order = orderOf(row, { orders, draft: gatherer.of(id, currency) });
  const label = row.cell('amount-description') ?? '';
  if (isFeeOfOrder(row) && order.kind !== 'FEE') order.fees.push({ kind: feeKind(row), label, amount });
  else order.gross.push(amount);
}

function isFeeOfOrder(row: ReportRow): boolean {
  return /fee|withheld/i.test(row.cell('amount-type') ?? '');
}

const feeKind = (row: ReportRow) => (/withheld/i.test(row.cell('amount-type') ?? '') ? 'TAX' : 'FEE');

function orderOf(row: ReportRow, { orders, draft }: { orders: Orders; draft: PayoutDraft }): Order {
  const type = row.cell('transaction-type') ?? 'other';
  const order = row.cell('order-id');
  const parts = [type, order, row.cell('adjustment-id'), row.cell('shipment-id')];
  // What belongs to no order is told apart by what it is called and its day.
  if (order === undefined)
    parts.push(row.cell('amount-description'), row.cell('posted-date-time', 'posted-date'));
  const key = parts
    .map((part) => part ?? '')
    .join(' ')
    .trim();
  const known = orders.get(`${draft.payoutId} ${key}`);
  if (known) return known;
  const begun: Order = {
    draft,
    key,
    kind: kindOf(type, row),
    type: order === undefined ? `${type}: ${row.cell('amount-description') ?? ''}` : type,
    references: [order, row.cell('merchant-order-id'), row.cell('adjustment-id')],
    occurredOn: dayOf(row.cell('posted-date')),
    line: row.line,
    record: row.record,
    gross: [],
    fees: [],
  };
  orders.set(`${draft.payoutId} ${key}`, begun);
  return begun;
}

function kindOf(type: string, row: ReportRow): PayoutMemberKind {
  if (/chargeback|a-to-z/i.test(type)) return 'CHARGEBACK';
  if (/^order(_?retrocharge)?$/i.test(type)) return 'CHARGE';
  if (/refund/i.test(type)) return 'REFUND';
  const what = `${type} ${row.cell('amount-type') ?? ''} ${row.cell('amount-description') ?? ''}`;
  if (/reserve/i.test(what)) return 'RESERVE';
  if (/\btax\b/i.test(what)) return 'TAX';
  if (/fee|advertising|subscription|storage|commission|shipping label|postage/i.test(what)) return 'FEE';
  return /reimbursement|adjustment|other-transaction/i.test(what) ? 'ADJUSTMENT' : 'OTHER';
}

function memberFrom({ draft, gross, fees, ...order }: Order) {
  const { currency } = draft;
  return memberOf({
    ...order,
    gross: sum(currency, gross),
    fee: sum(
      currency,
      fees.map((one) => one.amount),
    ),
    fees: Array.from(Map.groupBy(fees, (one) => one.label).values(), ([first, ...more]): PayoutFee => {
      const all = [first, ...more].flatMap((one) => (one ? [one.amount] : []));
      return { kind: first?.kind ?? 'FEE', label: first?.label ?? '', amount: sum(currency, all) };
    }),
  });
}
