import { dateOf } from '#kernel/calendar';
import { isNearMonthEnd } from '#kernel/configuration-freeze';
import { mutation } from '#kernel/graphql-command';
import { record, type TypeRef } from '#kernel/graphql-types';
import { byBatch } from '#kernel/loaders';
import { graph } from '../graph.ts';
import { BookType } from '../intake/references.ts';
import { overrideConfigurationFreeze, setConfigurationFreeze } from './freeze-configuration.ts';

interface Freeze {
  readonly daysBefore: number;
  readonly daysAfter: number;
  readonly overrideEndsAt: Date | null;
}

const freezeByBook = byBatch<Freeze | null>(async (bookIds, context) => {
  const rows = await context.sql<Freeze & { book_id: string }>(
    `select f.book_id, f.days_before as "daysBefore", f.days_after as "daysAfter",
            (select max(o.valid_until) from transactions.freeze_override o
              where o.book_id = f.book_id and o.valid_until > now()) as "overrideEndsAt"
       from transactions.configuration_freeze f where f.book_id = any ($1)`,
    [bookIds],
  );
  const found = new Map(rows.map((row) => [row.book_id, row]));
  return bookIds.map((id) => found.get(id) ?? null);
});

const FreezeType: TypeRef<Freeze> = record<Freeze>(graph, 'ConfigurationFreeze', {
  description: 'The days around the end of a month on which the configuration of a book stands still.',
  scope: 'transactions:read',
  views: ['partner', 'portal'],
  fields: (t) => ({
    daysBefore: t.exposeInt('daysBefore', { description: 'How many of the last days of a month.' }),
    daysAfter: t.exposeInt('daysAfter', { description: 'How many of the first days of a month.' }),
    frozen: t.boolean({
      description: 'Whether it stands still now.',
      resolve: (row) => !row.overrideEndsAt && isNearMonthEnd(dateOf(new Date()), row),
    }),
    overrideEndsAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Until when an owner lets it be changed all the same.',
      resolve: (row) => row.overrideEndsAt && new Date(row.overrideEndsAt),
    }),
  }),
});

graph.builder.objectFields(BookType, (t) => ({
  configurationFreeze: t.field({
    type: FreezeType,
    nullable: true,
    views: ['partner', 'portal'],
    description: 'When its configuration stands still; null for never.',
    resolve: (book, _args, context) => freezeByBook(context).load(book.id),
  }),
}));

const payload = {
  book: {
    type: BookType,
    description: 'The book as it is now.',
    resolve: (result: { bookId: string }) => ({ id: result.bookId }),
  },
};
mutation(graph, setConfigurationFreeze, payload);
mutation(graph, overrideConfigurationFreeze, payload);
