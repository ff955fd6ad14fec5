import { z } from 'zod';
import { holds } from '#kernel/actor';
import type { CalendarDate } from '#kernel/calendar';
import { canonicalJson, sha256Hex } from '#kernel/canonical';
import { command, type Transaction } from '#kernel/command';
import { Decimal } from '#kernel/decimal';
import { CrossfootError } from '#kernel/errors';
import { id, text } from '#kernel/input';
import { askTemplates } from '../classification/ask-templates.ts';
import { loadTemplateKnowledge } from '../classification/load-templates.ts';
import { fieldsOf } from '../dimensions/dimension-input.ts';
import { lockBook } from '../intake/books.ts';
import { postRecorded, storeRecorded, type ReadyTransaction } from './store-recorded.ts';
import { subjectOfTransaction, transactionList, type TransactionInput } from './transaction-input.ts';
import { transactionLines, type LineAccount } from './transaction-lines.ts';

/** Records transactions of shops and cards by the mapping templates of the book. */
export const recordTransactions = command({
  name: 'recordTransactions',
  description:
    'Records transactions of shops, tills, cards and marketplaces: the active mapping templates of the book say the entry of each, which is drafted for approval or posted. One that was recorded before is answered as it is; what is wrong with one does not stop the others.',
  scope: 'transactions:write',
  input: z.object({
    bookId: id(),
    source: text(60).meta({ description: 'The shop or system they come from; ids are unique in it.' }),
    post: z
      .boolean()
      .optional()
      .meta({ description: 'Post them at once, for which the right to post is needed; drafted otherwise.' }),
    transactions: transactionList(),
  }),
  async run(transaction, { bookId, source, post, transactions }) {
    if (post && !holds(transaction.actor, 'transactions:post')) {
      throw new CrossfootError('FORBIDDEN', 'Posting needs the scope transactions:post', { path: ['post'] });
    }
    await lockBook(transaction, bookId);
    const fresh = await freshOnes(transaction, { bookId, source }, transactions);
    const prepare = await preparation(transaction, { bookId, source });
    const ready: ReadyTransaction[] = [];
    for (const one of fresh.transactions) {
      try {
        ready.push(await prepare(one));
      } catch (error) {
        reportAt(transaction, one.index, error);
      }
    }
    const recorded = post
      ? await postRecorded(transaction, bookId, ready)
      : await storeRecorded(transaction, bookId, ready);
    const ids = transactions.flatMap(
      ({ externalId }) => recorded.get(externalId) ?? fresh.known.get(externalId) ?? [],
    );
    transaction.audit({
      subjectType: 'Book',
      subjectId: bookId,
      after: {
        source,
        recorded: recorded.size,
        known: fresh.known.size,
        refused: transactions.length - ids.length,
      },
    });
    return { recordedIds: [...new Set(ids)], recorded: recorded.size, alreadyKnown: fresh.known.size };
  },
});

/** A transaction at its place in the call. */
interface Placed {
  readonly input: TransactionInput;
  readonly index: number;
  readonly hash: string;
}

interface Origin {
  readonly bookId: string;
  readonly source: string;
}

/** Those that were not recorded before, and the ids of those that were; the same id with other content is reported. */
async function freshOnes(transaction: Transaction, origin: Origin, inputs: readonly TransactionInput[]) {
  const rows = await transaction.query<{ id: string; external_id: string; input_hash: string }>(
    `select id, external_id, input_hash from transactions.recorded_transaction
      where book_id = $1 and source = $2 and external_id = any ($3)`,
    [origin.bookId, origin.source, inputs.map((input) => input.externalId)],
  );
  const hashes = new Map(rows.map((row) => [row.external_id, row.input_hash]));
  const known = new Map(rows.map((row) => [row.external_id, row.id]));
  const fresh: Placed[] = [];
  inputs.forEach((input, index) => {
    const hash = sha256Hex(canonicalJson(input));
    const earlier = hashes.get(input.externalId);
    if (earlier === undefined) {
      hashes.set(input.externalId, hash);
      fresh.push({ input, index, hash });
    } else if (earlier !== hash) {
      const message = `${input.externalId} of ${origin.source} was recorded with other content`;
      reportAt(
        transaction,
        index,
        new CrossfootError('IDEMPOTENCY_CONFLICT', message, { path: ['externalId'] }),
      );
      known.delete(input.externalId);
    }
  });
  return { transactions: fresh, known };
}

/** Reports what is wrong with one transaction; what is ours to fix is thrown. */
function reportAt(transaction: Transaction, index: number, error: unknown): void {
  if (!(error instanceof CrossfootError)) throw error;
  const { path, ...said } = error.toUserError();
  transaction.report({ ...said, path: ['transactions', String(index), ...path] });
}

/** How a transaction gets its lines; templates and tables are read once for each day. */
async function preparation(transaction: Transaction, { bookId, source }: Origin) {
  const rows = await transaction.query<LineAccount & { code: string }>(
    'select id, code, type from transactions.account where book_id = $1 and active',
    [bookId],
  );
  const accounts = new Map(rows.map((row) => [row.code, row]));
  const ofDays = new Map<CalendarDate, Awaited<ReturnType<typeof loadTemplateKnowledge>>>();
  return async ({ input, index, hash }: Placed): Promise<ReadyTransaction> => {
    const on = input.occurredOn;
    const knowledge = ofDays.get(on) ?? (await loadTemplateKnowledge(transaction, bookId, on));
    ofDays.set(on, knowledge);
    const subject = subjectOfTransaction(input, source);
    const { answer, problems } = askTemplates(knowledge.templates, subject, { lookUp: knowledge.lookUp });
    if (!answer) throw undecided(input, knowledge.templates.length, problems);
    const { decision, template, reason } = answer;
    return {
      index,
      source,
      input,
      hash,
      gross: Decimal.parse(input.gross).toMoney(input.currency),
      lines: transactionLines(subject, decision, accounts),
      accounts,
      fields: fieldsOf(input.fields),
      description: decision.memo ?? `${decision.rule} ${input.externalId}`,
      versionId: template.versionId,
      rule: decision.rule,
      reasons: [reason, ...problems],
    };
  };
}

function undecided(
  { kind, category, occurredOn }: TransactionInput,
  templates: number,
  problems: readonly string[],
): CrossfootError {
  if (problems.length > 0) return new CrossfootError('EXPRESSION_FAILED', problems.join(' '));
  const what = category === undefined ? kind : `${kind} of category "${category}"`;
  const message =
    templates === 0
      ? `The book has no mapping template that is active on ${occurredOn}`
      : `No rule of the active mapping templates fits a ${what}`;
  return new CrossfootError('TEMPLATE_RULE_MISSING', message, { path: ['kind'] });
}
