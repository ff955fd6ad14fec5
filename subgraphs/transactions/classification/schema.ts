import { mutation } from '#kernel/graphql-command';
import { entity, type TypeRef } from '#kernel/graphql-types';
import { graph } from '../graph.ts';
import type { DocumentKind } from '../intake/document.ts';
import { BookType } from '../intake/references.ts';
import { DocumentKindType } from '../intake/schema.ts';
import { createMappingRule } from './create-mapping-rule.ts';
import { MappingRuleEntity, type MappingRuleRow } from './entities.ts';
import { mappingRuleById } from './loaders.ts';
import { retireMappingRule } from './retire-mapping-rule.ts';
import './schema-template-operations.ts';
import './schema-template-queries.ts';

const scope = 'transactions:read';

/** A rule by which documents find their account. */
export const MappingRuleType: TypeRef<MappingRuleRow> = entity(graph, 'MappingRule', {
  description: 'A rule by which documents find their account; all conditions it has must hold.',
  scope,
  views: ['portal'],
  load: (id, context) => mappingRuleById(context).load(id),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Shown as the reason of what it decides.' }),
    priority: t.exposeInt('priority', { description: 'Rules are asked from the lowest number on.' }),
    active: t.exposeBoolean('active', { description: 'Whether it is in force.' }),
    vendorNameContains: t.exposeString('vendorNameContains', {
      nullable: true,
      description: 'A part of the counterparty name.',
    }),
    category: t.exposeString('category', { nullable: true, description: "The sender's category of a line." }),
    documentKind: t.field({
      type: DocumentKindType,
      nullable: true,
      description: 'The kind of document.',
      resolve: (row) => row.documentKind as DocumentKind | null,
    }),
    accountCode: t.exposeString('accountCode', { description: 'The account documents go to.' }),
    taxAccountCode: t.exposeString('taxAccountCode', {
      nullable: true,
      description: 'The account their tax goes to.',
    }),
    book: t.field({ type: BookType, description: 'Its book.', resolve: (row) => ({ id: row.bookId }) }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    retiredAt: t.expose('retiredAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was taken out of force.',
    }),
  }),
});

graph.builder.queryField('mappingRules', (t) =>
  t.field({
    type: [MappingRuleType],
    description: 'The rules of a book in the order in which they are asked; retired ones come last.',
    authScopes: { scope },
    args: { bookId: t.arg.id({ required: true, description: 'The book.' }) },
    resolve: async (_root, { bookId }, context) =>
      (await context.read()).find(
        MappingRuleEntity,
        { bookId },
        { orderBy: { active: 'desc', priority: 'asc', id: 'asc' } },
      ),
  }),
);

mutation(graph, createMappingRule, {
  mappingRule: {
    type: MappingRuleType,
    description: 'The rule.',
    resolve: ({ mappingRuleId }, context) => mappingRuleById(context).load(mappingRuleId),
  },
});
mutation(graph, retireMappingRule, {
  mappingRule: {
    type: MappingRuleType,
    description: 'The rule.',
    resolve: ({ mappingRuleId }, context) => mappingRuleById(context).load(mappingRuleId),
  },
});
