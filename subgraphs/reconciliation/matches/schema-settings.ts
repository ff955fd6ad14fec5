import { fraction } from '#kernel/basis-points';
import { record, type TypeRef } from '#kernel/graphql-types';
import { money } from '#kernel/money';
import { graph } from '../graph.ts';
import { never, type CalibratedBand, type Calibration, calibrate } from '../matching/calibrate.ts';
import { shippedThreshold } from '../matching/match.ts';
import { MemberStub, VendorStub } from '../references.ts';
import { scope } from '../schema-values.ts';
import { loadHistory, loadSettings, type DifferenceTolerance, type MatchingSettings } from './policy.ts';

export const DifferenceToleranceType: TypeRef<DifferenceTolerance> = record<DifferenceTolerance>(
  graph,
  'DifferenceTolerance',
  {
    description: 'What a payment may differ from what is open without anybody being asked.',
    scope,
    views: ['partner', 'portal'],
    fields: (t) => ({
      vendor: t.field({
        type: VendorStub,
        nullable: true,
        description: 'The vendor it is for; null for everybody without one of their own.',
        resolve: ({ vendorId }) => (vendorId ? { id: vendorId } : null),
      }),
      most: t.field({
        type: graph.money,
        description: 'The largest difference, either way.',
        resolve: ({ mostMinor, currency }) => money(mostMinor, currency),
      }),
      mostShare: t.field({
        type: 'Decimal',
        description: 'The largest part of what is open, from 0 to 1.',
        resolve: ({ mostShare }) => fraction(mostShare),
      }),
      accountCode: t.exposeString('accountCode', { description: 'The account it books to.' }),
    }),
  },
);

export const MatchingSettingsType: TypeRef<MatchingSettings> = record<MatchingSettings>(
  graph,
  'MatchingSettings',
  {
    description: 'What a book matches by itself.',
    scope,
    views: ['partner', 'portal'],
    fields: (t) => ({
      automatic: t.exposeBoolean('automatic', {
        description: 'Whether anything is accepted without a person.',
      }),
      precisionTarget: t.field({
        type: 'Decimal',
        description: 'The share of automatic matches that has to be right.',
        resolve: ({ precisionTarget }) => fraction(precisionTarget),
      }),
      differenceTolerances: t.field({
        type: [DifferenceToleranceType],
        description: 'What may differ, the rule for everybody first.',
        resolve: ({ tolerances }) => [...tolerances],
      }),
      changedBy: t.field({
        type: MemberStub,
        nullable: true,
        description: 'Who changed it last; null while nobody has.',
        resolve: ({ changedBy }) => (changedBy ? { id: changedBy } : null),
      }),
      changedAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When it was changed last.',
        resolve: ({ changedAt }) => changedAt ?? null,
      }),
    }),
  },
);

interface MethodCalibration extends Calibration {
  readonly method: string;
}

export const CalibrationBandType: TypeRef<CalibratedBand> = record<CalibratedBand>(graph, 'CalibrationBand', {
  description: 'What became of the matches of which the matcher was about equally sure.',
  scope,
  views: ['partner', 'portal'],
  fields: (t) => ({
    from: t.field({
      type: 'Decimal',
      description: "The least of the matcher's own confidence, from 0 to 1.",
      resolve: ({ band }) => fraction(band),
    }),
    to: t.field({ type: 'Decimal', description: 'Up to where it goes.', resolve: ({ to }) => fraction(to) }),
    confirmed: t.exposeInt('confirmed', { description: 'People agreed.' }),
    stood: t.exposeInt('stood', { description: 'Accepted without a person and not taken back.' }),
    declined: t.exposeInt('declined', { description: 'People said no.' }),
    undone: t.exposeInt('undone', { description: 'Accepted and taken back.' }),
    probability: t.field({
      type: 'Decimal',
      description: 'The chance that such a match is right, by all of this.',
      resolve: ({ probability }) => fraction(probability),
    }),
  }),
});

export const MethodCalibrationType: TypeRef<MethodCalibration> = record<MethodCalibration>(
  graph,
  'MethodCalibration',
  {
    description: 'What a book has learned of one way of matching.',
    scope,
    views: ['partner', 'portal'],
    fields: (t) => ({
      method: t.exposeString('method', { description: 'The way of matching, for example reference.' }),
      automaticFrom: t.field({
        type: 'Decimal',
        nullable: true,
        description:
          "The least of the matcher's own confidence with which such a match stands alone; null when none does.",
        resolve: ({ automaticFrom }) => (automaticFrom === never ? null : fraction(automaticFrom)),
      }),
      reason: t.exposeString('reason', { description: 'Why it is there.' }),
      bands: t.field({
        type: [CalibrationBandType],
        description: 'How reliable it was, by how sure the matcher was, the least sure first.',
        resolve: ({ bands }) => [...bands],
      }),
    }),
  },
);

interface MatchingCalibration {
  readonly settings: MatchingSettings;
  readonly methods: readonly MethodCalibration[];
}

export const MatchingCalibrationType: TypeRef<MatchingCalibration> = record<MatchingCalibration>(
  graph,
  'MatchingCalibration',
  {
    description:
      "How sure the matcher has to be of a match that stands alone, by the book's own confirmed, declined and undone matches.",
    scope,
    views: ['partner', 'portal'],
    fields: (t) => ({
      shippedThreshold: t.field({
        type: 'Decimal',
        description: 'From where the matcher acts alone in a book without history.',
        resolve: () => fraction(shippedThreshold),
      }),
      precisionTarget: t.field({
        type: 'Decimal',
        description: 'What has to be proven, with 95 %.',
        resolve: ({ settings }) => fraction(settings.precisionTarget),
      }),
      methods: t.field({
        type: [MethodCalibrationType],
        description: 'The ways of matching this book has decided on.',
        resolve: ({ methods }) => [...methods],
      }),
    }),
  },
);

const bookArg = { required: true, description: 'The book.' } as const;

graph.builder.queryFields((t) => ({
  matchingSettings: t.field({
    type: MatchingSettingsType,
    description: 'What a book matches by itself; what is usual where nobody has set anything.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: { bookId: t.arg.id(bookArg) },
    resolve: (_root, { bookId }, context) => loadSettings(context.sql, bookId),
  }),
  matchingCalibration: t.field({
    type: MatchingCalibrationType,
    description: 'How reliable matching has been in a book, and why its thresholds are where they are.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: { bookId: t.arg.id(bookArg) },
    resolve: async (_root, { bookId }, context) => {
      const settings = await loadSettings(context.sql, bookId);
      const goal = { target: settings.precisionTarget, shipped: shippedThreshold };
      const history = await loadHistory(context.sql, bookId);
      return {
        settings,
        methods: [...history].map(([method, decided]) => ({ method, ...calibrate(decided, goal) })),
      };
    },
  }),
}));
