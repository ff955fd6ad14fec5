import type { CalendarDate } from '#kernel/calendar';
import { fromWire, toWire } from '#kernel/wire-money';
import type { WireMoney } from '#kernel/events';
import type { Clock, WorkingTime } from './due-time.ts';
import type { ExceptionReason, ExceptionSeverity } from './reasons.ts';
import type { SeverityRules } from './severity.ts';

/** How a book deals with exceptions. */
export interface ExceptionPolicy {
  /** Raised by one with every change; 0 for a book that has said nothing. */
  readonly version: number;
  readonly severity: SeverityRules;
  /** Hours in which what is so urgent should be dealt with. */
  readonly hours: Readonly<Record<ExceptionSeverity, number>>;
  readonly countsBusinessHours: boolean;
  readonly workingTime: WorkingTime;
  /** The account for charges of the bank, proposed where nothing was learned. */
  readonly chargesAccountCode?: string;
  /** Whether anybody hears of what is overdue. */
  readonly escalates: boolean;
  /** The member who does; an owner when absent. */
  readonly escalateTo?: string;
}

/** What holds for a book that has said nothing: one, three and five days of eight working hours. */
export const defaultPolicy: ExceptionPolicy = {
  version: 0,
  severity: { byReason: {}, byAmount: [] },
  hours: { HIGH: 8, MEDIUM: 24, LOW: 40 },
  countsBusinessHours: true,
  workingTime: {
    timeZone: 'UTC',
    opensAt: 9 * 60,
    closesAt: 17 * 60,
    weekdays: [1, 2, 3, 4, 5],
    holidays: [],
  },
  escalates: true,
};

/** How the hours of a policy are counted. */
export function clockOf({ countsBusinessHours, workingTime }: ExceptionPolicy): Clock {
  return countsBusinessHours ? { kind: 'BUSINESS', time: workingTime } : { kind: 'CALENDAR' };
}

/** A policy as it is stored: what is exact in JSON. */
export interface StoredPolicy {
  readonly byReason: Readonly<Partial<Record<ExceptionReason, ExceptionSeverity>>>;
  readonly byAmount: readonly { readonly severity: ExceptionSeverity; readonly from: WireMoney }[];
  readonly hours: Readonly<Record<ExceptionSeverity, number>>;
  readonly countsBusinessHours: boolean;
  readonly workingTime: Omit<WorkingTime, 'holidays'> & { readonly holidays: readonly string[] };
  readonly chargesAccountCode?: string;
}

/** Makes a policy fit for JSON; version and the member it escalates to stand in columns of their own. */
export function storedPolicy(policy: ExceptionPolicy): StoredPolicy {
  const { severity, hours, countsBusinessHours, workingTime, chargesAccountCode } = policy;
  return {
    byReason: severity.byReason,
    byAmount: severity.byAmount.map((step) => ({ severity: step.severity, from: toWire(step.from) })),
    hours,
    countsBusinessHours,
    workingTime,
    ...(chargesAccountCode === undefined ? {} : { chargesAccountCode }),
  };
}

/** A policy from what is stored of it. */
export function policyOf(
  stored: StoredPolicy,
  { version, escalates, escalateTo }: { version: number; escalates: boolean; escalateTo: string | null },
): ExceptionPolicy {
  const { byReason, byAmount, hours, countsBusinessHours, workingTime, chargesAccountCode } = stored;
  return {
    version,
    severity: {
      byReason,
      byAmount: byAmount.map((step) => ({ severity: step.severity, from: fromWire(step.from) })),
    },
    hours,
    countsBusinessHours,
    escalates,
    workingTime: { ...workingTime, holidays: workingTime.holidays as readonly CalendarDate[] },
    ...(chargesAccountCode === undefined ? {} : { chargesAccountCode }),
    ...(escalateTo === null ? {} : { escalateTo }),
  };
}
