import { isCalendarDate } from '#kernel/calendar';
import { remedies } from '#kernel/errors';
import { isCurrency, type Money } from '#kernel/money';
import type { BankLine, StatementFile } from '#connectors/ports';

/**
 * What is wrong with an answer whatever the bytes of the file were. Codes are known and a refusal has a line and nothing
 * beside it; lines have a real day, an amount in a real currency, the line of the file and the record they came from.
 */
export function statementFaults(file: StatementFile): string[] {
  const faults: string[] = [];
  const refusals = file.problems.filter(({ severity }) => severity === 'refused');
  for (const { code, message } of file.problems) {
    if (!Object.hasOwn(remedies, code)) faults.push(`unknown code ${code}`);
    if (message === '') faults.push(`${code} says nothing`);
  }
  if (refusals.some(({ line }) => line === undefined || line < 1)) faults.push('a refusal without a line');
  if (refusals.length > 0 === file.statements.length > 0) faults.push('neither read nor refused, or both');
  // Readers cut their own short; what is wrong with a statement as a whole is told for each.
  if (file.problems.length > 1100 + 4 * file.statements.length)
    faults.push('more problems than anybody reads');
  for (const statement of file.statements) {
    if (!isCurrency(statement.currency)) faults.push('a statement in no currency');
    for (const line of statement.lines) faults.push(...lineFaults(line));
  }
  return [...new Set(faults)];
}

function lineFaults(line: BankLine): string[] {
  const faults: string[] = [];
  if (!isCalendarDate(line.bookedOn)) faults.push('a line without a day');
  if (line.valueOn !== undefined && !isCalendarDate(line.valueOn)) faults.push('a value date that is none');
  if (!(line.line >= 1)) faults.push('a line without its place');
  if (line.raw === '') faults.push('a line without its record');
  const amounts: (Money | undefined)[] = [line.amount, line.charges, line.originalAmount];
  for (const { amount, charges } of line.details) amounts.push(amount, charges);
  for (const amount of amounts) {
    if (amount !== undefined && !isCurrency(amount.currency)) faults.push('an amount in no currency');
  }
  const texts = [line.remittance, line.raw, line.bankReference, line.counterparty.name, line.endToEndId];
  if (texts.some((text) => text?.includes('\0') === true)) faults.push('a text no database can hold');
  return faults;
}
