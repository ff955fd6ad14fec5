import { CrossfootError } from '#kernel/errors';
import { negate, parseMoney, subtract } from '#kernel/money';
import type { Money } from '#kernel/money';
import { cellHabits, readAmount, readDay, type CellHabits } from './csv-expenses-cells.ts';
import { gatherRows, type PayoutTable, type ReportRow } from './payout-table.ts';
import { memberOf, PayoutGatherer } from './payout-values.ts';
import { quoted } from './statement-values.ts';

/** The transactions that Square's dashboard exports, each with the deposit it went into. */
export const squareTransactions: PayoutTable = {
  recognises: (header) =>
    ['deposit id', 'deposit date', 'total collected', 'fees', 'net total'].every((name) => header.has(name)),
  async read(table) {
    const gatherer = new PayoutGatherer('SQUARE', 'Square transactions CSV');
    // Square writes $ for several currencies and days as the country of the shop does; one column settles neither.
    const habits = cellHabits([], [], table.delimiter ?? ',');
    return gatherRows(table, gatherer, (_, row) => takeRow(gatherer, row, habits));
  },
};

function takeRow(gatherer: PayoutGatherer, row: ReportRow, habits: CellHabits): void {
  const deposit = row.cell('deposit id');
  // Cash, and what waits for its deposit.
  if (deposit === undefined) return;
  const collected = amountOf(row, 'total collected', habits);
  const net = amountOf(row, 'net total', habits);
  const draft = gatherer.of(deposit, net.currency);
  const day = dayOf(row.cell('deposit date'), habits);
  draft.initiatedOn ??= day;
  const type = row.cell('event type') ?? 'Payment';
  const kind = /refund/i.test(type) ? 'REFUND' : /dispute|chargeback/i.test(type) ? 'CHARGEBACK' : 'CHARGE';
  draft.members.push(
    memberOf({
      key: row.cell('payment id', 'transaction id') ?? `line ${row.line}`,
      kind,
      type,
      gross: collected,
      fee: subtract(net, collected),
      net,
      references: [
        row.cell('order reference id'),
        row.cell('customer reference id'),
        row.cell('payment id'),
        row.cell('transaction id'),
      ],
      method: row.cell('card brand')?.toLowerCase(),
      occurredOn: dayOf(row.cell('date'), habits),
      description: row.cell('description', 'details'),
      record: row.record,
      line: row.line,
    }),
  );
}

function amountOf(row: ReportRow, name: string, habits: CellHabits): Money {
  const text = row.cell(name) ?? '';
  const negative = /^[($-]*-|^\(/.test(text.replace(/\s/g, ''));
  const sign = text.replace(/[\d.,()\s-]/g, '');
  const written = readAmount(text.replace(/[^\d.,]/g, ''), habits);
  if (written === undefined) {
    throw new CrossfootError('AMOUNT_INVALID', `${quoted(text)} is not an amount.`, { path: [name] });
  }
  const currency = row.cell('currency') ?? signs[sign];
  if (currency === undefined) {
    const message = `${quoted(text)} does not name its currency; export the report with a currency column, or use the API.`;
    throw new CrossfootError('CURRENCY_UNKNOWN', message, { path: [name] });
  }
  const amount = parseMoney(written.decimal, currency);
  return negative ? negate(amount) : amount;
}

/** Square works in these countries; a bare dollar is that of the United States, the others are written with letters. */
const signs: Readonly<Record<string, string | undefined>> = {
  $: 'USD',
  US$: 'USD',
  CA$: 'CAD',
  A$: 'AUD',
  AU$: 'AUD',
  '£': 'GBP',
  '€': 'EUR',
  '¥': 'JPY',
};

/** Square's American form, month first, unless the text shows another. */
function dayOf(text: string | undefined, habits: CellHabits) {
  return text === undefined ? undefined : readDay(text, { ...habits, dayFirst: habits.dayFirst ?? false });
}
