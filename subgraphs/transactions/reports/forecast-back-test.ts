import { addDays, daysBetween, startOfMonth, endOfMonth, type CalendarDate } from '#kernel/calendar';
import { actualSums, cumulated, forecast } from './forecast.ts';
import { countUntil, sizeOf, type CashHistory, type CashMove } from './forecast-model.ts';

/** How forecasts of the past did beside naive ones; errors are means over days, in minor units. */
export interface BackTest {
  /** How many forecasts were made; without any, nothing else says anything. */
  readonly forecasts: number;
  readonly error: bigint;
  /** Of a forecast by which the last month comes again, on the same days. */
  readonly lastMonthError: bigint;
  /** Of a forecast by which the same days of a year before come again; of the last month where there is no such year. */
  readonly lastYearError: bigint;
  /** Days on which the money lay in the band, in hundredths of a percent of all days. */
  readonly coverage: number;
}

/** The days on which forecasts of the past are made. */
export interface BackTestOptions {
  readonly today: CalendarDate;
  readonly days: number;
  readonly most: number;
  /** How many days lie between two of them. */
  readonly step: number;
  /** How much history there must be before the first one. */
  readonly warmUp: number;
}

/** Makes forecasts as they would have been made, and holds them against what came. */
export function backTest(history: CashHistory, options: BackTestOptions): BackTest {
  const { today, days, most, step, warmUp } = options;
  const [first] = history.moves;
  const sums = { error: 0n, lastMonth: 0n, lastYear: 0n, inside: 0, count: 0, forecasts: 0 };
  for (let back = days; first && sums.forecasts < most; back += step) {
    const origin = addDays(today, -back);
    if (daysBetween(first.on, origin) < warmUp) break;
    const actual = actualSums(history.moves, origin, { days, until: today });
    const made = forecast({ history, today: origin, days, opening: 0n });
    const month = lastMonthAgain(history.moves, origin, days);
    const year = lastYearAgain(history.moves, origin, days);
    sums.forecasts += 1;
    actual.forEach((sum, index) => {
      const day = made.days[index];
      if (!day) return;
      sums.error += sizeOf(day.expected - sum);
      sums.lastMonth += sizeOf((month[index] ?? 0n) - sum);
      sums.lastYear += sizeOf(((year ?? month)[index] ?? 0n) - sum);
      sums.inside += day.low <= sum && sum <= day.high ? 1 : 0;
      sums.count += 1;
    });
  }
  const mean = (sum: bigint) => (sums.count === 0 ? 0n : sum / BigInt(sums.count));
  return {
    forecasts: sums.forecasts,
    error: mean(sums.error),
    lastMonthError: mean(sums.lastMonth),
    lastYearError: mean(sums.lastYear),
    coverage: sums.count === 0 ? 0 : Math.round((sums.inside * 10_000) / sums.count),
  };
}

/** The last month again and again, each move on its day of the month. */
export function lastMonthAgain(moves: readonly CashMove[], today: CalendarDate, days: number): bigint[] {
  const from = monthsAfter(today, -1);
  const last = moves.slice(countUntil(moves, from), countUntil(moves, today));
  const end = addDays(today, days);
  const repeated: { on: CalendarDate; minor: bigint }[] = [];
  for (let month = 1; monthsAfter(from, month) < end; month += 1)
    repeated.push(...last.map(({ on, minor }) => ({ on: monthsAfter(on, month), minor })));
  return cumulated(
    repeated.filter(({ on }) => on > today),
    today,
    days,
  );
}

/** The same days of the year before, a whole number of weeks ago; undefined when there was nothing yet. */
export function lastYearAgain(
  moves: readonly CashMove[],
  today: CalendarDate,
  days: number,
): bigint[] | undefined {
  const [first] = moves;
  const origin = addDays(today, -364);
  if (!first || first.on > origin) return undefined;
  return actualSums(moves, origin, { days, until: today });
}

/** The same day some months later or earlier, or the last one of a shorter month. */
function monthsAfter(day: CalendarDate, months: number): CalendarDate {
  let month = startOfMonth(day);
  for (let left = months; left > 0; left -= 1) month = addDays(endOfMonth(month), 1);
  for (let left = months; left < 0; left += 1) month = startOfMonth(addDays(month, -1));
  const last = Number(endOfMonth(month).slice(8, 10));
  return addDays(month, Math.min(Number(day.slice(8, 10)), last) - 1);
}
