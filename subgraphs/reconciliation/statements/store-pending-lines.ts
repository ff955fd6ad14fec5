import { compactNumber, maskAccounts } from '#kernel/account-number';
import type { CalendarDate } from '#kernel/calendar';
import { sha256Hex } from '#kernel/canonical';
import type { Transaction } from '#kernel/command';
import { newId } from '#kernel/ids';
import type { BankLine, BankStatement } from '#connectors/ports';
import { lineKeys } from './line-identity.ts';
import { referencesOf, textOf } from './store-lines.ts';

interface Target {
  readonly bookId: string;
  readonly bankAccountId: string;
  readonly statementId: string;
}

/** The lines that a statement only announces. */
export function pendingLines(statement: BankStatement): readonly BankLine[] {
  return statement.lines.filter((line) => line.status === 'pending');
}

/**
 * What makes an announced line the same line when a later report tells it again: the bank's reference where only one
 * line of the report has it, so that its amount may change; else text, day and amount with a number among equal ones.
 */
export function pendingIdentities(lines: readonly BankLine[]): string[] {
  const counts = new Map<string, number>();
  const named = (line: BankLine): string =>
    JSON.stringify([line.bankReference, line.amount.currency, line.amount.minor > 0n]);
  for (const line of lines) {
    if (line.bankReference !== undefined) counts.set(named(line), (counts.get(named(line)) ?? 0) + 1);
  }
  return lineKeys(lines).map(({ key, ordinal }, at) => {
    const line = lines[at];
    const alone = line?.bankReference !== undefined && counts.get(named(line)) === 1;
    return sha256Hex(alone ? `pending ${named(line)}` : `pending ${key}#${ordinal}`);
  });
}

/** Stores what a statement announces; what is known already takes the amount of the latest telling. Answers how many are new. */
export async function storePendingLines(
  transaction: Transaction,
  target: Target,
  statement: BankStatement,
): Promise<number> {
  const lines = pendingLines(statement);
  if (lines.length === 0) return 0;
  const identities = pendingIdentities(lines);
  const told = toldOn(statement, lines);
  const rows = lines.map((line, at) => rowOf(transaction, line, { identity: identities[at] ?? '', told }));
  const made = await transaction.query(
    `insert into reconciliation.pending_line as p (organisation_id, book_id, bank_account_id, statement_id, status,
       created_at, id, identity, announced_on, told_on, minor, currency, counterparty_name, counterparty_account_index,
       bank_reference, refs, remittance)
     select $1, $2, $3, $4, 'PENDING', $5, r.*
       from jsonb_to_recordset($6::jsonb) as r (id text, identity text, announced_on date, told_on date, minor bigint,
         currency text, counterparty_name text, counterparty_account_index text, bank_reference text,
         refs text[], remittance text)
         on conflict (organisation_id, bank_account_id, identity)
         do update set announced_on = least(p.announced_on, excluded.announced_on),
           -- The latest telling counts, whichever is imported first.
           minor = case when (excluded.told_on, excluded.minor) > (p.told_on, p.minor) then excluded.minor else p.minor end,
           told_on = greatest(p.told_on, excluded.told_on)
     returning xmax = 0 as fresh`,
    [
      transaction.organisationId,
      target.bookId,
      target.bankAccountId,
      target.statementId,
      transaction.now,
      JSON.stringify(rows),
    ],
  );
  return made.filter(({ fresh }) => fresh === true).length;
}

function toldOn(statement: BankStatement, lines: readonly BankLine[]): CalendarDate | undefined {
  const days = lines.map((line) => line.bookedOn).toSorted();
  return statement.to ?? statement.closing?.on ?? days.at(-1);
}

function rowOf(
  { services, organisationId }: Transaction,
  line: BankLine,
  { identity, told }: { identity: string; told: CalendarDate | undefined },
): Record<string, unknown> {
  const number = line.counterparty.iban ?? line.counterparty.accountNumber;
  const compact = number === undefined ? '' : compactNumber(number);
  return {
    id: newId('pl'),
    identity,
    announced_on: line.bookedOn,
    told_on: told ?? line.bookedOn,
    minor: String(line.amount.minor),
    currency: line.amount.currency,
    counterparty_name: line.counterparty.name ?? null,
    counterparty_account_index: compact === '' ? null : services.vault.blindIndex(compact, organisationId),
    bank_reference: line.bankReference ?? null,
    refs: referencesOf(line),
    remittance: maskAccounts(textOf(line)),
  };
}
