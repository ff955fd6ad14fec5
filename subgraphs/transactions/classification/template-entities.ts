import { defineEntity, p, type EntitySchema, type InferEntity } from '@mikro-orm/core';
import type { Template } from './template.ts';

/** A mapping template of a book, in all its versions. */
export const MappingTemplateEntity = defineEntity({
  name: 'MappingTemplate',
  tableName: 'mapping_template',
  properties: {
    id: p.text().primary(),
    organisationId: p.text(),
    bookId: p.text(),
    name: p.text(),
    createdAt: p.datetime(),
  },
});
export type MappingTemplateRow = InferEntity<typeof MappingTemplateEntity>;

/** One version of a template. */
export const MappingTemplateVersionEntity = defineEntity({
  name: 'MappingTemplateVersion',
  tableName: 'mapping_template_version',
  properties: {
    id: p.text().primary(),
    organisationId: p.text(),
    bookId: p.text(),
    templateId: p.text(),
    number: p.integer(),
    status: p.text(),
    title: p.text(),
    priority: p.integer(),
    contentHash: p.text(),
    content: p.json<Template>(),
    source: p.text(),
    authorName: p.text(),
    effectiveFrom: p.date().nullable(),
    effectiveUntil: p.date().nullable(),
    createdAt: p.datetime(),
    testedAt: p.datetime().nullable(),
    approvedByName: p.text().nullable(),
    approvedAt: p.datetime().nullable(),
    activatedAt: p.datetime().nullable(),
    retiredAt: p.datetime().nullable(),
  },
});
export type MappingTemplateVersionRow = InferEntity<typeof MappingTemplateVersionEntity>;

/** One upload of a table of reference data. */
export const LookupTableEntity = defineEntity({
  name: 'LookupTable',
  tableName: 'lookup_table',
  properties: {
    id: p.text().primary(),
    organisationId: p.text(),
    bookId: p.text(),
    name: p.text(),
    revision: p.integer(),
    validFrom: p.date().nullable(),
    validUntil: p.date().nullable(),
    entryCount: p.integer(),
    contentHash: p.text(),
    authorName: p.text(),
    createdAt: p.datetime(),
  },
});
export type LookupTableRow = InferEntity<typeof LookupTableEntity>;

/** What the ORM knows of templates. */
export const templateEntities: readonly EntitySchema[] = [
  MappingTemplateEntity,
  MappingTemplateVersionEntity,
  LookupTableEntity,
];
