import type { Context } from '#kernel/context';
import { mutation } from '#kernel/graphql-command';
import { connectionOf, pageArgs, pageOf } from '#kernel/graphql-connection';
import { entity, enumeration, record, type TypeRef } from '#kernel/graphql-types';
import { graph } from '../graph.ts';
import type { Dimensions, Fields } from './catalogue.ts';
import { changeDimensionValue } from './change-dimension-value.ts';
import { createDimension } from './create-dimension.ts';
import { createDimensionValue } from './create-dimension-value.ts';
import { defineCustomField } from './define-custom-field.ts';
import { DimensionValueEntity, type CustomField, type Dimension, type DimensionValue } from './entities.ts';
import * as load from './loaders.ts';
import { retireCustomField } from './retire-custom-field.ts';
import { retireDimension } from './retire-dimension.ts';

const scope = 'transactions:read';

const FieldTypeEnum = enumeration(graph, 'CustomFieldType', {
  description: 'What values a custom field takes.',
  values: {
    TEXT: 'Any text of up to 500 characters.',
    NUMBER: 'A plain decimal number.',
    DATE: 'A day, YYYY-MM-DD.',
    CHOICE: 'One of its choices.',
  },
});

const FieldLevelEnum = enumeration(graph, 'CustomFieldLevel', {
  description: 'When a custom field is asked for.',
  values: {
    DOCUMENT: 'When a document is captured; its entry carries it on.',
    ENTRY: 'When an entry is drafted or made by hand.',
  },
});

/** What figures are analysed by beside their account; intake adds its book. */
export const DimensionType: TypeRef<Dimension> = entity<Dimension>(graph, 'Dimension', {
  description: 'What figures are analysed by beside their account, such as cost centre or project.',
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.dimensionById(context).load(id),
  fields: (t) => ({
    key: t.exposeString('key', { description: 'How inputs and tags call it, such as costCentre.' }),
    name: t.exposeString('name', { description: 'How people call it.' }),
    builtIn: t.exposeBoolean('builtIn', { description: 'Whether every book has it.' }),
    active: t.boolean({
      description: 'Whether it is in use; a retired one stays on what carries it.',
      resolve: (row) => row.retiredAt === null,
    }),
  }),
});

/** A value of a dimension. */
export const DimensionValueType: TypeRef<DimensionValue> = entity<DimensionValue>(graph, 'DimensionValue', {
  description: 'A value of a dimension, such as one cost centre.',
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.dimensionValueById(context).load(id),
  fields: (t) => ({
    code: t.exposeString('code', { description: 'How lines and tags call it; it never changes.' }),
    name: t.exposeString('name', { description: 'How people call it.' }),
    active: t.exposeBoolean('active', { description: 'Whether new lines may carry it.' }),
    startsOn: t.expose('validFrom', {
      type: 'Date',
      nullable: true,
      description: 'The first day lines may carry it.',
    }),
    endsOn: t.expose('validTo', {
      type: 'Date',
      nullable: true,
      description: 'The last day lines may carry it.',
    }),
    dimension: t.field({
      type: DimensionType,
      nullable: true,
      description: 'The dimension it is a value of.',
      resolve: (row, _args, context) => load.dimensionById(context).load(row.dimensionId),
    }),
    parent: t.field({
      type: DimensionValueType,
      nullable: true,
      description: 'The value it is a part of.',
      resolve: (row, _args, context) =>
        row.parentId ? load.dimensionValueById(context).load(row.parentId) : null,
    }),
  }),
});

const CustomFieldType: TypeRef<CustomField> = entity<CustomField>(graph, 'CustomField', {
  description: 'A field the book asks for beside those every document and entry has.',
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.customFieldById(context).load(id),
  fields: (t) => ({
    key: t.exposeString('key', { description: 'How inputs and tags call it.' }),
    label: t.exposeString('label', { description: 'How people call it.' }),
    type: t.field({
      type: FieldTypeEnum,
      description: 'What values it takes.',
      resolve: (row) => row.type as 'TEXT',
    }),
    level: t.field({
      type: FieldLevelEnum,
      description: 'When it is asked for.',
      resolve: (row) => row.level as 'DOCUMENT',
    }),
    required: t.exposeBoolean('required', { description: 'Whether it must be there.' }),
    choices: t.field({
      type: ['String'],
      description: 'What a CHOICE chooses from.',
      resolve: (row) => row.choices,
    }),
    active: t.boolean({ description: 'Whether it is asked for.', resolve: (row) => row.retiredAt === null }),
  }),
});

