import { mutation } from '#kernel/graphql-command';
import { connectionOf, pageArgs, pageOf } from '#kernel/graphql-connection';
import { liveField } from '#kernel/graphql-live';
import { entity, enumeration, record, type TypeRef } from '#kernel/graphql-types';
import { money, type Money } from '#kernel/money';
import { DimensionType, FieldValueType, fieldValuesOf, TagType, tagsOf } from '../dimensions/schema.ts';
import { graph } from '../graph.ts';
import type { DocumentKind } from './document.ts';
import type { DocumentStatus } from './document-status.ts';
import { DocumentEntity, type Document, type DocumentLineRow, type File } from './entities.ts';
import * as load from './loaders.ts';
import { BookType, MemberType, VendorType } from './references.ts';
import { rejectDocument } from './reject-document.ts';
import { releaseFromQuarantine } from './release-from-quarantine.ts';
import { submitDocument } from './submit-document.ts';

const scope = 'transactions:read';

/** What a document is to its book. */
export const DocumentKindType = enumeration(graph, 'DocumentKind', {
  description: 'What a document is to its book.',
  values: {
    INVOICE: 'A bill the book has to pay.',
    CREDIT_NOTE: 'Money a supplier gives back.',
    SALES_INVOICE: 'A bill the book has sent.',
    EXPENSE: 'What an employee spent for the book.',
    RECEIPT: 'The receipt of something paid already.',
  },
});

const DocumentStatusType = enumeration(graph, 'DocumentStatus', {
  description: 'Where a document stands.',
  values: {
    RECEIVED: 'Complete and on its way to a draft.',
    QUARANTINED: 'Something is wrong with it; a person must correct or reject it.',
    DRAFTED: 'A draft entry waits for approval.',
    POSTED: 'In the books.',
    REJECTED: 'Put aside for good.',
    DUPLICATE: 'A copy of a document that is in the book.',
  },
});

/** A file that was handed in. */
export const FileType: TypeRef<File> = entity(graph, 'File', {
  description: 'A file that documents came in.',
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.fileById(context).load(id),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name when it was uploaded.' }),
    mediaType: t.exposeString('mediaType', { description: 'For example application/xml.' }),
    size: t.exposeInt('size', { description: 'In bytes.' }),
    sha256: t.exposeString('sha256', { description: 'Hash of its content, hexadecimal.' }),
    url: t.string({
      description: 'Where to download it, with the same bearer token.',
      resolve: (file) => `/files/${file.id}`,
    }),
  }),
});

const DocumentLineType: TypeRef<DocumentLineRow> = record(graph, 'DocumentLine', {
  description: 'One line of a document.',
  scope,
  views: ['partner', 'portal'],
  fields: (t) => ({
    description: t.exposeString('description', { description: 'What was delivered.' }),
    quantity: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'How much of it.',
      resolve: (line) => line.quantity,
    }),
    net: t.field({
      type: graph.money,
      description: 'Its amount before tax.',
      resolve: (line) => money(line.net, line.currency),
    }),
    taxRate: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'Percent.',
      resolve: (line) => line.taxRate,
    }),
    taxCategory: t.exposeString('taxCategory', {
      nullable: true,
      description: 'How an e-invoice names its tax by EN 16931: S, Z, E, AE, K, G or O.',
    }),
    tax: t.field({
      type: graph.money,
      nullable: true,
      description: 'The tax on it, where the document states it by line.',
      resolve: (line) => amountOf(line.tax, line.currency),
    }),
    category: t.exposeString('category', { nullable: true, description: "The sender's own category." }),
    dimensions: t.field({
      type: [TagType],
      description: 'What the line belongs to, where that differs from the document.',
      resolve: async (line, _args, context) => {
        const document = await load.documentById(context).load(line.documentId);
        return tagsOf(document?.bookId ?? '', line.dimensions);
      },
    }),
  }),
});

/** A document; the ledger adds its draft and its journal entry. */
export const DocumentType: TypeRef<Document> = entity(graph, 'Document', {
  description: 'An invoice, credit note, receipt or expense as it was handed in.',
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.documentById(context).load(id),
  fields: (t) => ({
    kind: t.field({
      type: DocumentKindType,
      description: 'What it is to the book.',
      resolve: (row) => row.kind as DocumentKind,
    }),
    status: t.field({
      type: DocumentStatusType,
      description: 'Where it stands.',
      resolve: (row) => row.status as DocumentStatus,
    }),
    number: t.exposeString('number', { nullable: true, description: 'The number its issuer gave it.' }),
    issuedOn: t.expose('issuedOn', { type: 'Date', nullable: true, description: 'Day of issue.' }),
    dueOn: t.expose('dueOn', { type: 'Date', nullable: true, description: 'Day by which it is to be paid.' }),
    counterpartyName: t.exposeString('counterpartyName', {
      nullable: true,
      description: 'Whom it is from, as it says; for a sales invoice, whom it is for.',
    }),
    taxId: t.exposeString('counterpartyTaxId', {
      nullable: true,
      description: 'VAT or tax number of the counterparty.',
    }),
    currency: t.expose('currency', { type: 'CurrencyCode', nullable: true, description: 'Its currency.' }),
    employee: t.exposeString('employee', { nullable: true, description: 'Who spent it.' }),
    note: t.exposeString('note', { nullable: true, description: 'What else it says.' }),
    dimensions: t.field({
      type: [TagType],
      description: 'What all of it belongs to, such as a cost centre.',
      resolve: (row) => tagsOf(row.bookId, row.dimensions),
    }),
    fields: t.field({
      type: [FieldValueType],
      description: "Values of the book's custom fields.",
      resolve: (row) => fieldValuesOf(row.fields),
    }),
    lines: t.field({
      type: [DocumentLineType],
      description: 'Its lines, in order.',
      resolve: (row, _args, context) => load.linesByDocument(context).load(row.id),
    }),
    problems: t.field({
      type: [graph.userError],
      description: 'What is wrong with it, warnings included.',
      resolve: (row) => row.problems,
    }),
    rejectReason: t.exposeString('rejectReason', { nullable: true, description: 'Why it was rejected.' }),
    duplicateOf: t.field({
      type: DocumentType,
      nullable: true,
      description: 'The first copy of a duplicate.',
      resolve: (row, _args, context) =>
        row.duplicateOf ? load.documentById(context).load(row.duplicateOf) : null,
    }),
    vendor: t.field({
      type: VendorType,
      nullable: true,
      description: 'The vendor it was found to come from.',
      resolve: (row) => (row.vendorId ? { id: row.vendorId } : null),
    }),
    book: t.field({ type: BookType, description: 'Its book.', resolve: (row) => ({ id: row.bookId }) }),
    submittedBy: t.field({
      type: MemberType,
      nullable: true,
      description: 'The person who handed it in.',
      resolve: (row) => (row.submittedBy ? { id: row.submittedBy } : null),
    }),
    receivedAt: t.expose('receivedAt', { type: 'DateTime', description: 'When it was handed in.' }),
  }),
});

