import type { Context } from '#kernel/context';
import { graphqlError } from '#kernel/graphql';
import { mutation } from '#kernel/graphql-command';
import { graph } from '../graph.ts';
import { activateMappingTemplate } from './activate-mapping-template.ts';
import { approveMappingTemplate } from './approve-mapping-template.ts';
import { diffTemplates } from './diff-templates.ts';
import { retireMappingTemplate } from './retire-mapping-template.ts';
import { rollBackMappingTemplate } from './roll-back-mapping-template.ts';
import { saveMappingTemplate } from './save-mapping-template.ts';
import { TemplateChangeType, TestResultType } from './schema-template-parts.ts';
import { MappingTemplateType, MappingTemplateVersionType } from './schema-templates.ts';
import * as load from './template-loaders.ts';
import { testMappingTemplate } from './test-mapping-template.ts';

const scope = 'transactions:read';
const views = ['portal'] as const;

graph.builder.queryField('mappingTemplates', (t) =>
  t.field({
    type: [MappingTemplateType],
    description: 'The mapping templates of a book by name.',
    views,
    authScopes: { scope },
    args: { bookId: t.arg.id({ required: true, description: 'The book.' }) },
    resolve: (_root, { bookId }, context) => load.templatesByBook(context).load(bookId),
  }),
);

graph.builder.queryField('mappingTemplateDifferences', (t) =>
  t.field({
    type: [TemplateChangeType],
    description: 'What one version of a template says otherwise than another.',
    views,
    authScopes: { scope },
    args: {
      fromId: t.arg.id({ required: true, description: 'The version to start from.' }),
      toId: t.arg.id({ required: true, description: 'The version to compare with it.' }),
    },
    resolve: async (_root, { fromId, toId }, context) => {
      const [from, to] = await Promise.all([fromId, toId].map((id) => load.versionById(context).load(id)));
      if (!from || !to || from.templateId !== to.templateId)
        throw graphqlError('NOT_FOUND', `${fromId} and ${toId} are not versions of one template`);
      return diffTemplates(from.content, to.content);
    },
  }),
);

const versionPayload = {
  version: {
    type: MappingTemplateVersionType,
    description: 'The version as it is now.',
    resolve: ({ versionId }: { versionId: string }, context: Context) =>
      load.versionById(context).load(versionId),
  },
};

mutation(
  graph,
  { ...saveMappingTemplate, views },
  {
    ...versionPayload,
    template: {
      type: MappingTemplateType,
      description: 'The template.',
      resolve: ({ templateId }, context) => load.templateById(context).load(templateId),
    },
    created: {
      type: 'Boolean',
      description: 'Whether it is a new version; false when the content was there already.',
      resolve: ({ created }) => created,
    },
  },
);
mutation(
  graph,
  { ...testMappingTemplate, views },
  {
    ...versionPayload,
    results: {
      type: [TestResultType],
      description: 'What became of each test.',
      resolve: ({ results }) => results,
    },
    untestedRules: {
      type: ['String'],
      description: 'Rules that decide in no test.',
      resolve: ({ untestedRules }) => untestedRules,
    },
  },
);
mutation(graph, { ...approveMappingTemplate, views }, versionPayload);
mutation(graph, { ...activateMappingTemplate, views }, versionPayload);
mutation(graph, { ...retireMappingTemplate, views }, versionPayload);
mutation(graph, { ...rollBackMappingTemplate, views }, versionPayload);
