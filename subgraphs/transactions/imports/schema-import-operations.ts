import type { Command } from '#kernel/command';
import { mutation } from '#kernel/graphql-command';
import { connectionOf, pageArgs, pageOf } from '#kernel/graphql-connection';
import { liveField } from '#kernel/graphql-live';
import { graph } from '../graph.ts';
import { cancelImport, pauseImport, resumeImport } from './change-import.ts';
import { ImportEntity } from './entities.ts';
import * as load from './loaders.ts';
import { previewImport } from './preview-import.ts';
import { PreviewType } from './schema-import-preview.ts';
import { ImportKindEnum, ImportType } from './schema-imports.ts';
import { startImport } from './start-import.ts';

const scope = 'transactions:read';

graph.builder.queryFields((t) => ({
  import: t.field({
    type: ImportType,
    nullable: true,
    description: 'One import.',
    views: ['partner'],
    authScopes: { scope },
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (_root, args, context) => load.importById(context).load(args.id),
  }),
  imports: t.field({
    type: connectionOf(graph, ImportType),
    description: 'The imports into a book, newest first.',
    views: ['partner'],
    authScopes: { scope },
    args: {
      bookId: t.arg.id({ required: true, description: 'The book.' }),
      kind: t.arg({ type: ImportKindEnum, description: 'Only those of this kind.' }),
      ...pageArgs(t),
    },
    resolve: (_root, args, context) =>
      pageOf(context, ImportEntity, {
        args,
        where: { bookId: args.bookId, ...(args.kind ? { kind: args.kind } : {}) },
      }),
  }),
}));

mutation(
  graph,
  { ...previewImport, views: ['partner'] },
  {
    preview: {
      type: PreviewType,
      description: 'How the file would be read.',
      resolve: ({ preview }) => preview,
    },
  },
);
changes(startImport);
changes(pauseImport);
changes(resumeImport);
changes(cancelImport);

function changes<Input>(change: Command<Input, { importId: string }>): void {
  mutation(
    graph,
    { ...change, views: ['partner'] },
    {
      import: {
        type: ImportType,
        description: 'The import as it is now.',
        resolve: ({ importId }, context) => load.importById(context).load(importId),
      },
    },
  );
}

liveField(graph, {
  subject: 'import',
  type: ImportType,
  scope,
  views: ['partner'],
  load: (id, context) => load.importById(context).load(id),
});