graph.builder.objectFields(DimensionType, (t) => ({
  book: t.field({ type: BookType, description: 'Whose it is.', resolve: (row) => ({ id: row.bookId }) }),
}));

graph.builder.objectFields(DocumentType, (t) => ({
  total: t.field({
    type: graph.money,
    nullable: true,
    description: 'What it comes to with tax; null only while a document in quarantine does not say.',
    resolve: (row) => amountOf(row.total, row.currency),
  }),
  net: t.field({
    type: graph.money,
    nullable: true,
    description: 'What it comes to before tax.',
    resolve: (row) => amountOf(row.net, row.currency),
  }),
  tax: t.field({
    type: graph.money,
    nullable: true,
    description: 'The tax in the total.',
    resolve: (row) => amountOf(row.tax, row.currency),
  }),
  payable: t.field({
    type: graph.money,
    nullable: true,
    description: 'What is still to be paid when it was issued.',
    resolve: (row) => amountOf(row.payable, row.currency),
  }),
  source: t.exposeString('source', { description: 'api, portal, chat, file or system.' }),
  format: t.exposeString('format', { description: 'The format of its file, or fields.' }),
  file: t.field({
    type: FileType,
    nullable: true,
    description: 'The file it came in.',
    resolve: (row, _args, context) => (row.fileId ? load.fileById(context).load(row.fileId) : null),
  }),
  fileLine: t.exposeInt('fileLine', {
    nullable: true,
    description: 'The line of the file at which it begins.',
  }),
  raw: t.exposeString('raw', {
    description:
      'The record as it came in, its account numbers shortened; empty when only the file holds it.',
  }),
}));

graph.builder.queryFields((t) => ({
  document: t.field({
    type: DocumentType,
    nullable: true,
    description: 'One document.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (_root, args, context) => load.documentById(context).load(args.id),
  }),
  documents: t.field({
    type: connectionOf(graph, DocumentType),
    description: 'The documents of a book, newest first.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: {
      bookId: t.arg.id({ required: true, description: 'The book.' }),
      status: t.arg({ type: DocumentStatusType, description: 'Only those that stand here.' }),
      kind: t.arg({ type: DocumentKindType, description: 'Only those of this kind.' }),
      ...pageArgs(t),
    },
    resolve: (_root, args, context) =>
      pageOf(context, DocumentEntity, {
        args,
        where: {
          bookId: args.bookId,
          ...(args.status ? { status: args.status } : {}),
          ...(args.kind ? { kind: args.kind } : {}),
        },
      }),
  }),
}));

mutation(
  graph,
  { ...submitDocument, views: ['partner', 'portal'] },
  {
    document: {
      type: DocumentType,
      description: 'The document, or the first one of the file.',
      resolve: ({ documentId }, context) => (documentId ? load.documentById(context).load(documentId) : null),
    },
    documents: {
      type: [DocumentType],
      description: 'One document for each record of the file, in order; duplicates answer their first copy.',
      resolve: async ({ documentIds }, context) =>
        (await load.documentById(context).loadMany([...documentIds])).filter((one) => one !== null),
    },
  },
);
mutation(
  graph,
  { ...releaseFromQuarantine, views: ['partner', 'portal'] },
  {
    document: {
      type: DocumentType,
      description: 'The document.',
      resolve: ({ documentId }, context) => load.documentById(context).load(documentId),
    },
  },
);
mutation(
  graph,
  { ...rejectDocument, views: ['partner', 'portal'] },
  {
    document: {
      type: DocumentType,
      description: 'The document.',
      resolve: ({ documentId }, context) => load.documentById(context).load(documentId),
    },
  },
);

liveField(graph, {
  subject: 'document',
  type: DocumentType,
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.documentById(context).load(id),
});

function amountOf(minor: bigint | null | undefined, currency: string | null | undefined): Money | null {
  return typeof minor === 'bigint' && currency ? money(minor, currency) : null;
}
