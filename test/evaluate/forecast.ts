import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { isCalendarDate } from '#kernel/calendar';
import { CrossfootError } from '#kernel/errors';
import { parseMoney } from '#kernel/money';
import { foldName } from '#kernel/names';
import { backTest, type BackTest } from '../../subgraphs/transactions/reports/forecast-back-test.ts';
import type { CashMove } from '../../subgraphs/transactions/reports/forecast-model.ts';

/** Forecasts of thirty days, eight of each history, after eight months of it. */
const options = { days: 30, most: 8, step: 30, warmUp: 240 };
/** A history with fewer moves than one in two days is too thin to say anything of. */
const fewest = 400;

interface Row {
  readonly date: string;
  readonly amount: string;
  readonly currency?: string;
  readonly merchant?: string;
  readonly counterparty?: string;
  readonly [group: string]: string | undefined;
}

/**
 * Makes the forecasts a list of payments (columns date, amount, merchant or counterparty; `currency`, EUR when left out)
 * would have got, one history for each value of the column `by`, and prints a line for each and one for all: the error as
 * a ratio of that of naive forecasts, and how often the band held. Rows that are no payment are counted and passed over.
 */
export async function evaluateForecast(
  path: string,
  by: string | undefined,
  print: (line: string) => void,
): Promise<void> {
  const histories = new Map<string, CashMove[]>();
  let refused = 0;
  const file = createReadStream(path);
  const text = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  for await (const row of text.pipe(parse({ columns: true, bom: true })) as AsyncIterable<Row>) {
    const move = moveOf(row);
    const name = by === undefined ? 'all' : (row[by] ?? '');
    const known = histories.get(name) ?? [];
    if (!move) refused += 1;
    else if (known.push(move) === 1) histories.set(name, known);
  }
  const tests: BackTest[] = [];
  for (const [name, moves] of histories) {
    const sorted = moves.toSorted((a, b) => (a.on < b.on ? -1 : Number(a.on > b.on)));
    const last = sorted.at(-1);
    if (!last || sorted.length < fewest) continue;
    const test = backTest({ moves: sorted, items: [] }, { ...options, today: last.on });
    if (test.forecasts === 0) continue;
    tests.push(test);
    print(JSON.stringify({ history: name, moves: sorted.length, ...forecastFigures([test]) }));
  }
  print(JSON.stringify({ history: 'all', refused, ...forecastFigures(tests) }));
}

function moveOf(row: Row): CashMove | undefined {
  if (!isCalendarDate(row.date)) return undefined;
  const party = row.merchant ?? row.counterparty ?? '';
  try {
    const { minor } = parseMoney(row.amount, row.currency || 'EUR');
    return { on: row.date, minor, party: foldName(party.replace(/\d+/g, ' ')), label: party };
  } catch (error) {
    if (error instanceof CrossfootError) return undefined;
    throw error;
  }
}

/** Ratios are means of ratios, so that large histories do not count more than small ones. */
export function forecastFigures(tests: readonly BackTest[]): Record<string, number> {
  const made = tests.filter((test) => test.forecasts > 0);
  const mean = (of: (test: BackTest) => number) =>
    Math.round((made.reduce((sum, test) => sum + of(test), 0) / made.length) * 1000) / 1000;
  const against = (of: (test: BackTest) => bigint) => mean((test) => Number(test.error) / Number(of(test)));
  return {
    ratio: against(({ lastMonthError, lastYearError }) =>
      lastMonthError < lastYearError ? lastMonthError : lastYearError,
    ),
    againstLastMonth: against((test) => test.lastMonthError),
    againstLastYear: against((test) => test.lastYearError),
    coverage: mean((test) => test.coverage / 10_000),
    histories: made.length,
    forecasts: made.reduce((sum, test) => sum + test.forecasts, 0),
  };
}
