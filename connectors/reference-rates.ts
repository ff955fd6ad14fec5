import { provide, type ProvidedPort } from '#kernel/ports';
import { referenceRates } from '#connectors/ports';
import { readReferenceRates } from './formats/ecb-rates.ts';

const timeoutMs = 30_000;
const largest = 16 * 1024 * 1024;

/** The port of reference rates; without an address nothing is ever fetched, and files are handed in by hand. */
export function referenceRatesPort(url: string | undefined): ProvidedPort {
  return provide(referenceRates, {
    readFile: readReferenceRates,
    fetchPublished: async () => (url === undefined ? undefined : fetchFile(url)),
  });
}

/** Fetches a file of bounded size in bounded time. */
async function fetchFile(url: string): Promise<Uint8Array> {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), redirect: 'error' });
  if (!response.ok || !response.body) throw new Error(`Reference rates: ${url} answered ${response.status}`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > largest) throw new Error(`Reference rates: ${url} is larger than ${largest} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
