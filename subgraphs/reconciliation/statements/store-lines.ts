import { compactNumber, maskAccounts } from '#kernel/account-number';
import type { Transaction } from '#kernel/command';
import { newId } from '#kernel/ids';
import type { BankLine } from '#connectors/ports';
import { resolveExceptionOfStatement } from '../raise-exceptions.ts';

interface Target {
  readonly bookId: string;
  readonly bankAccountId: string;
  readonly statementId: string;
  /** Kept and not matched, because the statement is quarantined. */
  readonly held: boolean;
}

const batchSize = 5_000;

/** Stores the lines that are new to the account, thousands in one statement; answers how many they were. */
export async function storeLines(
  transaction: Transaction,
  target: Target,
  { lines, identities }: { lines: readonly BankLine[]; identities: readonly string[] },
): Promise<number> {
  const known = await knownIdentities(transaction, target.bankAccountId, identities);
  const fresh = lines.flatMap((line, index) => {
    const identity = identities[index] ?? '';
    return known.has(identity) ? [] : [{ line, identity, position: index + 1 }];
  });
  for (let from = 0; from < fresh.length; from += batchSize) {
    const rows = fresh.slice(from, from + batchSize).map((one) => rowOf(transaction, one));
    await transaction.query(
      `insert into reconciliation.statement_line (organisation_id, book_id, bank_account_id, statement_id, held, status,
         id, position, identity, booked_on, value_on, minor, currency, reversal, counterparty_name,
         counterparty_account_index, counterparty_last_four, bank_reference, refs, remittance, transaction_code,
         sealed_record, return_reason)
       select $1, $2, $3, $4, $5, 'UNMATCHED', r.*
         from jsonb_to_recordset($6::jsonb) as r (id text, position int, identity text, booked_on date, value_on date,
           minor bigint, currency text, reversal boolean, counterparty_name text, counterparty_account_index text,
           counterparty_last_four text, bank_reference text, refs text[], remittance text, transaction_code text,
           sealed_record text, return_reason text)`,
      [
        transaction.organisationId,
        target.bookId,
        target.bankAccountId,
        target.statementId,
        target.held,
        JSON.stringify(rows),
      ],
    );
  }
  return fresh.length;
}

/**
 * Lines that a quarantined statement brought first and a sound one brings again are vouched for: they move to the sound
 * one. A quarantined statement that is left without lines has nothing more to decide.
 */
export async function takeOverHeldLines(
  transaction: Transaction,
  target: Target,
  identities: readonly string[],
): Promise<void> {
  const taken = await transaction.query<{ statement_id: string }>(
    `with held as (
       select id, statement_id from reconciliation.statement_line
        where bank_account_id = $1 and identity = any($2) and held
     )
     update reconciliation.statement_line l set held = false, statement_id = $3
       from held where l.id = held.id returning held.statement_id`,
    [target.bankAccountId, identities, target.statementId],
  );
  for (const statementId of new Set(taken.map((row) => row.statement_id))) {
    const left = await transaction.maybe(
      'select 1 from reconciliation.statement_line where statement_id = $1 limit 1',
      [statementId],
    );
    if (left) continue;
    const resolution = 'Another statement brought the same lines and adds up.';
    await resolveExceptionOfStatement(transaction, target.bookId, { statementId, resolution });
  }
}

async function knownIdentities(
  transaction: Transaction,
  bankAccountId: string,
  identities: readonly string[],
): Promise<Set<string>> {
  // One by one: in a plan for any values, a list of ten thousand may be gone through for every line of the account.
  const rows = await transaction.query<{ identity: string }>(
    `select w.identity from unnest($2::text[]) as w (identity)
      cross join lateral (
        select 1 from reconciliation.statement_line where bank_account_id = $1 and identity = w.identity limit 1) known`,
    [bankAccountId, identities],
  );
  return new Set(rows.map((row) => row.identity));
}

function rowOf(
  { services, organisationId }: Transaction,
  { line, identity, position }: { line: BankLine; identity: string; position: number },
): Record<string, unknown> {
  const id = newId('bl');
  const returnReason = line.details.find((detail) => detail.returnReason !== undefined)?.returnReason;
  const number = line.counterparty.iban ?? line.counterparty.accountNumber;
  const compact = number === undefined ? '' : compactNumber(number);
  return {
    id,
    position,
    identity,
    booked_on: line.bookedOn,
    value_on: line.valueOn ?? null,
    minor: String(line.amount.minor),
    currency: line.amount.currency,
    // Some banks say why a payment comes back, and not that it does.
    reversal: line.reversal || returnReason !== undefined,
    counterparty_name: line.counterparty.name ?? null,
    counterparty_account_index: compact === '' ? null : services.vault.blindIndex(compact, organisationId),
    counterparty_last_four: compact === '' ? null : compact.slice(-4),
    bank_reference: line.bankReference ?? null,
    refs: referencesOf(line),
    remittance: maskAccounts(textOf(line)),
    transaction_code: line.transactionCode ?? null,
    sealed_record: services.vault.seal(line.raw, {
      organisationId,
      column: 'statement_line.record',
      rowId: id,
    }),
    return_reason: returnReason ?? null,
  };
}

/** The references of a line, that of the creditor first: it is the strongest evidence and what people look for. */
export function referencesOf(line: BankLine): string[] {
  const all = [line, ...line.details].flatMap((one) => [one.structuredReference, one.endToEndId]);
  return [...new Set(all.filter((reference) => reference !== undefined))];
}

/** What the payer wrote; the text of a batch is told by its details. */
export function textOf(line: BankLine): string {
  const parts = [line.remittance, ...line.details.map((detail) => detail.remittance ?? '')];
  return parts.filter((part, index) => part !== '' && parts.indexOf(part) === index).join('\n');
}
