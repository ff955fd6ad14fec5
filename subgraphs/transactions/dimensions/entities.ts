import { defineEntity, p, type EntitySchema, type InferEntity } from '@mikro-orm/core';

/** What figures are analysed by beside their account. */
export const DimensionEntity = defineEntity({
  name: 'Dimension',
  tableName: 'dimension',
  properties: {
    id: p.text().primary(),
    organisationId: p.text(),
    bookId: p.text(),
    key: p.text(),
    name: p.text(),
    builtIn: p.boolean(),
    retiredAt: p.datetime().nullable(),
  },
});
export type Dimension = InferEntity<typeof DimensionEntity>;

/** A value of a dimension. */
export const DimensionValueEntity = defineEntity({
  name: 'DimensionValue',
  tableName: 'dimension_value',
  properties: {
    id: p.text().primary(),
    organisationId: p.text(),
    bookId: p.text(),
    dimensionId: p.text(),
    code: p.text(),
    name: p.text(),
    parentId: p.text().nullable(),
    active: p.boolean(),
    validFrom: p.date().nullable(),
    validTo: p.date().nullable(),
  },
});
export type DimensionValue = InferEntity<typeof DimensionValueEntity>;

/** A field the book asks for. */
export const CustomFieldEntity = defineEntity({
  name: 'CustomField',
  tableName: 'custom_field',
  properties: {
    id: p.text().primary(),
    organisationId: p.text(),
    bookId: p.text(),
    key: p.text(),
    label: p.text(),
    type: p.text(),
    level: p.text(),
    required: p.boolean(),
    choices: p.array(),
    retiredAt: p.datetime().nullable(),
  },
});
export type CustomField = InferEntity<typeof CustomFieldEntity>;

/** What the ORM knows of this stage. */
export const dimensionEntities: readonly EntitySchema[] = [
  DimensionEntity,
  DimensionValueEntity,
  CustomFieldEntity,
];
