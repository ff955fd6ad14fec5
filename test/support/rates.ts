import { setExchangeRate } from '../../subgraphs/transactions/rates/set-exchange-rate.ts';
import type { Workbench } from './workbench.ts';

/** Euros for one unit of the currencies tests post in; made up, and good for every day. */
const euros = { USD: '0.9', GBP: '1.15', CHF: '1.05', JPY: '0.006', KWD: '2.95', SEK: '0.09' };

/** Sets a rate by hand for each currency tests post in, in all books of the workbench's organisation. */
export async function setTestRates(bench: Workbench): Promise<void> {
  for (const [from, rate] of Object.entries(euros)) {
    const days = { on: '1999-01-04', until: '2099-12-31' };
    const outcome = await bench
      .door('transactions')
      .run(setExchangeRate, { from, to: 'EUR', rate, ...days, reason: 'Rates of the tests' });
    if (!outcome.result) throw new Error(outcome.errors.map((error) => error.message).join('; '));
  }
}
