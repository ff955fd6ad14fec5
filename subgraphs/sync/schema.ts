import type { Context } from '#kernel/context';
import { connectionOf, pageArgs, pageOf } from '#kernel/graphql-connection';
import { mutation, type PayloadField } from '#kernel/graphql-command';
import { liveField } from '#kernel/graphql-live';
import { entity, enumeration, extension, record, stub, type TypeRef } from '#kernel/graphql-types';
import { pageOfParent } from '#kernel/pages-of-parents';
import { accountingSystems } from '#connectors/ports';
import { absoluteTarget, connectSystem } from './connect-system.ts';
import {
  ConnectionEntity,
  SyncItemEntity,
  SyncRunEntity,
  type Connection,
  type SyncItem,
  type SyncRun,
} from './entities.ts';
import { graph } from './graph.ts';
import * as load from './loaders.ts';
import { pauseConnection } from './pause-connection.ts';
import { resumeConnection } from './resume-connection.ts';
import { retrySync } from './retry-sync.ts';

const { builder } = graph;
const scope = 'sync:read';

const BookType = stub(graph, 'Book');

const ConnectionKindType = enumeration(graph, 'ConnectionKind', {
  description: 'A kind of accounting system.',
  values: { HLEDGER_JOURNAL: 'A plain-text journal file that hledger reads.' },
});

const ConnectionStatusType = enumeration(graph, 'ConnectionStatus', {
  description: 'Whether a connection pushes.',
  values: {
    ACTIVE: 'Entries are pushed as they are posted.',
    PAUSED: 'Entries wait until somebody resumes it.',
    FAILING: 'The target could not be reached; it is tried again with growing pauses.',
  },
});

const SyncRunStatusType = enumeration(graph, 'SyncRunStatus', {
  description: 'Where a run stands.',
  values: {
    QUEUED: 'Entries wait for it to begin.',
    RUNNING: 'It is pushing.',
    SUCCEEDED: 'All it took is in the target.',
    FAILED: 'Something is not in the target; the problem says why.',
  },
});

const SyncItemStatusType = enumeration(graph, 'SyncItemStatus', {
  description: 'Where an entry stands on its way to a target.',
  values: {
    PENDING: 'It waits or is being pushed.',
    PUSHED: 'It is in the target.',
    FAILED: 'The target refused it; put it right there and retry.',
  },
});

const SyncItemType: TypeRef<SyncItem> = record<SyncItem>(graph, 'SyncItem', {
  description: 'One entry on its way through one connection.',
  scope,
  views: ['partner', 'portal'],
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Opaque, globally unique.' }),
    connection: t.field({
      type: ConnectionType,
      nullable: true,
      description: 'The connection.',
      resolve: (row, _args, context) => load.connectionById(context).load(row.connectionId),
    }),
    journalEntry: t.field({
      type: JournalEntryType,
      nullable: true,
      description: 'The entry.',
      resolve: (row) => ({ id: row.entryId }),
    }),
    status: t.field({
      type: SyncItemStatusType,
      description: 'Where it stands.',
      resolve: (row) => row.status as 'PENDING',
    }),
    externalId: t.exposeString('externalId', {
      nullable: true,
      description: 'By what it is found in the target.',
    }),
    attempts: t.exposeInt('attempts', { description: 'How often the target was asked.' }),
    problem: t.exposeString('problem', {
      nullable: true,
      description: 'What the target or the way to it said last.',
    }),
    pushedAt: t.expose('pushedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was known to be in the target.',
    }),
  }),
});

const SyncRunType: TypeRef<SyncRun> = entity<SyncRun>(graph, 'SyncRun', {
  description: 'One go at pushing what waits for a connection.',
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.runById(context).load(id),
  fields: (t) => ({
    connection: t.field({
      type: ConnectionType,
      nullable: true,
      description: 'The connection.',
      resolve: (row, _args, context) => load.connectionById(context).load(row.connectionId),
    }),
    status: t.field({
      type: SyncRunStatusType,
      description: 'Where it stands.',
      resolve: (row) => row.status as 'QUEUED',
    }),
    total: t.exposeInt('total', { description: 'How many entries it is about.' }),
    pushed: t.exposeInt('pushed', { description: 'How many it put into the target.' }),
    skipped: t.exposeInt('skipped', { description: 'How many the target had already.' }),
    failed: t.exposeInt('failed', { description: 'How many the target refused.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', nullable: true, description: 'When it began.' }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true, description: 'When it ended.' }),
    problem: t.exposeString('problem', { nullable: true, description: 'Why it failed, in a sentence.' }),
    items: t.field({
      type: connectionOf(graph, SyncItemType),
      description: 'The entries it took last; one pushed again by a later run belongs to that.',
      args: pageArgs(t),
      resolve: (row, args, context) =>
        pageOfParent(context, SyncItemEntity, { args, column: 'runId', parent: row.id, direction: 'asc' }),
    }),
  }),
});

