import { daysBetween, type CalendarDate } from '#kernel/calendar';
import { nameSimilarity } from '#kernel/names';

/** What an employee was to be paid; minor units, positive. */
export interface PayrollEntry {
  readonly position: number;
  readonly employee: string;
  readonly accountIndex: string | undefined;
  readonly minor: bigint;
  readonly payOn: CalendarDate;
}

/** A payment out of the bank; minor units, positive. */
export interface OutgoingLine {
  readonly id: string;
  readonly day: CalendarDate;
  readonly minor: bigint;
  readonly name: string | undefined;
  readonly accountIndex: string | undefined;
  readonly text: string;
}

/** How a payroll stands against the bank. */
export const payrollStates = ['PAID', 'PAID_IN_BATCH', 'DIFFERS', 'MISSING', 'UNEXPECTED'] as const;

/** One way an employee's pay stands against the bank. */
export type PayrollState = (typeof payrollStates)[number];

/** An employee's pay beside what the bank paid; or a payment that no entry of the payroll expects. */
export interface ComparedPay {
  readonly state: PayrollState;
  readonly employee: string;
  readonly expected: bigint;
  readonly paid: bigint;
  readonly lineIds: readonly string[];
}

/** Names as alike as this are one person's. */
const alike = 8_500;
const payWords =
  /\b(?:salar(?:y|ies)|wages?|payroll|pay ?run|lohn|löhne|gehalt|gehälter|bezüge|salaires?|paie|n[oó]minas?|stipend[io]|salaris(?:sen)?)\b/iu;

/**
 * Holds a payroll against what the bank paid out: each employee's payments by account or name, one or several to the
 * amount; then one payment for all who are left; what is paid otherwise or not at all is said.
 */
export function comparePayroll(
  entries: readonly PayrollEntry[],
  lines: readonly OutgoingLine[],
): ComparedPay[] {
  const free = new Map(lines.map((line) => [line.id, line]));
  const take = (chosen: readonly OutgoingLine[]) => chosen.forEach(({ id }) => free.delete(id));
  const found = new Map<PayrollEntry, ComparedPay>();
  const settle = (entry: PayrollEntry, chosen: readonly OutgoingLine[], state: PayrollState) => {
    take(chosen);
    const { employee, minor: expected } = entry;
    found.set(entry, { state, employee, expected, paid: total(chosen), lineIds: chosen.map(({ id }) => id) });
  };
  const left = () => entries.filter((entry) => !found.has(entry));
  // Exact payments go first, so that nobody's other payment is taken for another's.
  for (const entry of entries) {
    const exact = ofEmployee(entry, free).find(({ minor }) => minor === entry.minor);
    if (exact) settle(entry, [exact], 'PAID');
  }
  for (const entry of left()) {
    const own = ofEmployee(entry, free);
    if (own.length > 1 && total(own) === entry.minor) settle(entry, own, 'PAID');
  }
  const rest = left().filter((entry) => ofEmployee(entry, free).length === 0);
  const sum = total(rest);
  // What is paid to one of them by name pays nobody else.
  const whole = [...free.values()].filter(
    (line) => line.minor === sum && !entries.some((entry) => isOf(entry, line)),
  );
  const batch = rest.length > 1 ? nearest(rest[0], whole) : undefined;
  if (batch) {
    free.delete(batch.id);
    for (const entry of rest) {
      const { employee, minor: expected } = entry;
      found.set(entry, { state: 'PAID_IN_BATCH', employee, expected, paid: expected, lineIds: [batch.id] });
    }
  }
  for (const entry of left()) {
    const own = ofEmployee(entry, free);
    settle(entry, own, own.length > 0 ? 'DIFFERS' : 'MISSING');
  }
  return [...entries.flatMap((entry) => found.get(entry) ?? []), ...unexpected(entries, [...free.values()])];
}

/** The payments to an employee, those next to the pay day first. */
function ofEmployee(entry: PayrollEntry, free: ReadonlyMap<string, OutgoingLine>): OutgoingLine[] {
  return [...free.values()].filter((line) => isOf(entry, line)).toSorted(byDistance(entry));
}

function isOf({ accountIndex, employee }: PayrollEntry, line: OutgoingLine): boolean {
  if (accountIndex !== undefined && line.accountIndex !== undefined)
    return accountIndex === line.accountIndex;
  return line.name !== undefined && nameSimilarity(employee, line.name) >= alike;
}

function nearest(entry: PayrollEntry | undefined, lines: readonly OutgoingLine[]): OutgoingLine | undefined {
  return entry && lines.toSorted(byDistance(entry))[0];
}

function byDistance({ payOn }: PayrollEntry): (a: OutgoingLine, b: OutgoingLine) => number {
  return (a, b) => {
    const difference = Math.abs(daysBetween(payOn, a.day)) - Math.abs(daysBetween(payOn, b.day));
    if (difference !== 0) return difference;
    return a.id < b.id ? -1 : 1;
  };
}

/** What was paid to an employee once more, or in the name of pay, and no entry expects. */
function unexpected(entries: readonly PayrollEntry[], lines: readonly OutgoingLine[]): ComparedPay[] {
  return lines
    .filter((line) => payWords.test(line.text) || entries.some((entry) => isOf(entry, line)))
    .map(({ id, name, text, minor }) => ({
      state: 'UNEXPECTED' as const,
      employee: name ?? text,
      expected: 0n,
      paid: minor,
      lineIds: [id],
    }));
}

function total(rows: readonly { readonly minor: bigint }[]): bigint {
  return rows.reduce((sum, { minor }) => sum + minor, 0n);
}
