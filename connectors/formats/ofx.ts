import { parseDate } from '#kernel/calendar';
import type { CalendarDate } from '#kernel/calendar';
import { CrossfootError } from '#kernel/errors';
import { isCurrency, money, parseDecimal } from '#kernel/money';
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
import { ofxTokens } from './ofx-tokens.ts';
import {
  accountOf,
  joinTexts,
  lossOf,
  quoted,
  readAmount,
  readFile,
  referenceOf,
  refusedFile,
  tidy,
  warning,
} from './statement-values.ts';
import { declaredEncoding, decodeText } from './text.ts';

/** OFX 1 (SGML, end tags missing) and OFX 2 (XML): bank, credit card and the cash side of investment statements. */
export const ofx: StatementFormat = { name: 'OFX', recognises, read };

const STATEMENTS = new Set(['STMTRS', 'CCSTMTRS', 'INVSTMTRS']);
const ACCOUNTS = new Set(['BANKACCTFROM', 'CCACCTFROM', 'INVACCTFROM']);
const MOVEMENTS = new Set(['STMTTRN', 'STMTTRNP']);
/** The aggregates whose elements matter, or must not be taken for those of the aggregate around them. */
const AGGREGATES = new Set([
  ...STATEMENTS,
  ...ACCOUNTS,
  ...MOVEMENTS,
  'OFX',
  'SONRS',
  'STATUS',
  'STMTTRNRS',
  'CCSTMTTRNRS',
  'INVSTMTTRNRS',
  'BANKTRANLIST',
  'BANKTRANLISTP',
  'INVTRANLIST',
  'INVTRAN',
  'INVPOSLIST',
  'SECLIST',
  'LEDGERBAL',
  'AVAILBAL',
  'BALLIST',
  'BANKACCTTO',
  'CCACCTTO',
  'PAYEE',
  'CURRENCY',
  'ORIGCURRENCY',
  'IMAGEDATA',
]);

/** An open aggregate with the elements read so far. */
interface Aggregate {
  readonly name: string;
  readonly from: number;
  readonly values: Map<string, string>;
  readonly inner: Map<string, Aggregate>;
}

interface OpenStatement {
  readonly aggregate: Aggregate;
  readonly movements: { readonly aggregate: Aggregate; readonly to: number }[];
  period?: Aggregate;
  securityTrades: number;
}

function recognises(sample: FileSample): boolean {
  return (
    /^\s*OFXHEADER\s*:/i.test(sample.head) || /<\?OFX\s/i.test(sample.head) || /<OFX>/i.test(sample.head)
  );
}

function read(bytes: Uint8Array): StatementFile {
  const source = decodeText(bytes, declaredEncoding(bytes));
  const format = dialectOf(source);
  const gathered = gather(source);
  const lines = new LineNumbers(source);
  if (gathered.statements.length === 0) return refusedFile(format, noStatement(gathered, lines));
  const problems: ReadProblem[] = [];
  if (!gathered.closed) {
    const message = 'The file ends before </OFX>: it may have lost lines.';
    problems.push(warning('FILE_UNREADABLE', message, lines.at(source.length)));
  }
  const statements = gathered.statements.map((open) =>
    statementOf(open, { source, lines, format, problems }),
  );
  return readFile(
    format,
    statements.filter((each) => each !== undefined),
    problems,
  );
}

