import { SaxesParser } from 'saxes';
import type { CalendarDate } from '#kernel/calendar';
import { isCurrency, negate } from '#kernel/money';
import type { Money } from '#kernel/money';
import type {
  BankBalance,
  BankLine,
  BankStatement,
  FileSample,
  ReadProblem,
  StatementFile,
  StatementFormat,
} from '#connectors/ports';
import { accountIn, camtAmount, camtDate, readEntry } from './camt053-entry.ts';
import { balanceDifference } from './statement-check.ts';
import { bicOf, lossOf, quoted, readFile, refusedFile, tidy, warning } from './statement-values.ts';
import { declaredEncoding, decodeText } from './text.ts';
import { at, child, children, textAt } from './xml-tree.ts';
import type { XmlElement } from './xml-tree.ts';

/** The message elements and what their statements are called; version 1 adds `V01` to the name. */
const MESSAGES: Readonly<Record<string, { readonly message: string; readonly statement: string }>> = {
  BkToCstmrAcctRpt: { message: 'camt.052', statement: 'Rpt' },
  BkToCstmrStmt: { message: 'camt.053', statement: 'Stmt' },
  BkToCstmrDbtCdtNtfctn: { message: 'camt.054', statement: 'Ntfctn' },
};
const DEEPEST = 64;

/** camt.052, camt.053 and camt.054 of every version, by local names; malformed XML and any DOCTYPE are refused. */
export const camt053: StatementFormat = { name: 'camt', recognises, read };

interface OpenElement extends XmlElement {
  readonly children: OpenElement[];
  text: string;
  readonly start: number;
}

/** A statement while its parts go by. */
interface Gathering {
  readonly line: number;
  readonly parts: XmlElement[];
  readonly lines: BankLine[];
  ownIban?: string;
  createdOn?: CalendarDate;
}

class Refusal extends Error {}

function recognises({ head }: FileSample): boolean {
  if (!/^\s*</.test(head)) return false;
  return /<(?:\w+:)?BkToCstmr(?:AcctRpt|Stmt|DbtCdtNtfctn)/.test(head) || /camt\.05[234]\.001/.test(head);
}

function read(bytes: Uint8Array): StatementFile {
  const text = decodeText(bytes, declaredEncoding(bytes));
  const xml = text.trimStart();
  const reader = new CamtReader(xml, text.slice(0, text.length - xml.length).split('\n').length - 1);
  try {
    reader.run();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return refusedFile(reader.format, { code: 'FILE_UNREADABLE', message: error.message, line: reader.line });
  }
  return readFile(reader.format, reader.statements, reader.problems);
}

/** Walks the file once and keeps no more of its tree than the entry it is in. */
class CamtReader {
  readonly statements: BankStatement[] = [];
  readonly problems: ReadProblem[] = [];
  private readonly xml: string;
  private readonly linesBefore: number;
  private readonly parser = new SaxesParser({ xmlns: false, position: true });
  private readonly names: string[] = [];
  private readonly open: OpenElement[] = [];
  private version = '';
  private message = '';
  /** How deep the message element lies; statements lie one deeper. */
  private messageDepth = 0;
  private statementName = '';
  private gathering: Gathering | undefined;

  constructor(xml: string, linesBefore: number) {
    this.xml = xml;
    this.linesBefore = linesBefore;
  }

  /** The dialect as far as it is known by now. */
  get format(): string {
    return this.version === '' ? this.message || 'camt' : this.version;
  }

  get line(): number {
    return this.parser.line + this.linesBefore;
  }

  run(): void {
    this.parser.on('error', (error) => {
      throw new Refusal(`The XML is malformed: ${error.message}`);
    });
    this.parser.on('doctype', () => {
      throw new Refusal('The XML declares a DOCTYPE, which bank statements never need.');
    });
    this.parser.on('opentag', (tag) => this.opened(tag.name, tag.attributes));
    this.parser.on('closetag', () => this.closed());
    const keep = (piece: string): void => {
      const element = this.open.at(-1);
      if (element !== undefined) element.text += piece;
    };
    this.parser.on('text', keep);
    this.parser.on('cdata', keep);
    this.parser.write(this.xml).close();
    if (this.message === '') throw new Refusal('The XML holds no camt.052, camt.053 or camt.054 message.');
  }

