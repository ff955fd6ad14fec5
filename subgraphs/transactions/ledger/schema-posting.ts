import type { Context } from '#kernel/context';
import { mutation } from '#kernel/graphql-command';
import { record, type TypeRef } from '#kernel/graphql-types';
import { graph } from '../graph.ts';
import * as load from './loaders.ts';
import { postJournalEntries } from './post-journal-entries.ts';
import { postJournalEntry } from './post-journal-entry.ts';
import { reverseJournalEntry } from './reverse-journal-entry.ts';
import { JournalEntryType } from './schema-journal.ts';

const entryPayload = {
  journalEntry: {
    type: JournalEntryType,
    description: 'The new entry.',
    resolve: (result: { journalEntryId: string }, context: Context) =>
      load.entryById(context).load(result.journalEntryId),
  },
};
mutation(graph, { ...postJournalEntry, views: ['partner'] }, entryPayload);

interface BatchEntry {
  readonly place: number;
  readonly id: string;
  readonly number: string;
  readonly earlier: boolean;
}

const BatchEntryType: TypeRef<BatchEntry> = record<BatchEntry>(graph, 'PostedBatchEntry', {
  description: 'An entry of a batch that stands in the books.',
  scope: 'transactions:post',
  views: ['partner'],
  fields: (t) => ({
    place: t.exposeInt('place', { description: 'Its place in the list that was sent, from 0.' }),
    number: t.exposeString('number', { description: 'Its number in the journal.' }),
    earlier: t.exposeBoolean('earlier', {
      description: 'Whether it stood there before, posted under the same key.',
    }),
    journalEntry: t.field({
      type: JournalEntryType,
      nullable: true,
      description: 'The entry.',
      resolve: (row, _args, context) => load.entryById(context).load(row.id),
    }),
  }),
});
mutation(
  graph,
  { ...postJournalEntries, views: ['partner'] },
  {
    entries: {
      type: [BatchEntryType],
      description: 'The entries that stand in the books now, in the order they were sent.',
      resolve: (result) => result.entries,
    },
  },
);
mutation(graph, { ...reverseJournalEntry, views: ['partner'] }, entryPayload);
