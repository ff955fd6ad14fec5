import { functionDescriptions } from '#kernel/expression-functions';
import { mutation } from '#kernel/graphql-command';
import { entity, record, type TypeRef } from '#kernel/graphql-types';
import { graph } from '../graph.ts';
import { checkMappingTemplate, type TemplateCheck } from './check-mapping-template.ts';
import { templateLanguage } from './compile-template.ts';
import { libraryTemplates } from './library.ts';
import { LibraryTemplateType, TestResultType } from './schema-template-parts.ts';
import type { LookupTableRow } from './template-entities.ts';
import * as load from './template-loaders.ts';
import { uploadLookupTable } from './upload-lookup-table.ts';

const scope = 'transactions:read';
const views = ['portal'] as const;

const LookupTableType: TypeRef<LookupTableRow> = entity<LookupTableRow>(graph, 'LookupTable', {
  description: 'One upload of a table in which expressions look things up.',
  scope,
  views,
  load: (id, context) => load.lookupTableById(context).load(id),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'How expressions name it.' }),
    revision: t.exposeInt('revision', { description: 'Counts the uploads of this name.' }),
    startsOn: t.expose('validFrom', {
      type: 'Date',
      nullable: true,
      description: 'The first day it counts.',
    }),
    endsOn: t.expose('validUntil', {
      type: 'Date',
      nullable: true,
      description: 'The last day it counts.',
    }),
    entryCount: t.exposeInt('entryCount', { description: 'How many keys it has.' }),
    contentHash: t.exposeString('contentHash', { description: 'SHA-256 of its keys and values.' }),
    authorName: t.exposeString('authorName', { description: 'Who uploaded it.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was uploaded.' }),
    value: t.string({
      nullable: true,
      description: 'The value of a key; none when the key is not there.',
      args: { key: t.arg.string({ required: true, description: 'The key.' }) },
      resolve: async (row, { key }, context) => {
        const [found] = await context.sql<{ value: string | null }>(
          'select entries ->> $2::text as value from transactions.lookup_table where id = $1',
          [row.id, key],
        );
        return found?.value;
      },
    }),
  }),
});

const TemplateCheckType: TypeRef<TemplateCheck> = record<TemplateCheck>(graph, 'MappingTemplateCheck', {
  description: 'What there is to say of a template before it is saved.',
  scope,
  views,
  fields: (t) => ({
    name: t.string({
      nullable: true,
      description: 'Its name, when it can be read.',
      resolve: ({ template }) => template?.name,
    }),
    errors: t.field({
      type: [graph.userError],
      description: 'What is wrong with it, with its place.',
      resolve: ({ errors }) => [...errors],
    }),
    results: t.field({
      type: [TestResultType],
      description: 'What became of its tests.',
      resolve: ({ results }) => [...results],
    }),
    untestedRules: t.field({
      type: ['String'],
      description: 'Rules that decide in no test.',
      resolve: (check) => [...check.untestedRules],
    }),
  }),
});

interface Word {
  readonly signature: string;
  readonly description: string;
}

const ExpressionWordType: TypeRef<Word> = record<Word>(graph, 'ExpressionWord', {
  description: 'A variable or function that expressions of templates may use.',
  scope,
  views,
  fields: (t) => ({
    signature: t.exposeString('signature', { description: 'Its name with its types.' }),
    description: t.exposeString('description', { description: 'What it gives.' }),
  }),
});

graph.builder.queryFields((t) => ({
  mappingTemplateLibrary: t.field({
    type: [LibraryTemplateType],
    description: 'The ready templates that come with the product.',
    views,
    authScopes: { scope },
    resolve: () => [...libraryTemplates()],
  }),
  checkMappingTemplate: t.field({
    type: TemplateCheckType,
    description: 'Reads, checks and tests a template file without saving it.',
    views,
    authScopes: { scope },
    args: { yaml: t.arg.string({ required: true, description: 'The file.' }) },
    resolve: (_root, { yaml }) => checkMappingTemplate(yaml),
  }),
  mappingTemplateWords: t.field({
    type: [ExpressionWordType],
    description: 'The variables and functions that conditions and values of templates may use.',
    views,
    authScopes: { scope },
    resolve: () => [
      ...Object.entries(templateLanguage.declarations.variables).map(([name, type]) => ({
        signature: `${name}: ${type}`,
        description: 'A variable.',
      })),
      ...functionDescriptions,
    ],
  }),
  lookupTables: t.field({
    type: [LookupTableType],
    description: 'The uploads of look-up tables of a book by name, the newest of each first.',
    views,
    authScopes: { scope },
    args: { bookId: t.arg.id({ required: true, description: 'The book.' }) },
    resolve: (_root, { bookId }, context) => load.lookupTablesByBook(context).load(bookId),
  }),
}));

mutation(
  graph,
  { ...uploadLookupTable, views },
  {
    lookupTable: {
      type: LookupTableType,
      description: 'The upload.',
      resolve: ({ lookupTableId }, context) => load.lookupTableById(context).load(lookupTableId),
    },
  },
);