  private opened(qualified: string, attributes: Readonly<Record<string, string>>): void {
    const name = localName(qualified);
    this.names.push(name);
    if (this.names.length > DEEPEST)
      throw new Refusal(`The XML is nested more than ${DEEPEST} elements deep.`);
    if (this.gathering !== undefined) return this.openedPart(name, attributes);
    const message = MESSAGES[name.replace(/V\d\d$/, '')];
    for (const value of Object.values(attributes)) {
      this.version ||= /camt\.05[234]\.\d{3}\.\d{2}/.exec(value)?.[0] ?? '';
    }
    if (message !== undefined) {
      this.message = message.message;
      this.statementName = message.statement;
      this.messageDepth = this.names.length;
    } else if (name === this.statementName && this.names.length === this.messageDepth + 1) {
      this.gathering = { line: this.line, parts: [], lines: [] };
    }
  }

  private openedPart(name: string, attributes: Readonly<Record<string, string>>): void {
    const element: OpenElement = {
      name,
      attributes: new Map(Object.entries(attributes)),
      children: [],
      text: '',
      line: this.line,
      start: this.xml.lastIndexOf('<', this.parser.position - 1),
    };
    this.open.at(-1)?.children.push(element);
    this.open.push(element);
  }

  private closed(): void {
    this.names.pop();
    const element = this.open.pop();
    if (element !== undefined) {
      element.text = element.text.trim();
      if (this.open.length === 0) this.closedPart(element);
    } else if (this.gathering !== undefined) {
      this.closedStatement(this.gathering);
      this.gathering = undefined;
    }
  }

  private closedPart(element: OpenElement): void {
    if (this.gathering === undefined) return;
    if (element.name !== 'Ntry') {
      this.gathering.parts.push(element);
      if (element.name === 'Acct') this.gathering.ownIban ??= accountIn(element).iban;
      if (element.name === 'CreDtTm') this.gathering.createdOn ??= camtDate(element);
      return;
    }
    const { ownIban, createdOn } = this.gathering;
    try {
      const { line, warnings } = readEntry(element, {
        message: this.message,
        ownIban,
        createdOn,
        raw: this.xml.slice(element.start, this.parser.position),
      });
      this.gathering.lines.push(line);
      this.problems.push(...warnings);
    } catch (error) {
      this.problems.push(lossOf(error, element.line));
    }
  }

  private closedStatement(gathering: Gathering): void {
    const { problems } = this;
    const statement = statementOf(gathering, { format: this.format, problems });
    if (statement !== undefined) this.statements.push(settleReversals(statement, problems));
  }
}

