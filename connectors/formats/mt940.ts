import { daysBetween, parseDate } from '#kernel/calendar';
import type { CalendarDate } from '#kernel/calendar';
import { CrossfootError } from '#kernel/errors';
import { isCurrency, negate } from '#kernel/money';
import type { Money } from '#kernel/money';
import type {
  BankBalance,
  BankLine,
  BankStatement,
  FileSample,
  ReadOptions,
  ReadProblem,
  StatementFile,
  StatementFormat,
} from '#connectors/ports';
import { looksLikeSwift, readMessages } from './mt940-fields.ts';
import type { SwiftField, SwiftMessage } from './mt940-fields.ts';
import { accountField, amountWord, readNarrative } from './mt940-narrative.ts';
import {
  joinTexts,
  lossOf,
  quoted,
  readAmount,
  readFile,
  refusedFile,
  referenceOf,
  tidy,
  warning,
} from './statement-values.ts';
import { decodeText } from './text.ts';

/** MT940 customer statements and MT942 interim reports, in SWIFT blocks or as bare tags, in the dialects of many banks. */
export const mt940: StatementFormat = { name: 'MT940', recognises, read };

/** Marks of a movement; `R` reverses: RC takes a credit back, RD a debit. */
const MARKS: Readonly<Record<string, { readonly negative: boolean; readonly reversal: boolean }>> = {
  C: { negative: false, reversal: false },
  D: { negative: true, reversal: false },
  RC: { negative: true, reversal: true },
  RD: { negative: false, reversal: true },
};
/** Value date, entry date, mark, funds code, amount, then type code, references. */
const MOVEMENT = /^(\d{6})(\d{4})?(RC|RD|C|D)([A-Z])?\s*(\d[\d.]*,?\d*)\s*(.*)$/;
const BALANCE = /^(R?[CD])(\d{6})([A-Z]{3})(\d[\d.]*,?\d*)/;
/** The reference for the account owner has this many characters; Dutch banks go on with a name. */
const REFERENCE_LENGTH = 16;
/** References that only point at another field or say that there is none. */
const EMPTY_REFERENCE = /^(?:NONREF|KREF\+?|EREF|PREF|MARF|CREF)$/;

interface Context {
  readonly format: string;
  readonly problems: ReadProblem[];
}

/** A statement with what is needed to join the pages of one; its lines grow with them. */
interface Page {
  readonly statement: BankStatement & { readonly lines: BankLine[] };
  readonly startsInside: boolean;
  readonly endsInside: boolean;
}

function recognises(sample: FileSample): boolean {
  return looksLikeSwift(sample.head);
}

function read(bytes: Uint8Array, options: ReadOptions): StatementFile {
  const problems: ReadProblem[] = [];
  const messages = readMessages(decodeText(bytes));
  if (messages.length === 0) {
    return refusedFile('MT940', {
      code: 'FILE_UNREADABLE',
      message: 'The file holds no MT940 field such as :20: or :60F:.',
    });
  }
  const pages: Page[] = [];
  for (const message of messages) {
    const page = readPage(message, options.account, problems);
    if (page !== undefined) pages.push(page);
  }
  const statements = joinPages(pages);
  return readFile(statements[0]?.format ?? 'MT940', statements, problems);
}

function readPage(
  message: SwiftMessage,
  known: ReadOptions['account'],
  problems: ReadProblem[],
): Page | undefined {
  const first = (...tags: readonly string[]): SwiftField | undefined =>
    message.fields.find((each) => tags.includes(each.tag));
  const start = message.fields[0]?.line ?? 1;
  const interim =
    message.type === '942' ||
    (first('34F', '13D', '90C', '90D') !== undefined && first('60F', '60M') === undefined);
  const context: Context = { format: interim ? 'MT942' : 'MT940', problems };
  const reference = tidy(first('20')?.lines[0]);
  const lost = (text: string): undefined => {
    const message = `${named(reference)} ${text}`;
    problems.push({ severity: 'error', code: 'FIELD_MISSING', message, line: start });
  };
  const account = accountField(first('25', '25P')?.lines[0] ?? '');
  const isNamed = account.party.iban !== undefined || account.party.accountNumber !== undefined;
  if (!isNamed && known === undefined) return lost('has no account: field :25: is missing.');
  if (!isNamed && first('60F', '60M', '61', '62F', '62M') === undefined) {
    return lost('has neither an account nor a movement or a balance.');
  }
  warnOfSecondAccount(message, problems);
  const opening = balanceOf(first('60F', '60M'), problems);
  // The last closing balance stands for the page: some banks give an intermediate one before it.
  const closingField = message.fields.findLast((each) => each.tag === '62F' || each.tag === '62M');
  const closing = balanceOf(closingField, problems);
  const currency =
    opening?.amount.currency ??
    closing?.amount.currency ??
    turnoverCurrency(message) ??
    account.currency ??
    known?.currency;
  if (currency === undefined) return lost('names no currency: it has no readable balance in :60F: or :62F:.');
  return {
    statement: {
      format: context.format,
      reference,
      sequence: sequenceOf(first('28C', '28')?.lines[0]),
      account: isNamed ? { ...account.party, currency: account.currency } : { ...known },
      currency,
      opening,
      closing,
      from: opening?.on,
      to: closing?.on,
      lines: movementsOf(message, currency, context),
    },
    startsInside: first('60F', '60M')?.tag === '60M',
    endsInside: closingField?.tag === '62M',
  };
}

