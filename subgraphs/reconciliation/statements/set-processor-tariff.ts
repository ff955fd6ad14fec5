import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { amount, date, decimal, id, oneOf, text } from '#kernel/input';
import { parseDecimal } from '#kernel/money';
import { payoutProviders } from '#connectors/payout-ports';

const kinds = ['CHARGE', 'REFUND', 'CHARGEBACK'] as const;
const regions = ['DOMESTIC', 'EEA', 'INTERNATIONAL'] as const;

/** Keeps what was agreed that a provider takes, from a day on; what held until then ends the day before. */
export const setProcessorTariff = command({
  name: 'setProcessorTariff',
  description:
    'Keeps what was agreed that a payment provider takes of a kind of movement, from a day on; what held until then ends the day before.',
  scope: 'reconciliation:write',
  input: z
    .object({
      bookId: id(),
      provider: oneOf('PayoutProvider', payoutProviders),
      kind: oneOf('TariffKind', kinds),
      method: text(60).optional().meta({
        description: 'Only of this method, as reports write it, for example visa; left out: of all others.',
      }),
      region: oneOf('CardRegion', regions)
        .optional()
        .meta({ description: 'Only of cards from there; needs homeCountry. Left out: of all others.' }),
      homeCountry: z
        .string()
        .regex(/^[A-Z]{2}$/, 'is not an ISO 3166 code such as DE')
        .optional()
        .meta({ description: 'The country that is domestic.' }),
      percent: decimal().meta({ description: 'Of the gross amount, for example 1.5.' }),
      fixed: amount().meta({ description: 'For each movement, besides.' }),
      startsOn: date(),
      endsOn: date().optional(),
    })
    .refine((input) => (input.region === undefined) === (input.homeCountry === undefined), {
      message: 'give region and homeCountry together, or neither',
      path: ['homeCountry'],
    }),
  async run(transaction, { bookId, provider, fixed, ...tariff }) {
    const percent = parseDecimal(tariff.percent);
    if (percent.digits < 0n || percent.digits > 100n * 10n ** BigInt(percent.scale) || percent.scale > 6)
      throw invalid('percent', 'A percentage is between 0 and 100, with at most six decimals');
    if (fixed.minor < 0n) throw invalid('fixed', 'A fee is not negative');
    if (tariff.endsOn !== undefined && tariff.endsOn < tariff.startsOn)
      throw invalid('endsOn', 'The last day is before the first');
    const method = tariff.method?.toLowerCase() ?? null;
    const same = [
      bookId,
      provider,
      tariff.kind,
      method,
      tariff.region ?? null,
      fixed.currency,
      tariff.startsOn,
    ];
    await transaction.query(
      `delete from reconciliation.processor_tariff
        where book_id = $1 and provider = $2 and kind = $3 and method is not distinct from $4
          and region is not distinct from $5 and currency = $6 and starts_on = $7`,
      same,
    );
    await transaction.query(
      `update reconciliation.processor_tariff set ends_on = $7::date - 1
        where book_id = $1 and provider = $2 and kind = $3 and method is not distinct from $4
          and region is not distinct from $5 and currency = $6 and starts_on < $7::date
          and (ends_on is null or ends_on >= $7::date)`,
      same,
    );
    const tariffId = newId('ptf');
    await transaction.insert('reconciliation.processor_tariff', {
      id: tariffId,
      book_id: bookId,
      provider,
      kind: tariff.kind,
      method,
      region: tariff.region ?? null,
      home_country: tariff.homeCountry ?? null,
      percent: tariff.percent,
      fixed_minor: fixed.minor,
      currency: fixed.currency,
      starts_on: tariff.startsOn,
      ends_on: tariff.endsOn ?? null,
      set_by: transaction.actor.memberId ?? null,
      set_at: transaction.now,
    });
    transaction.emit({ type: 'processorTariff.changed', subjectId: bookId, bookId, facts: { provider } });
    const after = { provider, ...tariff, fixed: { minor: String(fixed.minor), currency: fixed.currency } };
    transaction.audit({ subjectType: 'ProcessorTariff', subjectId: tariffId, after });
    return { tariffId };
  },
});

function invalid(field: string, message: string): CrossfootError {
  return new CrossfootError('FIELD_INVALID', message, { path: [field] });
}
