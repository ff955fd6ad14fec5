import type { FilterQuery } from '@mikro-orm/core';
import { connectionOf, pageArgs, pageOf } from '#kernel/graphql-connection';
import { graphqlError } from '#kernel/graphql';
import { entity, extension, record, stub, type TypeRef } from '#kernel/graphql-types';
import { AuditRecordEntity, type AuditRecord } from './entities.ts';
import { graph } from './graph.ts';
import * as load from './loaders.ts';
import { factsOf, jsonOf } from './record-facts.ts';
import { verifyAudit, type Verification } from './verify-audit.ts';

const { builder } = graph;
const scope = 'audit:read';

const MemberType = stub(graph, 'Member');

const AuditRecordType: TypeRef<AuditRecord> = entity<AuditRecord>(graph, 'AuditRecord', {
  description: 'What one command did, sealed in the chain of the organisation.',
  scope,
  views: ['portal'],
  load: (id, context) => load.recordById(context).load(id),
  fields: (t) => ({
    sequence: t.exposeInt('sequence', {
      description: 'Its place in the chain; 1 is the first, none is missing.',
    }),
    occurredAt: t.field({
      type: 'DateTime',
      description: 'When the command ran.',
      resolve: (row) => new Date(factsOf(row).occurredAt),
    }),
    actorName: t.string({ description: 'Who did it.', resolve: (row) => factsOf(row).actorName }),
    actorKind: t.string({
      description: 'member, key, embed, system or platform.',
      resolve: (row) => factsOf(row).actorKind,
    }),
    actor: t.field({
      type: MemberType,
      nullable: true,
      description:
        'The person, also behind a key or an embed session; nobody for what the platform did itself.',
      resolve: (row) => {
        const { memberId } = factsOf(row);
        return memberId ? { id: memberId } : null;
      },
    }),
    command: t.exposeString('command', { description: 'What was done; the name of the mutation.' }),
    subjectType: t.string({
      description: 'The kind of thing it was done to.',
      resolve: (row) => factsOf(row).subjectType,
    }),
    subjectId: t.exposeString('subjectId', { description: 'The thing it was done to.' }),
    source: t.string({
      description: 'What it came through: api, portal, chat or system.',
      resolve: (row) => factsOf(row).source,
    }),
    before: t.string({
      nullable: true,
      description: 'How the thing was, as canonical JSON.',
      resolve: (row) => jsonOf(factsOf(row).before),
    }),
    after: t.string({
      nullable: true,
      description: 'How it became, as canonical JSON.',
      resolve: (row) => jsonOf(factsOf(row).after),
    }),
    record: t.exposeString('record', {
      description: 'The text that is sealed; the hash covers exactly these bytes.',
    }),
    hash: t.exposeString('hash', {
      description: 'SHA-256 over the previous hash, the sequence and the text, in hexadecimal.',
    }),
    previousHash: t.exposeString('previousHash', {
      description: 'The hash of the record before; of the beginning of the chain for the first.',
    }),
  }),
});

const AuditVerificationType: TypeRef<Verification> = record<Verification>(graph, 'AuditVerification', {
  description: 'Whether the audit log of the organisation is what it was when it was sealed.',
  scope,
  views: ['portal'],
  fields: (t) => ({
    valid: t.exposeBoolean('valid', { description: 'Whether all of it holds.' }),
    records: t.exposeInt('records', { description: 'How many records hold, from the first on.' }),
    headHash: t.exposeString('headHash', {
      nullable: true,
      description:
        'The hash of the last record that holds. Keep it with `records` to find later what was removed.',
    }),
    firstBroken: t.int({
      nullable: true,
      description: 'The first sequence at which the log is not what it was.',
      resolve: (row) => row.firstBroken ?? null,
    }),
    problem: t.string({
      nullable: true,
      description: 'What is wrong there.',
      resolve: (row) => row.problem ?? null,
    }),
    verifiedAt: t.expose('verifiedAt', { type: 'DateTime', description: 'When it was checked.' }),
  }),
});

const AuditHeadInput = builder.inputType('AuditHeadInput', {
  description: 'A place in the audit log somebody kept from an earlier verification.',
  fields: (t) => ({
    sequence: t.int({ required: true, description: 'The number of records there were.' }),
    hash: t.string({ required: true, description: 'The head hash there was.' }),
  }),
});

for (const name of ['JournalEntry', 'ApprovalRequest']) {
  extension(graph, name, {
    scope,
    fields: (t) => ({
      auditTrail: t.field({
        type: [AuditRecordType],
        nullable: true,
        description: 'What was done to it, first to last.',
        resolve: (subject, _args, context) => load.recordsBySubject(context).load(subject.id),
      }),
    }),
  });
}

builder.queryFields((t) => ({
  auditRecords: t.field({
    type: connectionOf(graph, AuditRecordType),
    description: 'The audit log of the organisation, newest first.',
    views: ['portal'],
    authScopes: { scope },
    args: {
      subjectId: t.arg.id({ description: 'Only what was done to this thing.' }),
      command: t.arg.string({ description: 'Only this command.' }),
      oldestFirst: t.arg.boolean({ description: 'In the order of the chain instead.' }),
      ...pageArgs(t),
    },
    resolve: (_root, args, context) => {
      const where: FilterQuery<AuditRecord> = {
        ...(args.subjectId ? { subjectId: args.subjectId } : {}),
        ...(args.command ? { command: args.command } : {}),
      };
      const direction = args.oldestFirst ? 'asc' : 'desc';
      return pageOf(context, AuditRecordEntity, { args, where, by: 'sequence', direction });
    },
  }),
  verifyAudit: t.field({
    type: AuditVerificationType,
    description:
      'Seals what was committed and checks the whole audit log of the organisation. Records removed at its end are only found against a head kept from before.',
    views: ['portal'],
    authScopes: { scope },
    args: {
      expectedHead: t.arg({ type: AuditHeadInput, description: 'A head kept from an earlier verification.' }),
    },
    resolve: (_root, args, context) => {
      const kept = args.expectedHead ?? undefined;
      if (kept && (kept.sequence < 0 || !/^[0-9a-f]{64}$/.test(kept.hash))) {
        throw graphqlError(
          'FIELD_INVALID',
          'expectedHead: give records and headHash as a verification answered them',
        );
      }
      return verifyAudit(context, kept);
    },
  }),
}));