function named(reference: string | undefined): string {
  return reference === undefined ? 'The statement' : `Statement ${quoted(reference)}`;
}

function warnOfSecondAccount(message: SwiftMessage, problems: ReadProblem[]): void {
  const second = message.fields.filter((each) => each.tag === '25' || each.tag === '25P')[1];
  if (second === undefined) return;
  const text = `The statement has a second account field :25:, which is left out: ${quoted(second.lines[0] ?? '')}.`;
  problems.push(warning('LINE_MALFORMED', text, second.line));
}

function balanceOf(field: SwiftField | undefined, problems: ReadProblem[]): BankBalance | undefined {
  if (field === undefined) return undefined;
  const [, mark = '', day = '', currency = '', figure = ''] =
    BALANCE.exec((field.lines[0] ?? '').trim()) ?? [];
  try {
    if (currency === '') {
      throw new CrossfootError(
        'LINE_MALFORMED',
        `:${field.tag}: is no balance: ${quoted(field.lines[0] ?? '')}.`,
      );
    }
    const amount = readAmount(figure, currency);
    return { amount: mark === 'D' || mark === 'RC' ? negate(amount) : amount, on: swiftDate(day) };
  } catch (error) {
    // The lines may still be read; without the balance the statement cannot be checked, which the warning says.
    problems.push({ ...lossOf(error, field.line), severity: 'warning' });
    return undefined;
  }
}

/** An interim report names its currency with the floor limit or with the sums of its entries. */
function turnoverCurrency(message: SwiftMessage): string | undefined {
  const field = message.fields.find((each) => ['34F', '90C', '90D'].includes(each.tag));
  const currency = /^\d{0,5}([A-Z]{3})/.exec(field?.lines[0]?.trim() ?? '')?.[1];
  return currency !== undefined && isCurrency(currency) ? currency : undefined;
}

/** The statement number; later pages keep theirs behind a slash. Zeros mean that the bank does not number. */
function sequenceOf(text: string | undefined): string | undefined {
  const [number = '', page] = (text ?? '').trim().split('/');
  if (!/[1-9A-Z]/.test(number)) return undefined;
  return page === undefined || /^0*1?$/.test(page) ? number : `${number}/${page}`;
}

function movementsOf(message: SwiftMessage, currency: string, context: Context): BankLine[] {
  const movements: { field: SwiftField; told: SwiftField[] }[] = [];
  let told: SwiftField[] | undefined;
  for (const field of message.fields) {
    if (field.tag === '61') {
      told = [];
      movements.push({ field, told });
    } else if (field.tag === '86' || field.tag === 'NS') {
      told?.push(field);
    } else {
      told = undefined;
    }
  }
  const lines: BankLine[] = [];
  for (const { field, told } of movements) {
    try {
      lines.push(movementOf(field, { told, currency, context }));
    } catch (error) {
      context.problems.push(lossOf(error, field.line));
    }
  }
  return lines;
}

function movementOf(
  field: SwiftField,
  { told, currency, context }: { told: readonly SwiftField[]; currency: string; context: Context },
): BankLine {
  const [start = '', ...supplement] = field.lines;
  const parts = MOVEMENT.exec(start.trim());
  if (parts === null) {
    throw new CrossfootError('LINE_MALFORMED', `The movement cannot be read: :61:${quoted(start)}.`);
  }
  const [, valueDay = '', entryDay, markText = '', , figure = '', tail = ''] = parts;
  const mark = MARKS[markText] ?? { negative: false, reversal: false };
  const unsigned = readAmount(figure, currency);
  const valueOn = swiftDate(valueDay);
  const { type, ownReference, holder, bankReference } = referencesOf(tail);
  const narrative = readNarrative(narrativeLines(told));
  const slashText = [...supplement, ...told.flatMap((each) => each.lines)].join('');
  const further = supplement.join('').replace(/\/[A-Z]{3,4}\/[^/]*\/?/g, ' ');
  const signed = (amount: Money): Money => (mark.negative ? negate(amount) : amount);
  const original = wordAmount(slashText, 'OCMT');
  return {
    bookedOn: entryDay === undefined ? valueOn : entryDate(entryDay, valueOn),
    valueOn,
    amount: signed(unsigned),
    // An interim report is repeated by the statement of the day, so it must not post a second time.
    status: context.format === 'MT942' ? 'pending' : 'booked',
    reversal: mark.reversal,
    counterparty: { ...narrative.counterparty, name: narrative.counterparty.name ?? holder },
    bankReference,
    endToEndId: narrative.endToEndId,
    structuredReference: narrative.structuredReference,
    remittance: joinTexts(narrative.remittance, ownReference, further),
    transactionCode: [type, narrative.code].filter((part) => part !== undefined).join('/') || undefined,
    charges: wordAmount(slashText, 'CHGS'),
    originalAmount: original && signed(original),
    details: [],
    raw: [field, ...told].map((each) => `:${each.tag}:${each.lines.join('\n')}`).join('\n'),
    line: field.line,
  };
}

