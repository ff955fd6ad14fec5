import { backTest, type BackTest } from '../../subgraphs/transactions/reports/forecast-back-test.ts';
import type { CashHistory, CashMove } from '../../subgraphs/transactions/reports/forecast-model.ts';
import { companyProfiles, makeHistory } from '../support/cash-flows.ts';
import type { CalendarDate } from '#kernel/calendar';

/** Histories of each kind of company, and forecasts of each. */
const seeds = 4;
const days = 30;
const options = { days, most: 8, step: 23, warmUp: 240 };

/**
 * The cash-flow forecast on made-up companies nobody has tuned it to beside naive ones: per profile and over all, the
 * mean error of money on hand over thirty days as a ratio of the better naive error, and how often the band held.
 */
export function benchForecast(print: (line: string) => void, [count]: readonly string[] = []): Promise<void> {
  const all: BackTest[] = [];
  for (const profile of companyProfiles) {
    const tests = Array.from({ length: Number(count ?? seeds) }, (_, index) => {
      const { end, ...history } = makeHistory(profile, 1000 + index);
      return backTest(history, { ...options, today: end });
    });
    all.push(...tests);
    print(JSON.stringify({ bench: 'forecast', profile, ...summaryOf(tests) }));
  }
  print(JSON.stringify({ bench: 'forecast', profile: 'all', days, ...summaryOf(all) }));
  return Promise.resolve();
}

/** Ratios are means of ratios, so that large companies do not count more than small ones. */
export function summaryOf(tests: readonly BackTest[]): Record<string, number> {
  const made = tests.filter((test) => test.forecasts > 0);
  const mean = (of: (test: BackTest) => number) =>
    Math.round((made.reduce((sum, test) => sum + of(test), 0) / made.length) * 1000) / 1000;
  const against = (of: (test: BackTest) => bigint) => mean((test) => Number(test.error) / Number(of(test)));
  const better = (test: BackTest) =>
    test.lastMonthError < test.lastYearError ? test.lastMonthError : test.lastYearError;
  return {
    ratio: against(better),
    againstLastMonth: against((test) => test.lastMonthError),
    againstLastYear: against((test) => test.lastYearError),
    coverage: mean((test) => test.coverage / 10_000),
    histories: made.length,
    forecasts: made.reduce((sum, test) => sum + test.forecasts, 0),
  };
}

/** The same over the history of moves that somebody else recorded. */
export function testHistory(moves: readonly CashMove[], today: CalendarDate): BackTest {
  const history: CashHistory = { moves, items: [] };
  return backTest(history, { ...options, today });
}
