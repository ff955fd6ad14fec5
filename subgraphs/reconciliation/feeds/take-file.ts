import type { Transaction } from '#kernel/command';
import { CrossfootError, userError, type UserError } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { lockBook } from '../lock-book.ts';
import { applyPaymentStatus } from '../payments/import-payment-status.ts';
import { raiseExceptions, resolveExceptionsOfSubject } from '../raise-exceptions.ts';
import { importPayouts } from '../statements/import-payout-report.ts';
import { importStatements } from '../statements/import-statements.ts';
import type { FeedRow } from './feed-status.ts';
import type { FeedContent } from './read-feed-file.ts';

/** A file of a feed that is whole and stored. */
export interface WholeFile {
  readonly name: string;
  readonly size: number;
  readonly modified: string;
  readonly sha256?: string | undefined;
  readonly fileId?: string | undefined;
  readonly runId?: string | undefined;
}

/** What became of a file. */
export interface TakenFile extends Record<string, unknown> {
  readonly bankFeedFileId: string;
  readonly state: 'IMPORTED' | 'DUPLICATE' | 'REFUSED';
  readonly statementIds: string[];
}

interface Outcome {
  readonly state: TakenFile['state'];
  readonly content: FeedContent['kind'] | null;
  readonly problems: readonly UserError[];
  readonly statementIds: readonly string[];
  readonly imported: number;
  readonly known: number;
}

/**
 * Imports a file of a feed and keeps what became of it, both in this one transaction: whatever ends a process, a file is
 * taken wholly or not at all. A file that was taken before answers as it did then; one that was refused is tried again.
 */
export async function takeFile(
  transaction: Transaction,
  { feed, file }: { readonly feed: FeedRow; readonly file: WholeFile },
  content: FeedContent | { readonly refusal: readonly UserError[] },
): Promise<TakenFile> {
  await lockBook(transaction, feed.book_id);
  const known = await knownFile(transaction, feed, file);
  // What was refused may be fit by now: its account was opened, its columns were named.
  if (known?.state === 'REFUSED' && 'kind' in content) {
    return takeAgain(transaction, { feed, file: { id: known.bankFeedFileId, name: file.name } }, content);
  }
  if (known) return answerAgain(transaction, known);
  const outcome = await outcomeOf(transaction, { feed, file }, content);
  const bankFeedFileId = await keep(transaction, { feed, file }, outcome);
  await transaction.query('update reconciliation.bank_feed set last_file_at = $2 where id = $1', [
    feed.id,
    transaction.now,
  ]);
  await tell(transaction, { feed, file, bankFeedFileId }, outcome);
  const { state, statementIds } = outcome;
  return { bankFeedFileId, state, statementIds: [...statementIds] };
}

interface KnownFile extends TakenFile {
  readonly problems: readonly UserError[];
}

function answerAgain(transaction: Transaction, { problems, ...taken }: KnownFile): TakenFile {
  for (const problem of problems) transaction.report(problem);
  return taken;
}

async function knownFile(
  transaction: Transaction,
  feed: FeedRow,
  { name, size, modified, sha256 }: WholeFile,
): Promise<KnownFile | undefined> {
  const known = await transaction.maybe<{
    id: string;
    state: TakenFile['state'];
    statement_ids: string[];
    problems: UserError[];
  }>(
    `update reconciliation.bank_feed_file
        set size = $4, modified = $5, put_away_at = case when $6 then put_away_at end
      where bank_feed_id = $1 and name = $2 and sha256 = $3 returning id, state, statement_ids, problems`,
    [feed.id, name, sha256 ?? null, size, modified, feed.afterwards === 'KEEP' || feed.kind === 'PUSH'],
  );
  if (!known) return undefined;
  await transaction.query(
    "delete from reconciliation.bank_feed_file where bank_feed_id = $1 and name = $2 and state = 'WAITING'",
    [feed.id, name],
  );
  const { id: bankFeedFileId, state, statement_ids: statementIds, problems } = known;
  return { bankFeedFileId, state, statementIds, problems };
}

async function outcomeOf(
  transaction: Transaction,
  { feed, file }: { readonly feed: FeedRow; readonly file: WholeFile },
  content: FeedContent | { readonly refusal: readonly UserError[] },
): Promise<Outcome> {
  const nothing = { content: null, statementIds: [], imported: 0, known: 0 };
  if ('refusal' in content) {
    for (const problem of content.refusal) transaction.report(problem);
    return { ...nothing, state: 'REFUSED', problems: content.refusal };
  }
  const twin = await transaction.maybe<{
    name: string;
    statement_ids: string[];
    content: Outcome['content'];
  }>(
    `select name, statement_ids, content from reconciliation.bank_feed_file
      where bank_feed_id = $1 and sha256 = $2 and state <> 'REFUSED' order by id limit 1`,
    [feed.id, file.sha256 ?? null],
  );
  if (twin) {
    const problem = userError(
      'ALREADY_EXISTS',
      `The file has the bytes of ${twin.name}, which was taken before`,
    );
    const { statement_ids: statementIds } = twin;
    return { ...nothing, content: twin.content, statementIds, state: 'DUPLICATE', problems: [problem] };
  }
  return importContent(transaction, feed, content);
}

