import { backTest, type BackTest } from '../../subgraphs/transactions/reports/forecast-back-test.ts';
import { forecastFigures } from '../evaluate/forecast.ts';
import { companyProfiles, makeHistory } from '../support/cash-flows.ts';

/** Histories of each kind of company, and forecasts of each. */
const seeds = 4;
const days = 30;
const options = { days, most: 8, step: 23, warmUp: 240 };

/**
 * The cash-flow forecast on made-up companies beside naive ones: per profile and over all, the
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
    print(JSON.stringify({ bench: 'forecast', profile, ...forecastFigures(tests) }));
  }
  print(JSON.stringify({ bench: 'forecast', profile: 'all', days, ...forecastFigures(all) }));
  return Promise.resolve();
}
