import type { Transaction } from '#kernel/command';
import { newId } from '#kernel/ids';
import type { Money } from '#kernel/money';
import { toWire } from '#kernel/wire-money';
import type { Fields } from '../dimensions/catalogue.ts';
import type { NewDraftLine } from './draft-lines.ts';
import { totalOf, type NewEntry } from './entry.ts';
import { tryPostEntries } from './post-entry.ts';
import { storeLines } from './store-draft.ts';
import type { TransactionInput } from './transaction-input.ts';
import type { LineAccount } from './transaction-lines.ts';

/** A transaction with the lines of its entry. */
export interface ReadyTransaction {
  /** Its place in the call. */
  readonly index: number;
  readonly source: string;
  readonly input: TransactionInput;
  readonly hash: string;
  readonly gross: Money;
  readonly lines: readonly NewDraftLine[];
  readonly accounts: ReadonlyMap<string, LineAccount>;
  readonly fields: Fields;
  readonly description: string;
  readonly versionId: string;
  readonly rule: string;
  readonly reasons: readonly string[];
}

/** What a transaction became. */
type Outcome = { readonly draftId: string } | { readonly journalEntryId: string };

/** What was tested and approved is as sure as a rule of the book. */
const sureOfTemplate = 9_900;
const firstVersion = 1;

/** Drafts an entry for each transaction; answers ids of recorded transactions by the ids their source gave them. */
export async function storeRecorded(
  transaction: Transaction,
  bookId: string,
  ready: readonly ReadyTransaction[],
): Promise<Map<string, string>> {
  const outcomes: Outcome[] = [];
  for (const one of ready) outcomes.push({ draftId: await storeDraftOf(transaction, bookId, one) });
  return remember(transaction, bookId, { ready, outcomes });
}

/**
 * Posts an entry for each transaction, all in one statement; when the books refuse that, one by one, so that only those
 * are reported that they refuse.
 */
export async function postRecorded(
  transaction: Transaction,
  bookId: string,
  ready: readonly ReadyTransaction[],
): Promise<Map<string, string>> {
  const together = await tryPostEntries(
    transaction,
    ready.map((one) => entryOf(bookId, one)),
  );
  if ('posted' in together) {
    const outcomes = together.posted.map(({ id }) => ({ journalEntryId: id }));
    return remember(transaction, bookId, { ready, outcomes });
  }
  const taken: ReadyTransaction[] = [];
  const outcomes: Outcome[] = [];
  for (const one of ready) {
    const alone = await tryPostEntries(transaction, [entryOf(bookId, one)]);
    if ('refused' in alone) {
      const path = ['transactions', String(one.index), ...alone.refused.path];
      transaction.report({ ...alone.refused, path });
      continue;
    }
    taken.push(one);
    for (const { id } of alone.posted) outcomes.push({ journalEntryId: id });
  }
  return remember(transaction, bookId, { ready: taken, outcomes });
}

function entryOf(bookId: string, { input, source, lines, description, fields }: ReadyTransaction): NewEntry {
  return {
    bookId,
    kind: 'DOCUMENT',
    postedOn: input.occurredOn,
    description,
    lines,
    fields,
    idempotencyKey: `${source} ${input.externalId}`,
  };
}

async function storeDraftOf(
  transaction: Transaction,
  bookId: string,
  one: ReadyTransaction,
): Promise<string> {
  const draftId = newId('drf');
  const total = totalOf(one.lines);
  await transaction.insert('transactions.draft', {
    id: draftId,
    book_id: bookId,
    status: 'PENDING_APPROVAL',
    description: one.description,
    total_minor: total.minor,
    total_currency: total.currency,
    posted_on: one.input.occurredOn,
    version: firstVersion,
    confidence: sureOfTemplate,
    reasons: one.reasons,
    template_version_id: one.versionId,
    template_rule: one.rule,
    fields: JSON.stringify(one.fields),
    created_at: transaction.now,
    updated_at: transaction.now,
  });
  const accounts = new Map([...one.accounts].map(([code, account]) => [code, account.id]));
  await storeLines(transaction, draftId, { lines: one.lines, accounts });
  transaction.emit({
    type: 'draft.created',
    subjectId: draftId,
    bookId,
    facts: {
      total: toWire(total),
      summary: one.description,
      draftVersion: firstVersion,
      submittedBy: transaction.actor.memberId,
      confidence: sureOfTemplate,
    },
  });
  return draftId;
}

async function remember(
  transaction: Transaction,
  bookId: string,
  { ready, outcomes }: { ready: readonly ReadyTransaction[]; outcomes: readonly Outcome[] },
): Promise<Map<string, string>> {
  const rows = ready.map((one, index) => {
    const outcome = outcomes[index];
    return {
      id: newId('rt'),
      source: one.source,
      external_id: one.input.externalId,
      kind: one.input.kind,
      occurred_on: one.input.occurredOn,
      currency: one.gross.currency,
      gross_minor: String(one.gross.minor),
      input: one.input,
      input_hash: one.hash,
      template_version_id: one.versionId,
      template_rule: one.rule,
      draft_id: outcome && 'draftId' in outcome ? outcome.draftId : null,
      journal_entry_id: outcome && 'journalEntryId' in outcome ? outcome.journalEntryId : null,
    };
  });
  await transaction.query(
    `insert into transactions.recorded_transaction
       (organisation_id, book_id, id, source, external_id, kind, occurred_on, currency, gross_minor, input, input_hash,
        template_version_id, template_rule, draft_id, journal_entry_id, recorded_at)
     select $1, $2, id, source, external_id, kind, occurred_on, currency, gross_minor, input, input_hash,
            template_version_id, template_rule, draft_id, journal_entry_id, $3
       from jsonb_to_recordset($4::jsonb) as r (id text, source text, external_id text, kind text, occurred_on date,
            currency text, gross_minor bigint, input jsonb, input_hash text, template_version_id text,
            template_rule text, draft_id text, journal_entry_id text)`,
    [transaction.organisationId, bookId, transaction.now, JSON.stringify(rows)],
  );
  return new Map(rows.map((row) => [row.external_id, row.id]));
}
