import { compareDates } from '#kernel/calendar';
import { CrossfootError } from '#kernel/errors';
import { absolute, formatMoney, isCurrency, negate, parseMoney, sum } from '#kernel/money';
import type { Money } from '#kernel/money';
import type {
  BankLine,
  BankLineDetail,
  BankStatement,
  FileSample,
  ReadOptions,
  ReadProblem,
  StatementFile,
  StatementFormat,
} from '#connectors/ports';
import { cellHabits, readAmount } from './csv-expenses-cells.ts';
import type { CellHabits } from './csv-expenses-cells.ts';
import { dayOrder, qifDay } from './qif-days.ts';
import { looksLikeQif, qifRecords } from './qif-records.ts';
import type { QifRecord } from './qif-records.ts';
import { joinTexts, lossOf, quoted, readFile, refusedFile, tidy, warning } from './statement-values.ts';
import { decodeText } from './text.ts';

/**
 * QIF of Quicken and of banks: bank, cash, card, asset, liability and investment accounts with their splits. It names
 * no currency and hardly ever an account, so both come from whoever imports.
 */
export const qif: StatementFormat = { name: 'QIF', recognises, read };

const MOVEMENTS = new Set(['bank', 'cash', 'ccard', 'oth a', 'oth l', 'invst']);
/** Lists that come with movements and are none. */
const LISTS = new Set(['', 'account', 'cat', 'class', 'memorized', 'security', 'prices', 'budget', 'tag']);
/** What investments do to the cash of their account; those that end with X move that of another account. */
const CASH_IN = new Set(
  'sell div intinc cglong cgshort cgmid miscinc rtrncap xin contribx shtsell'.split(' '),
);
const CASH_OUT = new Set('buy miscexp margint xout withdrwx cvrshrt'.split(' '));

interface Reading {
  readonly currency: string;
  readonly habits: CellHabits;
  /** Undefined when the days of the file contradict each other. */
  readonly dayFirst?: boolean;
  readonly problems: ReadProblem[];
}

function recognises({ head }: FileSample): boolean {
  return looksLikeQif(head);
}

function read(bytes: Uint8Array, options: ReadOptions): StatementFile {
  const problems: ReadProblem[] = [];
  const records = [...qifRecords(decodeText(bytes))];
  const moving = movementsOf(records, problems);
  const currency = options.account?.currency;
  if (currency === undefined || !isCurrency(currency)) {
    const message = 'QIF names no currency; name the bank account that the file is of.';
    return refusedFile('QIF', { code: 'CURRENCY_UNKNOWN', message });
  }
  const days = moving.flatMap((record) => valuesOf(record, 'D'));
  const order = dayOrder(days, { known: options.dayFirst, currency });
  const amounts = moving.flatMap((record) => [...valuesOf(record, 'T'), ...valuesOf(record, '$')]);
  const habits = cellHabits(amounts, [], ',');
  if (order?.guessed === true) {
    const text = order.dayFirst ? 'day before month' : 'month before day';
    const message = `No day of the file tells the order of day and month; taken as ${text}.`;
    problems.push(warning('DATE_INVALID', message, moving[0]?.line));
  }
  const reading = { currency, habits, dayFirst: order?.dayFirst, problems };
  return readFile('QIF', statementsOf(moving, { reading, options }), problems);
}

/** The records of accounts' movements; what else holds records, and is no known list, is named. */
function movementsOf(records: readonly QifRecord[], problems: ReadProblem[]): QifRecord[] {
  const unknown = new Set<string>();
  return records.filter(({ section, line, ended }) => {
    if (!ended && (MOVEMENTS.has(section.kind) || section.kind === '')) {
      const message = 'The file ends, or goes on, before ^ ends the record: it may have lost lines.';
      problems.push(warning('FILE_UNREADABLE', message, line));
    }
    if (MOVEMENTS.has(section.kind)) return true;
    if (!LISTS.has(section.kind) && !unknown.has(section.kind)) {
      unknown.add(section.kind);
      const message = `Records of !Type:${quoted(section.kind)} are not movements of an account and were not read.`;
      problems.push(warning('FORMAT_UNSUPPORTED', message, line));
    }
    return false;
  });
}

function valuesOf({ fields }: QifRecord, letter: string): string[] {
  return fields.flatMap(([one, text]) => (one === letter && text !== '' ? [text] : []));
}

/** One statement for each account of the file. */
function statementsOf(
  records: readonly QifRecord[],
  { reading, options }: { reading: Reading; options: ReadOptions },
): BankStatement[] {
  const accounts = Map.groupBy(records, ({ section }) => `${section.account ?? ''}\n${section.kind}`);
  return [...accounts.values()].map((group) => {
    const name = tidy(group[0]?.section.account);
    const opening = group.find(isOpeningBalance);
    const lines = group.filter((one) => one !== opening).flatMap((one) => lineOf(one, reading) ?? []);
    const before = opening && lineOf(opening, reading);
    warnOfTrades(group, reading.problems);
    const days = lines.map((line) => line.bookedOn).sort(compareDates);
    const { currency } = reading;
    return {
      format: 'QIF',
      // Of several accounts only their names tell them apart, so none of them is taken for the one that was named.
      account:
        accounts.size > 1 ? { accountNumber: name, name, currency } : { name, ...options.account, currency },
      currency,
      opening: before && { amount: before.amount, on: before.bookedOn },
      from: days[0],
      to: days.at(-1),
      lines,
    };
  });
}

