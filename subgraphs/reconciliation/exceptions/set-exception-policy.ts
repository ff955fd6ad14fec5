import { z } from 'zod';
import type { CalendarDate } from '#kernel/calendar';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { amount, date, id, oneOf, text } from '#kernel/input';
import { absolute } from '#kernel/money';
import { lockBook } from '../lock-book.ts';
import { loadExceptionPolicy } from '../load-triage.ts';
import { isTimeZone } from '../triage/due-time.ts';
import { storedPolicy, type ExceptionPolicy } from '../triage/policy.ts';
import { exceptionReasons, severityOrder, type ExceptionReason } from '../triage/reasons.ts';
import { deciderOf } from './close-exception.ts';

const reasons = Object.keys(exceptionReasons) as [ExceptionReason, ...ExceptionReason[]];
const reason = () => oneOf('ExceptionReason', reasons);
const severity = () => oneOf('ExceptionSeverity', severityOrder);
const timeOfDay = () => z.string().regex(/^([01]\d|2[0-4]):[0-5]\d$/, 'is not a time such as 09:00');

const workingTime = z
  .object({
    timeZone: z
      .string()
      .max(60)
      .refine(isTimeZone, { message: 'is not a time zone such as Europe/Berlin' })
      .meta({ description: 'IANA name of the time zone.' }),
    opens: timeOfDay().meta({ description: 'When work begins, such as 09:00.' }),
    closes: timeOfDay().meta({ description: 'When it ends, such as 17:00; 24:00 at the latest.' }),
    weekdays: z
      .array(z.int().min(1).max(7))
      .min(1)
      .max(7)
      .meta({ description: 'Days of the week, 1 is Monday.' }),
    holidays: z.array(date()).max(400).default([]).meta({ description: 'Days on which nobody works.' }),
  })
  .meta({ graphql: 'WorkingTimeInput' });

/** Sets how a book deals with exceptions: what is urgent, by when it is due, who hears of it when it is late. */
export const setExceptionPolicy = command({
  name: 'setExceptionPolicy',
  description:
    'Sets what is urgent in a book, by when exceptions are due and who hears of late ones. What is left out stays; open exceptions keep their due times.',
  scope: 'reconciliation:write',
  input: z.object({
    bookId: id(),
    expectedVersion: z
      .int()
      .min(0)
      .optional()
      .meta({ description: 'The version the change is based on; refused when there is a newer one.' }),
    severities: z
      .array(z.object({ reason: reason(), severity: severity() }))
      .max(50)
      .optional()
      .meta({ description: 'Reasons that are more or less urgent than usual; all others are as usual.' }),
    amounts: z
      .array(z.object({ severity: severity(), from: amount() }))
      .max(50)
      .optional()
      .meta({ description: 'From these amounts on, whatever the reason, it is at least so urgent.' }),
    hours: z
      .array(z.object({ severity: severity(), hours: z.int().min(1).max(2000) }))
      .max(3)
      .optional()
      .meta({ description: 'Hours in which what is so urgent should be dealt with.' }),
    countsBusinessHours: z
      .boolean()
      .optional()
      .meta({ description: 'Whether only hours of work count, or all hours.' }),
    workingTime: workingTime.optional(),
    chargesAccountCode: text(20)
      .optional()
      .meta({ description: 'The account proposed for charges of the bank.' }),
    escalateToMemberId: id().optional().meta({
      description: 'Who hears of what is overdue; an owner of the organisation until somebody is named.',
    }),
    escalates: z
      .boolean()
      .optional()
      .meta({ description: 'False: nobody hears of what is overdue; true: somebody does again.' }),
  }),
  async run(transaction, input) {
    const { bookId, expectedVersion } = input;
    await lockBook(transaction, bookId);
    const before = await loadExceptionPolicy(transaction, bookId);
    if (expectedVersion !== undefined && expectedVersion !== before.version) {
      const message = `The policy has version ${before.version} by now, not ${expectedVersion}`;
      throw new CrossfootError('VERSION_CONFLICT', message, { path: ['expectedVersion'] });
    }
    const after = changed(before, input);
    await transaction.query(
      `insert into reconciliation.exception_policy (organisation_id, book_id, version, settings, escalates, escalate_to, set_by,
         set_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (organisation_id, book_id) do update
          set version = excluded.version, settings = excluded.settings, escalates = excluded.escalates,
              escalate_to = excluded.escalate_to,
              set_by = excluded.set_by, set_at = excluded.set_at`,
      [
        transaction.organisationId,
        bookId,
        after.version,
        JSON.stringify(storedPolicy(after)),
        after.escalates,
        after.escalateTo ?? null,
        deciderOf(transaction),
        transaction.now,
      ],
    );
    transaction.audit({
      subjectType: 'ExceptionPolicy',
      subjectId: bookId,
      before: { ...storedPolicy(before), escalates: before.escalates, escalateTo: before.escalateTo },
      after: { ...storedPolicy(after), escalates: after.escalates, escalateTo: after.escalateTo },
    });
    return { bookId };
  },
});

type Input = z.output<(typeof setExceptionPolicy)['input']>;

function changed(before: ExceptionPolicy, input: Input): ExceptionPolicy {
  const { severities, amounts, hours, workingTime: time } = input;
  const escalates = input.escalates ?? (input.escalateToMemberId !== undefined || before.escalates);
  const escalateTo = escalates ? (input.escalateToMemberId ?? before.escalateTo) : undefined;
  const chargesAccountCode = input.chargesAccountCode ?? before.chargesAccountCode;
  return {
    version: before.version + 1,
    severity: {
      byReason: severities
        ? Object.fromEntries(severities.map((one) => [one.reason, one.severity]))
        : before.severity.byReason,
      byAmount: amounts
        ? amounts.map((one) => ({ severity: one.severity, from: absolute(one.from) }))
        : before.severity.byAmount,
    },
    hours: { ...before.hours, ...Object.fromEntries((hours ?? []).map((one) => [one.severity, one.hours])) },
    countsBusinessHours: input.countsBusinessHours ?? before.countsBusinessHours,
    workingTime: time ? workingTimeOf(time) : before.workingTime,
    escalates,
    ...(chargesAccountCode === undefined ? {} : { chargesAccountCode }),
    ...(escalateTo === undefined ? {} : { escalateTo }),
  };
}

function workingTimeOf(time: NonNullable<Input['workingTime']>): ExceptionPolicy['workingTime'] {
  const [opensAt, closesAt] = [minutesOf(time.opens), minutesOf(time.closes)];
  if (closesAt <= opensAt || closesAt > 24 * 60) {
    const message = `Work cannot end at ${time.closes} when it begins at ${time.opens}`;
    throw new CrossfootError('FIELD_INVALID', message, { path: ['workingTime', 'closes'] });
  }
  return {
    timeZone: time.timeZone,
    opensAt,
    closesAt,
    weekdays: [...new Set(time.weekdays)].toSorted((a, b) => a - b),
    holidays: [...new Set<CalendarDate>(time.holidays)].toSorted((a, b) => a.localeCompare(b)),
  };
}

function minutesOf(time: string): number {
  const [hours = '0', minutes = '0'] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
}
