import { CrossfootError } from '#kernel/errors';
import { negate } from '#kernel/money';
import type { Money } from '#kernel/money';
import type {
  BankBalance,
  BankLine,
  BankParty,
  BankStatement,
  FileSample,
  ReadProblem,
  StatementFile,
  StatementFormat,
} from '#connectors/ports';
import { columns, dayMonthYear, digitsAmount, readRecords, type FixedRecord } from './fixed-records.ts';
import { frenchAccount } from './french-account.ts';
import {
  bicOf,
  isIban,
  joinAll,
  joinTexts,
  lossOf,
  quoted,
  referenceOf,
  tidy,
  warning,
} from './statement-values.ts';

/** CFONB 120 statements of French banks: lines of 120 columns, the last digit of an amount holds its sign. */
export const cfonb120: StatementFormat = { name: 'CFONB 120', recognises, read };

/** The last character of an amount: a digit and a sign in one. */
const positiveDigits = '{ABCDEFGHI';
const negativeDigits = '}JKLMNOPQR';

function recognises({ head }: FileSample): boolean {
  return /^\s*01\d{5}.{4}\d{5}[A-Z]{3}\d/.test(head);
}

interface OpenStatement {
  readonly start: FixedRecord;
  readonly movements: { readonly principal: FixedRecord; readonly others: FixedRecord[] }[];
  end: FixedRecord | undefined;
}

function read(bytes: Uint8Array): StatementFile {
  return readRecords(bytes, { name: 'CFONB 120', place, statementOf });
}

function place(record: FixedRecord, statements: OpenStatement[], problems: ReadProblem[]): void {
  const open = statements.at(-1);
  const lost = (message: string): void => {
    problems.push({ severity: 'error', code: 'LINE_MALFORMED', message, line: record.line });
  };
  switch (columns(record, 1, 2)) {
    case '01':
      statements.push({ start: record, movements: [], end: undefined });
      break;
    case '04':
      if (!open || open.end) lost('The movement stands outside every statement.');
      else open.movements.push({ principal: record, others: [] });
      break;
    case '05':
      if (!open?.movements.at(-1) || open.end) lost('The line describes no movement.');
      else open.movements.at(-1)?.others.push(record);
      break;
    case '07':
      if (!open || open.end) lost('The balance ends no statement.');
      else open.end = record;
      break;
    default:
      lost(`The record is of no known kind: ${quoted(record.text)}.`);
  }
}

function statementOf(
  { start, movements, end }: OpenStatement,
  problems: ReadProblem[],
): BankStatement | undefined {
  const currency = columns(start, 17, 19);
  try {
    const opening = balanceOf(start, currency);
    const lines = movements.flatMap((movement) => lineOf(movement, currency, problems) ?? []);
    return {
      format: 'CFONB 120',
      account: { ...accountOf(start), currency },
      currency,
      opening,
      closing: closingOf(end, currency, { start, problems }),
      from: opening.on,
      to: end && closingOf(end, currency, { start, problems: [] })?.on,
      lines,
    };
  } catch (error) {
    problems.push(lossOf(error, start.line));
    return undefined;
  }
}

function balanceOf(record: FixedRecord, currency: string): BankBalance {
  return { amount: amountOf(record, currency), on: dayMonthYear(columns(record, 35, 40)) };
}

function closingOf(
  end: FixedRecord | undefined,
  currency: string,
  { start, problems }: { readonly start: FixedRecord; readonly problems: ReadProblem[] },
): BankBalance | undefined {
  if (!end) {
    problems.push(warning('LINE_MALFORMED', 'The statement has no closing balance.', start.line));
    return undefined;
  }
  if (columns(end, 22, 32) !== columns(start, 22, 32)) {
    const text = 'The closing balance names another account than the opening balance.';
    problems.push(warning('LINE_MALFORMED', text, end.line));
  }
  try {
    return balanceOf(end, currency);
  } catch (error) {
    problems.push({ ...lossOf(error, end.line), severity: 'warning' });
    return undefined;
  }
}

/** Columns 91 to 104; how many of its digits are decimals stands in column 20. */
function amountOf(record: FixedRecord, currency: string): Money {
  const text = columns(record, 91, 104);
  const last = text.slice(-1);
  const [positive, negative] = [positiveDigits.indexOf(last), negativeDigits.indexOf(last)];
  if (last === '' || (positive < 0 && negative < 0)) {
    throw new CrossfootError(
      'AMOUNT_INVALID',
      `${quoted(text)} does not end with a digit that holds its sign.`,
    );
  }
  const decimals = columns(record, 20, 20);
  const digits = `${text.slice(0, -1)}${Math.max(positive, negative)}`;
  const amount = digitsAmount(digits, currency, /^\d$/.test(decimals) ? Number(decimals) : undefined);
  return negative < 0 ? amount : negate(amount);
}

function lineOf(
  { principal, others }: OpenStatement['movements'][number],
  currency: string,
  problems: ReadProblem[],
): BankLine | undefined {
  try {
    const own = columns(principal, 17, 19);
    const told = Map.groupBy(others, (other) => columns(other, 46, 48).trim());
    const said = new Map(
      Array.from(told, ([qualifier, lines]) => [
        qualifier,
        joinAll(lines.map((line) => columns(line, 49, 118))),
      ]),
    );
    const label = columns(principal, 49, 79);
    return {
      bookedOn: dayMonthYear(columns(principal, 35, 40)),
      valueOn: dayMonthYear(columns(principal, 43, 48)),
      amount: amountOf(principal, own.trim() === '' ? currency : own),
      status: 'booked',
      reversal: columns(principal, 41, 42).trim() !== '',
      counterparty: counterpartyOf(said),
      bankReference: referenceOf(columns(principal, 82, 88)),
      endToEndId: referenceOf(said.get('RCN')?.slice(0, 35)) ?? referenceOf(columns(principal, 105, 120)),
      remittance: joinTexts(
        label,
        said.get('LIB'),
        said.get('LCC'),
        said.get('LC2'),
        said.get('LCS'),
        said.get('REF'),
      ),
      transactionCode: tidy(columns(principal, 33, 34)),
      details: [],
      raw: [principal, ...others].map((one) => one.text).join('\n'),
      line: principal.line,
    };
  } catch (error) {
    problems.push(lossOf(error, principal.line));
    return undefined;
  }
}

/** NPY and NBE name who pays and who is paid, IPY and IBE identify them; one of the two is the other side. */
function counterpartyOf(said: ReadonlyMap<string, string>): BankParty {
  const name = tidy((said.get('NPY') ?? said.get('NBE'))?.slice(0, 35));
  const words = [said.get('CPY'), said.get('CBE'), said.get('IPY'), said.get('IBE')].flatMap(
    (text) => text?.split(' ') ?? [],
  );
  return {
    name,
    iban: words.find(isIban),
    bic: words.map(bicOf).find((bic) => bic !== undefined),
  };
}

/** Bank, branch and account stand apart. */
function accountOf(record: FixedRecord): BankParty {
  return frenchAccount(columns(record, 3, 7), columns(record, 12, 16), columns(record, 22, 32));
}