function dialectOf(source: string): string {
  const head = source.slice(0, 2048);
  const version =
    /^\s*VERSION\s*:\s*(\d{3})/im.exec(head)?.[1] ??
    /<\?OFX[^>]*\sVERSION\s*=\s*["'](\d{3})/i.exec(head)?.[1];
  return version === undefined ? 'OFX' : `OFX ${version.replace(/0$/, '').split('').join('.')}`;
}

interface Gathered {
  readonly statements: OpenStatement[];
  /** The first answer with an error code of the bank. */
  readonly failure?: Aggregate;
  readonly closed: boolean;
}

/** One pass over the tags. A start tag closes what cannot contain it, so missing end tags never swallow anything. */
function gather(source: string): Gathered {
  const stack: Aggregate[] = [];
  const statements: OpenStatement[] = [];
  let failure: Aggregate | undefined;
  let closed = false;
  const close = (depth: number, to: number): void => {
    while (stack.length > depth) {
      const done = stack.pop();
      if (done === undefined) return;
      const statement = statements.at(-1);
      if (MOVEMENTS.has(done.name)) statement?.movements.push({ aggregate: done, to });
      else if (statement !== undefined && /^(?:BANKTRANLIST|INVTRANLIST)$/.test(done.name))
        statement.period ??= done;
      else if (statement !== undefined && done.name === 'INVTRAN') statement.securityTrades += 1;
      if (done.name === 'STATUS' && (done.values.get('CODE') ?? '0') !== '0') failure ??= done;
      stack.at(-1)?.inner.set(done.name, stack.at(-1)?.inner.get(done.name) ?? done);
    }
  };
  for (const token of ofxTokens(source)) {
    if (!AGGREGATES.has(token.name)) {
      const values = stack.at(-1)?.values;
      if (token.kind === 'start' && values !== undefined && !values.has(token.name))
        values.set(token.name, token.text);
      continue;
    }
    const open = stack.findLastIndex((each) => each.name === token.name);
    if (token.kind === 'end') {
      closed ||= token.name === 'OFX';
      if (open !== -1) close(open, token.to);
      continue;
    }
    if (open !== -1) close(open, token.from);
    else if (MOVEMENTS.has(token.name)) close(listDepth(stack), token.from);
    const aggregate = { name: token.name, from: token.from, values: new Map(), inner: new Map() };
    stack.push(aggregate);
    if (STATEMENTS.has(token.name)) statements.push({ aggregate, movements: [], securityTrades: 0 });
  }
  close(0, source.length);
  return { statements, failure, closed };
}

/** A movement lies in its list; whatever else is still open above the list lacks its end tag. */
function listDepth(stack: readonly Aggregate[]): number {
  const list = stack.findLastIndex((each) => /TRANLISTP?$/.test(each.name));
  return list === -1 ? stack.length : list + 1;
}

function noStatement(
  { failure }: Gathered,
  lines: LineNumbers,
): { code: string; message: string; line?: number } {
  if (failure === undefined) {
    return {
      code: 'FORMAT_UNSUPPORTED',
      message: 'This OFX file holds no bank, card or investment statement.',
    };
  }
  const said = [failure.values.get('CODE'), failure.values.get('MESSAGE')].filter(Boolean).join(' ');
  return {
    code: 'FORMAT_UNSUPPORTED',
    message: `This OFX file holds an error of the bank instead of a statement: ${said}.`,
    line: lines.at(failure.from),
  };
}

interface Context {
  readonly source: string;
  readonly lines: LineNumbers;
  readonly format: string;
  readonly problems: ReadProblem[];
}

function statementOf(open: OpenStatement, context: Context): BankStatement | undefined {
  const { aggregate, movements, period } = open;
  const { problems, lines } = context;
  const line = lines.at(aggregate.from);
  const currency = aggregate.values.get('CURDEF')?.toUpperCase() ?? '';
  if (!isCurrency(currency)) {
    const message =
      currency === ''
        ? 'The statement has no CURDEF: its currency is unknown.'
        : `The CURDEF of the statement is ${quoted(currency)}, which is no currency.`;
    problems.push({ severity: 'error', code: 'CURRENCY_UNKNOWN', message, line });
    return undefined;
  }
  if (open.securityTrades > 0) {
    const message = `${open.securityTrades} securities transactions are not bank lines and were not read.`;
    problems.push(warning('FORMAT_UNSUPPORTED', message, line));
  }
  const account = accountFrom([...ACCOUNTS].map((name) => aggregate.inner.get(name)).find(Boolean));
  if (account.iban === undefined && account.accountNumber === undefined) {
    problems.push(warning('FIELD_MISSING', 'The statement does not name its account.', line));
  }
  const read: BankLine[] = [];
  for (const { aggregate: movement, to } of movements) {
    const at = lines.at(movement.from);
    try {
      read.push(
        movementOf(movement, { currency, line: at, raw: context.source.slice(movement.from, to).trimEnd() }),
      );
    } catch (error) {
      problems.push(lossOf(error, at));
    }
  }
  return {
    format: context.format,
    account,
    currency,
    closing: balanceOf(aggregate.inner.get('LEDGERBAL'), currency, context),
    from: dayIn(period, 'DTSTART'),
    to: dayIn(period, 'DTEND'),
    lines: read,
  };
}

function accountFrom(aggregate: Aggregate | undefined): BankParty {
  // IBAN countries put the IBAN where the United States put the number.
  return accountOf(aggregate?.values.get('ACCTID'));
}

function balanceOf(
  aggregate: Aggregate | undefined,
  currency: string,
  context: Context,
): BankBalance | undefined {
  const figure = aggregate?.values.get('BALAMT');
  if (aggregate === undefined || figure === undefined || figure === '') return undefined;
  try {
    return { amount: ofxAmount(figure, currency), on: dayIn(aggregate, 'DTASOF') };
  } catch (error) {
    context.problems.push({ ...lossOf(error, context.lines.at(aggregate.from)), severity: 'warning' });
    return undefined;
  }
}

function movementOf(
  movement: Aggregate,
  { currency, line, raw }: { currency: string; line: number; raw: string },
): BankLine {
  const value = (name: string): string | undefined => tidy(movement.values.get(name));
  const name = value('NAME') ?? tidy(movement.inner.get('PAYEE')?.values.get('NAME'));
  const check = value('CHECKNUM');
  const pending = movement.name === 'STMTTRNP';
  const { amount, originalAmount } = amountsOf(movement, currency);
  return {
    bookedOn: requiredDay(movement, pending ? 'DTTRAN' : 'DTPOSTED'),
    valueOn: dayIn(movement, 'DTAVAIL'),
    amount,
    status: pending ? 'pending' : 'booked',
    // CORRECTACTION says that the bank takes an earlier line back.
    reversal: value('CORRECTACTION')?.toUpperCase() === 'DELETE',
    counterparty: {
      ...accountFrom(movement.inner.get('BANKACCTTO') ?? movement.inner.get('CCACCTTO')),
      name,
    },
    bankReference: referenceOf(value('FITID')),
    remittance: joinTexts(
      value('MEMO') ?? name,
      check === undefined || /^0+$/.test(check) ? undefined : check,
      value('REFNUM'),
    ),
    transactionCode: value('TRNTYPE'),
    originalAmount,
    details: [],
    raw,
    line,
  };
}

/** With a `CURRENCY` aggregate the amount is in that currency and its rate leads to the currency of the account. */
function amountsOf(movement: Aggregate, currency: string): { amount: Money; originalAmount?: Money } {
  const figure = tidy(movement.values.get('TRNAMT'));
  if (figure === undefined)
    throw new CrossfootError('FIELD_MISSING', 'The transaction has no TRNAMT.', { path: ['TRNAMT'] });
  const foreign = movement.inner.get('CURRENCY');
  const symbol = tidy(foreign?.values.get('CURSYM'))?.toUpperCase();
  if (symbol === undefined || symbol === currency) return { amount: ofxAmount(figure, currency) };
  const original = ofxAmount(figure, symbol);
  return {
    amount: exchanged(original, foreign?.values.get('CURRATE') ?? '', currency),
    originalAmount: original,
  };
}

/** The amount in another currency at an exact decimal rate, rounded half away from zero to its minor unit. */
function exchanged(amount: Money, rateText: string, currency: string): Money {
  const rate = parseDecimal(rateText.trim().replace(',', '.'));
  if (rate.digits <= 0n)
    throw new CrossfootError('FIELD_INVALID', `The rate ${quoted(rateText)} is not positive.`, {
      path: ['CURRATE'],
    });
  const from = 10n ** BigInt(rate.scale) * scaleOf(amount.currency);
  const exact = amount.minor * rate.digits * scaleOf(currency);
  const half = exact < 0n ? -from / 2n : from / 2n;
  return money((exact + half) / from, currency);
}

function scaleOf(currency: string): bigint {
  return readAmount('1', currency).minor;
}

/** A figure with a decimal comma or point; where both stand the first one groups. */
function ofxAmount(text: string, currency: string): Money {
  const [comma, point] = [text.lastIndexOf(','), text.lastIndexOf('.')];
  if (comma === -1 || point === -1) return readAmount(text, currency);
  return readAmount(text.replaceAll(comma > point ? '.' : ',', ''), currency);
}

function requiredDay(aggregate: Aggregate, name: string): CalendarDate {
  const text = tidy(aggregate.values.get(name));
  if (text === undefined)
    throw new CrossfootError('FIELD_MISSING', `The transaction has no ${name}.`, { path: [name] });
  // The day as the bank writes it, in the bank's own time zone, is the day it booked.
  return parseDate(text.slice(0, 8), 'YYYYMMDD');
}

function dayIn(aggregate: Aggregate | undefined, name: string): CalendarDate | undefined {
  const text = aggregate?.values.get(name)?.trim();
  if (aggregate === undefined || text === undefined || text === '') return undefined;
  try {
    return requiredDay(aggregate, name);
  } catch (error) {
    if (error instanceof CrossfootError) return undefined;
    throw error;
  }
}

/** Turns places in a text into one-based line numbers. */
class LineNumbers {
  private readonly ends: number[] = [];

  constructor(source: string) {
    for (let end = source.indexOf('\n'); end !== -1; end = source.indexOf('\n', end + 1)) this.ends.push(end);
  }

  at(place: number): number {
    let [low, high] = [0, this.ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.ends[middle] ?? 0) < place) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  }
}
