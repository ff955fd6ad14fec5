import { compareDates } from '#kernel/calendar';
import { CrossfootError } from '#kernel/errors';
import { absolute, formatMoney, isCurrency, negate, sum } from '#kernel/money';
import type { Money } from '#kernel/money';
import type {
  BankLine,
  BankStatement,
  FileSample,
  ReadProblem,
  StatementFile,
  StatementFormat,
} from '#connectors/ports';
import { columns, dayMonthYear, digitsAmount, readRecords, type FixedRecord } from './fixed-records.ts';
import { frenchAccount } from './french-account.ts';
import { joinTexts, lossOf, quoted, readAmount, referenceOf, tidy, warning } from './statement-values.ts';

/**
 * CFONB 240: the single transfers, direct debits, cheques and bills of a day that French banks will book, 240 columns a
 * line, one kind of operation a sequence. They come again in the statement, so they are pending.
 */
export const cfonb240: StatementFormat = { name: 'CFONB 240', recognises, read };

/** How an operation moves the account that the file is for, and where its record names the other side. */
interface Operation {
  readonly sign: 1 | -1 | 0;
  /** Something of the account's holder that was sent back: the record names both sides the other way round. */
  readonly returned?: true;
}

const incoming: Operation = { sign: 1 };
const outgoing: Operation = { sign: -1 };
const cameBack: Operation = { sign: 1, returned: true };
const wasRefused: Operation = { sign: -1, returned: true };
/** Corrections of account numbers and notices of housing benefits move nothing. */
const notice: Operation = { sign: 0 };

const OPERATIONS: Readonly<Record<string, Operation>> = {
  ...operations(incoming, '20 22 27 28 73 75 76 77 78 79'),
  ...operations(cameBack, '21 24'),
  ...operations(outgoing, '40 70 80 82 85 86'),
  ...operations(wasRefused, '41 61 71 81 84 88'),
  ...operations(notice, '23 33 63 83'),
};

function operations(operation: Operation, codes: string): Record<string, Operation> {
  return Object.fromEntries(codes.split(' ').map((code) => [code, operation]));
}

function recognises({ head }: FileSample): boolean {
  return /^\s*31000001(?:\d\d|[A-Z]\d)[\d ]{6}[E ](?: {4}|\d[A-Z]{3})[\dA-Z]{5}[\dA-Z]{5}/.test(head);
}

interface OpenSequence {
  readonly header: FixedRecord;
  readonly details: FixedRecord[];
  total: FixedRecord | undefined;
}

function read(bytes: Uint8Array): StatementFile {
  return readRecords(bytes, { name: 'CFONB 240', place, statementOf });
}

function place(record: FixedRecord, sequences: OpenSequence[], problems: ReadProblem[]): void {
  const open = sequences.at(-1);
  const lost = (message: string): void => {
    problems.push({ severity: 'error', code: 'LINE_MALFORMED', message, line: record.line });
  };
  const kind = columns(record, 1, 2);
  if (kind === '31') sequences.push({ header: record, details: [], total: undefined });
  else if (kind !== '34' && kind !== '39') lost(`The record is of no known kind: ${quoted(record.text)}.`);
  else if (!open || open.total) lost('The record stands outside every sequence.');
  else if (kind === '34') open.details.push(record);
  else open.total = record;
}

function statementOf(open: OpenSequence, problems: ReadProblem[]): BankStatement | undefined {
  const { header, details } = open;
  try {
    const money = currencyOf(header) ?? { currency: 'EUR', decimals: 2 };
    const lines = details.flatMap((detail) => lineOf(detail, money, problems) ?? []);
    checkTotal(open, { lines, money }, problems);
    const days = lines.map((line) => line.bookedOn).sort(compareDates);
    const account = partyAt(header, 22);
    return {
      format: 'CFONB 240',
      account: { ...account, name: tidy(columns(header, 43, 66)), currency: money.currency },
      currency: money.currency,
      from: days[0],
      to: days.at(-1),
      lines,
    };
  } catch (error) {
    problems.push(lossOf(error, header.line));
    return undefined;
  }
}

interface Denomination {
  readonly currency: string;
  readonly decimals: number;
}

/** Amounts are in cents of the euro unless four columns say how many decimals of which currency. */
function currencyOf(record: FixedRecord): Denomination | undefined {
  const [, decimals = '', currency = ''] = /^(\d)([A-Z]{3})$/.exec(columns(record, 18, 21)) ?? [];
  return isCurrency(currency) ? { currency, decimals: Number(decimals) } : undefined;
}

