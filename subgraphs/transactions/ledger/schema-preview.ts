import { graphqlError } from '#kernel/graphql';
import { enumeration, record, type TypeRef } from '#kernel/graphql-types';
import { compileTemplate } from '../classification/compile-template.ts';
import { versionById, templateById } from '../classification/template-loaders.ts';
import { graph } from '../graph.ts';
import { documentById } from '../intake/loaders.ts';
import { DocumentType } from '../intake/schema.ts';
import type { PreviewChange } from './preview-coding.ts';
import {
  previewMappingTemplate,
  type PreviewedSubject,
  type TemplatePreview,
} from './preview-mapping-template.ts';

const scope = 'transactions:read';
const views = ['portal'] as const;
const usualCount = 50;
const mostCount = 200;

const PreviewPartEnum = enumeration(graph, 'MappingTemplatePreviewPart', {
  description: 'What of a document or transaction a template would change.',
  values: {
    ACCOUNTS: 'The accounts of a document.',
    TAX: 'The tax codes of a document.',
    DIMENSIONS: 'The dimensions of a document.',
    ENTRY: 'The entry of a recorded transaction.',
  },
});

const PreviewChangeType: TypeRef<PreviewChange> = record<PreviewChange>(
  graph,
  'MappingTemplatePreviewChange',
  {
    description: 'One change a template would bring.',
    scope,
    views,
    fields: (t) => ({
      part: t.field({
        type: PreviewPartEnum,
        description: 'What would change.',
        resolve: ({ part }) => part,
      }),
      before: t.exposeString('before', { description: 'What stands.' }),
      after: t.exposeString('after', {
        description: 'What it would be; empty where it could not be booked.',
      }),
    }),
  },
);

const PreviewedSubjectType: TypeRef<PreviewedSubject> = record<PreviewedSubject>(
  graph,
  'MappingTemplatePreviewSubject',
  {
    description: 'A document or transaction that would be booked otherwise.',
    scope,
    views,
    fields: (t) => ({
      label: t.exposeString('label', { description: 'How people know it.' }),
      document: t.field({
        type: DocumentType,
        nullable: true,
        description: 'The document; none for a recorded transaction.',
        resolve: ({ documentId }, _args, context) =>
          documentId === undefined ? null : documentById(context).load(documentId),
      }),
      recordedTransactionId: t.id({
        nullable: true,
        description: 'The recorded transaction; none for a document.',
        resolve: ({ subjectId, documentId }) => (documentId === undefined ? subjectId : null),
      }),
      changes: t.field({
        type: [PreviewChangeType],
        description: 'What would change.',
        resolve: ({ changes }) => [...changes],
      }),
      reasons: t.field({
        type: ['String'],
        description: 'Why: template and rule, or what kept it from deciding.',
        resolve: ({ reasons }) => [...reasons],
      }),
    }),
  },
);

const TemplatePreviewType: TypeRef<TemplatePreview> = record<TemplatePreview>(
  graph,
  'MappingTemplatePreview',
  {
    description: 'What a template would change of what was booked last.',
    scope,
    views,
    fields: (t) => ({
      documents: t.exposeInt('documents', { description: 'How many documents were looked at.' }),
      transactions: t.exposeInt('transactions', {
        description: 'How many recorded transactions were looked at.',
      }),
      changed: t.field({
        type: [PreviewedSubjectType],
        description: 'Those that would be booked otherwise.',
        resolve: ({ changed }) => [...changed],
      }),
    }),
  },
);

graph.builder.queryField('previewMappingTemplate', (t) =>
  t.field({
    type: TemplatePreviewType,
    description:
      'Asks a template about the newest documents and transactions of a book, as if it were active, and writes nothing.',
    views,
    authScopes: { scope },
    args: {
      versionId: t.arg.id({ required: true, description: 'A version, saved at least.' }),
      first: t.arg.int({ description: `How many of each, ${usualCount} unless said, ${mostCount} at most.` }),
    },
    resolve: async (_root, { versionId, first }, context) => {
      const count = first ?? usualCount;
      if (count < 1 || count > mostCount)
        throw graphqlError('FIELD_INVALID', `first must lie between 1 and ${mostCount}`);
      const version = await versionById(context).load(versionId);
      const template = version && (await templateById(context).load(version.templateId));
      if (!template) throw graphqlError('NOT_FOUND', `There is no template version ${versionId}`);
      const { number, content, contentHash, bookId } = version;
      const compiled = compileTemplate(content, contentHash);
      const candidate = { versionId, name: template.name, number, compiled };
      return previewMappingTemplate(context, candidate, { bookId, first: count });
    },
  }),
);
