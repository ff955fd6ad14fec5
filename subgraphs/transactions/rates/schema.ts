import { dateOf } from '#kernel/calendar';
import { connectionOf, pageArgs, pageOf } from '#kernel/graphql-connection';
import { mutation } from '#kernel/graphql-command';
import { entity, enumeration, record, type TypeRef } from '#kernel/graphql-types';
import { graph } from '../graph.ts';
import { BookType, MemberType } from '../intake/references.ts';
import type { KnownRate } from './choose-rate.ts';
import { ExchangeRateEntity, type ExchangeRate } from './entities.ts';
import { importReferenceRates } from './import-reference-rates.ts';
import * as load from './loaders.ts';
import { setExchangeRate } from './set-exchange-rate.ts';

const { builder } = graph;
const scope = 'transactions:read';

/** Where rates come from, in the graph. */
export const RateSourceEnum = enumeration(graph, 'RateSource', {
  description: 'Where a rate of exchange comes from.',
  values: {
    ECB: 'The euro reference rates of the European Central Bank.',
    MANUAL: 'Set by hand, at least for a part of the way.',
    BANK: 'What the bank said it exchanged at.',
    CARRIED: 'That of the entry whose amount is settled or taken back.',
    DERIVED: 'What follows from the two amounts.',
  },
});

/** A rate with its evidence, in the graph. */
export const ExchangeRateType: TypeRef<KnownRate> = record<KnownRate>(graph, 'ExchangeRate', {
  description: 'What one unit of a currency is worth in another, with the evidence.',
  scope,
  views: ['partner', 'portal'],
  fields: (t) => ({
    rate: t.field({
      type: 'Decimal',
      description: 'Units of the last currency of the path for one unit of the first, exact.',
      resolve: (row) => row.rate,
    }),
    source: t.field({ type: RateSourceEnum, description: 'Its origin.', resolve: (row) => row.source }),
    on: t.field({
      type: 'Date',
      description: 'The day it was made for; the last business day for days on which banks rest.',
      resolve: (row) => row.on,
    }),
    path: t.exposeString('path', { description: 'The way it takes, such as GBP>EUR>USD.' }),
  }),
});

const ManualExchangeRateType: TypeRef<ExchangeRate> = entity<ExchangeRate>(graph, 'ManualExchangeRate', {
  description: 'A rate set by hand for some days; never changed, but followed by newer ones.',
  scope,
  views: ['partner'],
  load: (id, context) => load.exchangeRateById(context).load(id),
  fields: (t) => ({
    from: t.expose('fromCurrency', { type: 'CurrencyCode', description: 'One unit of it has the rate.' }),
    to: t.expose('toCurrency', { type: 'CurrencyCode', description: 'The currency the rate is in.' }),
    rate: t.expose('rate', {
      type: 'Decimal',
      nullable: true,
      description: 'Units of `to`; null gave the days back to the reference rates.',
    }),
    startsOn: t.expose('validFrom', { type: 'Date', description: 'The first day it holds for.' }),
    endsOn: t.expose('validTo', { type: 'Date', description: 'The last day, included.' }),
    reason: t.exposeString('reason', { description: 'Why it was set.' }),
    setBy: t.field({
      type: MemberType,
      nullable: true,
      description: 'Who set it.',
      resolve: (row) => (row.setBy ? { id: row.setBy } : null),
    }),
    setAt: t.expose('setAt', { type: 'DateTime', description: 'When.' }),
    book: t.field({
      type: BookType,
      nullable: true,
      description: 'The only book it holds for; null is all.',
      resolve: (row) => (row.bookId ? { id: row.bookId } : null),
    }),
  }),
});

builder.queryFields((t) => ({
  exchangeRate: t.field({
    type: ExchangeRateType,
    nullable: true,
    description: 'The rate that counts on a day; null when none is known.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: {
      from: t.arg({ type: 'CurrencyCode', required: true, description: 'The currency to value.' }),
      to: t.arg({ type: 'CurrencyCode', required: true, description: 'The currency to value it in.' }),
      on: t.arg({ type: 'Date', description: 'The day; today when left out.' }),
      bookId: t.arg.id({ description: 'In the eyes of this book, which may have rates of its own.' }),
    },
    resolve: (_root, { from, to, on, bookId }, context) =>
      load.rates(context).load(load.rateKey({ from, to, on: on ?? today(), bookId: bookId ?? undefined })),
  }),
  manualExchangeRates: t.field({
    type: connectionOf(graph, ManualExchangeRateType),
    description: 'Rates set by hand, newest first.',
    views: ['partner'],
    authScopes: { scope },
    args: { bookId: t.arg.id({ description: 'Only those of this book.' }), ...pageArgs(t) },
    resolve: (_root, args, context) =>
      pageOf(context, ExchangeRateEntity, { args, where: args.bookId ? { bookId: args.bookId } : {} }),
  }),
}));

mutation(
  graph,
  { ...setExchangeRate, views: ['partner'] },
  {
    exchangeRate: {
      type: ManualExchangeRateType,
      description: 'The rate as it was set.',
      resolve: (result, context) => load.exchangeRateById(context).load(result.exchangeRateId),
    },
  },
);
mutation(
  graph,
  { ...importReferenceRates, views: ['partner'] },
  {
    days: { type: 'Int', description: 'Days in the file.', resolve: (result) => result.days },
    changed: {
      type: 'Int',
      description: 'Days that were new or said more than before.',
      resolve: (result) => result.changed,
    },
  },
);

function today(): string {
  return dateOf(new Date());
}
