import { mutation } from '#kernel/graphql-command';
import { record, type TypeRef } from '#kernel/graphql-types';
import { dimensionById } from '../dimensions/loaders.ts';
import { DimensionType, FieldValueType, fieldValuesOf, TagType, tagsOf } from '../dimensions/schema.ts';
import { graph } from '../graph.ts';
import * as load from './loaders.ts';
import { AccountType } from './schema-accounts.ts';
import { DraftType } from './schema-drafts.ts';
import { JournalEntryType, JournalLineType } from './schema-journal.ts';
import { setDimensionRequirement } from './set-dimension-requirement.ts';

interface Requirement {
  readonly dimension: string;
  readonly defaultCode: string | null;
}

const RequirementType: TypeRef<Requirement> = record<Requirement>(graph, 'DimensionRequirement', {
  description: 'A dimension without which an account takes no line.',
  scope: 'transactions:read',
  views: ['partner', 'portal'],
  fields: (t) => ({
    dimension: t.exposeString('dimension', { description: 'The key of the dimension.' }),
    defaultCode: t.exposeString('defaultCode', {
      nullable: true,
      description: 'The code that stands in where nobody gave one; without it lines are refused.',
    }),
  }),
});

graph.builder.objectFields(AccountType, (t) => ({
  requiredDimensions: t.field({
    type: [RequirementType],
    description: 'The dimensions without which it takes no line.',
    resolve: (row) =>
      Object.entries(row.requiredDimensions).map(([dimension, defaultCode]) => ({ dimension, defaultCode })),
  }),
}));

graph.builder.objectFields(JournalLineType, (t) => ({
  dimensions: t.field({
    type: [TagType],
    description: 'What it belongs to, such as a cost centre.',
    resolve: async (row, _args, context) =>
      tagsOf((await load.entryById(context).load(row.journalEntryId))?.bookId ?? '', row.dimensions),
  }),
}));

graph.builder.objectFields(DraftType, (t) => ({
  fields: t.field({
    type: [FieldValueType],
    description: "Values of the book's custom fields.",
    resolve: (row) => fieldValuesOf(row.fields),
  }),
}));

graph.builder.objectFields(JournalEntryType, (t) => ({
  fields: t.field({
    type: [FieldValueType],
    description: "Values of the book's custom fields.",
    resolve: (row) => fieldValuesOf(row.fields),
  }),
}));

mutation(graph, setDimensionRequirement, {
  dimension: {
    type: DimensionType,
    description: 'The dimension.',
    resolve: ({ dimensionId }, context) => dimensionById(context).load(dimensionId),
  },
});
