import { defineEntity, p, type EntitySchema, type InferEntity } from '@mikro-orm/core';
import type { UserError } from '#kernel/errors';
import type { Dimensions, Fields } from '../dimensions/catalogue.ts';

/** A file that documents came in. */
export const FileEntity = defineEntity({
  name: 'File',
  tableName: 'file',
  properties: {
    id: p.text().primary(),
    organisationId: p.text(),
    name: p.text(),
    mediaType: p.text(),
    size: p.integer(),
    sha256: p.text(),
  },
});
export type File = InferEntity<typeof FileEntity>;

/** An invoice, credit note, receipt or expense as it was handed in. */
export const DocumentEntity = defineEntity({
  name: 'Document',
  tableName: 'document',
  properties: {
    id: p.text().primary(),
    organisationId: p.text(),
    bookId: p.text(),
    kind: p.text(),
    status: p.text(),
    number: p.text().nullable(),
    issuedOn: p.date().nullable(),
    dueOn: p.date().nullable(),
    counterpartyName: p.text().nullable(),
    counterpartyTaxId: p.text().nullable(),
    vendorId: p.text().nullable(),
    currency: p.text().nullable(),
    net: p.bigint('bigint').nullable(),
    tax: p.bigint('bigint').nullable(),
    total: p.bigint('bigint').nullable(),
    payable: p.bigint('bigint').nullable(),
    paymentReference: p.text().nullable(),
    orderReference: p.text().nullable(),
    employee: p.text().nullable(),
    note: p.text().nullable(),
    dimensions: p.json<Dimensions>(),
    fields: p.json<Fields>(),
    source: p.text(),
    format: p.text(),
    fileId: p.text().nullable(),
    fileLine: p.integer().nullable(),
    raw: p.text(),
    duplicateOf: p.text().nullable(),
    problems: p.json<UserError[]>(),
    rejectReason: p.text().nullable(),
    submittedBy: p.text().nullable(),
    receivedAt: p.datetime(),
  },
});
export type Document = InferEntity<typeof DocumentEntity>;

/** One line of a document. */
export const DocumentLineEntity = defineEntity({
  name: 'DocumentLine',
  tableName: 'document_line',
  properties: {
    id: p.text().primary(),
    organisationId: p.text(),
    documentId: p.text(),
    position: p.integer(),
    description: p.text(),
    quantity: p.decimal().nullable(),
    net: p.bigint('bigint'),
    taxRate: p.decimal().nullable(),
    taxCategory: p.text().nullable(),
    tax: p.bigint('bigint').nullable(),
    currency: p.text(),
    category: p.text().nullable(),
    dimensions: p.json<Dimensions>(),
  },
});
export type DocumentLineRow = InferEntity<typeof DocumentLineEntity>;

/** What the ORM knows of this stage. */
export const intakeEntities: readonly EntitySchema[] = [FileEntity, DocumentEntity, DocumentLineEntity];
