import { connectionOf, pageArgs } from '#kernel/graphql-connection';
import { entity, enumeration, type TypeRef } from '#kernel/graphql-types';
import { pageOfParent } from '#kernel/pages-of-parents';
import { graph } from '../graph.ts';
import { bankAccountById, statementById } from '../loaders.ts';
import { BookStub } from '../references.ts';
import { scope } from '../schema-values.ts';
import { BankAccountType, BankStatementType } from '../statements/schema-accounts.ts';
import {
  BankFeedFileEntity,
  BankFeedRunEntity,
  type BankFeed,
  type BankFeedFile,
  type BankFeedRun,
} from './entities.ts';
import * as load from './loaders.ts';

const BankFeedKindType = enumeration(graph, 'BankFeedKind', {
  description: 'By which way files of a bank come in.',
  values: {
    FOLDER: 'A drop folder of the installation.',
    SFTP: 'A folder on an SFTP server.',
    HTTPS: 'An address that is asked.',
    PUSH: 'The bank, or a program between, sends them here.',
  },
});

const BankFeedStatusType = enumeration(graph, 'BankFeedStatus', {
  description: 'Whether a feed delivers.',
  values: {
    ACTIVE: 'It is looked into as planned.',
    PAUSED: 'Nobody looks into it, and nothing that is sent to it is taken, until it is resumed.',
    FAILING: 'The last look failed; it is tried again with growing pauses.',
  },
});

const BankFeedAfterwardsType = enumeration(graph, 'BankFeedAfterwards', {
  description: 'What becomes of files at their source when they were dealt with.',
  values: {
    KEEP: 'They stay where they are.',
    MOVE: 'They go to done/ below the folder, refused ones to refused/.',
    DELETE: 'They are removed; refused ones go to refused/.',
  },
});

const BankFeedRunStatusType = enumeration(graph, 'BankFeedRunStatus', {
  description: 'Where a look into a feed stands.',
  values: {
    RUNNING: 'It is under way.',
    SUCCEEDED: 'All that was whole was taken or refused.',
    FAILED: 'It could not be ended; the problem says why.',
  },
});

export const BankFeedFileStateType = enumeration(graph, 'BankFeedFileState', {
  description: 'What became of a file of a feed.',
  values: {
    WAITING: 'It may still be written: it is left alone until it stands still.',
    IMPORTED: 'What it tells is here.',
    DUPLICATE: 'It tells nothing that was not here.',
    REFUSED: 'Nothing of it could be used; its problems say why.',
  },
});

const BankFeedContentType = enumeration(graph, 'BankFeedContent', {
  description: 'What a file of a feed is.',
  values: {
    STATEMENT: 'Statements of a bank.',
    PAYOUT_REPORT: 'What a payment provider says of its payouts.',
    PAYMENT_STATUS: 'What the bank says of payments, pain.002.',
  },
});

export const BankFeedFileType: TypeRef<BankFeedFile> = entity<BankFeedFile>(graph, 'BankFeedFile', {
  description: 'A file of a feed and what became of it.',
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.feedFileById(context).load(id),
  fields: (t) => ({
    bankFeed: t.field({
      type: BankFeedType,
      nullable: true,
      description: 'The feed.',
      resolve: (row, _args, context) => load.feedById(context).load(row.bankFeedId),
    }),
    name: t.exposeString('name', { description: 'Its name at its source.' }),
    size: t.int({ description: 'In bytes.', resolve: (row) => Number(row.size) }),
    sha256: t.exposeString('sha256', {
      nullable: true,
      description: 'The hash of its bytes, once it is whole.',
    }),
    fileId: t.exposeID('fileId', { nullable: true, description: 'The copy that was kept.' }),
    state: t.field({
      type: BankFeedFileStateType,
      description: 'What became of it.',
      resolve: (row) => row.state as 'WAITING',
    }),
    content: t.field({
      type: BankFeedContentType,
      nullable: true,
      description: 'What it is, told by its content.',
      resolve: (row) => row.content as 'STATEMENT' | null,
    }),
    problems: t.field({
      type: [graph.userError],
      description: 'What is wrong or remarkable about it.',
      resolve: (row) => row.problems,
    }),
    statements: t.field({
      type: [BankStatementType],
      description: 'The statements it brought, those known already among them.',
      resolve: async (row, _args, context) => {
        const found = await statementById(context).loadMany(row.statementIds);
        return found.flatMap((one) => (one && 'id' in one ? [one] : []));
      },
    }),
    imported: t.exposeInt('linesImported', {
      description: 'How many lines, or payments of a report, were new.',
    }),
    alreadyKnown: t.exposeInt('linesKnown', { description: 'How many had been brought before.' }),
    firstSeenAt: t.expose('firstSeenAt', { type: 'DateTime', description: 'When it was seen first.' }),
    takenAt: t.expose('takenAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was taken or refused.',
    }),
    putAwayAt: t.expose('putAwayAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when nothing more is to be done with it at its source.',
    }),
  }),
});

