import { CrossfootError } from '#kernel/errors';
import { negate } from '#kernel/money';
import type { Money } from '#kernel/money';
import type {
  BankBalance,
  BankLine,
  BankLineDetail,
  BankParty,
  BankStatement,
  FileSample,
  ReadProblem,
  StatementFile,
  StatementFormat,
} from '#connectors/ports';
import {
  columns,
  dayMonthYear,
  digitsAmount,
  ibanOf,
  readRecords,
  type FixedRecord,
} from './fixed-records.ts';
import { accountOf, bicOf, joinAll, lossOf, quoted, referenceOf, tidy, warning } from './statement-values.ts';

/** CODA statements of Belgian banks: lines of 128 columns, amounts with three decimals. */
export const coda: StatementFormat = { name: 'CODA', recognises, read };

const decimals = 3;

function recognises({ head }: FileSample): boolean {
  return /^0000[ \d]\d{10}.{20,}\r?\n1/.test(head);
}

/** A movement of the file: its pieces, and what is said about it. */
interface Movement {
  readonly pieces: FixedRecord[];
  readonly information: FixedRecord[];
}

interface OpenStatement {
  readonly header: FixedRecord;
  old: FixedRecord | undefined;
  readonly movements: Movement[];
  readonly free: FixedRecord[];
  new: FixedRecord | undefined;
  trailer: FixedRecord | undefined;
}

function read(bytes: Uint8Array): StatementFile {
  return readRecords(bytes, { name: 'CODA', place, statementOf });
}

function place(record: FixedRecord, statements: OpenStatement[], problems: ReadProblem[]): void {
  const open = statements.at(-1);
  const kind = record.text.slice(0, 1);
  if (kind === '0') {
    statements.push({
      header: record,
      old: undefined,
      movements: [],
      free: [],
      new: undefined,
      trailer: undefined,
    });
    return;
  }
  const lost = (message: string): void => {
    problems.push({ severity: 'error', code: 'LINE_MALFORMED', message, line: record.line });
  };
  if (!open || open.trailer) return lost('The record stands outside every statement.');
  const last = open.movements.at(-1);
  const kindAndPart = record.text.slice(0, 2);
  if (kind === '1') open.old = record;
  else if (kindAndPart === '21') open.movements.push({ pieces: [record], information: [] });
  else if (kindAndPart === '22' || kindAndPart === '23') {
    if (last && sameNumber(last.pieces[0], record)) last.pieces.push(record);
    else lost('The record goes on with a movement that is not there.');
  } else if (/^3[123]$/.test(kindAndPart)) {
    if (last) last.information.push(record);
    else lost('The record describes a movement that is not there.');
  } else if (kind === '4') open.free.push(record);
  else if (kind === '8') open.new = record;
  else if (kind === '9') open.trailer = record;
  else lost(`The record is of no known kind: ${quoted(record.text)}.`);
}

/** Sequence number and number of the detail. */
function sameNumber(one: FixedRecord | undefined, other: FixedRecord): boolean {
  return one !== undefined && columns(one, 3, 10) === columns(other, 3, 10);
}

function statementOf(open: OpenStatement, problems: ReadProblem[]): BankStatement | undefined {
  const { header, old } = open;
  if (!old) {
    const message = 'The statement has no old balance, which names its account.';
    problems.push({ severity: 'error', code: 'FIELD_MISSING', message, line: header.line });
    return undefined;
  }
  try {
    const { party, currency } = accountIn(old, columns(old, 2, 2), columns(old, 6, 42));
    if (columns(header, 17, 17) === 'D') {
      problems.push(warning('LINE_MALFORMED', 'The bank marks the statement as a duplicate.', header.line));
    }
    const opening = balanceOf(old, { sign: 43, from: 44, day: 59 }, currency);
    const closing = closingOf(open, currency, problems);
    return {
      format: 'CODA',
      reference: referenceOf(columns(header, 25, 34)),
      sequence: referenceOf(columns(old, 126, 128)) ?? referenceOf(columns(old, 3, 5)),
      account: { ...party, name: tidy(columns(old, 65, 90)), bic: bicOf(columns(header, 61, 71)), currency },
      currency,
      opening,
      closing,
      from: opening.on,
      to: closing?.on,
      lines: linesOf(open.movements, currency, problems),
    };
  } catch (error) {
    problems.push(lossOf(error, old.line));
    return undefined;
  }
}

function closingOf(open: OpenStatement, currency: string, problems: ReadProblem[]): BankBalance | undefined {
  if (!open.new) {
    const text = 'The statement has no new balance, so nothing proves it whole.';
    problems.push(warning('LINE_MALFORMED', text, open.header.line));
    return undefined;
  }
  try {
    return balanceOf(open.new, { sign: 42, from: 43, day: 58 }, currency);
  } catch (error) {
    problems.push({ ...lossOf(error, open.new.line), severity: 'warning' });
    return undefined;
  }
}

