import { CrossfootError } from '#kernel/errors';
import { money, parseMoney, type Money } from '#kernel/money';
import type { PayoutMemberKind } from '#connectors/payout-ports';
import { cellHabits, readAmount, readDay, type CellHabits } from './csv-expenses-cells.ts';
import { readPaypal, type PaypalMovement } from './payout-paypal.ts';
import { eachRow, required, type PayoutTable, type ReportRow } from './payout-table.ts';
import { lossOf, quoted } from './statement-values.ts';
import type { ReadProblem } from '#connectors/ports';

/** The activity and statement that PayPal's site exports; a withdrawal to the bank is a payout. */
export const paypalActivity: PayoutTable = {
  recognises: (header) =>
    ['date', 'time', 'currency', 'gross', 'fee', 'net', 'transaction id', 'reference txn id'].every((name) =>
      header.has(name),
    ),
  async read(table) {
    const format = 'PayPal activity CSV';
    const rows: ReportRow[] = [];
    const problems: ReadProblem[] = [];
    await eachRow(
      table,
      (row) => rows.push(row),
      ({ number, problem }) => problem && problems.push({ severity: 'error', line: number, ...problem }),
    );
    const cells = (name: string) => rows.flatMap((row) => row.cell(name) ?? []);
    const habits = cellHabits(cells('gross'), cells('date'), table.delimiter ?? ',');
    const zone = cells('time zone')[0] ?? cells('timezone')[0] ?? '';
    const american = /^(America\/|US\/|[PMCE][SD]T$)/.test(zone);
    const reading = { ...habits, dayFirst: habits.dayFirst ?? !american };
    const movements = rows.flatMap((row): PaypalMovement[] => {
      try {
        return movementOf(row, reading);
      } catch (error) {
        problems.push(lossOf(error, row.line));
        return [];
      }
    });
    const file = readPaypal(format, oldestFirst(movements));
    return { ...file, problems: [...problems, ...file.problems] };
  },
};

/** The site exports the newest first when asked to, and statements one currency after another. */
function oldestFirst(movements: readonly PaypalMovement[]): PaypalMovement[] {
  return movements.toSorted((a, b) => (a.at ?? '').localeCompare(b.at ?? ''));
}

const kinds: readonly (readonly [RegExp, PayoutMemberKind | 'withdrawal'])[] = [
  [
    /withdraw.*(bank|fund)|^(general|user initiated|auto-?sweep)\b.*withdrawal|transfer to bank|auszahlung|virement|^payout to/i,
    'withdrawal',
  ],
  [/currency conversion|währungsumrechnung|conversion de devise/i, 'CONVERSION'],
  [/dispute|chargeback|claim/i, 'CHARGEBACK'],
  [/refund|reversal|rückzahlung|remboursement/i, 'REFUND'],
  [/hold|reserve|einbehalt/i, 'RESERVE'],
  [/\b(partner )?fee\b|gebühr/i, 'FEE'],
  [/adjustment|correction|bonus/i, 'ADJUSTMENT'],
  [/payment|checkout|sale|zahlung|paiement|subscription|donation|pos\b|order/i, 'CHARGE'],
];

function movementOf(row: ReportRow, habits: CellHabits): PaypalMovement[] {
  const type = row.cell('type', 'description') ?? '';
  const status = row.cell('status') ?? 'Completed';
  // Holds, orders and what is pending move no money, and say so by their balance impact or status.
  if (!/^(completed|abgeschlossen|terminé|refunded|partially refunded|reversed)$/i.test(status)) return [];
  if (/^memo$/i.test(row.cell('balance impact') ?? '')) return [];
  const currency = required(row, 'currency');
  const gross = amountOf(row, 'gross', habits);
  if (gross === undefined) throw new CrossfootError('FIELD_MISSING', 'The row has no gross amount.');
  const kind = kinds.find(([sign]) => sign.test(type))?.[1] ?? 'OTHER';
  const occurredOn = readDay(required(row, 'date'), habits);
  if (occurredOn === undefined)
    throw new CrossfootError('DATE_INVALID', `${quoted(row.cell('date') ?? '')} is not a day.`);
  return [
    {
      key: required(row, 'transaction id'),
      // What we paid with the balance is no sale of ours.
      kind: kind === 'CHARGE' && gross.minor < 0n ? 'OTHER' : kind,
      type,
      gross,
      fee: amountOf(row, 'fee', habits) ?? money(0n, currency),
      references: [
        row.cell('invoice number', 'invoice id'),
        row.cell('custom number', 'custom'),
        row.cell('transaction id'),
        row.cell('reference txn id'),
        row.cell('receipt id'),
      ],
      parent: row.cell('reference txn id'),
      balance: amountOf(row, 'balance', habits),
      occurredOn,
      at: `${occurredOn} ${row.cell('time')?.padStart(8, '0') ?? ''}`,
      description: row.cell('name', 'item title', 'subject'),
      record: row.record,
      line: row.line,
    },
  ];
}

function amountOf(row: ReportRow, name: string, habits: CellHabits): Money | undefined {
  const text = row.cell(name);
  if (text === undefined) return undefined;
  const written = readAmount(text, habits);
  if (written === undefined)
    throw new CrossfootError('AMOUNT_INVALID', `${quoted(text)} is not an amount.`, { path: [name] });
  return parseMoney(written.decimal, required(row, 'currency'));
}
