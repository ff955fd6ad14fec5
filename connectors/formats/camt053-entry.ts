import { calendarDate, isCalendarDate } from '#kernel/calendar';
import type { CalendarDate } from '#kernel/calendar';
import { CrossfootError } from '#kernel/errors';
import { add, formatMoney, negate, subtract, sum } from '#kernel/money';
import type { Money } from '#kernel/money';
import type { BankLine, BankLineDetail, BankParty, ReadProblem } from '#connectors/ports';
import { reasonSentence } from './payment-reasons.ts';
import {
  accountOf,
  bicOf,
  joinAll,
  joinTexts,
  quoted,
  readAmount,
  referenceOf,
  tidy,
  warning,
  withoutBlanks,
} from './statement-values.ts';
import { at, child, children, textAt } from './xml-tree.ts';
import type { XmlElement } from './xml-tree.ts';

/** What an entry needs to know of the statement around it. */
export interface EntryContext {
  /** `camt.052`, `camt.053` or `camt.054`. */
  readonly message: string;
  readonly ownIban?: string;
  readonly createdOn?: CalendarDate;
  readonly raw: string;
}

const STATUSES: Readonly<Record<string, BankLine['status']>> = {
  BOOK: 'booked',
  PDNG: 'pending',
  FUTR: 'pending',
  INFO: 'information',
};

/** Turns one `Ntry` into a bank line with its `TxDtls`; throws the typed error of the field that makes it unreadable. */
export function readEntry(
  entry: XmlElement,
  context: EntryContext,
): { line: BankLine; warnings: ReadProblem[] } {
  const warnings: ReadProblem[] = [];
  const amount = signedAmount(entry);
  const reversal = isTrue(textAt(entry, 'RvslInd'));
  const transactions = children(entry, 'NtryDtls').flatMap((details) => children(details, 'TxDtls'));
  const view = { amount, reversal, ownIban: context.ownIban };
  const details = transactions.map((transaction) => readDetail(transaction, view));
  // A batch has as many counterparties as details; only a single detail speaks for the whole line.
  const only = transactions.length === 1 ? transactions[0] : undefined;
  const detail = only === undefined ? undefined : details[0];
  const charges = chargesOf(entry, transactions);
  const batch = at(entry, 'NtryDtls', 'Btch');
  const line: BankLine = {
    bookedOn: bookingDay(entry, context, warnings),
    valueOn: dayIn(child(entry, 'ValDt')),
    amount,
    status: statusOf(entry, context.message, warnings),
    reversal,
    counterparty: detail?.counterparty ?? {},
    bankReference: referenceOf(textAt(entry, 'AcctSvcrRef') ?? textAt(only, 'Refs', 'AcctSvcrRef')),
    // A batch is known by the reference of the order it came from.
    endToEndId: detail?.endToEndId ?? referenceOf(textAt(batch, 'PmtInfId') ?? textAt(batch, 'MsgId')),
    structuredReference: detail?.structuredReference,
    remittance: detail?.remittance || joinTexts(textAt(entry, 'AddtlNtryInf')),
    transactionCode: transactionCode(child(entry, 'BkTxCd')),
    charges,
    originalAmount: originalAmount(entry, amount) ?? originalAmount(only, amount),
    details: withCharges(details, { amount, charges, line: entry.line }, warnings),
    raw: context.raw,
    line: entry.line,
  };
  return { line, warnings };
}

/**
 * The details, which are shares of the entry: where they differ from it by the charges, these are a share of their own.
 * Any other difference is told; the entry is what moved the balance.
 */
