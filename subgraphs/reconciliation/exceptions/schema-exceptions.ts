import { entity, type TypeRef } from '#kernel/graphql-types';
import type { Exception } from '../entities.ts';
import { graph } from '../graph.ts';
import * as load from '../loaders.ts';
import { MemberStub } from '../references.ts';
import { ExceptionReasonType, ExceptionSeverityType, ExceptionStatusType, scope } from '../schema-values.ts';
import { BankStatementType } from '../statements/schema-accounts.ts';
import { StatementLineType } from '../statements/schema-lines.ts';

export const ExceptionType: TypeRef<Exception> = entity<Exception>(graph, 'Exception', {
  description: 'Something that needs a person.',
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.exceptionById(context).load(id),
  fields: (t) => ({
    reason: t.field({
      type: ExceptionReasonType,
      description: 'Why.',
      resolve: (row) => row.reason as 'AMBIGUOUS',
    }),
    severity: t.field({
      type: ExceptionSeverityType,
      description: 'How urgent it is.',
      resolve: (row) => row.severity as 'LOW',
    }),
    status: t.field({
      type: ExceptionStatusType,
      description: 'Whether it is dealt with.',
      resolve: (row) => row.status as 'OPEN',
    }),
    owner: t.field({
      type: MemberStub,
      nullable: true,
      description: 'Who looks after it; at first whoever imported the statement.',
      resolve: (row) => (row.ownerId ? { id: row.ownerId } : null),
    }),
    detail: t.exposeString('detail', { description: 'What is the matter, in a sentence or two.' }),
    proposedResolution: t.exposeString('proposedResolution', {
      nullable: true,
      description: 'What to do about it.',
    }),
    line: t.field({
      type: StatementLineType,
      nullable: true,
      description: 'The line it is about; nothing when it is about the statement.',
      resolve: (row, _args, context) => (row.lineId ? load.lineById(context).load(row.lineId) : null),
    }),
    statement: t.field({
      type: BankStatementType,
      nullable: true,
      description: 'The statement.',
      resolve: (row, _args, context) =>
        row.statementId ? load.statementById(context).load(row.statementId) : null,
    }),
    raisedAt: t.expose('raisedAt', { type: 'DateTime', description: 'When it was raised.' }),
    resolvedAt: t.expose('resolvedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was dealt with.',
    }),
    resolution: t.exposeString('resolution', { nullable: true, description: 'How it was dealt with.' }),
  }),
});

graph.builder.objectFields(StatementLineType, (t) => ({
  exception: t.field({
    type: ExceptionType,
    nullable: true,
    description: 'What needs a person, or was the last to need one.',
    resolve: (row, _args, context) => load.exceptionByLine(context).load(row.id),
  }),
}));