/** How the account is written: a Belgian number, a foreign one, a Belgian IBAN, a foreign IBAN; then the currency. */
function accountIn(
  record: FixedRecord,
  structure: string,
  text: string,
): { readonly party: BankParty; readonly currency: string } {
  const belgian = structure === '0' || structure === ' ';
  const currency = (belgian ? text.slice(13, 16) : text.slice(34, 37)).trim();
  if (!/^[A-Z]{3}$/.test(currency)) {
    throw new CrossfootError('CURRENCY_UNKNOWN', `Line ${record.line} names no currency of the account.`);
  }
  const number = text.slice(0, belgian ? 12 : structure === '2' ? 31 : 34).trim();
  const party = belgian && /^\d{12}$/.test(number) ? { iban: ibanOf('BE', number) } : accountOf(number);
  return { party, currency };
}

function balanceOf(
  record: FixedRecord,
  at: { readonly sign: number; readonly from: number; readonly day: number },
  currency: string,
): BankBalance {
  const amount = signed(columns(record, at.sign, at.sign), columns(record, at.from, at.from + 14), currency);
  return { amount, on: dayMonthYear(columns(record, at.day, at.day + 5)) };
}

function signed(sign: string, digits: string, currency: string): Money {
  const amount = digitsAmount(digits, currency, decimals);
  if (sign === '0') return amount;
  if (sign === '1') return negate(amount);
  throw new CrossfootError('LINE_MALFORMED', `"${sign}" says neither credit (0) nor debit (1).`);
}

/** Movements with the detail number 0000 move the balance; those behind them with another one are their details. */
function linesOf(movements: readonly Movement[], currency: string, problems: ReadProblem[]): BankLine[] {
  const lines: { line: BankLine; details: BankLineDetail[] }[] = [];
  for (const movement of movements) {
    const [first] = movement.pieces;
    if (!first) continue;
    try {
      const line = lineOf(first, movement, currency);
      const main = lines.at(-1);
      const isDetail = columns(first, 7, 10) !== '0000' && columns(first, 7, 10).trim() !== '';
      if (isDetail && main && sameSequence(main.line.raw, first)) main.details.push(detailOf(line));
      else lines.push({ line, details: [] });
    } catch (error) {
      problems.push(lossOf(error, first.line));
    }
  }
  return lines.map(({ line, details }) => ({ ...line, details }));
}

function sameSequence(raw: string, record: FixedRecord): boolean {
  return raw.slice(2, 6) === columns(record, 3, 6);
}

function detailOf({
  amount,
  counterparty,
  endToEndId,
  structuredReference,
  remittance,
}: BankLine): BankLineDetail {
  return { amount, counterparty, endToEndId, structuredReference, remittance };
}

function lineOf(first: FixedRecord, { pieces, information }: Movement, currency: string): BankLine {
  const second = pieces.find((one) => one.text.startsWith('22'));
  const third = pieces.find((one) => one.text.startsWith('23'));
  const code = columns(first, 54, 61);
  const communication = [
    columns(first, 63, 115),
    second ? columns(second, 11, 63) : '',
    third ? columns(third, 83, 125) : '',
  ].join('');
  const said = saidIn(columns(first, 62, 62), communication);
  return {
    bookedOn: dayMonthYear(columns(first, 116, 121)),
    valueOn: /^0{6}$/.test(columns(first, 48, 53)) ? undefined : dayMonthYear(columns(first, 48, 53)),
    amount: signed(columns(first, 32, 32), columns(first, 33, 47), currency),
    status: 'booked',
    reversal: second !== undefined && columns(second, 113, 113).trim() !== '',
    counterparty: {
      ...(third ? accountOf(columns(third, 11, 44).trim()) : {}),
      name: third && tidy(columns(third, 48, 82)),
      bic: second && bicOf(columns(second, 99, 109)),
    },
    bankReference: referenceOf(columns(first, 11, 31)),
    endToEndId: second && referenceOf(columns(second, 64, 98)),
    structuredReference: said.reference,
    remittance: joinAll([said.text, ...information.map(informationOf)]),
    transactionCode: code,
    details: [],
    raw: [...pieces, ...information].map((one) => one.text).join('\n'),
    line: first.line,
  };
}

/** Types 101 and 102 of a structured communication are the Belgian reference of twelve digits, checked modulo 97. */
function saidIn(type: string, communication: string): { readonly text: string; readonly reference?: string } {
  if (type !== '1') return { text: communication };
  const kind = communication.slice(0, 3);
  const digits = communication.slice(3, 15);
  if ((kind === '101' || kind === '102') && isBelgianReference(digits)) {
    return { text: communication.slice(15), reference: digits };
  }
  return { text: communication.slice(3) };
}

function isBelgianReference(digits: string): boolean {
  if (!/^\d{12}$/.test(digits)) return false;
  const rest = Number(BigInt(digits.slice(0, 10)) % 97n);
  return Number(digits.slice(10)) === (rest === 0 ? 97 : rest);
}

function informationOf(record: FixedRecord): string {
  if (record.text.startsWith('31')) return columns(record, columns(record, 40, 40) === '1' ? 44 : 41, 113);
  return record.text.startsWith('32') ? columns(record, 11, 115) : columns(record, 11, 100);
}
