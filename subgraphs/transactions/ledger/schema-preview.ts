import { CrossfootError } from '#kernel/errors';
import { graphqlError } from '#kernel/graphql';
import { enumeration, record, type TypeRef } from '#kernel/graphql-types';
import type { ActiveTemplate } from '../classification/ask-templates.ts';
import { compileTemplate } from '../classification/compile-template.ts';
import { versionById, templateById } from '../classification/template-loaders.ts';
import { parseTemplate } from '../classification/template-yaml.ts';
import { graph } from '../graph.ts';
import { documentById } from '../intake/loaders.ts';
import { DocumentType } from '../intake/schema.ts';
import type { Context } from '#kernel/context';
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
      bookId: t.arg.id({ required: true, description: 'The book.' }),
      versionId: t.arg.id({ description: 'A version that was saved.' }),
      yaml: t.arg.string({ description: 'Or the file of a template that was not.' }),
      first: t.arg.int({ description: `How many of each, ${usualCount} unless said, ${mostCount} at most.` }),
    },
    resolve: async (_root, { bookId, versionId, yaml, first }, context) => {
      const count = first ?? usualCount;
      if (count < 1 || count > mostCount)
        throw graphqlError('FIELD_INVALID', `first must lie between 1 and ${mostCount}`);
      const template = await candidate(context, versionId ?? undefined, yaml ?? undefined);
      return previewMappingTemplate(context, template, { bookId, first: count });
    },
  }),
);

async function candidate(
  context: Context,
  versionId: string | undefined,
  yaml: string | undefined,
): Promise<ActiveTemplate> {
  if (versionId !== undefined) {
    const version = await versionById(context).load(versionId);
    if (!version) throw graphqlError('NOT_FOUND', `There is no template version ${versionId}`);
    const template = await templateById(context).load(version.templateId);
    const { number, content, contentHash } = version;
    return { versionId, name: template?.name ?? '', number, compiled: compileTemplate(content, contentHash) };
  }
  try {
    const template = parseTemplate(yaml ?? '');
    return { versionId: '', name: template.name, number: 0, compiled: compileTemplate(template) };
  } catch (error) {
    if (!(error instanceof CrossfootError)) throw error;
    throw graphqlError(error.code, error.message);
  }
}
