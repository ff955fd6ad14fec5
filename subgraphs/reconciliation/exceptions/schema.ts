import type { FilterQuery } from '@mikro-orm/core';
import { connectionOf, pageArgs, pageOf } from '#kernel/graphql-connection';
import { liveField } from '#kernel/graphql-live';
import { ExceptionEntity, type Exception } from '../entities.ts';
import { findById } from '../find-by-id.ts';
import { graph } from '../graph.ts';
import * as load from '../loaders.ts';
import { ExceptionReasonType, ExceptionSeverityType, ExceptionStatusType, scope } from '../schema-values.ts';
import { ExceptionType } from './schema-exceptions.ts';

findById('exception', ExceptionType, load.exceptionById);

interface ExceptionFilter {
  readonly bookId: string;
  readonly status?: string | null;
  readonly reason?: string | null;
  readonly severity?: string | null;
  readonly ownerId?: string | null;
  readonly overdue?: boolean | null;
  readonly escalated?: boolean | null;
}

function filterOf(args: ExceptionFilter): FilterQuery<Exception> {
  const { bookId, status, reason, severity, ownerId, overdue, escalated } = args;
  const late: FilterQuery<Exception> = { status: 'OPEN', dueAt: { $lte: new Date() } };
  const given: FilterQuery<Exception>[] = [
    { bookId },
    ...(status ? [{ status }] : []),
    ...(reason ? [{ reason }] : []),
    ...(severity ? [{ severity }] : []),
    ...(ownerId ? [{ ownerId }] : []),
    ...(overdue === true ? [late] : overdue === false ? [{ $not: late }] : []),
    ...(escalated === true
      ? [{ escalatedAt: { $ne: null } }]
      : escalated === false
        ? [{ escalatedAt: null }]
        : []),
  ];
  return { $and: given } as FilterQuery<Exception>;
}

graph.builder.queryFields((t) => ({
  exceptions: t.field({
    type: connectionOf(graph, ExceptionType),
    description: 'The exceptions of a book, the newest first unless told.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: {
      ...pageArgs(t),
      bookId: t.arg.id({ required: true, description: 'The book.' }),
      status: t.arg({ type: ExceptionStatusType, description: 'Only those in this state.' }),
      reason: t.arg({ type: ExceptionReasonType, description: 'Only those of this reason.' }),
      severity: t.arg({ type: ExceptionSeverityType, description: 'Only those that are so urgent.' }),
      ownerId: t.arg.id({ description: 'Only those this member looks after.' }),
      overdue: t.arg.boolean({
        description: 'True: only those that are late; false: only those that are not.',
      }),
      escalated: t.arg.boolean({ description: 'True: only those that were escalated; false: only others.' }),
      dueFirst: t.arg.boolean({ description: 'True: what is due first comes first, instead of the newest.' }),
    },
    resolve: (_root, args, context) => {
      const order = args.dueFirst ? ({ by: 'dueAt', direction: 'asc' } as const) : {};
      return pageOf(context, ExceptionEntity, { args, where: filterOf(args), ...order });
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
