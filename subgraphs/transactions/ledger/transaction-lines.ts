import { Decimal } from '#kernel/decimal';
import { CrossfootError } from '#kernel/errors';
import type { DecidedLine, Decision, Subject } from '../classification/evaluate-template.ts';
import type { TransactionKind } from '../classification/template.ts';
import { accountOf, type AccountType } from './chart-of-accounts.ts';
import type { NewDraftLine } from './draft-lines.ts';
import { checkLines } from './entry.ts';

/** An account, as far as the lines of a transaction need to know it. */
export interface LineAccount {
  readonly id: string;
  readonly type: AccountType;
}

/** Kinds whose content is a credit: money or a debt comes in. The others spend. */
const receiving: readonly TransactionKind[] = ['SALE', 'PAYMENT', 'TIP', 'GIFT_CARD'];

/** What the other side is where a rule does not say; the rest must say. */
const usualOther: Partial<Record<TransactionKind, string>> = {
  SALE: accountOf.RECEIVABLE,
  REFUND: accountOf.RECEIVABLE,
  EXPENSE: accountOf.PAYABLE,
  ASSET_PURCHASE: accountOf.PAYABLE,
  REIMBURSEMENT: accountOf.EMPLOYEE_PAYABLE,
};

/**
 * The balanced lines of a transaction as a rule says: the lines the rule writes, or net and tax of its account against
 * what it is paid from. Throws TEMPLATE_INVALID, ACCOUNT_UNKNOWN, AMOUNT_TOO_PRECISE, DOCUMENT_TOTALS_DIFFER,
 * ENTRY_UNBALANCED or ENTRY_TOO_SMALL.
 */
export function transactionLines(
  subject: Subject,
  decision: Decision,
  accounts: ReadonlyMap<string, LineAccount>,
): NewDraftLine[] {
  const currency = subject.currency ?? '';
  const lines = (decision.lines ?? linesOfAccount(subject, decision)).map((line): NewDraftLine => {
    const account = accounts.get(line.accountCode);
    if (!account) {
      const message = `Rule "${decision.rule}" names ${line.accountCode}, which the book has no active account for`;
      throw new CrossfootError('ACCOUNT_UNKNOWN', message);
    }
    return {
      role: line.tax?.role === 'TAX' ? 'TAX' : isResult(account.type) ? 'CONTENT' : 'CONTROL',
      accountCode: line.accountCode,
      side: line.side,
      money: line.amount.toMoney(currency),
      memo: line.memo,
      dimensions: { ...line.dimensions, ...subject.dimensions },
      tax: line.tax,
    };
  });
  refuseWrongPosting(decision, accounts);
  checkLines(lines);
  return lines;
}

function isResult(type: AccountType): boolean {
  return type === 'INCOME' || type === 'EXPENSE';
}

function refuseWrongPosting(decision: Decision, accounts: ReadonlyMap<string, LineAccount>): void {
  if (decision.posting === undefined || decision.accountCode === undefined) return;
  const type = accounts.get(decision.accountCode)?.type;
  if (type === decision.posting) return;
  const message = `Rule "${decision.rule}" posts ${decision.posting}, but account ${decision.accountCode} is of type ${type}`;
  throw new CrossfootError('TEMPLATE_INVALID', message);
}

const zero = new Decimal(0n, 0);

/** The lines of a rule that names one account: its net and its tax against the gross. */
function linesOfAccount(subject: Subject, decision: Decision): DecidedLine[] {
  const [kind] = subject.kinds;
  const { gross = zero, net = zero, tax = zero } = subject;
  if (net.plus(tax).compare(gross) !== 0) {
    const message = `Net ${net.toString()} plus tax ${tax.toString()} is not the gross of ${gross.toString()}`;
    throw new CrossfootError('DOCUMENT_TOTALS_DIFFER', message, { path: ['gross'] });
  }
  const against = decision.againstCode ?? usualOther[kind];
  if (against === undefined) {
    const message = `Rule "${decision.rule}" says no account on the other side (against) for a ${kind}`;
    throw new CrossfootError('TEMPLATE_INVALID', message);
  }
  const comesIn = receiving.includes(kind);
  const taxAccount = decision.taxAccountCode ?? (comesIn ? accountOf.OUTPUT_VAT : accountOf.INPUT_VAT);
  const { taxCode, dimensions, memo } = decision;
  const line = (accountCode: string, amount: Decimal, role?: 'BASE' | 'TAX'): DecidedLine[] => {
    if (amount.digits === 0n) return [];
    const credit = comesIn !== amount.digits < 0n;
    const tagged = taxCode === undefined || role === undefined ? {} : { tax: { code: taxCode, role } };
    const size = amount.digits < 0n ? amount.negated() : amount;
    return [{ side: credit ? 'CREDIT' : 'DEBIT', accountCode, amount: size, dimensions, memo, ...tagged }];
  };
  return [
    ...line(decision.accountCode ?? '', net, 'BASE'),
    ...line(taxAccount, tax, 'TAX'),
    ...line(against, gross.negated()),
  ];
}
