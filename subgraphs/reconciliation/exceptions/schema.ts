import type { FilterQuery } from '@mikro-orm/core';
import type { Context } from '#kernel/context';
import { mutation } from '#kernel/graphql-command';
import { connectionOf, pageArgs, pageOf } from '#kernel/graphql-connection';
import { liveField } from '#kernel/graphql-live';
import { ExceptionEntity, type Exception } from '../entities.ts';
import { findById } from '../find-by-id.ts';
import { graph } from '../graph.ts';
import * as load from '../loaders.ts';
import { ExceptionStatusType, scope } from '../schema-values.ts';
import { assignException } from './assign-exception.ts';
import { resolveException } from './resolve-exception.ts';
import { ExceptionType } from './schema-exceptions.ts';

findById('exception', ExceptionType, load.exceptionById);

graph.builder.queryFields((t) => ({
  exceptions: t.field({
    type: connectionOf(graph, ExceptionType),
    description: 'The exceptions of a book, the newest first.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: {
      ...pageArgs(t),
      bookId: t.arg.id({ required: true, description: 'The book.' }),
      status: t.arg({ type: ExceptionStatusType, description: 'Only those in this state.' }),
    },
    resolve: (_root, args, context) => {
      const where: FilterQuery<Exception> = {
        bookId: args.bookId,
        ...(args.status ? { status: args.status } : {}),
      };
      return pageOf(context, ExceptionEntity, { args, where });
    },
  }),
}));

liveField(graph, {
  subject: 'exception',
  type: ExceptionType,
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.exceptionById(context).load(id),
});

const exceptionPayload = {
  exception: {
    type: ExceptionType,
    description: 'The exception.',
    resolve: ({ exceptionId }: { exceptionId: string }, context: Context) =>
      load.exceptionById(context).load(exceptionId),
  },
};

mutation(graph, { ...assignException, views: ['partner', 'portal'] }, exceptionPayload);
mutation(graph, { ...resolveException, views: ['partner', 'portal'] }, exceptionPayload);
