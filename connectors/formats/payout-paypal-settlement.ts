import { CrossfootError } from '#kernel/errors';
import { currencyDigits, money, negate, type Money } from '#kernel/money';
import type { PayoutMemberKind } from '#connectors/payout-ports';
import type { ReadProblem } from '#connectors/ports';
import { readPaypal, type PaypalMovement } from './payout-paypal.ts';
import { eachRow, required, type PayoutTable, type ReportRow } from './payout-table.ts';
import { fromUnits, isoDay } from './payout-values.ts';
import { lossOf } from './statement-values.ts';

/** PayPal's settlement report (STL): sections of rows by record type, amounts in the smallest unit. */
export const paypalSettlement: PayoutTable = {
  recognises: (header) =>
    ['ch', 'transaction id', 'transaction event code', 'gross transaction amount'].every((name) =>
      header.has(name),
    ),
  async read(table, { head }) {
    const movements: PaypalMovement[] = [];
    const problems: ReadProblem[] = [];
    await eachRow(
      table,
      (row) => {
        // Of headers and footers only the rows of a section's body move money.
        if (row.cell('ch') !== 'SB') return;
        try {
          movements.push(movementOf(row));
        } catch (error) {
          problems.push(lossOf(error, row.line));
        }
      },
      ({ number, problem }) => problem && problems.push({ severity: 'error', line: number, ...problem }),
    );
    const merchant = /^"?RH"?(?:,"?[^,"]*"?){2},"?([A-Z0-9]{10,20})"?/m.exec(head)?.[1];
    const file = readPaypal('PayPal settlement report', movements, merchant);
    return { ...file, problems: [...problems, ...file.problems] };
  },
};

/** The first two digits of PayPal's event codes are groups of events. */
const kinds: readonly (readonly [RegExp, PayoutMemberKind | 'withdrawal'])[] = [
  [/^T04/, 'withdrawal'],
  [/^T00/, 'CHARGE'],
  [/^T01/, 'FEE'],
  [/^T02/, 'CONVERSION'],
  [/^T12|^T1110|^T1111/, 'CHARGEBACK'],
  [/^T11/, 'REFUND'],
  [/^T15|^T21/, 'RESERVE'],
  [/^T05|^T03|^T14/, 'OTHER'],
  [/^T09|^T08|^T22|^T98/, 'ADJUSTMENT'],
];

function movementOf(row: ReportRow): PaypalMovement {
  const code = required(row, 'transaction event code');
  const currency = required(row, 'gross transaction currency');
  const gross = amountOf(row, {
    name: 'gross transaction amount',
    side: 'transaction debit or credit',
    currency,
  });
  const kind = kinds.find(([sign]) => sign.test(code))?.[1] ?? 'OTHER';
  return {
    key: required(row, 'transaction id'),
    kind: kind === 'CHARGE' && gross.minor < 0n ? 'OTHER' : kind,
    type: code,
    gross,
    fee: amountOf(row, {
      name: 'fee amount',
      side: 'fee debit or credit',
      currency: row.cell('fee currency') ?? currency,
    }),
    references: [
      row.cell('invoice id'),
      row.cell('custom field'),
      row.cell('transaction id'),
      row.cell('paypal reference id'),
      row.cell('bank reference id'),
    ],
    parent: row.cell('paypal reference id'),
    occurredOn: isoDay(
      row.cell('transaction completion date', 'transaction initiation date')?.replaceAll('/', '-'),
    ),
    record: row.record,
    line: row.line,
  };
}

function amountOf(
  row: ReportRow,
  { name, side, currency }: { name: string; side: string; currency: string },
): Money {
  const units = row.cell(name);
  if (units === undefined) return money(0n, currency);
  const amount = fromUnits(units, currency, currencyDigits(currency));
  const letters = row.cell(side)?.toUpperCase();
  if (amount.minor !== 0n && letters !== 'CR' && letters !== 'DR')
    throw new CrossfootError('FIELD_INVALID', `The column ${side} says neither CR nor DR.`, { path: [side] });
  return letters === 'DR' ? negate(amount) : amount;
}
