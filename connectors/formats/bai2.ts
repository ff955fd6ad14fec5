import type { CalendarDate } from '#kernel/calendar';
import { parseDate } from '#kernel/calendar';
import { CrossfootError } from '#kernel/errors';
import { isCurrency, money, negate, type Money } from '#kernel/money';
import type {
  BankBalance,
  BankLine,
  BankStatement,
  FileSample,
  ReadProblem,
  StatementFile,
  StatementFormat,
} from '#connectors/ports';
import { baiRecords, fieldsOf, type BaiRecord, type FieldCursor } from './bai2-records.ts';
import {
  accountOf,
  bicOf,
  lossOf,
  quoted,
  readFile,
  referenceOf,
  tidy,
  warning,
} from './statement-values.ts';
import { decodeText } from './text.ts';

/** BAI2 cash management reports of banks in the United States, Canada and elsewhere; amounts are minor units. */
export const bai2: StatementFormat = { name: 'BAI2', recognises, read };

function recognises({ head }: FileSample): boolean {
  return /^\s*01,[^,\r\n]*,[^,\r\n]*,\d{6},/.test(head);
}

const FACT = /^\s*(EREF|DBNM|CRNM|DACT|CACT|DBIC|CBIC):\s*(\S.*)$/;
const openingLedger = '010';
const closingLedger = '015';
/** Where neither the account nor the group names a currency, the format says it is this one. */
const usualCurrency = 'USD';

interface Group {
  readonly on: CalendarDate;
  readonly currency: string | undefined;
  /** The report is of a day that is not over; what it holds comes again. */
  readonly interim: boolean;
}

interface OpenAccount {
  readonly header: BaiRecord;
  readonly group: Group;
  readonly entries: BaiRecord[];
  trailer: BaiRecord | undefined;
}

function read(bytes: Uint8Array): StatementFile {
  const problems: ReadProblem[] = [];
  const accounts: OpenAccount[] = [];
  let group: Group | undefined;
  for (const record of baiRecords(decodeText(bytes))) {
    if (record.code === '02') group = groupOf(record, problems);
    else if (record.code === '03') {
      if (group) accounts.push({ header: record, group, entries: [], trailer: undefined });
      else lost(problems, record, 'The account stands in no group that could be read.');
    } else if (record.code === '16' || record.code === '49') {
      const open = accounts.at(-1);
      if (!group || !open || open.trailer) lost(problems, record, 'The record belongs to no account.');
      else if (record.code === '16') open.entries.push(record);
      else open.trailer = record;
    } else if (!['01', '98', '99'].includes(record.code)) {
      lost(problems, record, `The record is of no known kind: ${quoted(record.text)}.`);
    }
  }
  const statements = accounts.flatMap((account) => statementOf(account, problems) ?? []);
  return readFile('BAI2', statements, problems);
}

function lost(problems: ReadProblem[], { line }: BaiRecord, message: string): void {
  problems.push({ severity: 'error', code: 'LINE_MALFORMED', message, line });
}

function groupOf(record: BaiRecord, problems: ReadProblem[]): Group | undefined {
  const fields = fieldsOf(record);
  const [, , status, day] = [fields.take(), fields.take(), fields.take(), fields.take()];
  const [, currency, modifier] = [fields.take(), fields.take(), fields.take()];
  if (status === '2' || status === '4') {
    const what = status === '2' ? 'takes an earlier report back' : 'is a test';
    lost(problems, record, `The group ${what}; nothing of it is taken.`);
    return undefined;
  }
  try {
    return {
      on: parseDate(day ?? '', 'YYMMDD'),
      currency: currency === '' ? undefined : currency,
      interim: modifier === '3',
    };
  } catch (error) {
    problems.push(lossOf(error, record.line));
    return undefined;
  }
}

function statementOf(account: OpenAccount, problems: ReadProblem[]): BankStatement | undefined {
  const { header, group, entries, trailer } = account;
  const fields = fieldsOf(header);
  const number = tidy(fields.take());
  const currency = fields.take() || group.currency || usualCurrency;
  if (number === undefined || !isCurrency(currency)) {
    const [code, message] =
      number === undefined
        ? (['FIELD_MISSING', 'The account has no number.'] as const)
        : (['CURRENCY_UNKNOWN', `The account is in ${quoted(currency)}, which is no currency.`] as const);
    problems.push({ severity: 'error', code, message, line: header.line });
    return undefined;
  }
  const sums = summaries(header, fields, { currency, problems });
  checkTrailer(account, sums, problems);
  const balance = (code: string, on?: CalendarDate): BankBalance | undefined => {
    const amount = sums.amounts.get(code);
    return amount && { amount, on };
  };
  return {
    format: 'BAI2',
    account: { ...accountOf(number), currency },
    currency,
    opening: balance(openingLedger),
    closing: group.interim ? undefined : balance(closingLedger, group.on),
    from: group.on,
    to: group.on,
    lines:
      trailer || entries.length > 0
        ? entries.flatMap((one) => lineOf(one, { group, currency }, problems))
        : [],
  };
}

interface Summaries {
  readonly amounts: ReadonlyMap<string, Money>;
  /** All of them, whatever they are, as the trailer adds them up. */
  readonly total: bigint;
}

