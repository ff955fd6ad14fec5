import type { CalendarDate } from '#kernel/calendar';
import { parseDate } from '#kernel/calendar';
import { CrossfootError } from '#kernel/errors';
import { negate } from '#kernel/money';
import type { Money } from '#kernel/money';
import type {
  BankLine,
  BankParty,
  BankStatement,
  FileSample,
  ReadProblem,
  StatementFile,
  StatementFormat,
} from '#connectors/ports';
import {
  columns,
  currencyOfNumber,
  digitsAmount,
  ibanOf,
  readRecords,
  remainder,
  type FixedRecord,
} from './fixed-records.ts';
import { joinAll, lossOf, quoted, referenceOf, tidy, warning } from './statement-values.ts';

/** AEB43 (Norma 43, Cuaderno 43) of Spanish banks: lines of eighty columns, amounts with the decimals of the currency. */
export const aeb43: StatementFormat = { name: 'AEB43', recognises, read };

function recognises({ head }: FileSample): boolean {
  return /^\s*11\d{18}\d{6}\d{6}[12]\d{14}\d{3}/.test(head);
}

/** One account of the file while it is being read. */
interface OpenAccount {
  readonly header: FixedRecord;
  readonly movements: { readonly principal: FixedRecord; readonly others: FixedRecord[] }[];
  end: FixedRecord | undefined;
}

function read(bytes: Uint8Array): StatementFile {
  return readRecords(bytes, { name: 'AEB43', place, statementOf });
}

function place(record: FixedRecord, accounts: OpenAccount[], problems: ReadProblem[]): void {
  const open = accounts.at(-1);
  const lost = (what: string): void => {
    problems.push({ severity: 'error', code: 'LINE_MALFORMED', message: what, line: record.line });
  };
  switch (columns(record, 1, 2)) {
    case '11':
      accounts.push({ header: record, movements: [], end: undefined });
      break;
    case '22':
      if (!open || open.end) lost('The movement stands outside every account.');
      else open.movements.push({ principal: record, others: [] });
      break;
    case '23':
    case '24':
      if (!open?.movements.at(-1) || open.end) lost('The line describes no movement.');
      else open.movements.at(-1)?.others.push(record);
      break;
    case '33':
      if (!open || open.end) lost('The line ends no account.');
      else open.end = record;
      break;
    case '88':
      checkCount(record, problems);
      break;
    default:
      lost(`The record is of no known kind: ${quoted(record.text)}.`);
  }
}

/** The last record counts those before it; a file cut off in transit does not add up. */
function checkCount(record: FixedRecord, problems: ReadProblem[]): void {
  const stated = Number(columns(record, 21, 26));
  // Some banks count this record as well.
  if (stated === record.line - 1 || stated === record.line) return;
  const text = `The file says that it has ${stated} records and has ${record.line - 1}.`;
  problems.push(warning('LINE_MALFORMED', text, record.line));
}

function statementOf(
  { header, movements, end }: OpenAccount,
  problems: ReadProblem[],
): BankStatement | undefined {
  try {
    const currency = currencyOfNumber(columns(header, 48, 50));
    const from = day(columns(header, 21, 26));
    const to = day(columns(header, 27, 32));
    const lines = movements.flatMap((movement) => lineOf(movement, currency, problems) ?? []);
    const closing = end && closingOf(end, currency, problems);
    if (!end) {
      problems.push(
        warning('LINE_MALFORMED', 'The account has no end, so nothing proves its balance.', header.line),
      );
    } else {
      checkTotals(end, { lines: movements.length, currency }, problems);
    }
    return {
      format: 'AEB43',
      account: { ...accountOf(header), name: tidy(columns(header, 52, 77)), currency },
      currency,
      opening: { amount: signed(columns(header, 33, 33), columns(header, 34, 47), currency), on: from },
      closing: closing && { amount: closing, on: to },
      from,
      to,
      lines,
    };
  } catch (error) {
    problems.push(lossOf(error, header.line));
    return undefined;
  }
}