function withCharges(
  details: readonly BankLineDetail[],
  { amount, charges, line }: { amount: Money; charges: Money | undefined; line: number },
  warnings: ReadProblem[],
): readonly BankLineDetail[] {
  const shares = details.flatMap((detail) => detail.amount ?? []);
  const isComparable = shares.every((share) => share.currency === amount.currency);
  if (shares.length === 0 || shares.length < details.length || !isComparable) return details;
  const total = sum(amount.currency, shares);
  if (total.minor === amount.minor) return details;
  const rest = subtract(amount, total);
  if (charges?.currency === amount.currency && charges.minor === -rest.minor) {
    return [...details, { kind: 'charge', amount: rest }];
  }
  const message = `The details add up to ${formatMoney(total)}, not to the entry's ${formatMoney(amount)}.`;
  warnings.push(warning('FIELD_INVALID', message, line));
  return details;
}

/** The account of an `Acct`, `DbtrAcct` or `CdtrAcct` element in any version: IBAN, other or proprietary number. */
export function accountIn(account: XmlElement | undefined): BankParty {
  const iban = textAt(account, 'Id', 'IBAN');
  if (iban !== undefined) return { iban: withoutBlanks(iban) };
  const id = child(account, 'Id');
  return accountOf(
    textAt(id, 'Othr', 'Id') ?? textAt(id, 'PrtryAcct', 'Id') ?? textAt(id, 'BBAN') ?? textAt(id, 'UPIC'),
  );
}

/** The amount of an `Amt`-like element in its own currency, unsigned; throws FIELD_MISSING or as `parseMoney`. */
export function camtAmount(element: XmlElement | undefined, of: string): Money {
  const currency = element?.attributes.get('Ccy');
  if (element === undefined || currency === undefined) {
    throw new CrossfootError('FIELD_MISSING', `${of} has no amount with a currency.`, { path: ['Amt'] });
  }
  return readAmount(element.text, currency);
}

/** The day of a date or date-time as it is written, whatever its time zone; undefined when it is none. */
export function camtDate(element: XmlElement | undefined): CalendarDate | undefined {
  const day = element?.text.slice(0, 10);
  return day !== undefined && isCalendarDate(day) ? day : undefined;
}

function signedAmount(entry: XmlElement): Money {
  const amount = camtAmount(child(entry, 'Amt'), 'The entry');
  const indicator = textAt(entry, 'CdtDbtInd');
  if (indicator === 'CRDT') return amount;
  if (indicator === 'DBIT') return negate(amount);
  const message = `The entry says ${quoted(indicator ?? '')} where CRDT or DBIT belongs.`;
  throw new CrossfootError(indicator === undefined ? 'FIELD_MISSING' : 'FIELD_INVALID', message, {
    path: ['CdtDbtInd'],
  });
}

function dayIn(element: XmlElement | undefined): CalendarDate | undefined {
  return camtDate(child(element, 'Dt', 'DtTm'));
}

function bookingDay(entry: XmlElement, context: EntryContext, warnings: ReadProblem[]): CalendarDate {
  const written = textAt(entry, 'BookgDt', 'Dt') ?? textAt(entry, 'BookgDt', 'DtTm');
  if (written !== undefined) return calendarDate(written.slice(0, 10));
  const value = dayIn(child(entry, 'ValDt'));
  if (value !== undefined) return value;
  if (context.createdOn === undefined)
    throw new CrossfootError('FIELD_MISSING', 'The entry has no booking date.', { path: ['BookgDt'] });
  const message = `The entry has no booking date; the day the message was made, ${context.createdOn}, stands for it.`;
  warnings.push(warning('FIELD_MISSING', message, entry.line));
  return context.createdOn;
}

function statusOf(entry: XmlElement, message: string, warnings: ReadProblem[]): BankLine['status'] {
  // Text up to version 7, a code inside since version 8.
  const written = textAt(entry, 'Sts', 'Cd') ?? textAt(entry, 'Sts', 'Prtry') ?? textAt(entry, 'Sts');
  const status = STATUSES[written ?? ''];
  if (status !== undefined) return status;
  // A statement lists booked entries; what another message means without saying so must not post.
  const assumed = written === undefined && message === 'camt.053' ? 'booked' : 'pending';
  const text = `The entry has ${written === undefined ? 'no status' : `the status ${quoted(written)}`}; taken as ${assumed}.`;
  warnings.push(warning(written === undefined ? 'FIELD_MISSING' : 'FIELD_INVALID', text, entry.line));
  return assumed;
}

