import { mutation } from '#kernel/graphql-command';
import { enumeration, record, type TypeRef } from '#kernel/graphql-types';
import { graph } from '../graph.ts';
import { scope } from '../schema-values.ts';
import { exportReconciliationStatement } from './export-reconciliation-statement.ts';

const views = ['partner', 'portal'] as const;

enumeration(graph, 'ReconciliationStatementFormat', {
  description: 'The kinds of file a reconciliation statement is written to.',
  values: {
    PDF: 'A print on A4.',
    CSV: 'A table as text.',
    XLSX: 'A table as a sheet, amounts as numbers.',
    JSON: 'All of it for programs, its keys in order; of a signed one what its hash is of.',
  },
});

interface WrittenFile {
  readonly fileId: string;
  readonly name: string;
  readonly mediaType: string;
  readonly size: number;
}

const FileType: TypeRef<WrittenFile> = record<WrittenFile>(graph, 'ReconciliationFile', {
  description: 'A file that a report was written to; its content never changes.',
  scope,
  views,
  fields: (t) => ({
    path: t.string({
      description: 'Where to fetch it from, below the address of the gateway, with the same token.',
      resolve: ({ fileId }) => `/files/${fileId}`,
    }),
    name: t.exposeString('name', { description: 'Its name.' }),
    mediaType: t.exposeString('mediaType', { description: 'What it is.' }),
    size: t.field({ type: 'Decimal', description: 'In bytes.', resolve: ({ size }) => size.toString() }),
  }),
});

/** The file of an export, in its payload. */
export const filePayload = {
  file: {
    type: FileType,
    description: 'The file.',
    resolve: ({ fileId, name, mediaType, size }: WrittenFile): WrittenFile => ({
      fileId,
      name,
      mediaType,
      size,
    }),
  },
};

mutation(graph, { ...exportReconciliationStatement, views }, filePayload);
