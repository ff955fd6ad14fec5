import { daysBetween, type CalendarDate } from '#kernel/calendar';

/** Whether what is open is owed by the book or to it. */
export type AgedSide = 'PAYABLE' | 'RECEIVABLE';

/** What an entry left open on some day; positive when it is owed in the direction of its side. */
export interface OpenItem {
  readonly entryId: string;
  readonly accountId: string;
  readonly vendorId?: string;
  /** Whom it is owed to or by, as far as the entry says. */
  readonly counterparty?: string;
  readonly postedOn: CalendarDate;
  /** The day it is to be paid; the day of the entry where nothing says another. */
  readonly dueOn: CalendarDate;
  readonly currency: string;
  /** What the entry posted, and what was open of it, in minor units. */
  readonly original: bigint;
  readonly open: bigint;
  /** What is open in the base currency, as it was posted. */
  readonly functional: bigint;
}

/** How long something is overdue, in the order of the columns. */
export const ageBuckets = ['NOT_DUE', 'DAYS_1_30', 'DAYS_31_60', 'DAYS_61_90', 'OVER_90'] as const;

/** One column of an aged list. */
export type AgeBucket = (typeof ageBuckets)[number];

/** Minor units in each column and in all of them. */
export interface AgedAmounts {
  readonly buckets: Readonly<Record<AgeBucket, bigint>>;
  readonly total: bigint;
}

/** What is open with one counterparty in one currency. */
export interface AgedRow extends AgedAmounts {
  readonly vendorId?: string;
  readonly counterparty?: string;
  readonly currency: string;
  readonly functional: bigint;
  /** The longest overdue first. */
  readonly items: readonly AgedItem[];
}

/** An open item with its age. */
export interface AgedItem extends OpenItem {
  /** Negative while it is not due. */
  readonly daysOverdue: number;
  readonly bucket: AgeBucket;
}

/** An aged list: rows by counterparty and currency, and the sums of each currency. */
export interface AgedList {
  readonly rows: readonly AgedRow[];
  readonly totals: readonly (AgedAmounts & { readonly currency: string; readonly functional: bigint })[];
  /** Everything in the base currency, column by column. */
  readonly functional: AgedAmounts;
}

/** The column of something that is so many days overdue: on its due day it is not. */
export function bucketOf(daysOverdue: number): AgeBucket {
  if (daysOverdue <= 0) return 'NOT_DUE';
  if (daysOverdue <= 30) return 'DAYS_1_30';
  if (daysOverdue <= 60) return 'DAYS_31_60';
  return daysOverdue <= 90 ? 'DAYS_61_90' : 'OVER_90';
}

/** Puts what was open on a day into rows and columns; rows with the largest sums in the base currency come first. */
export function ageItems(items: readonly OpenItem[], on: CalendarDate): AgedList {
  const aged = items.map((item): AgedItem => {
    const daysOverdue = daysBetween(item.dueOn, on);
    return { ...item, daysOverdue, bucket: bucketOf(daysOverdue) };
  });
  const whose = ({ vendorId, counterparty, currency }: AgedItem): string =>
    JSON.stringify([vendorId ?? `name ${counterparty ?? ''}`, currency]);
  const rows = [...Map.groupBy(aged, whose).values()].map(rowOf);
  return {
    rows: rows.toSorted(byValue),
    totals: [...Map.groupBy(aged, (item) => item.currency)]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([currency, ofCurrency]) => ({
        currency,
        ...amountsOf(ofCurrency),
        functional: worthOf(ofCurrency),
      })),
    functional: amountsOf(aged.map((item) => ({ ...item, open: item.functional }))),
  };
}

function rowOf(items: readonly AgedItem[]): AgedRow {
  const sorted = items.toSorted((a, b) => b.daysOverdue - a.daysOverdue || (a.entryId < b.entryId ? -1 : 1));
  const { vendorId, counterparty, currency = '' } = sorted[0] ?? {};
  return {
    ...(vendorId === undefined ? {} : { vendorId }),
    ...(counterparty === undefined ? {} : { counterparty }),
    currency,
    ...amountsOf(sorted),
    functional: worthOf(sorted),
    items: sorted,
  };
}

function amountsOf(items: readonly AgedItem[]): AgedAmounts {
  const buckets: Record<AgeBucket, bigint> = {
    NOT_DUE: 0n,
    DAYS_1_30: 0n,
    DAYS_31_60: 0n,
    DAYS_61_90: 0n,
    OVER_90: 0n,
  };
  for (const { bucket, open } of items) buckets[bucket] += open;
  return { buckets, total: items.reduce((sum, item) => sum + item.open, 0n) };
}

const worthOf = (items: readonly AgedItem[]): bigint =>
  items.reduce((sum, item) => sum + item.functional, 0n);

function byValue(a: AgedRow, b: AgedRow): number {
  if (a.functional !== b.functional) return a.functional > b.functional ? -1 : 1;
  return (a.counterparty ?? '') < (b.counterparty ?? '') ? -1 : 1;
}
