import { connectionOf, pageArgs } from '#kernel/graphql-connection';
import { entity, enumeration, record, type TypeRef } from '#kernel/graphql-types';
import { money } from '#kernel/money';
import { pageOfParent } from '#kernel/pages-of-parents';
import { fromWire } from '#kernel/wire-money';
import { graph } from '../graph.ts';
import { openItemById } from '../loaders.ts';
import { BookStub } from '../references.ts';
import { moneyOrNull, scope } from '../schema-values.ts';
import { PayoutMemberEntity, type Payout, type PayoutMember, type StoredFee } from './payout-entities.ts';
import * as load from './payout-loaders.ts';
import { OpenItemType } from './schema-lines.ts';

export const PayoutProviderType = enumeration(graph, 'PayoutProvider', {
  description: 'A payment provider whose reports are read.',
  values: {
    STRIPE: 'Stripe.',
    ADYEN: 'Adyen.',
    PAYPAL: 'PayPal.',
    SQUARE: 'Square.',
    SHOPIFY: 'Shopify Payments.',
    AMAZON: 'Amazon Pay and marketplaces.',
  },
});

export const PayoutMemberKindType = enumeration(graph, 'PayoutMemberKind', {
  description: 'What moved money within a payout.',
  values: {
    CHARGE: 'A customer paid.',
    REFUND: 'A customer got money back.',
    FEE: 'The provider took something for itself.',
    CHARGEBACK: "A customer's bank took money back, or gave it again.",
    ADJUSTMENT: 'The provider corrected something.',
    RESERVE: 'Money was held back or set free, or carried from one payout to the next.',
    TAX: 'Tax on fees, or tax that the provider pays for us.',
    CONVERSION: 'One currency was exchanged for another.',
    OTHER: 'Something else.',
  },
});

export const PayoutDetailType = enumeration(graph, 'PayoutDetail', {
  description: 'How much is known of what a payout is made of.',
  values: {
    ITEMS: 'Each movement.',
    SUMMARY: 'Totals of each kind.',
    NONE: 'Nothing but its amount.',
  },
});

export const PayoutType: TypeRef<Payout> = entity<Payout>(graph, 'Payout', {
  description: 'What a payment provider pays out to a bank account, as its reports tell it.',
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.payoutById(context).load(id),
  fields: (t) => ({
    provider: t.field({
      type: PayoutProviderType,
      description: 'The provider.',
      resolve: (row) => row.provider as 'STRIPE',
    }),
    reference: t.exposeString('reference', { description: "The provider's own id." }),
    merchant: t.exposeString('merchant', { nullable: true, description: 'The account at the provider.' }),
    amount: t.field({
      type: graph.money,
      description: 'What goes to the bank; negative when the provider collects.',
      resolve: (row) => money(row.minor, row.currency),
    }),
    initiatedOn: t.expose('initiatedOn', {
      type: 'Date',
      nullable: true,
      description: 'The day it was sent.',
    }),
    arrivesOn: t.expose('arrivesOn', {
      type: 'Date',
      nullable: true,
      description: 'The day it is to reach the bank.',
    }),
    failed: t.exposeBoolean('failed', {
      description: 'Whether the provider says that it never arrived or was called back.',
    }),
    detail: t.field({
      type: PayoutDetailType,
      description: 'How much is known of what it is made of.',
      resolve: (row) => row.detail as 'ITEMS',
    }),
    complete: t.exposeBoolean('complete', { description: 'Whether its members come to its amount.' }),
    memberCount: t.exposeInt('memberCount', { description: 'How many members are known.' }),
    totals: t.field({
      type: [PayoutTotalType],
      description: 'What its members come to, by kind and currency.',
      resolve: (row, _args, context) => load.totalsByPayout(context).load(row.id),
    }),
    members: t.field({
      type: connectionOf(graph, PayoutMemberType),
      description: 'What it is made of, in the order of the report.',
      args: pageArgs(t),
      resolve: (row, args, context) =>
        pageOfParent(context, PayoutMemberEntity, {
          args,
          column: 'payoutId',
          parent: row.id,
          direction: 'asc',
        }),
    }),
    book: t.field({
      type: BookStub,
      nullable: true,
      description: 'The book.',
      resolve: (row) => ({ id: row.bookId }),
    }),
    reportedAt: t.expose('reportedAt', { type: 'DateTime', description: 'When it was first reported.' }),
    changedAt: t.expose('changedAt', { type: 'DateTime', description: 'When a report last changed it.' }),
  }),
});

