import { addDays, daysBetween, type CalendarDate } from '#kernel/calendar';
import type { CashItem, ExpectedMove } from './forecast-model.ts';

/** A counterparty without so many payments of its own is taken to be rather like all others. */
const weightOfBook = 3;
/** How much later something is expected that is later than anything ever was. */
const patience = 7;

/** Days between due day and payment, in order. */
interface Habits {
  readonly all: readonly number[];
  readonly ofParty: ReadonlyMap<string, readonly number[]>;
}

/** When open items are expected to be paid: at their due day, moved by the habit of their counterparty. */
export function expectedCommitments(items: readonly CashItem[], today: CalendarDate): ExpectedMove[] {
  const [incoming, outgoing] = [true, false].map((direction) =>
    habitsOf(items.filter((item) => item.minor > 0n === direction)),
  ) as [Habits, Habits];
  return items.flatMap((item): ExpectedMove[] => {
    const open = item.payments.reduce((left, payment) => left - payment.minor, item.minor);
    // What was paid too much is nothing anybody will pay.
    if (open === 0n || open > 0n !== item.minor > 0n) return [];
    const { day, reason } = expectedDay(item, item.minor > 0n ? incoming : outgoing, today);
    const { id: itemId, party, label } = item;
    return [{ on: day, minor: open, kind: 'COMMITMENT', party, label, itemId, reason }];
  });
}

function habitsOf(items: readonly CashItem[]): Habits {
  const delays = items
    .flatMap(({ party, dueOn, payments }) => {
      const last = payments.at(-1);
      return last ? [{ party, delay: daysBetween(dueOn, last.on) }] : [];
    })
    .toSorted((a, b) => a.delay - b.delay);
  const groups = Map.groupBy(delays, ({ party }) => party);
  return {
    all: delays.map(({ delay }) => delay),
    ofParty: new Map([...groups].map(([party, list]) => [party, list.map(({ delay }) => delay)])),
  };
}

function expectedDay(
  item: CashItem,
  habits: Habits,
  today: CalendarDate,
): { readonly day: CalendarDate; readonly reason: string } {
  const own = habits.ofParty.get(item.party) ?? [];
  const delay = shrunkDelay(own, habits.all);
  const day = addDays(item.dueOn, delay);
  const told = `due ${item.dueOn}, usually ${delay} days later (${own.length} payments)`;
  if (day > today) return { day, reason: told };
  // It is later than usual: of those that were later still, how late were they?
  const age = daysBetween(item.dueOn, today);
  const expected = laterThan(own, age) ?? laterThan(habits.all, age) ?? age + patience;
  return {
    day: addDays(item.dueOn, expected),
    reason: `${told}; overdue, expected like those that came later still`,
  };
}

/** The middle of those delays, which are in order, that are longer than some days. */
function laterThan(delays: readonly number[], age: number): number | undefined {
  const from = delays.findIndex((delay) => delay > age);
  return from === -1 ? undefined : delays[from + Math.floor((delays.length - 1 - from) / 2)];
}

/** The median of a counterparty's delays drawn to that of the book, the more the fewer there are; both in order. */
export function shrunkDelay(own: readonly number[], all: readonly number[]): number {
  const ofBook = middleOf(all) ?? 0;
  const ofParty = middleOf(own) ?? ofBook;
  return Math.round((own.length * ofParty + weightOfBook * ofBook) / (own.length + weightOfBook));
}

const middleOf = (sorted: readonly number[]): number | undefined =>
  sorted[Math.floor((sorted.length - 1) / 2)];
