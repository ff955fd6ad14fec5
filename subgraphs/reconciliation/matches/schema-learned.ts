import type { FilterQuery } from '@mikro-orm/core';
import { connectionOf, pageArgs, pageOf } from '#kernel/graphql-connection';
import { entity, enumeration, record, type TypeRef } from '#kernel/graphql-types';
import { graph } from '../graph.ts';
import * as shared from '../loaders.ts';
import { MemberStub, VendorStub } from '../references.ts';
import { scope } from '../schema-values.ts';
import { OpenItemType, StatementLineType } from '../statements/schema-lines.ts';
import { DeclinedPairEntity, PayerAliasEntity, type DeclinedPair, type PayerAlias } from './entities.ts';
import * as load from './loaders.ts';
import { MatchType } from './schema-matches.ts';

export const PayerAliasKindType = enumeration(graph, 'PayerAliasKind', {
  description: 'By what a party was recognised.',
  values: { NAME: 'By another name.', ACCOUNT: 'By an account.' },
});

export const PayerAliasType: TypeRef<PayerAlias> = entity<PayerAlias>(graph, 'PayerAlias', {
  description: 'A name or account under which a party pays or is paid, learned from an accepted match.',
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.payerAliasById(context).load(id),
  fields: (t) => ({
    kind: t.field({
      type: PayerAliasKindType,
      description: 'Whether it is a name or an account.',
      resolve: (row) => row.kind as 'NAME',
    }),
    shown: t.exposeString('shown', {
      description: 'The name as the bank wrote it, or the last four characters of the account.',
    }),
    partyLabel: t.exposeString('partyLabel', { description: 'What the party is called in the books.' }),
    vendor: t.field({
      type: VendorStub,
      nullable: true,
      description: 'The vendor, when the party is one.',
      resolve: ({ vendorId }) => (vendorId ? { id: vendorId } : null),
    }),
    match: t.field({
      type: MatchType,
      nullable: true,
      description: 'The match it was learned from.',
      resolve: ({ matchId }, _args, context) => shared.matchById(context).load(matchId),
    }),
    learnedBy: t.field({
      type: MemberStub,
      nullable: true,
      description: 'Who agreed to the match; nobody where its reference alone was proof.',
      resolve: ({ learnedBy }) => (learnedBy ? { id: learnedBy } : null),
    }),
    learnedAt: t.expose('learnedAt', { type: 'DateTime', description: 'When it was learned.' }),
    withdrawnAt: t.expose('withdrawnAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was withdrawn; it is not used from then on, and not learned again.',
    }),
  }),
});

export const DeclinedPairType: TypeRef<DeclinedPair> = record<DeclinedPair>(graph, 'DeclinedPair', {
  description: 'A bank line and an open item that are not suggested together, because somebody said no.',
  scope,
  views: ['partner', 'portal'],
  fields: (t) => ({
    id: t.exposeID('id', { description: 'What withdrawDeclinedPair takes.' }),
    line: t.field({
      type: StatementLineType,
      nullable: true,
      description: 'The line.',
      resolve: ({ lineId }, _args, context) => shared.lineById(context).load(lineId),
    }),
    openItem: t.field({
      type: OpenItemType,
      nullable: true,
      description: 'The item.',
      resolve: ({ openItemId }, _args, context) => shared.openItemById(context).load(openItemId),
    }),
    match: t.field({
      type: MatchType,
      nullable: true,
      description: 'The match that was declined or undone.',
      resolve: ({ matchId }, _args, context) => shared.matchById(context).load(matchId),
    }),
    declinedBy: t.field({
      type: MemberStub,
      nullable: true,
      description: 'Who said so; nobody where the ledger reversed the payment.',
      resolve: ({ declinedBy }) => (declinedBy ? { id: declinedBy } : null),
    }),
    declinedAt: t.expose('declinedAt', { type: 'DateTime', description: 'When.' }),
  }),
});

const bookArg = { required: true, description: 'The book.' } as const;

graph.builder.queryFields((t) => ({
  payerAliases: t.field({
    type: connectionOf(graph, PayerAliasType),
    description: 'What a book has learned of the names and accounts of its parties, the newest first.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: {
      ...pageArgs(t),
      bookId: t.arg.id(bookArg),
      withdrawn: t.arg.boolean({
        defaultValue: false,
        description: 'Those that were withdrawn instead of those in use.',
      }),
    },
    resolve: (_root, args, context) => {
      const where: FilterQuery<PayerAlias> = {
        bookId: args.bookId,
        withdrawnAt: args.withdrawn ? { $ne: null } : null,
      };
      return pageOf(context, PayerAliasEntity, { args, where });
    },
  }),
  declinedPairs: t.field({
    type: connectionOf(graph, DeclinedPairType),
    description: 'Lines and items that are not suggested together any more, the newest lines first.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: { ...pageArgs(t), bookId: t.arg.id(bookArg) },
    resolve: (_root, args, context) => {
      const where: FilterQuery<DeclinedPair> = { bookId: args.bookId };
      return pageOf(context, DeclinedPairEntity, { args, where });
    },
  }),
}));
