import { hasIbanCheckDigits } from '#kernel/account-number';
import { CrossfootError } from '#kernel/errors';
import { parseMoney } from '#kernel/money';
import type { Money } from '#kernel/money';
import type { BankParty, BankStatement, ReadProblem, StatementFile } from '#connectors/ports';

const IBAN = /^[A-Z]{2}\d{2}[A-Z0-9]{10,30}$/;
const BIC = /^[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$/;
const MOST_PROBLEMS = 1000;
/** Holding each of a hundred thousand texts against all others would take hours. */
const MOST_COMPARED = 50;
const REGIONS = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
/** What banks write where they have no reference to give. */
const NO_REFERENCE = /^(?:NONREF|NOTPROVIDED|NOT PROVIDED|NOTAVAILABLE|NONE|N\/A|-+|0+)$/i;

/** Reads an amount with one decimal comma or point and no grouping, as SWIFT, ISO 20022 and OFX write it; throws as `parseMoney`. */
export function readAmount(text: string, currency: string): Money {
  return parseMoney(text.trim().replace(',', '.'), currency);
}

/** Whether the text without blanks has the shape and the check digits of an IBAN, also of countries that register none. */
export function isIban(text: string): boolean {
  const compact = withoutBlanks(text);
  return IBAN.test(compact) && hasIbanCheckDigits(compact);
}

/** An account by its IBAN when the text is one, else by its number as it stands; nothing for blank text. */
export function accountOf(text: string | undefined): BankParty {
  const number = tidy(text);
  if (number === undefined) return {};
  return isIban(number) ? { iban: withoutBlanks(number) } : { accountNumber: number };
}

/** The text as a BIC, when it has the shape of one. */
export function bicOf(text: string | undefined): string | undefined {
  const bic = text?.trim();
  if (bic === undefined || !BIC.test(bic)) return undefined;
  // Any word of eight or eleven letters looks like a BIC; only in a real one are the fifth and sixth a country.
  const country = bic.slice(4, 6);
  return REGIONS.of(country) === undefined ? undefined : bic;
}

/** The text with runs of blanks made one; undefined when nothing is left. */
export function tidy(text: string | undefined): string | undefined {
  const clean = text?.replace(/\s+/g, ' ').trim();
  return clean === '' ? undefined : clean;
}

/** A reference, unless it is one of the words that say there is none. */
export function referenceOf(text: string | undefined): string | undefined {
  const reference = tidy(text);
  return reference === undefined || NO_REFERENCE.test(reference) ? undefined : reference;
}

/** The parts that say something, each once, in order, as one text. */
export function joinTexts(...parts: readonly (string | undefined)[]): string {
  return joinAll(parts);
}

/** The same for a list of any length; what comes after the first fifty parts may be said twice. */
export function joinAll(parts: readonly (string | undefined)[]): string {
  const kept: string[] = [];
  for (const part of parts) {
    const text = tidy(part);
    if (text === undefined) continue;
    if (kept.length >= MOST_COMPARED || !kept.some((earlier) => earlier.includes(text))) kept.push(text);
  }
  return kept.join(' ');
}

/** The text without any blank. */
export function withoutBlanks(text: string): string {
  return text.replace(/\s+/g, '');
}

/** The first characters of a text of unknown origin, fit to stand in a message. */
export function quoted(text: string): string {
  const printable = text.replace(/[\p{C}\s]+/gu, ' ').trim();
  return `"${printable.length > 60 ? `${printable.slice(0, 60)}…` : printable}"`;
}

/** A typed error about one value as the loss of the record at `line`; anything else is a defect and is thrown on. */
export function lossOf(error: unknown, line: number): ReadProblem {
  if (!(error instanceof CrossfootError)) throw error;
  return { severity: 'error', code: error.code, message: error.message, line, path: error.path };
}

/** Something found at `line` that loses nothing. */
export function warning(code: string, message: string, line?: number): ReadProblem {
  return { severity: 'warning', code, message, line };
}

/** The answer for a file of which nothing is read; `line` is one-based. */
export function refusedFile(
  format: string,
  problem: { code: string; message: string; line?: number },
): StatementFile {
  return { format, statements: [], problems: [{ severity: 'refused', line: 1, ...problem }] };
}

/** The answer for a file; refused for its first loss when losses are all there is. */
export function readFile(
  format: string,
  statements: readonly BankStatement[],
  problems: readonly ReadProblem[],
): StatementFile {
  const loss = problems.find((problem) => problem.severity === 'error');
  const hasLines = statements.some((statement) => statement.lines.length > 0);
  if (hasLines || (loss === undefined && statements.length > 0)) {
    return { format, statements, problems: shortened(problems) };
  }
  if (loss === undefined) {
    return refusedFile(format, {
      code: 'FILE_UNREADABLE',
      message: `The ${format} file holds no statement.`,
    });
  }
  const others = problems.filter((problem) => problem !== loss);
  return { format, statements: [], problems: [{ ...loss, severity: 'refused' }, ...shortened(others)] };
}

/** A file of nothing but faults must not make an answer larger than itself. */
function shortened(problems: readonly ReadProblem[]): readonly ReadProblem[] {
  if (problems.length <= MOST_PROBLEMS) return problems;
  const left = problems.length - MOST_PROBLEMS;
  const rest: ReadProblem = {
    severity: 'error',
    code: 'LINE_MALFORMED',
    message: `${left} more problems of this file are not listed.`,
  };
  return [...problems.slice(0, MOST_PROBLEMS), rest];
}
