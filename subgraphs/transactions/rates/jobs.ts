import { systemActor } from '#kernel/actor';
import type { CalendarDate } from '#kernel/calendar';
import { resultOf } from '#kernel/command-door';
import type { Job } from '#kernel/subgraph';
import { referenceRates } from '#connectors/ports';
import { announceReferenceRates } from './announce-reference-rates.ts';
import { loadReferenceRates } from './load-reference-rates.ts';

/**
 * Fetches the published reference rates for all organisations, after the bank publishes them on working days, and tells
 * those that wait for one. Without a configured address there is nothing to do.
 */
export const fetchReferenceRates: Job = {
  name: 'transactions.reference-rates',
  schedule: '30 15 * * 1-5',
  async run(_data, { services, door, pool }) {
    const source = services.port(referenceRates);
    const bytes = await source.fetchPublished();
    if (!bytes) return;
    const { days, problems } = source.readFile(bytes);
    for (const { severity, code, message, line } of problems.slice(0, 20))
      services.log.warn({ severity, code, message, line }, 'published reference rates');
    if (days.length === 0) return;
    const platform = { actor: systemActor('transactions', 'platform') };
    const stored = resultOf(await door.run(loadReferenceRates, { days }, platform));
    const { from, to } = stored as { from?: CalendarDate; to?: CalendarDate };
    if (!from || !to) return;
    const waiting = await pool.query<{ organisation_id: string }>(
      'select organisation_id from transactions.organisations_waiting_for_rates()',
    );
    for (const { organisation_id: organisationId } of waiting.rows) {
      const actor = systemActor('transactions', organisationId);
      resultOf(await door.run(announceReferenceRates, { from, to }, { actor }));
    }
  },
};
