import type { FilterQuery } from '@mikro-orm/core';
import type { PostalAddress } from '#kernel/events';
import { connectionOf, pageArgs, pageOf } from '#kernel/graphql-connection';
import { mutation } from '#kernel/graphql-command';
import { entity, enumeration, record, type TypeRef } from '#kernel/graphql-types';
import { activateVendor } from './activate-vendor.ts';
import { addVendorAlias } from './add-vendor-alias.ts';
import { addVendorBankDetail } from './add-vendor-bank-detail.ts';
import { blockVendor } from './block-vendor.ts';
import {
  VendorEntity,
  type Vendor,
  type VendorAlias,
  type VendorBankDetail,
  type VendorIdentifier,
} from './entities.ts';
import { graph } from './graph.ts';
import * as load from './loaders.ts';
import { registerVendor } from './register-vendor.ts';
import { updateVendor } from './update-vendor.ts';

const { builder } = graph;

/** The right without which nothing here is answered. */
export const scope = 'vendors:read';

const VendorStatusType = enumeration(graph, 'VendorStatus', {
  description: 'How far a vendor is trusted.',
  values: {
    PROPOSED: 'Taken from a document; somebody should confirm it.',
    ACTIVE: 'In business with us.',
    BLOCKED: 'No business; its documents are not recognised as its own.',
  },
});

/** A vendor with all that is known of it. */
export const VendorType: TypeRef<Vendor> = entity<Vendor>(graph, 'Vendor', {
  description: 'Somebody the organisation buys from or sells to.',
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.vendorById(context).load(id),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    status: t.field({
      type: VendorStatusType,
      description: 'How far it is trusted.',
      resolve: (row) => row.status as 'ACTIVE',
    }),
    taxId: t.exposeString('taxId', { nullable: true, description: 'VAT or tax number.' }),
    country: t.exposeString('country', { nullable: true, description: 'ISO 3166 code.' }),
    address: t.field({
      type: PostalAddressType,
      nullable: true,
      description: 'Where it is, beside the country.',
      views: ['partner'],
      resolve: (row) => row.address,
    }),
    currency: t.expose('currency', {
      type: 'CurrencyCode',
      nullable: true,
      description: 'The currency it bills in.',
    }),
    paymentTermsDays: t.exposeInt('paymentTermsDays', {
      description: 'Days from invoice to payment, in days.',
    }),
    email: t.exposeString('email', { nullable: true, description: 'Address for questions.' }),
    defaultAccountCode: t.exposeString('defaultAccountCode', {
      nullable: true,
      description: 'Where its documents are booked to.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was registered.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it was last changed.' }),
    identifiers: t.field({
      type: [VendorIdentifierType],
      description: 'Further numbers it is known by.',
      resolve: (row, _args, context) => load.identifiersByVendor(context).load(row.id),
    }),
    aliases: t.field({
      type: [VendorAliasType],
      description: 'Other spellings of its name.',
      resolve: (row, _args, context) => load.aliasesByVendor(context).load(row.id),
    }),
    bankDetails: t.field({
      type: [VendorBankDetailType],
      description: 'Its accounts, by their last four characters.',
      views: ['partner'],
      resolve: (row, _args, context) => load.bankDetailsByVendor(context).load(row.id),
    }),
  }),
});

const PostalAddressType: TypeRef<PostalAddress> = record<PostalAddress>(graph, 'PostalAddress', {
  description: 'Where somebody is, in the parts that banks ask for.',
  scope,
  views: ['partner'],
  fields: (t) => ({
    street: t.string({ nullable: true, description: 'The street.', resolve: (row) => row.street }),
    buildingNumber: t.string({
      nullable: true,
      description: 'The number of the house.',
      resolve: (row) => row.buildingNumber,
    }),
    postalCode: t.string({ nullable: true, description: 'The post code.', resolve: (row) => row.postalCode }),
    town: t.exposeString('town', { description: 'The town.' }),
  }),
});

const VendorIdentifierType: TypeRef<VendorIdentifier> = record<VendorIdentifier>(graph, 'VendorIdentifier', {
  description: 'A number a vendor is known by.',
  scope,
  views: ['partner', 'portal'],
  fields: (t) => ({
    scheme: t.exposeString('scheme', { description: 'What kind of number, for example GLN.' }),
    value: t.exposeString('value', { description: 'The number.' }),
  }),
});

const VendorAliasType: TypeRef<VendorAlias> = record<VendorAlias>(graph, 'VendorAlias', {
  description: "Another spelling of a vendor's name.",
  scope,
  views: ['partner', 'portal'],
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The spelling.' }),
    source: t.exposeString('source', { description: 'Where it was learnt: registered or taught.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was learnt.' }),
  }),
});

const VendorBankDetailType: TypeRef<VendorBankDetail> = record<VendorBankDetail>(graph, 'VendorBankDetail', {
  description: 'An account of a vendor, as far as it is shown.',
  scope,
  views: ['partner'],
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Opaque.' }),
    lastFour: t.exposeString('lastFour', { description: 'The last four characters of the account.' }),
    bic: t.exposeString('bic', { nullable: true, description: 'The bank.' }),
    holder: t.exposeString('holder', { nullable: true, description: 'In whose name it is.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was added.' }),
  }),
});

builder.queryFields((t) => ({
  vendor: t.field({
    type: VendorType,
    nullable: true,
    description: 'One vendor.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (_root, args, context) => load.vendorById(context).load(args.id),
  }),
  vendors: t.field({
    type: connectionOf(graph, VendorType),
    description: 'The vendors, newest first.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: {
      ...pageArgs(t),
      search: t.arg.string({ description: 'A part of the name.' }),
      status: t.arg({ type: VendorStatusType, description: 'Only those with this status.' }),
    },
    resolve: (_root, args, context) => {
      const where: FilterQuery<Vendor> = {
        ...(args.search ? { name: { $ilike: `%${args.search.replace(/[%_\\]/g, '\\$&')}%` } } : {}),
        ...(args.status ? { status: args.status } : {}),
      };
      return pageOf(context, VendorEntity, { args, where });
    },
  }),
}));

const vendorPayload = {
  vendor: {
    type: VendorType,
    description: 'The vendor.',
    resolve: (result: { vendorId: string }, context: Parameters<typeof load.vendorById>[0]) =>
      load.vendorById(context).load(result.vendorId),
  },
};
for (const one of [registerVendor, updateVendor, addVendorAlias, addVendorBankDetail]) {
  mutation(graph, { ...(one as typeof blockVendor), views: ['partner'] }, vendorPayload);
}
// Whom the organisation trusts is decided inside.
mutation(graph, blockVendor, vendorPayload);
mutation(graph, activateVendor, vendorPayload);