/** Balances and totals of an account: type, amount, number of items, funds. */
function summaries(
  header: BaiRecord,
  fields: FieldCursor,
  { currency, problems }: { readonly currency: string; readonly problems: ReadProblem[] },
): Summaries {
  const amounts = new Map<string, Money>();
  let total = 0n;
  while (fields.more()) {
    const code = fields.take();
    const text = fields.take();
    fields.take();
    skipFunds(fields);
    if (text === '') continue;
    try {
      const amount = minorUnits(text, currency);
      total += amount.minor;
      if (code !== '') amounts.set(code, amount);
    } catch (error) {
      problems.push({ ...lossOf(error, header.line), severity: 'warning' });
    }
  }
  return { amounts, total };
}

/** How soon the money can be used; answers the value date where it says one. */
function skipFunds(fields: FieldCursor): string | undefined {
  const type = fields.take().toUpperCase();
  if (type === 'V') {
    const day = fields.take();
    fields.take();
    return day;
  }
  if (type === 'S') for (let count = 0; count < 3; count += 1) fields.take();
  if (type === 'D')
    for (let count = 2 * Number(fields.take() || 0); count > 0 && fields.more(); count -= 1) fields.take();
  return undefined;
}

function minorUnits(text: string, currency: string): Money {
  if (!/^[+-]?\d{1,18}$/.test(text)) {
    throw new CrossfootError('AMOUNT_INVALID', `${quoted(text)} is no amount in minor units.`);
  }
  return money(BigInt(text.replace('+', '')), currency);
}

/** Types from 100 to 399 raise the balance, those from 400 to 699 lower it; banks' own types follow the same pattern. */
function signOf(type: string): 1 | -1 | undefined {
  const code = Number(type);
  if ((code >= 100 && code < 400) || (code >= 920 && code < 960)) return 1;
  if ((code >= 400 && code < 700) || (code >= 960 && code <= 999)) return -1;
  return undefined;
}

function lineOf(
  record: BaiRecord,
  { group, currency }: { readonly group: Group; readonly currency: string },
  problems: ReadProblem[],
): BankLine[] {
  const fields = fieldsOf(record);
  const [type, text] = [fields.take(), fields.take()];
  try {
    const day = skipFunds(fields);
    const [bank, customer] = [fields.take(), fields.take()];
    const sign = signOf(type);
    if (sign === undefined) {
      // 890 and the like say something about the account and move nothing.
      if (text === '' || /^[+-]?0*$/.test(text)) return [];
      throw new CrossfootError('LINE_MALFORMED', `The type ${quoted(type)} says neither credit nor debit.`);
    }
    const amount = minorUnits(text === '' ? '0' : text, currency);
    const said = saidIn(fields.rest(), sign);
    return [
      {
        bookedOn: group.on,
        valueOn: day === undefined || day === '' || /^0+$/.test(day) ? undefined : parseDate(day, 'YYMMDD'),
        amount: sign === 1 ? amount : negate(amount),
        status: group.interim ? 'pending' : 'booked',
        reversal: false,
        counterparty: said.counterparty,
        bankReference: referenceOf(bank),
        endToEndId: said.endToEndId ?? referenceOf(customer),
        remittance: tidy(said.text) ?? '',
        transactionCode: type,
        details: [],
        raw: `16,${record.text}`,
        line: record.line,
      },
    ];
  } catch (error) {
    problems.push(lossOf(error, record.line));
    return [];
  }
}

/**
 * The text of a movement. Some banks continue it with one fact a line, such as `EREF:`, `DBNM:` for the debtor's name and
 * `CACT:` for the creditor's account.
 */
function saidIn(
  text: string,
  sign: 1 | -1,
): { text: string; counterparty: BankLine['counterparty']; endToEndId?: string } {
  const facts = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, word, value] = FACT.exec(line) ?? [];
    if (word !== undefined && value !== undefined) facts.set(word, value);
  }
  const other = sign === 1 ? 'D' : 'C';
  const name = sign === 1 ? 'DBNM' : 'CRNM';
  return {
    text: text.replaceAll('\n', ' '),
    counterparty: {
      ...accountOf(facts.get(`${other}ACT`)),
      name: tidy(facts.get(name)),
      bic: bicOf(facts.get(`${other}BIC`)),
    },
    endToEndId: referenceOf(facts.get('EREF')),
  };
}

/** The trailer adds up every amount of the account and counts its records. */
function checkTrailer(
  { header, entries, trailer }: OpenAccount,
  sums: Summaries,
  problems: ReadProblem[],
): void {
  if (!trailer) {
    problems.push(
      warning('LINE_MALFORMED', 'The account has no end, so nothing proves it whole.', header.line),
    );
    return;
  }
  const fields = fieldsOf(trailer);
  const [total, count] = [fields.take(), fields.take()];
  const records = [header, ...entries, trailer].reduce((sum, one) => sum + one.pieces, 0);
  if (/^\d+$/.test(count) && Number(count) !== records) {
    const text = `The account says that it has ${count} records and has ${records}.`;
    problems.push(warning('LINE_MALFORMED', text, trailer.line));
  }
  const amounts = entries.map((one) => {
    const of = fieldsOf(one);
    of.take();
    const text = of.take();
    return /^[+-]?\d{1,18}$/.test(text) ? BigInt(text.replace('+', '')) : 0n;
  });
  const sum = amounts.reduce((all, one) => all + one, sums.total);
  if (/^[+-]?\d{1,18}$/.test(total) && BigInt(total.replace('+', '')) !== sum) {
    const text = `The amounts of the account add up to ${sum}, not to ${total} as it says.`;
    problems.push(warning('STATEMENT_UNBALANCED', text, trailer.line));
  }
}