function closingOf(end: FixedRecord, currency: string, problems: ReadProblem[]): Money | undefined {
  try {
    const mark = columns(end, 59, 59);
    if (mark === '0') {
      const text = 'The closing balance says neither debit nor credit; it is taken for a credit.';
      problems.push(warning('LINE_MALFORMED', text, end.line));
    }
    return signed(mark === '0' ? '2' : mark, columns(end, 60, 73), currency);
  } catch (error) {
    problems.push({ ...lossOf(error, end.line), severity: 'warning' });
    return undefined;
  }
}

function checkTotals(
  end: FixedRecord,
  { lines, currency }: { readonly lines: number; readonly currency: string },
  problems: ReadProblem[],
): void {
  const stated = Number(columns(end, 21, 25)) + Number(columns(end, 40, 44));
  if (stated !== lines) {
    const text = `The account ends with ${stated} movements and has ${lines} in ${currency}.`;
    problems.push(warning('LINE_MALFORMED', text, end.line));
  }
}

function lineOf(
  { principal, others }: OpenAccount['movements'][number],
  currency: string,
  problems: ReadProblem[],
): BankLine | undefined {
  try {
    const concepts = others
      .filter((one) => columns(one, 1, 2) === '23')
      .flatMap((one) => [columns(one, 5, 42), columns(one, 43, 80)]);
    const equivalent = others.find((one) => columns(one, 1, 2) === '24');
    const original = equivalent && originalOf(equivalent, problems);
    const amount = signed(columns(principal, 28, 28), columns(principal, 29, 42), currency);
    return {
      bookedOn: day(columns(principal, 11, 16)),
      valueOn: day(columns(principal, 17, 22)),
      amount,
      status: 'booked',
      reversal: false,
      counterparty: {},
      bankReference: referenceOf(columns(principal, 43, 52)),
      endToEndId: referenceOf(columns(principal, 53, 64)),
      remittance: joinAll([...concepts, referenceOf(columns(principal, 65, 80))]),
      transactionCode: `${columns(principal, 23, 24)}/${columns(principal, 25, 27)}`,
      originalAmount: original && amount.minor < 0n ? negate(original) : original,
      details: [],
      raw: [principal, ...others].map((one) => one.text).join('\n'),
      line: principal.line,
    };
  } catch (error) {
    problems.push(lossOf(error, principal.line));
    return undefined;
  }
}

function originalOf(record: FixedRecord, problems: ReadProblem[]): Money | undefined {
  try {
    return digitsAmount(columns(record, 8, 21), currencyOfNumber(columns(record, 5, 7)));
  } catch (error) {
    problems.push({ ...lossOf(error, record.line), severity: 'warning' });
    return undefined;
  }
}

/** Mark 1 lowers the balance of the account, mark 2 raises it. */
function signed(mark: string, digits: string, currency: string): Money {
  const amount = digitsAmount(digits, currency);
  if (mark === '1') return negate(amount);
  if (mark === '2') return amount;
  throw new CrossfootError('LINE_MALFORMED', `"${mark}" says neither debit (1) nor credit (2).`);
}

function day(text: string): CalendarDate {
  return parseDate(text, 'YYMMDD');
}

/** Bank, office and account stand apart; the check digits between them follow from the rest, and so does the IBAN. */
function accountOf(header: FixedRecord): BankParty {
  const office = columns(header, 3, 10);
  const account = columns(header, 11, 20);
  if (!/^\d{8}$/.test(office) || !/^\d{10}$/.test(account)) return { accountNumber: tidy(office + account) };
  return { iban: ibanOf('ES', `${office}${checkDigit(`00${office}`)}${checkDigit(account)}${account}`) };
}

function checkDigit(digits: string): string {
  const sum = Array.from(digits).reduce((total, one, index) => total + Number(one) * 2 ** index, 0);
  const check = 11 - remainder(String(sum), 11);
  return check === 11 ? '0' : check === 10 ? '1' : String(check);
}