const PayoutTotalType: TypeRef<load.PayoutTotal> = record<load.PayoutTotal>(graph, 'PayoutTotal', {
  description: 'What the members of one kind come to, in one currency.',
  scope,
  views: ['partner', 'portal'],
  fields: (t) => ({
    kind: t.field({
      type: PayoutMemberKindType,
      description: 'The kind.',
      resolve: (row) => row.kind as 'CHARGE',
    }),
    count: t.exposeInt('count', { description: 'How many.' }),
    gross: t.field({ type: graph.money, description: 'Before fees.', resolve: (row) => row.gross }),
    fee: t.field({ type: graph.money, description: 'What was kept.', resolve: (row) => row.fee }),
    net: t.field({ type: graph.money, description: 'What is left.', resolve: (row) => row.net }),
  }),
});

const PayoutFeeType: TypeRef<StoredFee> = record<StoredFee>(graph, 'PayoutFee', {
  description: 'A part of what the provider kept of a movement.',
  scope,
  views: ['partner', 'portal'],
  fields: (t) => ({
    kind: t.field({
      type: PayoutMemberKindType,
      description: 'A fee, or the tax on it.',
      resolve: (row) => row.kind as 'FEE',
    }),
    label: t.exposeString('label', { description: 'What the provider calls it.' }),
    amount: t.field({
      type: graph.money,
      description: 'Negative for a cost.',
      resolve: (row) => fromWire(row.amount),
    }),
  }),
});

export const PayoutMemberType: TypeRef<PayoutMember> = entity<PayoutMember>(graph, 'PayoutMember', {
  description: 'A movement that a payout is made of; gross and fee are net.',
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.payoutMemberById(context).load(id),
  fields: (t) => ({
    kind: t.field({
      type: PayoutMemberKindType,
      description: 'What it is.',
      resolve: (row) => row.kind as 'CHARGE',
    }),
    type: t.exposeString('type', { description: 'What the provider calls it.' }),
    gross: t.field({
      type: graph.money,
      description: 'Before fees.',
      resolve: (row) => money(row.grossMinor, row.currency),
    }),
    fee: t.field({
      type: graph.money,
      description: 'What was kept; negative for a cost.',
      resolve: (row) => money(row.feeMinor, row.currency),
    }),
    net: t.field({
      type: graph.money,
      description: 'What is left.',
      resolve: (row) => money(row.netMinor, row.currency),
    }),
    fees: t.field({
      type: [PayoutFeeType],
      description: 'The parts of the fee, where the report tells them apart.',
      resolve: (row) => row.fees,
    }),
    original: t.field({
      type: graph.money,
      nullable: true,
      description: 'What the customer paid in another currency.',
      resolve: ({ originalMinor, originalCurrency, currency }) =>
        moneyOrNull(originalMinor, originalCurrency ?? currency),
    }),
    exchangeRate: t.expose('exchangeRate', {
      type: 'Decimal',
      nullable: true,
      description: 'By which it was exchanged, as the report says it.',
    }),
    references: t.field({
      type: ['String'],
      description: 'Orders, invoices and charges it names.',
      resolve: (row) => row.refs,
    }),
    method: t.exposeString('method', { nullable: true, description: 'How the customer paid.' }),
    country: t.exposeString('country', { nullable: true, description: 'The country of the card.' }),
    occurredOn: t.expose('occurredOn', { type: 'Date', nullable: true, description: 'The day it happened.' }),
    description: t.exposeString('description', {
      nullable: true,
      description: 'What the report says of it.',
    }),
    payout: t.field({
      type: PayoutType,
      nullable: true,
      description: 'The payout.',
      resolve: (row, _args, context) => load.payoutById(context).load(row.payoutId),
    }),
    openItem: t.field({
      type: OpenItemType,
      nullable: true,
      description: 'The open item it is a payment of, once one is found.',
      resolve: (row, _args, context) => (row.openItemId ? openItemById(context).load(row.openItemId) : null),
    }),
  }),
});
