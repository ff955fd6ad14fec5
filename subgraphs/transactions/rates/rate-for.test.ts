import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { calendarDate } from '#kernel/calendar';
import { command } from '#kernel/command';
import { resultOf } from '#kernel/command-door';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { transactions } from '../subgraph.ts';
import { ratesFor } from './rate-for.ts';
import { setExchangeRate } from './set-exchange-rate.ts';

let bench: Workbench;

beforeAll(async () => {
  bench = await openWorkbench([transactions]);
  for (const [to, rate] of [
    ['USD', '1.15'],
    ['GBP', '0.86'],
  ]) {
    const input = { from: 'EUR', to, rate, on: '2026-04-02', reason: 'test' };
    resultOf(await bench.door('transactions').run(setExchangeRate, input));
  }
});
afterAll(() => bench.close());

test('many rates are one query, in the order asked; the first that is not known is named', async () => {
  const on = calendarDate('2026-04-02');
  const look = command({
    name: 'lookAtRates',
    description: 'Looks at rates.',
    scope: 'transactions:read',
    input: z.object({ pairs: z.array(z.string()) }),
    run: async (transaction, { pairs }) => {
      let queries = 0;
      const counted = {
        ...transaction,
        query: (async (...args: Parameters<typeof transaction.query>) => {
          queries += 1;
          return transaction.query(...args);
        }) as typeof transaction.query,
      };
      const wanted = pairs.map((pair) => ({ from: pair.slice(0, 3), to: pair.slice(4), on }));
      const found = await ratesFor(counted, wanted);
      return { queries, rates: found.map(({ rate: text }) => text) };
    },
  });
  const run = (...pairs: string[]) => bench.door('transactions').run(look, { pairs });
  expect(resultOf(await run('EUR USD', 'EUR EUR', 'GBP USD', 'EUR GBP', 'EUR USD'))).toEqual({
    queries: 1,
    // 1.15 / 0.86
    rates: ['1.15', '1', '1.33720930232558', '0.86', '1.15'],
  });
  const missing = await run('EUR USD', 'THB EUR');
  expect(missing.errors).toMatchObject([{ code: 'RATE_MISSING' }]);
  expect(missing.errors[0]?.message).toContain('THB is worth in EUR on 2026-04-02');
});