/** A dimension of a line with its code. */
export interface Tag {
  readonly bookId: string;
  readonly dimension: string;
  readonly code: string;
}

/** A dimension of a line, a document or an entry with its code. */
export const TagType: TypeRef<Tag> = record<Tag>(graph, 'DimensionTag', {
  description: 'A dimension of something with the code of its value.',
  scope,
  views: ['partner', 'portal'],
  fields: (t) => ({
    dimension: t.exposeString('dimension', { description: 'The key of the dimension.' }),
    code: t.exposeString('code', { description: 'The code of its value.' }),
    value: t.field({
      type: DimensionValueType,
      nullable: true,
      description: 'The value; none while a document in quarantine says something nobody knows.',
      resolve: (tag, _args, context) => load.valueOfCode(context, tag),
    }),
  }),
});

/** The value of a custom field. */
export const FieldValueType = record<{ readonly key: string; readonly value: string }>(
  graph,
  'CustomFieldValue',
  {
    description: 'The value of a custom field.',
    scope,
    views: ['partner', 'portal'],
    fields: (t) => ({
      key: t.exposeString('key', { description: 'The key of the field.' }),
      value: t.exposeString('value', {
        description: 'Its value as text: a decimal number, a day YYYY-MM-DD, a choice.',
      }),
    }),
  },
);

/** The dimensions of a row of a book as tags, in the order of their keys. */
export function tagsOf(bookId: string, dimensions: Dimensions): Tag[] {
  return Object.entries(dimensions)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([dimension, code]) => ({ bookId, dimension, code }));
}

/** The custom fields of a row, in the order of their keys. */
export function fieldValuesOf(fields: Fields): { key: string; value: string }[] {
  return Object.entries(fields)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => ({ key, value }));
}

const bookIdArg = { required: true, description: 'The book.' } as const;

graph.builder.queryFields((t) => ({
  dimensions: t.field({
    type: [DimensionType],
    description: 'The dimensions of a book, retired ones included.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: { bookId: t.arg.id(bookIdArg) },
    resolve: (_root, args, context) => load.dimensionsByBook(context).load(args.bookId),
  }),
  dimensionValues: t.field({
    type: connectionOf(graph, DimensionValueType),
    description: 'The values of a dimension, in the order of their codes.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: {
      dimensionId: t.arg.id({ required: true, description: 'The dimension.' }),
      active: t.arg.boolean({ description: 'Only those new lines may carry, or only the others.' }),
      ...pageArgs(t),
    },
    resolve: (_root, args, context) =>
      pageOf(context, DimensionValueEntity, {
        args,
        by: 'code',
        direction: 'asc',
        where: {
          dimensionId: args.dimensionId,
          ...(typeof args.active === 'boolean' ? { active: args.active } : {}),
        },
      }),
  }),
  customFields: t.field({
    type: [CustomFieldType],
    description: 'The custom fields of a book, retired ones included.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: { bookId: t.arg.id(bookIdArg) },
    resolve: (_root, args, context) => load.customFieldsByBook(context).load(args.bookId),
  }),
}));

const dimensionPayload = {
  dimension: {
    type: DimensionType,
    description: 'The dimension as it is now.',
    resolve: ({ dimensionId }: { dimensionId: string }, context: Context) =>
      load.dimensionById(context).load(dimensionId),
  },
};
mutation(graph, createDimension, dimensionPayload);
mutation(graph, retireDimension, dimensionPayload);

const valuePayload = {
  dimensionValue: {
    type: DimensionValueType,
    description: 'The value as it is now.',
    resolve: ({ dimensionValueId }: { dimensionValueId: string }, context: Context) =>
      load.dimensionValueById(context).load(dimensionValueId),
  },
};
mutation(graph, createDimensionValue, valuePayload);
mutation(graph, changeDimensionValue, valuePayload);

const fieldPayload = {
  customField: {
    type: CustomFieldType,
    description: 'The field as it is now.',
    resolve: ({ customFieldId }: { customFieldId: string }, context: Context) =>
      load.customFieldById(context).load(customFieldId),
  },
};
mutation(graph, defineCustomField, fieldPayload);
mutation(graph, retireCustomField, fieldPayload);
