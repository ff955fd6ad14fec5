import { entity, record, type TypeRef } from '#kernel/graphql-types';
import type { Money } from '#kernel/money';
import { graph } from '../graph.ts';
import { MemberStub } from '../references.ts';
import { ExceptionReasonType, ExceptionSeverityType, scope } from '../schema-values.ts';
import type { ExceptionPolicy } from '../triage/policy.ts';
import {
  exceptionReasons,
  severityOrder,
  type ExceptionReason,
  type ExceptionSeverity,
} from '../triage/reasons.ts';
import { defaultSeverities } from '../triage/severity.ts';
import type { AssignmentRule } from './entities.ts';
import * as load from './loaders.ts';

export const AssignmentRuleType: TypeRef<AssignmentRule> = entity<AssignmentRule>(graph, 'AssignmentRule', {
  description: 'A rule by which exceptions find who looks after them.',
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.assignmentRuleById(context).load(id),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What it is called.' }),
    priority: t.exposeInt('priority', { description: 'Rules are asked from the lowest number on.' }),
    condition: t.exposeString('condition', { description: 'The expression that must hold.' }),
    owner: t.field({
      type: MemberStub,
      nullable: true,
      description: 'Who looks after what it holds for.',
      resolve: (row) => ({ id: row.ownerId }),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    retiredAt: t.expose('retiredAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was taken out of force.',
    }),
  }),
});

interface ReasonRow {
  readonly reason: ExceptionReason;
  readonly severity: ExceptionSeverity;
}

const ReasonSeverityType: TypeRef<ReasonRow> = record<ReasonRow>(graph, 'ReasonSeverity', {
  description: 'How urgent a reason is in a book.',
  scope,
  views: ['partner', 'portal'],
  fields: (t) => ({
    reason: t.expose('reason', { type: ExceptionReasonType, description: 'The reason.' }),
    severity: t.expose('severity', { type: ExceptionSeverityType, description: 'How urgent it is.' }),
  }),
});

interface AmountRow {
  readonly severity: ExceptionSeverity;
  readonly from: Money;
}

const AmountSeverityType: TypeRef<AmountRow> = record<AmountRow>(graph, 'AmountSeverity', {
  description: 'From which amount on an exception is at least so urgent.',
  scope,
  views: ['partner', 'portal'],
  fields: (t) => ({
    severity: t.expose('severity', { type: ExceptionSeverityType, description: 'How urgent it is then.' }),
    amount: t.field({
      type: graph.money,
      description: 'The amount, without a sign.',
      resolve: (row) => row.from,
    }),
  }),
});

interface HoursRow {
  readonly severity: ExceptionSeverity;
  readonly hours: number;
}

const SeverityHoursType: TypeRef<HoursRow> = record<HoursRow>(graph, 'SeverityHours', {
  description: 'In how many hours what is so urgent should be dealt with.',
  scope,
  views: ['partner', 'portal'],
  fields: (t) => ({
    severity: t.expose('severity', { type: ExceptionSeverityType, description: 'How urgent.' }),
    hours: t.exposeInt('hours', { description: 'Hours, of work or of the clock.' }),
  }),
});

/** 570 minutes after midnight are 09:30. */
function timeOfDay(minutes: number): string {
  const two = (number: number): string => number.toString().padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

const WorkingTimeType: TypeRef<ExceptionPolicy['workingTime']> = record<ExceptionPolicy['workingTime']>(
  graph,
  'WorkingTime',
  {
    description: 'When a book is worked on.',
    scope,
    views: ['partner', 'portal'],
    fields: (t) => ({
      timeZone: t.exposeString('timeZone', { description: 'IANA name of the time zone.' }),
      opens: t.string({ description: 'When work begins.', resolve: (row) => timeOfDay(row.opensAt) }),
      closes: t.string({ description: 'When it ends.', resolve: (row) => timeOfDay(row.closesAt) }),
      weekdays: t.intList({
        description: 'Days of the week, 1 is Monday.',
        resolve: (row) => [...row.weekdays],
      }),
      holidaysOn: t.field({
        type: ['Date'],
        description: 'Days on which nobody works.',
        resolve: (row) => [...row.holidays],
      }),
    }),
  },
);

export const ExceptionPolicyType: TypeRef<ExceptionPolicy> = record<ExceptionPolicy>(
  graph,
  'ExceptionPolicy',
  {
    description: 'What is urgent in a book, by when it is due, and who hears of what is late.',
    scope,
    views: ['partner', 'portal'],
    fields: (t) => ({
      version: t.exposeInt('version', {
        description: 'Raised with every change; 0 for a book that keeps to what is usual.',
      }),
      severities: t.field({
        type: [ReasonSeverityType],
        description: 'How urgent each reason is.',
        resolve: (row) =>
          (Object.keys(exceptionReasons) as ExceptionReason[]).map((reason) => ({
            reason,
            severity: row.severity.byReason[reason] ?? defaultSeverities[reason],
          })),
      }),
      amounts: t.field({
        type: [AmountSeverityType],
        description: 'From which amounts on it is at least so urgent.',
        resolve: (row) => [...row.severity.byAmount],
      }),
      hours: t.field({
        type: [SeverityHoursType],
        description: 'In how many hours it should be dealt with.',
        resolve: (row) => severityOrder.map((severity) => ({ severity, hours: row.hours[severity] })),
      }),
      countsBusinessHours: t.exposeBoolean('countsBusinessHours', {
        description: 'Whether only hours of work count.',
      }),
      workingTime: t.field({
        type: WorkingTimeType,
        description: 'When the book is worked on.',
        resolve: (row) => row.workingTime,
      }),
      chargesAccountCode: t.string({
        nullable: true,
        description: 'The account proposed for charges of the bank.',
        resolve: (row) => row.chargesAccountCode,
      }),
      escalatesTo: t.field({
        type: MemberStub,
        nullable: true,
        description: 'Who hears of what is overdue: who was named, else an owner; nobody where nobody is to.',
        resolve: (row) => (row.escalateTo ? { id: row.escalateTo } : null),
      }),
    }),
  },
);
