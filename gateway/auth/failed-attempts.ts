import { createTokenBuckets } from '../operations/token-bucket.ts';
import { codedError } from '../error-format.ts';

const attempts = { perSecond: 2, burst: 100 };
const addressesAtMost = 50_000;

/** Counts credentials that were no good, by the address they came from. */
export interface FailedAttempts {
  /** Throws RATE_LIMITED with `retryAfterMs` when an address has shown too many of them. */
  check(address: string): void;
  failed(address: string): void;
}

/** Lets an address be wrong a hundred times, and twice a second from then on; per process. */
export function createFailedAttempts(now: () => number = Date.now): FailedAttempts {
  const buckets = createTokenBuckets({ capacity: addressesAtMost, now });
  return {
    check(address) {
      const wait = buckets.waitFor(networkOf(address), 1, attempts);
      if (wait === 0) return;
      const retryAfterMs = Math.ceil(wait);
      throw codedError(
        'RATE_LIMITED',
        `Too many credentials from this address were not valid; send again in ${retryAfterMs} ms`,
        { retryAfterMs },
      );
    },
    failed: (address) => buckets.take(networkOf(address), 1, attempts),
  };
}

/** Whoever has one IPv6 address has a network of them, so they count together. */
function networkOf(address: string): string {
  if (!address.includes(':') || address.includes('.')) return address.replace(/^::ffff:/i, '');
  const [head = '', tail] = address.split('::');
  const groups = head.split(':');
  const last = tail === undefined ? [] : tail.split(':').filter(Boolean);
  const zeros = tail === undefined ? [] : Array<string>(8 - groups.length - last.length).fill('0');
  return [...groups, ...zeros, ...last].slice(0, 4).join(':');
}