/** `:NS:` numbers its lines; with several `:86:` for one movement each is a text of its own. */
function narrativeLines(told: readonly SwiftField[]): string[] {
  const described = told.filter((each) => each.tag === '86');
  if (described.length === 0) {
    return told.flatMap((each) => each.lines).map((line) => line.replace(/^\d\d/, ''));
  }
  return described.flatMap((each) => each.lines);
}

interface References {
  readonly type?: string;
  readonly ownReference?: string;
  readonly holder?: string;
  readonly bankReference?: string;
}

/** Type code, reference for the account owner, name where a bank writes one behind it, bank's reference. */
function referencesOf(tail: string): References {
  // Without a type code the reference follows at once.
  const typed = /^(?!NONREF)([A-Z][A-Z0-9 ]{3})(.*)$/.exec(tail);
  const [own = '', ...bank] = (typed?.[2] ?? tail).split('//');
  const ownReference = tidy(own.slice(0, REFERENCE_LENGTH));
  return {
    type: typed?.[1]?.trim(),
    ownReference:
      ownReference === undefined || EMPTY_REFERENCE.test(ownReference)
        ? undefined
        : referenceOf(ownReference),
    holder: tidy(own.slice(REFERENCE_LENGTH)),
    bankReference: referenceOf(bank.join('//')),
  };
}

function wordAmount(text: string, word: 'OCMT' | 'CHGS'): Money | undefined {
  const found = amountWord(text, word);
  if (found === undefined) return undefined;
  try {
    return readAmount(found.figure, found.currency);
  } catch (error) {
    // It only accompanies the movement's own amount.
    if (error instanceof CrossfootError) return undefined;
    throw error;
  }
}

/** A SWIFT date; banks that reckon with months of thirty days write 30 February, which is its last day. */
function swiftDate(text: string): CalendarDate {
  const [, year, day] = /^(\d\d)02(29|30)$/.exec(text) ?? [];
  if (year !== undefined && day !== undefined) {
    return parseDate(Number(year) % 4 === 0 ? `${year}0229` : `${year}0228`, 'YYMMDD');
  }
  return parseDate(text, 'YYMMDD');
}

/** The entry date has no year: it is the one that brings it nearest to the value date. */
function entryDate(monthAndDay: string, valueOn: CalendarDate): CalendarDate {
  const year = Number(valueOn.slice(0, 4));
  const candidates = [year - 1, year, year + 1].map((each) => {
    const text = String(each % 100).padStart(2, '0') + monthAndDay;
    return swiftDate(text);
  });
  const distance = (date: CalendarDate): number => Math.abs(daysBetween(valueOn, date));
  return candidates.reduce((nearest, date) => (distance(date) < distance(nearest) ? date : nearest));
}

/** Makes one statement of the pages that pass on an intermediate balance (`:62M:` to `:60M:`) under one number. */
function joinPages(pages: readonly Page[]): BankStatement[] {
  const joined: Page[] = [];
  for (const page of pages) {
    const before = joined.at(-1);
    if (before === undefined || !continues(before, page)) {
      joined.push(page);
      continue;
    }
    const { statement } = before;
    const { closing, to } = page.statement;
    for (const line of page.statement.lines) statement.lines.push(line);
    joined[joined.length - 1] = {
      startsInside: before.startsInside,
      endsInside: page.endsInside,
      statement: { ...statement, closing, to },
    };
  }
  return joined.map((page) => page.statement);
}

function continues(before: Page, page: Page): boolean {
  const [earlier, later] = [before.statement, page.statement];
  const number = (statement: BankStatement): string | undefined => statement.sequence?.split('/')[0];
  return (
    before.endsInside &&
    page.startsInside &&
    number(earlier) === number(later) &&
    (earlier.account.iban ?? earlier.account.accountNumber) ===
      (later.account.iban ?? later.account.accountNumber) &&
    earlier.closing !== undefined &&
    earlier.currency === later.currency &&
    earlier.closing.amount.minor === later.opening?.amount.minor
  );
}
