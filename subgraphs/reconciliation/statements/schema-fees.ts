import { enumeration, record, entity, type TypeRef } from '#kernel/graphql-types';
import { CrossfootError } from '#kernel/errors';
import { isCalendarDate } from '#kernel/calendar';
import { money, subtract, type Money } from '#kernel/money';
import { graph } from '../graph.ts';
import { scope } from '../schema-values.ts';
import { compareFees, totalsOfFees, type ComparedFee, type FeeTotals } from './compare-fees.ts';
import { loadCharged, loadTariffs, mostMembers } from './load-fees.ts';
import { ProcessorTariffEntity, type ProcessorTariff } from './payout-entities.ts';
import * as load from './payout-loaders.ts';
import { PayoutMemberType, PayoutProviderType } from './schema-payouts.ts';

const TariffKindType = enumeration(graph, 'TariffKind', {
  description: 'What a provider takes something of.',
  values: { CHARGE: 'Of sales.', REFUND: 'Of refunds.', CHARGEBACK: 'Of chargebacks.' },
});

const CardRegionType = enumeration(graph, 'CardRegion', {
  description: 'Where a card is from, seen from the country that is domestic.',
  values: {
    DOMESTIC: 'From that country.',
    EEA: 'From another country of the European Economic Area.',
    INTERNATIONAL: 'From elsewhere.',
  },
});

const FeeOutcomeType = enumeration(graph, 'FeeOutcome', {
  description: 'How a fee compares with what was agreed.',
  values: {
    AGREES: 'It is what was agreed, but for rounding.',
    DIFFERS: 'It is something else.',
    UNKNOWN: 'Nothing was agreed for it.',
  },
});

export const ProcessorTariffType: TypeRef<ProcessorTariff> = entity<ProcessorTariff>(
  graph,
  'ProcessorTariff',
  {
    description: 'What was agreed that a payment provider takes.',
    scope,
    views: ['partner'],
    load: (id, context) => load.tariffById(context).load(id),
    fields: (t) => ({
      provider: t.field({
        type: PayoutProviderType,
        description: 'The provider.',
        resolve: (row) => row.provider as 'STRIPE',
      }),
      kind: t.field({
        type: TariffKindType,
        description: 'Of what it is taken.',
        resolve: (row) => row.kind as 'CHARGE',
      }),
      method: t.exposeString('method', {
        nullable: true,
        description: 'Only of this method; nothing: of all others.',
      }),
      region: t.field({
        type: CardRegionType,
        nullable: true,
        description: 'Only of cards from there; nothing: of all others.',
        resolve: (row) => row.region as 'EEA' | null,
      }),
      homeCountry: t.exposeString('homeCountry', {
        nullable: true,
        description: 'The country that is domestic.',
      }),
      percent: t.field({
        type: 'Decimal',
        description: 'Of the gross amount.',
        resolve: (row) => row.percent,
      }),
      fixed: t.field({
        type: graph.money,
        description: 'For each movement, besides.',
        resolve: (row) => money(row.fixedMinor, row.currency),
      }),
      startsOn: t.expose('startsOn', { type: 'Date', description: 'Its first day.' }),
      endsOn: t.expose('endsOn', {
        type: 'Date',
        nullable: true,
        description: 'Its last day, if it has one.',
      }),
    }),
  },
);

const FeeTotalsType: TypeRef<FeeTotals> = record<FeeTotals>(graph, 'FeeTotals', {
  description: 'What fees come to in one currency; costs are positive.',
  scope,
  views: ['partner'],
  fields: (t) => ({
    charged: t.field({ type: graph.money, description: 'What was taken.', resolve: (row) => row.charged }),
    expected: t.field({
      type: graph.money,
      description: 'What should have been taken, of what a tariff is known for.',
      resolve: (row) => row.expected,
    }),
    difference: t.field({
      type: graph.money,
      description: 'What was taken beyond what was agreed; negative for less.',
      resolve: (row) => row.difference,
    }),
    agreeing: t.exposeInt('agreeing', { description: 'How many fees are as agreed.' }),
    differing: t.exposeInt('differing', { description: 'How many are not.' }),
    unknown: t.exposeInt('unknown', { description: 'For how many nothing was agreed.' }),
  }),
});