interface LineView {
  readonly amount: Money;
  readonly reversal: boolean;
  readonly ownIban?: string;
}

function readDetail(transaction: XmlElement, view: LineView): BankLineDetail {
  const remittance = child(transaction, 'RmtInf');
  const structured = children(remittance, 'Strd');
  const references = structured
    .map((each) => textAt(each, 'CdtrRefInf', 'Ref') ?? textAt(each, 'CdtrRefInf', 'CdtrRef'))
    .filter((reference) => reference !== undefined);
  const said = joinAll([
    children(remittance, 'Ustrd')
      .map((each) => each.text)
      .join(' '),
    ...structured.flatMap((each) =>
      children(each, 'RfrdDocInf').map((document) => textAt(document, 'Nb') ?? textAt(document, 'RfrdDocNb')),
    ),
    ...structured.flatMap((each) => children(each, 'AddtlRmtInf').map((info) => info.text)),
    ...references.slice(1),
  ]);
  return {
    amount: detailAmount(transaction, view),
    charges: chargesIn(children(transaction, 'Chrgs')),
    bankReference: referenceOf(textAt(transaction, 'Refs', 'AcctSvcrRef')),
    counterparty: counterpartyOf(transaction, view),
    endToEndId: referenceOf(textAt(transaction, 'Refs', 'EndToEndId')),
    structuredReference: referenceOf(references[0] === undefined ? undefined : withoutBlanks(references[0])),
    remittance: said || joinTexts(textAt(transaction, 'AddtlTxInf')),
    ...returned(transaction),
  };
}

/** An R-transaction says why it is one; versions 1 to 3 call the reason otherwise. */
function returned(transaction: XmlElement): Pick<BankLineDetail, 'returnReason'> {
  const information = child(transaction, 'RtrInf');
  if (information === undefined) return {};
  const reason = child(information, 'Rsn', 'RtrRsn');
  const words = children(information, 'AddtlInf', 'AddtlRtrRsnInf').map((each) => each.text);
  const said = reasonSentence(textAt(reason, 'Cd') ?? textAt(reason, 'Prtry'), words);
  return { returnReason: said ?? 'The bank gave no reason.' };
}

function detailAmount(transaction: XmlElement, { amount }: LineView): Money | undefined {
  const candidates = [
    child(transaction, 'Amt'),
    at(transaction, 'AmtDtls', 'TxAmt', 'Amt'),
    at(transaction, 'AmtDtls', 'CntrValAmt', 'Amt'),
    at(transaction, 'AmtDtls', 'InstdAmt', 'Amt'),
  ].map(readableAmount);
  // The detail is a share of the line, so the figure in the line's currency goes before one in another.
  const found =
    candidates.find((each) => each?.currency === amount.currency) ??
    candidates.find((each) => each !== undefined);
  const indicator = textAt(transaction, 'CdtDbtInd');
  const negative = indicator === undefined ? amount.minor < 0n : indicator === 'DBIT';
  return found !== undefined && negative ? negate(found) : found;
}

/** An amount that is only told beside the entry's own; one that cannot be read is left out. */
function readableAmount(element: XmlElement | undefined): Money | undefined {
  if (element === undefined) return undefined;
  try {
    return camtAmount(element, 'The detail');
  } catch (error) {
    if (error instanceof CrossfootError) return undefined;
    throw error;
  }
}

/**
 * The other side: the debtor of money that came, the creditor of money that went. In a reversal the parties keep the
 * roles of the original. Where that names ourselves, the bank meant the other role.
 */
