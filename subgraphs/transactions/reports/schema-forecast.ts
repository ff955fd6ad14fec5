import { fraction } from '#kernel/basis-points';
import { calendarDate, dateOf } from '#kernel/calendar';
import { CrossfootError } from '#kernel/errors';
import { enumeration, record, type TypeRef } from '#kernel/graphql-types';
import { graph } from '../graph.ts';
import { BookType } from '../intake/references.ts';
import * as load from '../ledger/loaders.ts';
import { JournalEntryType } from '../ledger/schema-journal.ts';
import { backTest, type BackTest } from './forecast-back-test.ts';
import type { CashHistory, ExpectedMove } from './forecast-model.ts';
import { forecast, type Forecast, type ForecastDay } from './forecast.ts';
import { loadCashHistory } from './load-cash-history.ts';
import { loadReportBook, type ReportBook } from './load-sums.ts';

const { builder } = graph;
const scope = 'transactions:read';
const views = ['partner', 'portal'] as const;
const mostDays = 92;
const usualDays = 30;
/** Few enough that whoever asks can wait for them. */
const backTests = { most: 5, step: 30, warmUp: 180 };

const KindEnum = enumeration(graph, 'ExpectedMoveKind', {
  description: 'Why money is expected to move.',
  values: {
    COMMITMENT: 'An entry left it to be paid.',
    RECURRING: 'It came again and again.',
  },
});

interface In<Part> {
  readonly part: Part;
  readonly currency: string;
}

const DayType: TypeRef<In<ForecastDay>> = record<In<ForecastDay>>(graph, 'CashFlowForecastDay', {
  description: 'Money on hand at the end of a day to come.',
  scope,
  views,
  fields: (t) => ({
    on: t.field({ type: 'Date', description: 'The day.', resolve: ({ part }) => part.on }),
    expected: t.field({
      type: graph.money,
      description: 'By what is expected by name and what usually comes beside it.',
      resolve: ({ part, currency }) => ({ minor: part.expected, currency }),
    }),
    low: t.field({
      type: graph.money,
      description: 'Of ten times it was less once.',
      resolve: ({ part, currency }) => ({ minor: part.low, currency }),
    }),
    high: t.field({
      type: graph.money,
      description: 'Of ten times it was more once.',
      resolve: ({ part, currency }) => ({ minor: part.high, currency }),
    }),
  }),
});

const MoveType: TypeRef<In<ExpectedMove>> = record<In<ExpectedMove>>(graph, 'ExpectedMove', {
  description: 'Money that is expected to move.',
  scope,
  views,
  fields: (t) => ({
    on: t.field({ type: 'Date', description: 'The day it is expected.', resolve: ({ part }) => part.on }),
    amount: t.field({
      type: graph.money,
      description: 'Into the book positive, in its base currency.',
      resolve: ({ part, currency }) => ({ minor: part.minor, currency }),
    }),
    kind: t.field({ type: KindEnum, description: 'Why.', resolve: ({ part }) => part.kind }),
    label: t.string({
      description: 'The entry that left it to be paid, or the last one of those that come again.',
      resolve: ({ part }) => part.label,
    }),
    reason: t.string({
      description: 'What day and amount were taken from.',
      resolve: ({ part }) => part.reason,
    }),
    journalEntry: t.field({
      type: JournalEntryType,
      nullable: true,
      description: 'The entry that left it to be paid.',
      resolve: ({ part }, _args, context) => (part.itemId ? load.entryById(context).load(part.itemId) : null),
    }),
  }),
});

const BackTestType: TypeRef<In<BackTest>> = record<In<BackTest>>(graph, 'ForecastBackTest', {
  description: 'How forecasts of the past, made with what was known on their day, did beside naive ones.',
  scope,
  views,
  fields: (t) => ({
    forecasts: t.int({
      description: 'How many were made; none while the book is too young, and then the rest is zero.',
      resolve: ({ part }) => part.forecasts,
    }),
    error: t.field({
      type: graph.money,
      description: 'By how much money on hand was missed, on the mean of their days.',
      resolve: ({ part, currency }) => ({ minor: part.error, currency }),
    }),
    lastMonthError: t.field({
      type: graph.money,
      description: 'The same of a forecast by which the last month comes again.',
      resolve: ({ part, currency }) => ({ minor: part.lastMonthError, currency }),
    }),
    lastYearError: t.field({
      type: graph.money,
      description: 'The same of a forecast by which the days of a year before come again.',
      resolve: ({ part, currency }) => ({ minor: part.lastYearError, currency }),
    }),
    coverage: t.field({
      type: 'Decimal',
      description: 'On which part of the days money on hand was between low and high; 0.8 is right.',
      resolve: ({ part }) => fraction(part.coverage),
    }),
  }),
});

interface Shown extends Forecast {
  readonly book: ReportBook;
  readonly history: CashHistory;
}

const ForecastType: TypeRef<Shown> = record<Shown>(graph, 'CashFlowForecast', {
  description:
    'Money on hand on days to come, from open items, payments that come again, and what usually comes beside.',
  scope,
  views,
  fields: (t) => ({
    book: t.field({ type: BookType, description: 'The book.', resolve: ({ book }) => ({ id: book.id }) }),
    on: t.field({ type: 'Date', description: 'The day it is made for.', resolve: ({ today }) => today }),
    opening: t.field({
      type: graph.money,
      description: 'Money on hand at the end of that day.',
      resolve: ({ opening, book }) => ({ minor: opening, currency: book.currency }),
    }),
    days: t.field({
      type: [DayType],
      description: 'Each of the days to come.',
      resolve: ({ days, book }) => days.map((part) => ({ part, currency: book.currency })),
    }),
    moves: t.field({
      type: [MoveType],
      description: 'What is expected by name, in the order of the days.',
      resolve: ({ moves, book }) => moves.map((part) => ({ part, currency: book.currency })),
    }),
    samples: t.exposeInt('samples', {
      description:
        'How many earlier forecasts low and high were taken from; with fewer than eight they are a guess.',
    }),
    backTest: t.field({
      type: BackTestType,
      description: 'How such forecasts did in the past of this book.',
      resolve: ({ book, history, today, days }) => ({
        part: backTest(history, { ...backTests, today, days: days.length }),
        currency: book.currency,
      }),
    }),
  }),
});

builder.queryField('cashFlowForecast', (t) =>
  t.field({
    type: ForecastType,
    description: 'Money on hand on days to come, in the base currency of the book.',
    views: [...views],
    authScopes: { scope },
    args: {
      bookId: t.arg.id({ required: true, description: 'The book.' }),
      days: t.arg.int({ description: `How many days, ${usualDays} unless said, ${mostDays} at most.` }),
      on: t.arg({
        type: 'Date',
        description: 'The day it is made for, also a past one; today when left out.',
      }),
    },
    resolve: async (_root, args, context) => {
      const days = args.days ?? usualDays;
      if (days < 1 || days > mostDays) {
        const message = `A forecast covers 1 to ${mostDays} days, not ${days}`;
        throw new CrossfootError('FIELD_INVALID', message, { path: ['days'] });
      }
      const today = args.on ? calendarDate(args.on) : dateOf(new Date());
      const book = await loadReportBook(context.sql, args.bookId);
      const { opening, ...history } = await loadCashHistory(context.sql, book, today);
      return { ...forecast({ history, today, days, opening }), book, history };
    },
  }),
);