const FeeDifferenceType: TypeRef<ComparedFee> = record<ComparedFee>(graph, 'FeeDifference', {
  description: 'A fee that is not as agreed; costs are positive.',
  scope,
  views: ['partner'],
  fields: (t) => ({
    member: t.field({
      type: PayoutMemberType,
      nullable: true,
      description: 'The movement of which it was taken.',
      resolve: (row, _args, context) => load.payoutMemberById(context).load(row.memberId),
    }),
    outcome: t.field({
      type: FeeOutcomeType,
      description: 'What is the matter.',
      resolve: (row) => row.outcome,
    }),
    charged: t.field({ type: graph.money, description: 'What was taken.', resolve: (row) => row.charged }),
    expected: t.field({
      type: graph.money,
      nullable: true,
      description: 'What should have been taken.',
      resolve: (row) => row.expected ?? null,
    }),
    difference: t.field({
      type: graph.money,
      nullable: true,
      description: 'What was taken beyond what was agreed; negative for less.',
      resolve: (row): Money | null => (row.expected ? subtract(row.charged, row.expected) : null),
    }),
    tariff: t.field({
      type: ProcessorTariffType,
      nullable: true,
      description: 'What was agreed.',
      resolve: (row, _args, context) => (row.tariffId ? load.tariffById(context).load(row.tariffId) : null),
    }),
  }),
});

interface FeeReconciliation {
  readonly fees: readonly ComparedFee[];
}

const FeeReconciliationType: TypeRef<FeeReconciliation> = record<FeeReconciliation>(
  graph,
  'FeeReconciliation',
  {
    description: 'What a payment provider took, held against what was agreed with it.',
    scope,
    views: ['partner'],
    fields: (t) => ({
      totals: t.field({
        type: [FeeTotalsType],
        description: 'What fees come to, in each currency.',
        resolve: ({ fees }) => totalsOfFees(fees),
      }),
      differences: t.field({
        type: [FeeDifferenceType],
        description: 'The fees that are not as agreed or for which nothing was agreed, the oldest first.',
        args: { first: t.arg.int({ defaultValue: 100, description: 'At most so many, up to 1000.' }) },
        resolve: ({ fees }, { first }) =>
          fees
            .filter(({ outcome }) => outcome !== 'AGREES')
            .slice(0, Math.min(Math.max(first ?? 100, 0), 1000)),
      }),
    }),
  },
);

graph.builder.queryFields((t) => ({
  processorTariffs: t.field({
    type: [ProcessorTariffType],
    description: 'What was agreed with payment providers, the latest first.',
    views: ['partner'],
    authScopes: { scope },
    args: {
      bookId: t.arg.id({ required: true, description: 'The book.' }),
      provider: t.arg({ type: PayoutProviderType, description: 'Only with this provider.' }),
    },
    resolve: async (_root, { bookId, provider }, context) =>
      (await context.read()).find(
        ProcessorTariffEntity,
        { bookId, ...(provider ? { provider } : {}) },
        { orderBy: { startsOn: 'desc', id: 'desc' }, limit: 500 },
      ),
  }),
  feeReconciliation: t.field({
    type: FeeReconciliationType,
    description: 'What payment providers took in some days, held against what was agreed with them.',
    views: ['partner'],
    authScopes: { scope },
    args: {
      bookId: t.arg.id({ required: true, description: 'The book.' }),
      provider: t.arg({ type: PayoutProviderType, description: 'Only this provider.' }),
      from: t.arg({ type: 'Date', required: true, description: 'The first day.' }),
      to: t.arg({ type: 'Date', required: true, description: 'The last day.' }),
    },
    resolve: async (_root, { bookId, provider, from, to }, context) => {
      if (!isCalendarDate(from) || !isCalendarDate(to) || to < from)
        throw new CrossfootError('DATE_INVALID', 'The last day is before the first', { path: ['to'] });
      const ask = <Row extends object>(sql: string, values: readonly unknown[]) =>
        context.sql<Row>(sql, values);
      const members = await loadCharged(ask, { bookId, provider: provider ?? undefined, from, to });
      if (members.length === mostMembers) {
        const message = `These days have more than ${mostMembers} movements; ask for fewer days`;
        throw new CrossfootError('FIELD_INVALID', message, { path: ['to'] });
      }
      return { fees: compareFees(members, await loadTariffs(ask, bookId, provider ?? undefined)) };
    },
  }),
}));