/** Quicken writes the balance with which an account begins as a transfer of the account to itself. */
function isOpeningBalance(record: QifRecord): boolean {
  const { account } = record.section;
  const to = valuesOf(record, 'L')[0] ?? '';
  return (
    /^opening balance$/i.test(valuesOf(record, 'P')[0] ?? '') &&
    /^\[.*\]$/.test(to) &&
    (account === undefined || to === `[${account}]`)
  );
}

function warnOfTrades(group: readonly QifRecord[], problems: ReadProblem[]): void {
  const trades = group.filter((record) => record.section.kind === 'invst' && signOfTrade(record) === 0);
  const [first] = trades;
  if (first === undefined) return;
  const message = `${trades.length} securities transactions do not move the cash of the account and were not read.`;
  problems.push(warning('FORMAT_UNSUPPORTED', message, first.line));
}

/** Nothing for a trade that moves shares only, or the cash of another account; undefined: the amount has its sign. */
function signOfTrade(record: QifRecord): 1 | -1 | 0 | undefined {
  const action = valuesOf(record, 'N')[0]?.toLowerCase() ?? 'cash';
  if (action === 'cash') return undefined;
  return CASH_IN.has(action) ? 1 : CASH_OUT.has(action) ? -1 : 0;
}

function lineOf(record: QifRecord, reading: Reading): BankLine | undefined {
  const trade = record.section.kind === 'invst' ? signOfTrade(record) : undefined;
  if (trade === 0) return undefined;
  try {
    const amount = amountOf(record, reading, trade);
    const details = splitsOf(record, reading);
    checkSplits(record, { amount, details }, reading.problems);
    const name = tidy(valuesOf(record, trade === undefined ? 'P' : 'Y')[0]);
    const number = tidy(valuesOf(record, 'N')[0]);
    const isCheck = number !== undefined && /^\d+$/.test(number);
    return {
      bookedOn: dayOf(record, reading),
      amount,
      status: 'booked',
      reversal: false,
      counterparty: { name },
      remittance: joinTexts(valuesOf(record, 'M').join(' ') || name, isCheck ? number : undefined),
      transactionCode: isCheck ? undefined : number,
      details,
      raw: record.raw,
      line: record.line,
    };
  } catch (error) {
    reading.problems.push(lossOf(error, record.line));
    return undefined;
  }
}

function dayOf(record: QifRecord, { dayFirst }: Reading): BankLine['bookedOn'] {
  const text = valuesOf(record, 'D')[0];
  if (text === undefined) {
    throw new CrossfootError('FIELD_MISSING', 'The record has no day: field D is missing.', { path: ['D'] });
  }
  const [one, other] = [qifDay(text, dayFirst ?? true), qifDay(text, dayFirst ?? false)];
  const day = one ?? other;
  // Without an order for the file only days that can be nothing else are certain.
  const unclear = one !== undefined && other !== undefined && one !== other;
  if (day === undefined || unclear) {
    const why = unclear ? ', and the days of the file contradict each other about what comes first' : '';
    throw new CrossfootError('DATE_INVALID', `${quoted(text)} is not a day that can be read${why}.`, {
      path: ['D'],
    });
  }
  return day;
}

function amountOf(record: QifRecord, reading: Reading, sign: 1 | -1 | undefined): Money {
  const text = valuesOf(record, 'T')[0] ?? valuesOf(record, 'U')[0];
  if (text === undefined) {
    throw new CrossfootError('FIELD_MISSING', 'The record has no amount: field T is missing.', {
      path: ['T'],
    });
  }
  const amount = moneyOf(text, reading);
  if (sign === undefined) return amount;
  // Trades tell their amount without a sign.
  return sign === 1 ? absolute(amount) : negate(absolute(amount));
}

function moneyOf(text: string, { habits, currency }: Reading): Money {
  const written = readAmount(text, habits);
  if (written === undefined) {
    throw new CrossfootError('AMOUNT_INVALID', `${quoted(text)} is not an amount.`, { path: ['T'] });
  }
  return parseMoney(written.decimal, currency);
}

/** S begins a split with its category, E is its memo, $ its amount. */
function splitsOf({ fields, line }: QifRecord, reading: Reading): BankLineDetail[] {
  const splits: { category: string; memo?: string; amount?: Money }[] = [];
  for (const [letter, text] of fields) {
    const last = splits.at(-1);
    if (letter === 'S') splits.push({ category: text });
    else if (last === undefined) continue;
    else if (letter === 'E') last.memo = text;
    else if (letter === '$' && text !== '') {
      try {
        last.amount = moneyOf(text, reading);
      } catch (error) {
        reading.problems.push({ ...lossOf(error, line), severity: 'warning' });
      }
    }
  }
  return splits.map(({ category, memo, amount }) => ({ amount, remittance: joinTexts(category, memo) }));
}

function checkSplits(
  { line }: QifRecord,
  { amount, details }: { amount: Money; details: readonly BankLineDetail[] },
  problems: ReadProblem[],
): void {
  const amounts = details.flatMap((detail) => detail.amount ?? []);
  if (amounts.length === 0 || amounts.length < details.length) return;
  const total = sum(amount.currency, amounts);
  if (total.minor === amount.minor) return;
  const message = `The splits add up to ${formatMoney(total)}, not to the amount of ${formatMoney(amount)}.`;
  problems.push(warning('FIELD_INVALID', message, line));
}
