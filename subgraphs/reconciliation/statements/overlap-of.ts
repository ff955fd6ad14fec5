import type { Transaction } from '#kernel/command';
import { userError, type UserError } from '#kernel/errors';
import type { BankLine } from '#connectors/ports';
import type { ExceptionEvidence } from '../triage/evidence.ts';
import { loadChain } from './load-chain.ts';
import { findOverlap, type Overlap, type Telling, type ToldLine } from './statement-overlap.ts';

interface NewStatement {
  readonly bankAccountId: string;
  readonly own: Readonly<Record<string, unknown>>;
  readonly booked: readonly BankLine[];
  readonly identities: readonly string[];
}

const mostShown = 20;

/** What a new statement tells otherwise than sound ones of the same days, with the lines it is about. */
export async function overlapOf(
  transaction: Transaction,
  { bankAccountId, own, booked, identities }: NewStatement,
): Promise<{ problem: UserError; evidence: ExceptionEvidence } | undefined> {
  const telling = tellingOf(own);
  const { from, endsOn } = telling;
  if (from === undefined || endsOn === undefined) return undefined;
  const chain = await loadChain(transaction, bankAccountId);
  const statements = chain.filter(
    (link) =>
      link.status === 'IMPORTED' &&
      link.endsOn !== undefined &&
      link.endsOn >= from &&
      (link.from ?? '') <= endsOn,
  );
  // Without another of the same days there is nothing to part from.
  if (statements.length === 0) return undefined;
  const lines = booked.map((line, at) => ({ id: '', identity: identities[at] ?? '', on: line.bookedOn }));
  const stored = await transaction.query<{ id: string; identity: string; on: string; statement_id: string }>(
    `select id, identity, booked_on as on, statement_id from reconciliation.statement_line
      where bank_account_id = $1 and not held and (booked_on between $2 and $3 or statement_id = any($4))`,
    [bankAccountId, from, endsOn, statements.map(({ id }) => id)],
  );
  const known: ToldLine[] = stored.map(({ statement_id: statementId, ...line }) => ({
    ...line,
    statementId,
  }));
  const overlap = findOverlap(telling, lines, { statements, lines: known });
  return overlap && told(overlap);
}

function tellingOf(row: Readonly<Record<string, unknown>>): Telling {
  const text = (name: string) => (row[name] ?? undefined) as string | undefined;
  const minor = (name: string) => (row[name] ?? undefined) as bigint | undefined;
  return {
    id: '',
    from: text('starts_on'),
    startsOn: text('first_booked_on') ?? text('starts_on'),
    endsOn: text('ends_on'),
    opening: minor('opening_minor'),
    closing: minor('closing_minor'),
  };
}

function told({ more, missing }: Overlap): { problem: UserError; evidence: ExceptionEvidence } {
  const parts = [
    more.length > 0
      ? `${counted(more.length)} that one tells nothing of (the first on ${firstDay(more)})`
      : '',
    missing.length > 0
      ? `not ${counted(missing.length)} of that one (the first on ${firstDay(missing)})`
      : '',
  ].filter((part) => part !== '');
  const message = `Another statement tells of the same days, and not the same: this one has ${parts.join(', and ')}.`;
  const relatedLineIds = missing.slice(0, mostShown).map(({ id }) => id);
  return { problem: userError('STATEMENT_OVERLAP', message, ['overlap']), evidence: { relatedLineIds } };
}

function counted(count: number): string {
  return count === 1 ? 'one line' : `${count} lines`;
}

function firstDay(lines: readonly ToldLine[]): string {
  return lines.map(({ on }) => on).toSorted()[0] ?? '';
}
