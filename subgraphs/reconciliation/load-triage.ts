import type { Transaction } from '#kernel/command';
import { money, type Money } from '#kernel/money';
import type { AssignmentRule } from './triage/assignment.ts';
import { defaultPolicy, policyOf, type ExceptionPolicy, type StoredPolicy } from './triage/policy.ts';

/** How a book deals with exceptions; what holds for all books where it has said nothing. */
export async function loadExceptionPolicy(
  transaction: Transaction,
  bookId: string,
): Promise<ExceptionPolicy> {
  const row = await transaction.maybe<{
    settings: StoredPolicy;
    version: number;
    escalates: boolean;
    escalateTo: string | null;
  }>(
    `select settings, version, escalates, escalate_to as "escalateTo"
       from reconciliation.exception_policy where book_id = $1`,
    [bookId],
  );
  return row ? policyOf(row.settings, row) : defaultPolicy;
}

/** The assignment rules of a book that are in force, in the order in which they are asked. */
export async function loadAssignmentRules(
  transaction: Transaction,
  bookId: string,
): Promise<AssignmentRule[]> {
  const rows = await transaction.query<{ id: string; condition: string; owner_id: string }>(
    `select id, condition, owner_id from reconciliation.assignment_rule
      where book_id = $1 and retired_at is null order by priority, id`,
    [bookId],
  );
  return rows.map((row) => ({ id: row.id, condition: row.condition, ownerId: row.owner_id }));
}

/** What a line or statement is about, as far as severity and owner depend on it. */
export interface Matter {
  readonly amount?: Money;
  readonly counterparty?: string;
  readonly text?: string;
  readonly account?: string;
  readonly accountName?: string;
}

interface MatterRow {
  readonly id: string;
  readonly minor: bigint | null;
  readonly currency: string;
  readonly counterparty_name: string | null;
  readonly text: string | null;
  readonly account: string;
  readonly account_name: string;
}

/** Texts are cut to this before conditions see them, which are refused longer ones. */
const mostText = 1_000;

/** What the lines and statements are about, by their ids. */
export async function loadMatters(
  transaction: Transaction,
  ids: { readonly lineIds: readonly string[]; readonly statementIds: readonly string[] },
): Promise<ReadonlyMap<string, Matter>> {
  const rows = await transaction.query<MatterRow>(
    `select l.id, l.minor, l.currency, l.counterparty_name, left(l.remittance, $3) as text,
            a.ledger_account_code as account, a.name as account_name
       from reconciliation.statement_line l join reconciliation.bank_account a on a.id = l.bank_account_id
      where l.id = any($1)
     union all
     select s.id, null, s.currency, null, null, a.ledger_account_code, a.name
       from reconciliation.bank_statement s join reconciliation.bank_account a on a.id = s.bank_account_id
      where s.id = any($2)`,
    [ids.lineIds, ids.statementIds, mostText],
  );
  return new Map(
    rows.map((row) => [
      row.id,
      {
        ...(row.minor === null ? {} : { amount: money(row.minor, row.currency) }),
        ...(row.counterparty_name === null ? {} : { counterparty: row.counterparty_name }),
        ...(row.text === null ? {} : { text: row.text }),
        account: row.account,
        accountName: row.account_name,
      },
    ]),
  );
}
