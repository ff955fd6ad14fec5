import { z } from 'zod';
import { checklistDays, checklistId, checklistItemType, type ClosingDays } from '#kernel/close-checklist';
import { CrossfootError } from '#kernel/errors';
import { entity, type TypeRef } from '#kernel/graphql-types';
import { date } from '#kernel/input';
import { byBatch } from '#kernel/loaders';
import { graph } from '../graph.ts';
import { BookType } from '../intake/references.ts';
import { ledgerChecklist } from './close-checklist.ts';

const { builder } = graph;
const scope = 'transactions:read';

/** Books of the organisation, by id. */
const knownBook = byBatch<boolean>(async (ids, context) => {
  const rows = await context.sql<{ id: string }>('select id from transactions.book where id = any ($1)', [
    ids,
  ]);
  const known = new Set(rows.map((row) => row.id));
  return ids.map((id) => known.has(id));
});

interface Checklist extends ClosingDays {
  readonly id: string;
}

const ChecklistItemType = checklistItemType(graph, scope);

const CloseChecklistType: TypeRef<Checklist> = entity<Checklist>(graph, 'CloseChecklist', {
  description:
    'What is to be done before days of a book are closed; every subgraph answers the points it knows.',
  scope,
  views: ['partner', 'portal'],
  load: async (id, context) => {
    const days = checklistDays(id);
    return days && (await knownBook(context).load(days.bookId)) ? { id, ...days } : null;
  },
  fields: (t) => ({
    book: t.field({
      type: BookType,
      description: 'The book whose days these are.',
      resolve: (row) => ({ id: row.bookId }),
    }),
    startsOn: t.expose('startsOn', { type: 'Date', description: 'The first day.' }),
    endsOn: t.expose('endsOn', { type: 'Date', description: 'The last day, included.' }),
    items: t.field({
      type: [ChecklistItemType],
      description: 'The points of documents and ledger.',
      resolve: (row, _args, context) => ledgerChecklist((sql, values) => context.sql(sql, values), row),
    }),
  }),
});

const day = z.object({ startsOn: date(), endsOn: date() });

builder.queryField('closeChecklist', (t) =>
  t.field({
    type: CloseChecklistType,
    nullable: true,
    description: 'What is to be done before days of a book are closed; null for a book that is not there.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: {
      bookId: t.arg.id({ required: true, description: 'The book.' }),
      startsOn: t.arg({ type: 'Date', required: true, description: 'The first day.' }),
      endsOn: t.arg({ type: 'Date', required: true, description: 'The last day, included.' }),
    },
    resolve: async (_root, args, context) => {
      const { startsOn, endsOn } = day.parse(args);
      if (startsOn > endsOn) {
        throw new CrossfootError('FIELD_INVALID', `Days end on or after their first day ${startsOn}`, {
          path: ['endsOn'],
        });
      }
      if (!(await knownBook(context).load(args.bookId))) return null;
      const days = { bookId: args.bookId, startsOn, endsOn };
      return { id: checklistId(days), ...days };
    },
  }),
);