function counterpartyOf(transaction: XmlElement, { amount, reversal, ownIban }: LineView): BankParty {
  const debtor = partyOf(transaction, 'Dbtr');
  const creditor = partyOf(transaction, 'Cdtr');
  const cameIn = amount.minor >= 0n !== reversal;
  const [likely, other] = cameIn ? [debtor, creditor] : [creditor, debtor];
  const isOurs = ownIban !== undefined && likely.iban === ownIban;
  const isEmpty = Object.values(likely).every((value) => value === undefined);
  const useOther = (isOurs || isEmpty) && (ownIban === undefined || other.iban !== ownIban);
  return useOther && Object.values(other).some((value) => value !== undefined) ? other : likely;
}

function partyOf(transaction: XmlElement, role: 'Dbtr' | 'Cdtr'): BankParty {
  const parties = child(transaction, 'RltdPties');
  const institution = at(transaction, 'RltdAgts', `${role}Agt`, 'FinInstnId');
  const name =
    nameOf(child(parties, role)) ??
    nameOf(child(parties, `Ultmt${role}`)) ??
    nameOf(child(parties, role === 'Dbtr' ? 'InitgPty' : ''));
  return {
    ...accountIn(child(parties, `${role}Acct`)),
    name: tidy(name),
    bic: bicOf(textAt(institution, 'BICFI') ?? textAt(institution, 'BIC')),
  };
}

/** A name lies in the party itself up to version 7, one element deeper since version 8. */
function nameOf(party: XmlElement | undefined): string | undefined {
  return textAt(party, 'Pty', 'Nm') ?? textAt(party, 'Nm') ?? textAt(party, 'Agt', 'FinInstnId', 'Nm');
}

function transactionCode(code: XmlElement | undefined): string | undefined {
  const domain = [
    textAt(code, 'Domn', 'Cd'),
    textAt(code, 'Domn', 'Fmly', 'Cd'),
    textAt(code, 'Domn', 'Fmly', 'SubFmlyCd'),
  ].filter((part) => part !== undefined);
  const parts = [domain.join('-'), textAt(code, 'Prtry', 'Cd')].filter(
    (part) => part !== undefined && part !== '',
  );
  return parts.length === 0 ? undefined : parts.join('/');
}

/** Fees of the line, or of its details where the line names none: positive for a cost. Several currencies have no sum. */
function chargesOf(entry: XmlElement, transactions: readonly XmlElement[]): Money | undefined {
  const own = children(entry, 'Chrgs');
  return chargesIn(own.length > 0 ? own : transactions.flatMap((one) => children(one, 'Chrgs')));
}

function chargesIn(blocks: readonly XmlElement[]): Money | undefined {
  let total: Money | undefined;
  for (const block of blocks) {
    const stated = readableAmount(child(block, 'TtlChrgsAndTaxAmt'));
    const records = children(block, 'Rcrd');
    // Version 2 has the amount in the block itself, later versions in its records.
    const charges = stated === undefined ? (records.length > 0 ? records : [block]).map(chargeIn) : [stated];
    for (const charge of charges) {
      if (charge === undefined) continue;
      if (total !== undefined && total.currency !== charge.currency) return undefined;
      total = total === undefined ? charge : add(total, charge);
    }
  }
  return total;
}

function chargeIn(record: XmlElement): Money | undefined {
  const amount = readableAmount(child(record, 'Amt'));
  if (amount === undefined) return undefined;
  return textAt(record, 'CdtDbtInd') === 'CRDT' ? negate(amount) : amount;
}

function originalAmount(element: XmlElement | undefined, amount: Money): Money | undefined {
  const instructed = readableAmount(at(element, 'AmtDtls', 'InstdAmt', 'Amt'));
  if (instructed === undefined) return undefined;
  const signed = amount.minor < 0n ? negate(instructed) : instructed;
  return signed.currency === amount.currency && signed.minor === amount.minor ? undefined : signed;
}

function isTrue(text: string | undefined): boolean {
  return text === 'true' || text === '1';
}