const ConnectionType: TypeRef<Connection> = entity<Connection>(graph, 'Connection', {
  description: "A book's way to an accounting system.",
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.connectionById(context).load(id),
  fields: (t) => ({
    kind: t.field({
      type: ConnectionKindType,
      description: 'What it connects to.',
      resolve: (row) => row.kind as 'HLEDGER_JOURNAL',
    }),
    name: t.exposeString('name', { description: 'How people call it.' }),
    book: t.field({
      type: BookType,
      nullable: true,
      description: 'Its book.',
      resolve: (row) => ({ id: row.bookId }),
    }),
    status: t.field({
      type: ConnectionStatusType,
      description: 'Whether it pushes.',
      resolve: (row) => row.status as 'ACTIVE',
    }),
    capabilities: t.field({
      type: ['String'],
      description: 'What the connector can do.',
      resolve: (row, _args, { services }) => [
        ...services.port(accountingSystems).open(row.kind, absoluteTarget(services, row.target)).capabilities,
      ],
    }),
    target: t.string({
      description: 'Where it pushes to: the path of the file.',
      resolve: (row, _args, { services }) => absoluteTarget(services, row.target),
    }),
    pending: t.int({
      description: 'How many entries wait.',
      resolve: async (row, _args, context) => (await load.countsByConnection(context).load(row.id)).pending,
    }),
    pushed: t.int({
      description: 'How many entries are in the target.',
      resolve: async (row, _args, context) => (await load.countsByConnection(context).load(row.id)).pushed,
    }),
    failed: t.int({
      description: 'How many entries the target refused.',
      resolve: async (row, _args, context) => (await load.countsByConnection(context).load(row.id)).failed,
    }),
    lastRun: t.field({
      type: SyncRunType,
      nullable: true,
      description: 'The last run that has begun.',
      resolve: (row, _args, context) => load.lastRunByConnection(context).load(row.id),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
  }),
});

const JournalEntryType = extension(graph, 'JournalEntry', {
  scope,
  views: ['partner', 'portal'],
  fields: (t) => ({
    syncItems: t.field({
      type: [SyncItemType],
      nullable: true,
      description: 'Where it stands on its way to each connected system.',
      resolve: (entry, _args, context) => load.itemsByEntry(context).load(entry.id),
    }),
  }),
});

builder.queryFields((t) => ({
  connection: t.field({
    type: ConnectionType,
    nullable: true,
    description: 'One connection.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (_root, args, context) => load.connectionById(context).load(args.id),
  }),
  connections: t.field({
    type: [ConnectionType],
    description: 'The connections of a book, oldest first.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: { bookId: t.arg.id({ required: true, description: 'The book.' }) },
    resolve: async (_root, args, context) =>
      (await context.read()).find(ConnectionEntity, { bookId: args.bookId }, { orderBy: { id: 'asc' } }),
  }),
  syncRun: t.field({
    type: SyncRunType,
    nullable: true,
    description: 'One run.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (_root, args, context) => load.runById(context).load(args.id),
  }),
  syncRuns: t.field({
    type: connectionOf(graph, SyncRunType),
    description: 'The runs of a connection, newest first.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: { connectionId: t.arg.id({ required: true, description: 'The connection.' }), ...pageArgs(t) },
    resolve: (_root, args, context) =>
      pageOf(context, SyncRunEntity, { args, where: { connectionId: args.connectionId } }),
  }),
}));

const connectionPayload: Record<string, PayloadField<{ connectionId: string }>> = {
  connection: {
    type: ConnectionType,
    description: 'The connection as it stands now.',
    resolve: (result, context: Context) => load.connectionById(context).load(result.connectionId),
  },
};
mutation(graph, connectSystem, connectionPayload);
mutation(graph, { ...pauseConnection, views: ['portal'] }, connectionPayload);
mutation(graph, { ...resumeConnection, views: ['portal'] }, connectionPayload);
mutation(graph, { ...retrySync, views: ['partner', 'portal'] }, connectionPayload);

liveField(graph, {
  subject: 'syncRun',
  type: SyncRunType,
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.runById(context).load(id),
  filters: ['connectionId'],
});
