import { connectionOf, pageArgs } from '#kernel/graphql-connection';
import { pageOfParent } from '#kernel/pages-of-parents';
import { entity, enumeration, personal, record, type TypeRef } from '#kernel/graphql-types';
import type { Actor } from '#kernel/actor';
import type { KeyView } from './api-key.ts';
import {
  BookEntity,
  MemberEntity,
  type ApiKey,
  type Book,
  type Member,
  type Organisation,
} from './entities.ts';
import { graph } from './graph.ts';
import * as load from './loaders.ts';

const { builder } = graph;
const scope = 'access:read';

const RoleType = enumeration(graph, 'Role', {
  description: 'What a member may do.',
  values: {
    OWNER: 'Everything, members and keys included.',
    ACCOUNTANT: 'Documents, postings, reconciliation and sync.',
    APPROVER: 'Reads, and decides approval requests.',
    SUBMITTER: 'Reads, and hands in documents and statements.',
    AUDITOR: 'Reads everything, the audit log included.',
  },
});

const ApiKeyViewType = enumeration(graph, 'ApiKeyView', {
  description: 'The part of the graph that exists for a key.',
  values: {
    INTERNAL: 'All of it.',
    PARTNER: 'What outside partners may build on.',
  } satisfies Record<KeyView, string>,
});

const OrganisationType: TypeRef<Organisation> = entity(graph, 'Organisation', {
  description: 'A customer of this installation; nobody sees the rows of another.',
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.organisationById(context).load(id),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was opened.' }),
    books: t.field({
      type: [BookType],
      description: 'Its books, oldest first.',
      resolve: (row, _args, context) => load.booksByOrganisation(context).load(row.id),
    }),
    members: t.field({
      type: connectionOf(graph, MemberType),
      description: 'Its people.',
      args: pageArgs(t),
      views: [],
      resolve: (row, args, context) =>
        pageOfParent(context, MemberEntity, { args, column: 'organisationId', parent: row.id }),
    }),
    apiKeys: t.field({
      type: [ApiKeyType],
      description: 'Its API keys, revoked ones included.',
      views: [],
      authScopes: { scope: 'access:admin' },
      resolve: (row, _args, context) => load.apiKeysByOrganisation(context).load(row.id),
    }),
  }),
});

/** The books of one legal entity. */
export const BookType: TypeRef<Book> = entity(graph, 'Book', {
  description: 'The books of one legal entity.',
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.bookById(context).load(id),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Short name.' }),
    legalName: t.exposeString('legalName', { description: 'The name of the legal entity, as on invoices.' }),
    taxId: t.exposeString('taxId', { nullable: true, description: 'VAT or tax number.' }),
    country: t.exposeString('country', { description: 'ISO 3166 code.' }),
    baseCurrency: t.expose('baseCurrency', {
      type: 'CurrencyCode',
      description: 'The currency of its reports.',
    }),
    fiscalYearStartMonth: t.exposeInt('fiscalYearStartMonth', { description: '1 for January.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was opened.' }),
    organisation: t.field({
      type: OrganisationType,
      nullable: true,
      description: 'Whose books these are.',
      resolve: (row, _args, context) => load.organisationById(context).load(row.organisationId),
    }),
  }),
});

/** A person of the organisation. */
export const MemberType: TypeRef<Member> = entity(graph, 'Member', {
  description: 'A person of the organisation.',
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.memberById(context).load(id),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Full name.' }),
    email: t.exposeString('email', { views: [], description: 'Address for notices.' }),
    roles: t.field({
      type: [RoleType],
      views: [],
      description: 'What the member may do.',
      resolve: (row) => row.roles as never,
    }),
    active: t.exposeBoolean('active', { views: [], description: 'Whether the member may sign in.' }),
    createdAt: t.expose('createdAt', {
      views: [],
      type: 'DateTime',
      description: 'When the member was added.',
    }),
  }),
});

/** A long-lived credential. */
export const ApiKeyType: TypeRef<ApiKey> = entity(graph, 'ApiKey', {
  description: 'A long-lived credential of a member.',
  scope: 'access:admin',
  load: (id, context) => load.apiKeyById(context).load(id),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What it is for.' }),
    prefix: t.exposeString('prefix', {
      description: 'The first characters of its secret, to tell keys apart.',
    }),
    scopes: t.exposeStringList('scopes', { description: 'Its rights, if its member still holds them.' }),
    costPerSecond: t.exposeInt('costPerSecond', {
      nullable: true,
      description: 'What its operations may cost each second, where it has a limit of its own.',
    }),
    view: t.field({
      type: ApiKeyViewType,
      description: 'The view of the graph in which it asks.',
      resolve: (row) => row.view as KeyView,
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ends by itself.',
    }),
    revokedAt: t.expose('revokedAt', { type: 'DateTime', nullable: true, description: 'When it was ended.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    member: t.field({
      type: MemberType,
      nullable: true,
      description: 'Whose key it is.',
      resolve: (row, _args, context) => load.memberById(context).load(row.memberId),
    }),
  }),
});

const ViewerType: TypeRef<Actor> = record(graph, 'Viewer', {
  description: 'Who is asking.',
  scope,
  views: ['partner', 'portal'],
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Name of the person or key.' }),
    kind: t.exposeString('kind', { description: 'member, key, embed, system or platform.' }),
    scopes: t.field({
      type: ['String'],
      description: 'The rights of this request.',
      resolve: (actor) => [...actor.scopes],
    }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the credential ends.',
      resolve: (actor) => (actor.expiresAt ? new Date(actor.expiresAt) : null),
    }),
    member: t.field({
      type: MemberType,
      nullable: true,
      description: 'The person behind it.',
      resolve: (actor, _args, context) =>
        actor.memberId ? load.memberById(context).load(actor.memberId) : null,
    }),
    organisation: t.field({
      type: OrganisationType,
      nullable: true,
      description: 'The organisation all answers are limited to.',
      resolve: (actor, _args, context) => load.organisationById(context).load(actor.organisationId),
    }),
  }),
});

builder.queryFields((t) => ({
  viewer: t.field({
    type: ViewerType,
    description: 'Who is asking.',
    tag: personal,
    views: ['partner', 'portal'],
    authScopes: { scope },
    resolve: (_root, _args, context) => context.actor,
  }),
  organisation: t.field({
    type: OrganisationType,
    nullable: true,
    description: 'The organisation of the request.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    resolve: (_root, _args, context) => load.organisationById(context).load(context.actor.organisationId),
  }),
  book: t.field({
    type: BookType,
    nullable: true,
    description: 'One set of books.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (_root, args, context) => load.bookById(context).load(args.id),
  }),
  books: t.field({
    type: [BookType],
    description: 'All books of the organisation, oldest first.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    resolve: async (_root, _args, context) =>
      (await context.read()).find(BookEntity, {}, { orderBy: { id: 'asc' } }),
  }),
  member: t.field({
    type: MemberType,
    nullable: true,
    description: 'One person of the organisation.',
    authScopes: { scope },
    args: { id: t.arg.id({ required: true, description: 'Their id.' }) },
    resolve: (_root, args, context) => load.memberById(context).load(args.id),
  }),
}));
