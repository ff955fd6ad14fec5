import { add, formatMoney, subtract, sum } from '#kernel/money';
import type { Money } from '#kernel/money';
import type { BankStatement, ReadProblem } from '#connectors/ports';

/**
 * What the closing balance has more than opening balance plus booked lines; zero for a statement that adds up.
 * Undefined where the question makes no sense: a balance is missing, or not everything is in the statement's currency.
 */
export function balanceDifference(statement: BankStatement): Money | undefined {
  const { opening, closing, currency } = statement;
  if (opening === undefined || closing === undefined) return undefined;
  const booked = statement.lines.filter((line) => line.status === 'booked').map((line) => line.amount);
  if ([opening.amount, closing.amount, ...booked].some((amount) => amount.currency !== currency))
    return undefined;
  return subtract(closing.amount, add(opening.amount, sum(currency, booked)));
}

/**
 * Checks a statement against itself: opening balance plus booked lines equal the closing balance
 * (STATEMENT_UNBALANCED), all in one currency (CURRENCY_MISMATCH). Both are warnings: banks do send such files, and
 * whoever imports decides what to hold back.
 */
export function checkStatement(statement: BankStatement): ReadProblem[] {
  const { opening, closing, currency } = statement;
  const name = statement.reference === undefined ? 'The statement' : `Statement ${statement.reference}`;
  const problems: ReadProblem[] = [];
  const warn = (code: string, message: string, line?: number): void => {
    problems.push({ severity: 'warning', code, message, line });
  };
  for (const [what, balance] of [
    ['opening', opening],
    ['closing', closing],
  ] as const) {
    const found = balance?.amount.currency;
    if (found !== undefined && found !== currency) {
      warn('CURRENCY_MISMATCH', `${name} is in ${currency}, its ${what} balance in ${found}.`);
    }
  }
  const foreign = statement.lines.find((line) => line.amount.currency !== currency);
  if (foreign !== undefined) {
    const message = `${name} is in ${currency}, a line of it in ${foreign.amount.currency}.`;
    warn('CURRENCY_MISMATCH', message, foreign.line);
  }
  const difference = balanceDifference(statement);
  if (difference !== undefined && difference.minor !== 0n && opening !== undefined && closing !== undefined) {
    const [from, to, off] = [opening.amount, closing.amount, difference].map(formatMoney);
    warn(
      'STATEMENT_UNBALANCED',
      `${name} opens at ${from} and closes at ${to} ${currency}; ${off} is not explained by its lines.`,
    );
  }
  return problems;
}