function partyAt(record: FixedRecord, from: number): ReturnType<typeof frenchAccount> {
  return frenchAccount(
    columns(record, from, from + 4),
    columns(record, from + 5, from + 9),
    columns(record, from + 10, from + 20),
  );
}

function lineOf(record: FixedRecord, usual: Denomination, problems: ReadProblem[]): BankLine | undefined {
  try {
    const code = columns(record, 9, 10);
    const operation = OPERATIONS[code];
    if (operation === undefined) {
      throw new CrossfootError('LINE_MALFORMED', `The operation ${quoted(code)} is none of CFONB 240.`);
    }
    const { currency, decimals } = currencyOf(record) ?? usual;
    const figure = digitsAmount(columns(record, 229, 240), currency, decimals);
    const returned = operation.returned === true;
    return {
      bookedOn: dayMonthYear(columns(record, 11, 16)),
      amount: operation.sign === -1 ? negate(figure) : figure,
      status: operation.sign === 0 ? 'information' : 'pending',
      reversal: returned,
      counterparty: isCheque(code) ? {} : counterpartyOf(record, returned ? 78 : 22),
      bankReference: referenceOf(columns(record, isCheque(code) ? 70 : 123, isCheque(code) ? 93 : 128)),
      remittance: isCheque(code) ? chequeText(record, code) : textOf(record, code),
      transactionCode: code,
      ...foreignAmounts(record, code, currency),
      details: [],
      raw: record.text,
      line: record.line,
    };
  } catch (error) {
    problems.push(lossOf(error, record.line));
    return undefined;
  }
}

function isCheque(code: string): boolean {
  return code === '40' || code === '41';
}

/** The number of the cheque, then what the bank or the holder of the account keeps with it. */
function chequeText(record: FixedRecord, code: string): string {
  return code === '40'
    ? joinTexts(columns(record, 63, 69), columns(record, 94, 147))
    : joinTexts(columns(record, 64, 70), columns(record, 126, 149), columns(record, 150, 180));
}

/** Bills have the references of drawer and drawee; of all else the rejects end two columns earlier. */
function textOf(record: FixedRecord, code: string): string {
  if (code === '61') return joinTexts(columns(record, 139, 148), columns(record, 149, 158));
  const end = OPERATIONS[code]?.returned === true ? [183, 214] : [184, 216];
  const middle = end[0] ?? 184;
  return joinTexts(columns(record, 153, middle), columns(record, middle + 1, end[1] ?? 216));
}

function counterpartyOf(record: FixedRecord, from: number): BankLine['counterparty'] {
  return { ...partyAt(record, from), name: tidy(columns(record, from + 21, from + 44)) };
}

/** A transfer from abroad says what was sent and what the bank kept, with a decimal comma. */
function foreignAmounts(
  record: FixedRecord,
  code: string,
  currency: string,
): Pick<BankLine, 'charges' | 'originalAmount'> {
  if (code !== '77' && code !== '79') return {};
  const original = columns(record, 129, 131);
  return {
    charges: code === '77' ? optionalAmount(columns(record, 67, 72), currency) : undefined,
    originalAmount: isCurrency(original) ? optionalAmount(columns(record, 132, 143), original) : undefined,
  };
}

/** A figure that only accompanies the amount; what cannot be read, or is nothing, is left out. */
function optionalAmount(text: string, currency: string): Money | undefined {
  if (!/^\s*\d+(?:,\d*)?\s*$/.test(text)) return undefined;
  try {
    const amount = readAmount(text.replace(/,\s*$/, ''), currency);
    return amount.minor === 0n ? undefined : amount;
  } catch (error) {
    if (error instanceof CrossfootError) return undefined;
    throw error;
  }
}

/** The last record adds up the amounts of its sequence without regard to their sign. */
function checkTotal(
  { header, total }: OpenSequence,
  { lines, money: { currency, decimals } }: { lines: readonly BankLine[]; money: Denomination },
  problems: ReadProblem[],
): void {
  if (!total) {
    const text = 'The sequence has no total, so nothing proves it whole.';
    problems.push(warning('LINE_MALFORMED', text, header.line));
    return;
  }
  try {
    const stated = digitsAmount(columns(total, 229, 240), currency, decimals);
    if (lines.some((line) => line.amount.currency !== currency)) return;
    const added = sum(
      currency,
      lines.map((line) => absolute(line.amount)),
    );
    if (added.minor === stated.minor) return;
    const text = `The operations add up to ${formatMoney(added)} ${currency}, not to ${formatMoney(stated)} as the last record says.`;
    problems.push(warning('STATEMENT_UNBALANCED', text, total.line));
  } catch (error) {
    problems.push({ ...lossOf(error, total.line), severity: 'warning' });
  }
}
