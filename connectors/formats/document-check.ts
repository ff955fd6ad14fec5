import { add, formatMoney, isCurrency, sum } from '#kernel/money';
import type { Money } from '#kernel/money';
import { isCalendarDate } from '#kernel/calendar';
import { quote } from '#kernel/quote';
import type { BusinessDocument, ReadProblem } from '#connectors/ports';

/** What every document must say, as far as it could be read; texts as they stood in the file. */
export interface RequiredFields {
  readonly kind: BusinessDocument['kind'];
  readonly number?: string;
  readonly issuedOn?: string;
  readonly currency?: string;
  readonly seller: { readonly name: string };
  readonly line: number;
}

/**
 * What makes a document unfit to be booked as it stands, each an error with its path: a missing number, day or seller,
 * an unknown or second currency, net plus tax that is not the total, lines that do not sum to the net amount. A sum of
 * lines that is off by no more than their rounding is a warning.
 */
export function checkDocument(document: BusinessDocument): ReadProblem[] {
  const found = [...checkRequired(document), ...mixedCurrencies(document)];
  // Amounts of unknown or several currencies cannot be added up, so their totals are not judged.
  return found.some(({ code }) => code.startsWith('CURRENCY_')) || isBlank(document.currency)
    ? found
    : [...found, ...totalProblems(document)];
}

/** The part of `checkDocument` that needs no complete document: number, day, currency and seller. */
export function checkRequired(document: RequiredFields): ReadProblem[] {
  const { kind, number, issuedOn, currency, seller } = document;
  const found: ReadProblem[] = [];
  const fault = (code: string, message: string, ...path: string[]): void => {
    found.push(problem(document, { code, message, path }));
  };
  // A receipt often has no number; an invoice without one cannot be told from its duplicate.
  if (kind !== 'expense' && isBlank(number)) fault('FIELD_MISSING', 'The document has no number.', 'number');
  if (isBlank(issuedOn)) fault('FIELD_MISSING', 'The document has no day of issue.', 'issuedOn');
  else if (!isCalendarDate(issuedOn))
    fault('DATE_INVALID', `${quote(issuedOn)} is not a day of the calendar.`, 'issuedOn');
  if (isBlank(currency)) fault('FIELD_MISSING', 'The document has no currency.', 'currency');
  else if (!isCurrency(currency)) {
    fault('CURRENCY_UNKNOWN', `${quote(currency)} is not an ISO 4217 currency code.`, 'currency');
  }
  if (isBlank(seller.name)) fault('FIELD_MISSING', 'The document has no seller.', 'seller', 'name');
  return found;
}

function mixedCurrencies(document: BusinessDocument): ReadProblem[] {
  const found: ReadProblem[] = [];
  for (const [path, amount] of amountsOf(document)) {
    if (amount.currency === document.currency) continue;
    const message = `An amount is in ${amount.currency}, the document in ${document.currency}.`;
    found.push(problem(document, { code: 'CURRENCY_MISMATCH', message, path }));
  }
  return found;
}

function* amountsOf(document: BusinessDocument): Generator<[path: string[], amount: Money]> {
  for (const name of ['net', 'tax', 'gross', 'payable'] as const) yield [[name], document[name]];
  for (const [index, line] of document.lines.entries()) {
    yield [['lines', String(index), 'net'], line.net];
    if (line.tax !== undefined) yield [['lines', String(index), 'tax'], line.tax];
  }
}

function totalProblems(document: BusinessDocument): ReadProblem[] {
  const { currency, net, tax, gross, lines } = document;
  const found: ReadProblem[] = [];
  if (add(net, tax).minor !== gross.minor) {
    const message = `Net ${formatMoney(net)} plus tax ${formatMoney(tax)} is not the total ${formatMoney(gross)} ${currency}.`;
    found.push(problem(document, { code: 'DOCUMENT_TOTALS_DIFFER', message, path: ['gross'] }));
  }
  const lineTotal = sum(
    currency,
    lines.map((line) => line.net),
  );
  const difference = distance(lineTotal, net);
  if (lines.length > 0 && difference > 0n) {
    const message = `The lines sum to ${formatMoney(lineTotal)}, the net amount is ${formatMoney(net)} ${currency}.`;
    const severity = difference > roundingOf(lines.length) ? 'error' : 'warning';
    found.push({
      ...problem(document, { code: 'DOCUMENT_TOTALS_DIFFER', message, path: ['net'] }),
      severity,
    });
  }
  return found;
}

/** Each line and the net amount itself may have been rounded by up to half a minor unit. */
function roundingOf(lines: number): bigint {
  return BigInt(Math.ceil(lines / 2));
}

function distance(a: Money, b: Money): bigint {
  const difference = a.minor - b.minor;
  return difference < 0n ? -difference : difference;
}

function isBlank(text: string | undefined): text is undefined | '' {
  return text === undefined || text.trim() === '';
}

function problem(
  at: { line: number },
  fault: { code: string; message: string; path: readonly string[] },
): ReadProblem {
  return { severity: 'error', ...fault, line: at.line };
}
