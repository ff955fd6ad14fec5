import { sha256Hex } from '#kernel/canonical';
import type { Transaction } from '#kernel/command';
import { newId } from '#kernel/ids';
import type { BankLine, BankStatement } from '#connectors/ports';
import type { KnownAccount } from './find-bank-account.ts';
import { announceAndSettle } from './announce-and-settle.ts';
import { identitiesAfter, identityOf, lineKeys } from './line-identity.ts';
import { gapProblem, holdsBack, loadChain } from './load-chain.ts';
import type { ReadStatement } from './read-statement-files.ts';
import { predecessorsOfTheDay, type ChainLink } from './statement-chain.ts';
import { overlapOf } from './overlap-of.ts';
import { quarantine } from './quarantine-statement.ts';
import { pendingIdentities, pendingLines } from './store-pending-lines.ts';
import { storeLines, takeOverHeldLines } from './store-lines.ts';

/** A statement whose account is found. */
export interface StatementToStore extends ReadStatement {
  readonly account: KnownAccount;
}

interface Stored {
  readonly statementId: string;
  readonly imported: number;
  readonly alreadyKnown: number;
}

/**
 * Stores a statement and those of its lines that are new. A statement that does not add up, or does not go on from the
 * one before it, is quarantined with one exception; its lines are kept and held back.
 */
export async function storeStatement(
  transaction: Transaction,
  bookId: string,
  { statement, account, fileId, problems }: StatementToStore,
): Promise<Stored> {
  const booked = statement.lines.filter((line) => line.status === 'booked');
  const keys = lineKeys(booked);
  const fingerprint = fingerprintOf(statement, [
    ...keys.map(identityOf),
    ...pendingIdentities(pendingLines(statement)),
  ]);
  const same = await transaction.maybe<{ id: string }>(
    'select id from reconciliation.bank_statement where bank_account_id = $1 and fingerprint = $2',
    [account.id, fingerprint],
  );
  if (same) return { statementId: same.id, imported: 0, alreadyKnown: booked.length };

  const own = rowOf(statement, booked);
  const chain = await loadChain(transaction, account.id);
  const link = linkOf(own);
  const gap = gapProblem(link, chain, statement.currency);
  const earlier = predecessorsOfTheDay(link, chain).map(({ id }) => id);
  const identities = identitiesAfter(keys, await identitiesOf(transaction, earlier));
  const overlap = await overlapOf(transaction, { bankAccountId: account.id, own, booked, identities });
  const found = [...problems, ...(gap ? [gap] : []), ...(overlap ? [overlap.problem] : [])];
  const wrong = found.filter(({ code }) => holdsBack(code));
  const quarantined = wrong.length > 0;
  const statementId = newId('bs');
  await transaction.insert('reconciliation.bank_statement', {
    ...own,
    id: statementId,
    book_id: bookId,
    bank_account_id: account.id,
    file_id: fileId,
    fingerprint,
    status: quarantined ? 'QUARANTINED' : 'IMPORTED',
    problems: JSON.stringify(found),
    imported_by: transaction.actor.memberId ?? null,
    imported_at: transaction.now,
  });
  const target = { bookId, bankAccountId: account.id, statementId, held: quarantined };
  const imported = await storeLines(transaction, target, { lines: booked, identities });
  if (!quarantined) await takeOverHeldLines(transaction, target, identities);
  await transaction.query(
    'update reconciliation.bank_statement set known_count = line_count - $2 where id = $1',
    [statementId, imported],
  );
  await announceAndSettle(transaction, target, statement);
  if (quarantined) await quarantine(transaction, target, { problems: wrong, evidence: overlap?.evidence });
  else {
    const facts = { bankAccountId: account.id, lines: imported };
    transaction.emit({ type: 'statement.imported', subjectId: statementId, bookId, facts });
  }
  transaction.audit({
    subjectType: 'BankStatement',
    subjectId: statementId,
    after: { fileId, bankAccountId: account.id, imported, status: quarantined ? 'QUARANTINED' : 'IMPORTED' },
  });
  return { statementId, imported, alreadyKnown: booked.length - imported };
}

function rowOf(statement: BankStatement, booked: readonly BankLine[]): Record<string, unknown> {
  const { opening, closing, currency } = statement;
  const days = booked.map((line) => line.bookedOn).toSorted();
  const inCurrency = (balance: typeof opening) =>
    balance?.amount.currency === currency ? balance.amount.minor : undefined;
  return {
    format: statement.format,
    reference: statement.reference ?? null,
    sequence: statement.sequence ?? null,
    currency,
    opening_minor: inCurrency(opening) ?? null,
    closing_minor: inCurrency(closing) ?? null,
    starts_on: statement.from ?? opening?.on ?? days[0] ?? null,
    ends_on: statement.to ?? closing?.on ?? days.at(-1) ?? null,
    first_booked_on: days[0] ?? null,
    line_count: booked.length,
    known_count: 0,
    pending_count: pendingLines(statement).length,
  };
}

/** Equal statements are one, whatever file brings them. */
function fingerprintOf(statement: BankStatement, identities: readonly string[]): string {
  const { reference, sequence, from, to, opening, closing } = statement;
  const balances = [opening, closing].map((balance) => balance && String(balance.amount.minor));
  return sha256Hex(JSON.stringify([reference, sequence, from, to, balances, identities]));
}

function linkOf(row: Record<string, unknown>): ChainLink {
  return {
    startsOn: (row['first_booked_on'] ?? row['starts_on'] ?? undefined) as string | undefined,
    endsOn: (row['ends_on'] ?? undefined) as string | undefined,
    opening: (row['opening_minor'] ?? undefined) as bigint | undefined,
    closing: (row['closing_minor'] ?? undefined) as bigint | undefined,
  };
}

async function identitiesOf(transaction: Transaction, statementIds: readonly string[]): Promise<Set<string>> {
  if (statementIds.length === 0) return new Set();
  const rows = await transaction.query<{ identity: string }>(
    'select identity from reconciliation.statement_line where statement_id = any($1)',
    [statementIds],
  );
  return new Set(rows.map((row) => row.identity));
}
