import type { CalendarDate } from '#kernel/calendar';
import type { Transaction } from '#kernel/command';
import { formatMoney, money } from '#kernel/money';
import { toWire } from '#kernel/wire-money';
import { resolveExceptionsOf } from './raise-exceptions.ts';
import {
  chooseBookingRule,
  indexRules,
  type BookingRuleInForce,
  type BookingRules,
} from './triage/choose-booking-rule.ts';

interface RuleRow {
  readonly id: string;
  readonly name: string;
  readonly key: string;
  readonly currency: string;
  readonly account_code: string;
  readonly memo: string | null;
  readonly up_to_minor: bigint;
}

interface FreeLine {
  readonly id: string;
  readonly minor: bigint;
  readonly currency: string;
  readonly counterparty_name: string | null;
  readonly remittance: string;
  readonly booked_on: CalendarDate;
  readonly status: string;
  readonly bank_account_code: string;
}

/**
 * Books those of the lines for which a booking rule of the book is in force, and answers which they are. A line that a
 * rule has booked before, or whose exception a person has resolved, is left alone: somebody has decided otherwise. To be
 * called under the lock of the book.
 */
export async function bookByRules(
  transaction: Transaction,
  bookId: string,
  lineIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (lineIds.length === 0) return new Set();
  const rules = await loadRules(transaction, bookId);
  if (rules.size === 0) return new Set();
  const lines = await freeLines(transaction, bookId, lineIds);
  const taken = lines.flatMap((line) => {
    const keyed = { ...line, counterpartyName: line.counterparty_name, text: line.remittance };
    const rule = chooseBookingRule(rules, keyed);
    return rule ? [{ line, rule }] : [];
  });
  if (taken.length > 0) await book(transaction, bookId, taken);
  return new Set(taken.map(({ line }) => line.id));
}

async function loadRules(transaction: Transaction, bookId: string): Promise<BookingRules> {
  const rows = await transaction.query<RuleRow>(
    `select id, name, key, currency, account_code, memo, up_to_minor from reconciliation.booking_rule
      where book_id = $1 and retired_at is null`,
    [bookId],
  );
  return indexRules(
    rows.map((row): BookingRuleInForce => ({
      id: row.id,
      name: row.name,
      key: row.key,
      currency: row.currency,
      accountCode: row.account_code,
      ...(row.memo === null ? {} : { memo: row.memo }),
      upToMinor: row.up_to_minor,
    })),
  );
}

function freeLines(
  transaction: Transaction,
  bookId: string,
  lineIds: readonly string[],
): Promise<FreeLine[]> {
  return transaction.query<FreeLine>(
    `select l.id, l.minor, l.currency, l.counterparty_name, l.remittance, l.booked_on, l.status,
            a.ledger_account_code as bank_account_code
       from reconciliation.statement_line l join reconciliation.bank_account a on a.id = l.bank_account_id
      where l.id = any($1) and l.book_id = $2 and l.status in ('UNMATCHED', 'EXCEPTION') and not l.held
        and not exists (select 1 from reconciliation.rule_booking b where b.line_id = l.id)
        and not exists (select 1 from reconciliation.exception e
                         where e.line_id = l.id and (e.resolved_by is not null
                           or (e.status = 'OPEN' and e.reason in ('DUPLICATE', 'RETURNED'))))
      order by l.booked_on, l.id`,
    [lineIds, bookId],
  );
}

interface Taken {
  readonly line: FreeLine;
  readonly rule: BookingRuleInForce;
}

async function book(transaction: Transaction, bookId: string, taken: readonly Taken[]): Promise<void> {
  const rows = taken.map(({ line, rule }) => ({
    line_id: line.id,
    rule_id: rule.id,
    account: rule.accountCode,
    memo: rule.memo ?? null,
  }));
  await transaction.query(
    `with taken as (
       select * from jsonb_to_recordset($3::jsonb) as r (line_id text, rule_id text, account text, memo text)
     ), marked as (
       insert into reconciliation.rule_booking (organisation_id, line_id, booking_rule_id, book_id, booked_at)
       select $1, line_id, rule_id, $2, $4 from taken
     )
     update reconciliation.statement_line l
        set status = 'BOOKED', booked_account_code = t.account, booked_memo = t.memo, journal_entry_id = null
       from taken t where l.id = t.line_id`,
    [transaction.organisationId, bookId, JSON.stringify(rows), transaction.now],
  );
  for (const [rule, ofRule] of Map.groupBy(taken, (one) => one.rule)) {
    const resolution = `Booked to ${rule.accountCode} by the rule "${rule.name}".`;
    const ids = ofRule.map(({ line }) => line.id);
    await resolveExceptionsOf(transaction, bookId, { lineIds: ids, resolution });
  }
  for (const one of taken) tell(transaction, bookId, one);
}

function tell(transaction: Transaction, bookId: string, { line, rule }: Taken): void {
  const { id: lineId, minor, currency } = line;
  transaction.emit({
    type: 'statementLine.booked',
    subjectId: lineId,
    bookId,
    facts: {
      bankAccountCode: line.bank_account_code,
      accountCode: rule.accountCode,
      money: toWire({ minor, currency }),
      bookedOn: line.booked_on,
      memo: (rule.memo ?? line.remittance.slice(0, 200)) || 'Bank line',
    },
  });
  transaction.audit({
    subjectType: 'StatementLine',
    subjectId: lineId,
    before: { status: line.status },
    after: {
      status: 'BOOKED',
      accountCode: rule.accountCode,
      bookingRuleId: rule.id,
      amount: formatMoney(money(minor, currency)),
    },
  });
}
