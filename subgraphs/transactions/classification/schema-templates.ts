import { connectionOf, pageArgs } from '#kernel/graphql-connection';
import { entity, type TypeRef } from '#kernel/graphql-types';
import { pageOfParent } from '#kernel/pages-of-parents';
import { graph } from '../graph.ts';
import { BookType } from '../intake/references.ts';
import * as parts from './schema-template-parts.ts';
import {
  MappingTemplateVersionEntity,
  type MappingTemplateRow,
  type MappingTemplateVersionRow,
} from './template-entities.ts';
import * as load from './template-loaders.ts';
import type { TemplateStatus } from './template-status.ts';

const scope = 'transactions:read';
const views = ['portal'] as const;

/** One version of a template. */
export const MappingTemplateVersionType: TypeRef<MappingTemplateVersionRow> =
  entity<MappingTemplateVersionRow>(graph, 'MappingTemplateVersion', {
    description: 'One version of a mapping template; its content never changes.',
    scope,
    views,
    load: (id, context) => load.versionById(context).load(id),
    fields: (t) => ({
      number: t.exposeInt('number', { description: 'Counts from 1.' }),
      status: t.field({
        type: parts.TemplateStatusEnum,
        description: 'Where it stands.',
        resolve: (row) => row.status as TemplateStatus,
      }),
      title: t.exposeString('title', { description: 'What it is for.' }),
      priority: t.exposeInt('priority', { description: 'Templates are asked from the lowest number on.' }),
      contentHash: t.exposeString('contentHash', {
        description: 'SHA-256 of what it says, however its file is laid out.',
      }),
      yaml: t.exposeString('source', { description: 'Its file as it was saved, comments included.' }),
      startsOn: t.expose('effectiveFrom', {
        type: 'Date',
        nullable: true,
        description: 'The first day it decides for.',
      }),
      endsOn: t.expose('effectiveUntil', {
        type: 'Date',
        nullable: true,
        description: 'The last day it decides for.',
      }),
      rules: t.field({
        type: [parts.TemplateRuleType],
        description: 'Its rules, in the order in which they are asked.',
        resolve: (row) => row.content.rules,
      }),
      authorName: t.exposeString('authorName', { description: 'Who saved it.' }),
      approvedByName: t.exposeString('approvedByName', { nullable: true, description: 'Who approved it.' }),
      createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was saved.' }),
      testedAt: t.expose('testedAt', {
        type: 'DateTime',
        nullable: true,
        description: 'When its tests passed.',
      }),
      approvedAt: t.expose('approvedAt', {
        type: 'DateTime',
        nullable: true,
        description: 'When it was approved.',
      }),
      activatedAt: t.expose('activatedAt', {
        type: 'DateTime',
        nullable: true,
        description: 'When it was last made active.',
      }),
      retiredAt: t.expose('retiredAt', {
        type: 'DateTime',
        nullable: true,
        description: 'When it was taken out of use.',
      }),
    }),
  });

/** A template of a book. */
export const MappingTemplateType: TypeRef<MappingTemplateRow> = entity<MappingTemplateRow>(
  graph,
  'MappingTemplate',
  {
    description: 'Rules that turn documents and transactions into accounts, in all their versions.',
    scope,
    views,
    load: (id, context) => load.templateById(context).load(id),
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Its name; unique in the book.' }),
      book: t.field({ type: BookType, description: 'Its book.', resolve: (row) => ({ id: row.bookId }) }),
      createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was first saved.' }),
      newestVersion: t.field({
        type: MappingTemplateVersionType,
        nullable: true,
        description: 'The version saved last.',
        resolve: (row, _args, context) => load.newestVersionByTemplate(context).load(row.id),
      }),
      activeVersions: t.field({
        type: [MappingTemplateVersionType],
        description: 'The versions that decide, each for its own days.',
        resolve: async (row, _args, context) => [
          ...(await load.activeVersionsByTemplate(context).load(row.id)),
        ],
      }),
      versions: t.field({
        type: connectionOf(graph, MappingTemplateVersionType),
        description: 'All versions, the newest first.',
        args: pageArgs(t),
        resolve: (row, args, context) =>
          pageOfParent(context, MappingTemplateVersionEntity, { args, column: 'templateId', parent: row.id }),
      }),
    }),
  },
);
