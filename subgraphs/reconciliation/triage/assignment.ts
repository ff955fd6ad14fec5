import { CrossfootError } from '#kernel/errors';
import { Decimal } from '#kernel/decimal';
import { expressionLanguage, type BoundVariables } from '#kernel/expressions';
import type { Money } from '#kernel/money';
import type { ExceptionReason, ExceptionSeverity } from './reasons.ts';

/** What conditions of assignment rules may name. */
export const assignmentLanguage = expressionLanguage({
  variables: {
    reason: 'string',
    severity: 'string',
    /** Signed: positive is money in. */
    amount: 'Decimal',
    currency: 'string',
    counterparty: 'string',
    text: 'string',
    /** The account of the ledger that stands for the bank account. */
    account: 'string',
    accountName: 'string',
  },
});

/** An exception as assignment rules see it. */
export interface Assignable {
  readonly reason: ExceptionReason;
  readonly severity: ExceptionSeverity;
  readonly amount?: Money | undefined;
  readonly counterparty?: string | undefined;
  readonly text?: string | undefined;
  readonly account?: string | undefined;
  readonly accountName?: string | undefined;
}

/** Who looks after what a condition holds for. */
export interface AssignmentRule {
  readonly id: string;
  readonly condition: string;
  readonly ownerId: string;
}

/** Checks a condition; throws EXPRESSION_INVALID or EXPRESSION_LIMIT. */
export function checkCondition(condition: string): void {
  assignmentLanguage.compile(condition, 'bool');
}

/** The first rule, in the order given, whose condition holds. A condition that fails for this exception does not hold. */
export function assign(rules: readonly AssignmentRule[], one: Assignable): AssignmentRule | undefined {
  if (rules.length === 0) return undefined;
  const variables = assignmentLanguage.bind({
    ...one,
    amount: one.amount && Decimal.ofMoney(one.amount),
    currency: one.amount?.currency,
  });
  return rules.find((rule) => holds(rule.condition, variables));
}

function holds(condition: string, variables: BoundVariables): boolean {
  try {
    return assignmentLanguage.compile(condition, 'bool').evaluate(variables);
  } catch (error) {
    if (error instanceof CrossfootError) return false;
    throw error;
  }
}
