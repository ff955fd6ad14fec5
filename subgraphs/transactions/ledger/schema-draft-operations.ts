import { connectionOf, pageArgs, pageOf } from '#kernel/graphql-connection';
import { mutation } from '#kernel/graphql-command';
import { liveField } from '#kernel/graphql-live';
import { graph } from '../graph.ts';
import { changeDraft } from './change-draft.ts';
import { DraftEntity } from './entities.ts';
import * as load from './loaders.ts';
import { DraftStatusEnum, DraftType } from './schema-drafts.ts';

const scope = 'transactions:read';

graph.builder.queryFields((t) => ({
  draft: t.field({
    type: DraftType,
    nullable: true,
    description: 'One draft.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (_root, args, context) => load.draftById(context).load(args.id),
  }),
  drafts: t.field({
    type: connectionOf(graph, DraftType),
    description: 'The drafts of a book, newest first.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: {
      bookId: t.arg.id({ required: true, description: 'The book.' }),
      status: t.arg({ type: DraftStatusEnum, description: 'Only those that stand there.' }),
      ...pageArgs(t),
    },
    resolve: (_root, args, context) =>
      pageOf(context, DraftEntity, {
        args,
        where: { bookId: args.bookId, ...(args.status ? { status: args.status } : {}) },
      }),
  }),
}));

mutation(
  graph,
  { ...changeDraft, views: ['partner', 'portal'] },
  {
    draft: {
      type: DraftType,
      description: 'The draft as it is now.',
      resolve: (result, context) => load.draftById(context).load(result.draftId),
    },
  },
);

liveField(graph, {
  subject: 'draft',
  type: DraftType,
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.draftById(context).load(id),
});
