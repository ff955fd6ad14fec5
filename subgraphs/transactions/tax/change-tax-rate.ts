import { z } from 'zod';
import { dateOf } from '#kernel/calendar';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { date, decimal, id } from '#kernel/input';
import { checkPercent } from './create-tax-code.ts';

interface CodeRow {
  readonly code: string;
  readonly active: boolean;
  readonly has_rates: boolean;
}

interface RateRow {
  readonly valid_from: string;
  readonly revision: number;
  readonly percent: string | null;
}

/** Gives a tax code a rate from a day on. */
export const changeTaxRate = command({
  name: 'changeTaxRate',
  description:
    'Gives a tax code a rate from a day on, or ends it. Rates that have begun stay as they are; one that is still to come can be replaced.',
  scope: 'transactions:write',
  input: z.object({
    taxCodeId: id(),
    startsOn: date().meta({ description: 'The first day of the rate.' }),
    percent: decimal().optional().meta({ description: 'Per cent; left out, the tax ends on that day.' }),
  }),
  async run(transaction, { taxCodeId, startsOn, percent }) {
    const code = await transaction.require<CodeRow>(
      `There is no tax code ${taxCodeId}`,
      `select code, active, components = '{}' and treatment in ('TAXED', 'REVERSE_CHARGE') as has_rates
         from transactions.tax_code where id = $1 for no key update`,
      [taxCodeId],
    );
    if (!code.active) {
      throw new CrossfootError('STATE_CONFLICT', `Tax code ${code.code} is retired`, { path: ['taxCodeId'] });
    }
    if (!code.has_rates) {
      const message = `Tax code ${code.code} has no rate of its own; change those of its components`;
      throw new CrossfootError('FIELD_INVALID', message, { path: ['taxCodeId'] });
    }
    if (percent !== undefined) checkPercent(percent, 'percent');
    const rates = await transaction.query<RateRow>(
      `select distinct on (valid_from) valid_from, revision, percent::text as percent from transactions.tax_rate
        where tax_code_id = $1 order by valid_from, revision desc`,
      [taxCodeId],
    );
    const today = dateOf(transaction.now);
    const begun = rates.findLast((rate) => rate.valid_from <= today);
    if (begun && startsOn <= begun.valid_from) {
      const message = `Tax code ${code.code} has a rate since ${begun.valid_from}; what has begun is not rewritten`;
      throw new CrossfootError('STATE_CONFLICT', message, { path: ['startsOn'] });
    }
    const replaced = rates.find((rate) => rate.valid_from === startsOn);
    await transaction.insert('transactions.tax_rate', {
      tax_code_id: taxCodeId,
      valid_from: startsOn,
      revision: (replaced?.revision ?? 0) + 1,
      percent: percent ?? null,
      recorded_at: transaction.now,
      recorded_by: transaction.actor.memberId ?? null,
    });
    const before = rates.findLast((rate) => rate.valid_from <= startsOn);
    transaction.audit({
      subjectType: 'TaxCode',
      subjectId: taxCodeId,
      before: { percent: before?.percent ?? null },
      after: { startsOn, percent: percent ?? null },
    });
    return { taxCodeId };
  },
});
