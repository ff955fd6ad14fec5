import { defineEntity, p, type EntitySchema, type InferEntity } from '@mikro-orm/core';
import { templateEntities } from './template-entities.ts';

/** A rule by which documents find their account. */
export const MappingRuleEntity = defineEntity({
  name: 'MappingRule',
  tableName: 'mapping_rule',
  properties: {
    id: p.text().primary(),
    organisationId: p.text(),
    bookId: p.text(),
    name: p.text(),
    priority: p.integer(),
    active: p.boolean(),
    vendorNameContains: p.text().nullable(),
    category: p.text().nullable(),
    documentKind: p.text().nullable(),
    accountCode: p.text(),
    taxAccountCode: p.text().nullable(),
    createdAt: p.datetime(),
    retiredAt: p.datetime().nullable(),
  },
});
export type MappingRuleRow = InferEntity<typeof MappingRuleEntity>;

/** What the ORM knows of this stage. */
export const classificationEntities: readonly EntitySchema[] = [MappingRuleEntity, ...templateEntities];