/** Imports by the same ways as a person would; what they report is kept with the file. */
export async function importContent(
  transaction: Transaction,
  feed: FeedRow,
  content: FeedContent,
): Promise<Outcome> {
  const problems: UserError[] = [];
  const noting: Transaction = {
    ...transaction,
    report: (error) => {
      problems.push(error);
      transaction.report(error);
    },
  };
  const { imported, known, subjects, statementIds = [] } = await imports(noting, feed, content);
  const state = subjects === 0 ? 'REFUSED' : imported === 0 && known > 0 ? 'DUPLICATE' : 'IMPORTED';
  if (state === 'REFUSED' && problems.length === 0) {
    noting.report(userError('FORMAT_UNKNOWN', 'Nothing of the file could be read'));
  }
  return { state, content: content.kind, problems, statementIds, imported, known };
}

interface Imported {
  readonly imported: number;
  readonly known: number;
  /** How many statements, payouts or orders the file told of. */
  readonly subjects: number;
  readonly statementIds?: readonly string[];
}

async function imports(transaction: Transaction, feed: FeedRow, content: FeedContent): Promise<Imported> {
  const { book_id: bookId } = feed;
  if (content.kind === 'STATEMENT') {
    const bankAccountId = feed.bank_account_id ?? undefined;
    const result = await importStatements(
      transaction,
      { bookId, bankAccountId, onlyUnnamed: true },
      content.files,
    );
    const { imported, alreadyKnown: known, statementIds } = result;
    return { imported, known, subjects: statementIds.length, statementIds };
  }
  if (content.kind === 'PAYOUT_REPORT') {
    const result = await importPayouts(transaction, bookId, content.payouts);
    return { imported: result.reported, known: result.alreadyKnown, subjects: result.payoutIds.length };
  }
  try {
    const result = await applyPaymentStatus(transaction, bookId, content.report);
    const imported = result.accepted + result.executed + result.rejected;
    return { imported, known: 0, subjects: result.paymentOrderIds.length };
  } catch (error) {
    // It refuses a report as a whole, before anything is written.
    if (!(error instanceof CrossfootError)) throw error;
    transaction.report(error.toUserError());
    return { imported: 0, known: 0, subjects: 0 };
  }
}

async function keep(
  transaction: Transaction,
  { feed, file }: { readonly feed: FeedRow; readonly file: WholeFile },
  outcome: Outcome,
): Promise<string> {
  const waited = await transaction.maybe<{ id: string; first_seen_at: Date }>(
    `delete from reconciliation.bank_feed_file where bank_feed_id = $1 and name = $2 and state = 'WAITING'
     returning id, first_seen_at`,
    [feed.id, file.name],
  );
  const id = waited?.id ?? newId('bff');
  const stays = feed.kind === 'PUSH' || feed.kind === 'HTTPS' || feed.afterwards === 'KEEP';
  await transaction.insert('reconciliation.bank_feed_file', {
    id,
    book_id: feed.book_id,
    bank_feed_id: feed.id,
    run_id: file.runId ?? null,
    name: file.name,
    size: file.size,
    modified: file.modified,
    sha256: file.sha256 ?? null,
    file_id: file.fileId ?? null,
    state: outcome.state,
    content: outcome.content,
    problems: JSON.stringify(outcome.problems),
    statement_ids: outcome.statementIds,
    lines_imported: outcome.imported,
    lines_known: outcome.known,
    still_since: transaction.now,
    first_seen_at: waited?.first_seen_at ?? transaction.now,
    taken_at: transaction.now,
    put_away_at: stays ? transaction.now : null,
  });
  return id;
}

async function tell(
  transaction: Transaction,
  { feed, file, bankFeedFileId }: { feed: FeedRow; file: WholeFile; bankFeedFileId: string },
  { state, problems, imported, known, content }: Outcome,
): Promise<void> {
  const { book_id: bookId } = feed;
  transaction.emit({
    type: 'bankFeed.received',
    subjectId: feed.id,
    bookId,
    facts: { bankFeedFileId, state },
  });
  transaction.audit({
    subjectType: 'BankFeedFile',
    subjectId: bankFeedFileId,
    after: { bankFeedId: feed.id, name: file.name, sha256: file.sha256, state, content, imported, known },
  });
  const subject = { type: 'BankFeedFile', id: bankFeedFileId };
  if (state !== 'REFUSED') {
    const resolution = 'The file was taken after all.';
    return resolveExceptionsOfSubject(transaction, bookId, { subject, resolution });
  }
  const why = problems
    .slice(0, 3)
    .map(({ message }) => message)
    .join(' ');
  const detail = `The file ${file.name} of the feed ${feed.name} was refused. ${why}`;
  await raiseExceptions(transaction, bookId, [
    { subject, reason: 'FEED_FAILED', detail, ownerId: feed.created_by ?? undefined },
  ]);
}

/** Imports a refused file again, for example after its columns were named; throws STATE_CONFLICT for any other. */
export async function takeAgain(
  transaction: Transaction,
  { feed, file }: { readonly feed: FeedRow; readonly file: { readonly id: string; readonly name: string } },
  content: FeedContent,
): Promise<TakenFile> {
  const outcome = await importContent(transaction, feed, content);
  await transaction.query(
    `update reconciliation.bank_feed_file
        set state = $2, content = $3, problems = $4, statement_ids = $5, lines_imported = $6, lines_known = $7,
            taken_at = $8 where id = $1`,
    [
      file.id,
      outcome.state,
      outcome.content,
      JSON.stringify(outcome.problems),
      outcome.statementIds,
      outcome.imported,
      outcome.known,
      transaction.now,
    ],
  );
  const whole = { name: file.name, size: 0, modified: '' };
  await tell(transaction, { feed, file: whole, bankFeedFileId: file.id }, outcome);
  const { state, statementIds } = outcome;
  return { bankFeedFileId: file.id, state, statementIds: [...statementIds] };
}
