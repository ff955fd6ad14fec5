import { provide, type ProvidedPort } from '#kernel/ports';
import { referenceRates } from '#connectors/ports';
import { readReferenceRates } from '../../connectors/formats/ecb-rates.ts';

/** The port of reference rates with the real reader, which fetches whatever the test publishes at the time. */
export function publishedRates(published: () => Uint8Array | undefined): ProvidedPort {
  return provide(referenceRates, {
    readFile: readReferenceRates,
    fetchPublished: () => Promise.resolve(published()),
  });
}