export const BankFeedRunType: TypeRef<BankFeedRun> = entity<BankFeedRun>(graph, 'BankFeedRun', {
  description: 'One look into a feed.',
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.feedRunById(context).load(id),
  fields: (t) => ({
    status: t.field({
      type: BankFeedRunStatusType,
      description: 'Where it stands.',
      resolve: (row) => row.status as 'RUNNING',
    }),
    found: t.exposeInt('found', { description: 'How many files were listed, known ones among them.' }),
    imported: t.exposeInt('imported', { description: 'How many of them were taken.' }),
    duplicates: t.exposeInt('duplicates', { description: 'How many told nothing new.' }),
    refused: t.exposeInt('refused', { description: 'How many were refused.' }),
    waiting: t.exposeInt('waiting', { description: 'How many may still be written.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When it began.' }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true, description: 'When it ended.' }),
    problem: t.field({
      type: graph.userError,
      nullable: true,
      description: 'Why it failed, and what to do.',
      resolve: (row) => row.problem ?? null,
    }),
  }),
});

export const BankFeedType: TypeRef<BankFeed> = entity<BankFeed>(graph, 'BankFeed', {
  description: 'A way by which files of a bank come in.',
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.feedById(context).load(id),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'How people call it.' }),
    kind: t.field({
      type: BankFeedKindType,
      description: 'By which way the files come.',
      resolve: (row) => row.kind as 'FOLDER',
    }),
    status: t.field({
      type: BankFeedStatusType,
      description: 'Whether it delivers.',
      resolve: (row) => row.status as 'ACTIVE',
    }),
    book: t.field({
      type: BookStub,
      nullable: true,
      description: 'The book.',
      resolve: (row) => ({ id: row.bookId }),
    }),
    bankAccount: t.field({
      type: BankAccountType,
      nullable: true,
      description: 'The account of files that name none themselves.',
      resolve: (row, _args, context) =>
        row.bankAccountId ? bankAccountById(context).load(row.bankAccountId) : null,
    }),
    place: t.string({
      description:
        'Where its files are: a path below the drop folder, user@host:port/path, an address, or the path to send to.',
      resolve: placeOf,
    }),
    hostKey: t.string({
      nullable: true,
      description: 'The pinned SHA-256 of the key of its server.',
      resolve: (row) => row.place.hostKey ?? null,
    }),
    credentialHint: t.exposeString('credentialHint', {
      nullable: true,
      description: 'By what people recognise its credentials; they are never shown.',
    }),
    files: t.field({
      type: connectionOf(graph, BankFeedFileType),
      description: 'Its files, the last seen first.',
      args: pageArgs(t),
      resolve: (row, args, context) =>
        pageOfParent(context, BankFeedFileEntity, { args, column: 'bankFeedId', parent: row.id }),
    }),
    runs: t.field({
      type: connectionOf(graph, BankFeedRunType),
      description: 'The looks into it, the last first.',
      args: pageArgs(t),
      resolve: (row, args, context) =>
        pageOfParent(context, BankFeedRunEntity, { args, column: 'bankFeedId', parent: row.id }),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was opened.' }),
  }),
});

graph.builder.objectFields(BankFeedType, (t) => ({
  everyMinutes: t.exposeInt('everyMinutes', {
    nullable: true,
    description: 'It is looked into this often.',
  }),
  dailyAtHour: t.exposeInt('dailyAtHour', {
    nullable: true,
    description: 'It is looked into daily at this hour, in UTC.',
  }),
  afterwards: t.field({
    type: BankFeedAfterwardsType,
    description: 'What becomes of files that were dealt with.',
    resolve: (row) => row.afterwards as 'KEEP',
  }),
  settleSeconds: t.exposeInt('settleSeconds', {
    description: 'How long a file has to stay as it is before it is read.',
  }),
  failures: t.exposeInt('failures', { description: 'How many looks failed one after another.' }),
  problem: t.field({
    type: graph.userError,
    nullable: true,
    description: 'Why the last look failed, and what to do.',
    resolve: (row) => row.problem ?? null,
  }),
  nextPullAt: t.expose('nextPullAt', {
    type: 'DateTime',
    nullable: true,
    description: 'When it is looked into next.',
  }),
  lastPullAt: t.expose('lastPullAt', {
    type: 'DateTime',
    nullable: true,
    description: 'When it was looked into last.',
  }),
  lastSuccessAt: t.expose('lastSuccessAt', {
    type: 'DateTime',
    nullable: true,
    description: 'When a look went well last.',
  }),
  lastFileAt: t.expose('lastFileAt', {
    type: 'DateTime',
    nullable: true,
    description: 'When it delivered a file last.',
  }),
}));

function placeOf({ id, kind, place }: BankFeed): string {
  const { path = '', host = '', port, user = '', url = '' } = place;
  if (kind === 'FOLDER') return path;
  if (kind === 'HTTPS') return url;
  if (kind === 'PUSH') return `/feeds/${id}`;
  return `${user}@${host}:${port ?? 22}/${path.replace(/^\//, '')}`;
}