function statementOf(
  { parts, lines, line }: Gathering,
  { format, problems }: { format: string; problems: ReadProblem[] },
): BankStatement | undefined {
  const all: XmlElement = { name: '', attributes: new Map(), children: parts, text: '', line };
  const account = child(all, 'Acct');
  const balances = children(all, 'Bal');
  const ownCurrency = textAt(account, 'Ccy');
  const currency = ownCurrency ?? at(balances[0], 'Amt')?.attributes.get('Ccy') ?? lines[0]?.amount.currency;
  const reference = tidy(textAt(all, 'Id'));
  if (currency === undefined || !isCurrency(currency)) {
    const message =
      currency === undefined
        ? `Statement ${reference ?? ''} names no currency: neither its account, a balance nor an entry does.`
        : `Statement ${reference ?? ''} is in ${quoted(currency)}, which is no currency.`;
    problems.push({ severity: 'error', code: 'CURRENCY_UNKNOWN', message, line });
    return undefined;
  }
  const party = accountIn(account);
  if (party.iban === undefined && party.accountNumber === undefined) {
    problems.push(warning('FIELD_MISSING', `Statement ${reference ?? ''} does not name its account.`, line));
  }
  const balance = (...codes: readonly string[]): BankBalance | undefined =>
    balanceOf(balances, { codes, currency, problems });
  const closing = balance('CLBD');
  return {
    format,
    reference,
    sequence: textAt(all, 'ElctrncSeqNb') ?? textAt(all, 'LglSeqNb'),
    account: {
      ...party,
      name: tidy(textAt(account, 'Ownr', 'Nm') ?? textAt(account, 'Nm')),
      bic: bicOf(
        textAt(account, 'Svcr', 'FinInstnId', 'BICFI') ?? textAt(account, 'Svcr', 'FinInstnId', 'BIC'),
      ),
      currency: ownCurrency,
    },
    currency,
    opening: balance('OPBD', 'PRCD'),
    closing,
    from: camtDate(at(all, 'FrToDt', 'FrDtTm') ?? at(all, 'FrToDt', 'FrDt')),
    to: camtDate(at(all, 'FrToDt', 'ToDtTm') ?? at(all, 'FrToDt', 'ToDt')) ?? closing?.on,
    lines,
  };
}

/** The balance with the first code that is there; of several with that code the one in the statement's currency. */
function balanceOf(
  balances: readonly XmlElement[],
  { codes, currency, problems }: { codes: readonly string[]; currency: string; problems: ReadProblem[] },
): BankBalance | undefined {
  for (const code of codes) {
    const found = balances.filter(
      (each) => (textAt(each, 'Tp', 'CdOrPrtry', 'Cd') ?? textAt(each, 'Tp', 'Cd')) === code,
    );
    const chosen = found.find((each) => child(each, 'Amt')?.attributes.get('Ccy') === currency) ?? found[0];
    if (chosen === undefined) continue;
    try {
      const amount = camtAmount(child(chosen, 'Amt'), code);
      return {
        amount: textAt(chosen, 'CdtDbtInd') === 'DBIT' ? negate(amount) : amount,
        on: dayOfBalance(chosen),
      };
    } catch (error) {
      problems.push({ ...lossOf(error, chosen.line), severity: 'warning' });
    }
  }
  return undefined;
}

function dayOfBalance(balance: XmlElement): CalendarDate | undefined {
  return camtDate(at(balance, 'Dt', 'Dt') ?? at(balance, 'Dt', 'DtTm'));
}

/**
 * By the standard the indicator of a reversal already says how it moves the balance, but some banks keep the indicator
 * of the original. Only the balances can tell: when they agree once all reversals are turned round, they are turned.
 */
function settleReversals(statement: BankStatement, problems: ReadProblem[]): BankStatement {
  const first = statement.lines.find((line) => line.reversal);
  if (first === undefined) return statement;
  const difference = balanceDifference(statement);
  if (difference === undefined) {
    const message = 'No balances prove the sign of the reversals; it is taken as written.';
    problems.push(warning('FIELD_INVALID', message, first.line));
    return statement;
  }
  if (difference.minor === 0n) return statement;
  const turned = {
    ...statement,
    lines: statement.lines.map((line) => (line.reversal ? turnedRound(line) : line)),
  };
  if (balanceDifference(turned)?.minor !== 0n) return statement;
  const message =
    'The reversals carry the sign of what they reverse; they were turned round, as the balances ask.';
  problems.push(warning('FIELD_INVALID', message, first.line));
  return turned;
}

function turnedRound(line: BankLine): BankLine {
  const turn = (amount: Money | undefined): Money | undefined => amount && negate(amount);
  return {
    ...line,
    amount: negate(line.amount),
    originalAmount: turn(line.originalAmount),
    details: line.details.map((detail) => ({ ...detail, amount: turn(detail.amount) })),
  };
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
