import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { id, text } from '#kernel/input';
import { requireBook } from './require-book.ts';

const mostDays = 16;
const hour = 60;

/** Sets on which days of a month the configuration of a book stands still. */
export const setConfigurationFreeze = command({
  name: 'setConfigurationFreeze',
  description:
    'Sets on which days around the end of a month accounts, mapping rules and templates, tax codes, dimensions and approval policies of a book are not changed.',
  scope: 'access:admin',
  input: z.object({
    bookId: id(),
    daysBefore: z.int().min(0).max(mostDays).meta({ description: 'The last days of a month; 0 for none.' }),
    daysAfter: z.int().min(0).max(mostDays).meta({ description: 'The first days of a month; 0 for none.' }),
  }),
  async run(transaction, { bookId, daysBefore, daysAfter }) {
    await requireBook(transaction, bookId);
    const before = await frozenDays(transaction, bookId);
    await transaction.query(
      `insert into transactions.configuration_freeze (organisation_id, book_id, days_before, days_after, changed_at)
       values ($1, $2, $3, $4, $5) on conflict (organisation_id, book_id) do update
         set days_before = excluded.days_before, days_after = excluded.days_after, changed_at = excluded.changed_at`,
      [transaction.organisationId, bookId, daysBefore, daysAfter, transaction.now],
    );
    transaction.emit({
      type: 'configurationFreeze.changed',
      subjectId: bookId,
      bookId,
      facts: { daysBefore, daysAfter },
    });
    transaction.audit({ subjectType: 'Book', subjectId: bookId, before, after: { daysBefore, daysAfter } });
    return { bookId };
  },
});

/** Lets the configuration of a book be changed for a while though it stands still. */
export const overrideConfigurationFreeze = command({
  name: 'overrideConfigurationFreeze',
  description:
    'Lets the configuration of a book be changed for a while though it stands still, and says why.',
  scope: 'access:admin',
  input: z.object({
    bookId: id(),
    reason: text(1000).meta({ description: 'Why; kept in the audit log.' }),
    minutes: z
      .int()
      .min(1)
      .max(24 * hour)
      .default(hour)
      .meta({ description: 'How long; an hour when left out.' }),
  }),
  async run(transaction, { bookId, reason, minutes }) {
    await requireBook(transaction, bookId);
    const days = await frozenDays(transaction, bookId);
    if (!days) {
      const message = 'The configuration of this book never stands still, so there is nothing to override';
      throw new CrossfootError('STATE_CONFLICT', message, { path: ['bookId'] });
    }
    const overriddenUntil = new Date(transaction.now.getTime() + minutes * 60_000);
    await transaction.insert('transactions.freeze_override', {
      id: newId('fov'),
      book_id: bookId,
      reason,
      valid_until: overriddenUntil,
      opened_by: transaction.actor.memberId ?? transaction.actor.id,
      opened_at: transaction.now,
    });
    transaction.emit({
      type: 'configurationFreeze.changed',
      subjectId: bookId,
      bookId,
      facts: { ...days, overriddenUntil: overriddenUntil.toISOString() },
    });
    transaction.audit({
      subjectType: 'Book',
      subjectId: bookId,
      after: { configurationFreeze: 'overridden', reason, until: overriddenUntil.toISOString() },
    });
    return { bookId };
  },
});

function frozenDays(
  transaction: Transaction,
  bookId: string,
): Promise<{ daysBefore: number; daysAfter: number } | undefined> {
  return transaction.maybe(
    `select days_before as "daysBefore", days_after as "daysAfter"
       from transactions.configuration_freeze where book_id = $1`,
    [bookId],
  );
}
