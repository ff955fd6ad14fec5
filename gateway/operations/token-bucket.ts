import { rememberingMap } from './remembering-map.ts';

/** How fast a bucket fills, and how much it holds. */
export interface BucketSize {
  readonly perSecond: number;
  readonly burst: number;
}

/** What a bucket holds at this moment. */
export interface BucketState {
  /** What can be taken now. */
  readonly left: number;
  /** Milliseconds until it is full again. */
  readonly fullInMs: number;
}

/** Buckets by key; one is full when nobody has taken from it. */
export interface TokenBuckets {
  /** Milliseconds to wait before this much can be taken; 0 when it can be taken now. Takes nothing. */
  waitFor(key: string, amount: number, size: BucketSize): number;
  /** Takes this much, whether it is there or not. */
  take(key: string, amount: number, size: BucketSize): void;
  state(key: string, size: BucketSize): BucketState;
}

interface BucketsOptions {
  /** At most so many buckets that are not full are remembered; beyond that those not used for longest count as full. */
  readonly capacity: number;
  /** The clock in milliseconds. */
  readonly now: () => number;
}

/**
 * Token buckets as the generic cell rate algorithm keeps them: one number each, the instant at which the bucket is full
 * again. What is larger than a whole bucket takes a whole bucket, so that it is late instead of impossible.
 */
export function createTokenBuckets({ capacity, now }: BucketsOptions): TokenBuckets {
  const fullAt = rememberingMap<string, number>(capacity);
  const missing = (key: string, at: number): number => Math.max((fullAt.get(key) ?? 0) - at, 0);
  const duration = (amount: number, { perSecond, burst }: BucketSize): number =>
    (Math.min(amount, burst) * 1000) / perSecond;
  return {
    waitFor(key, amount, size) {
      const wait = missing(key, now()) + duration(amount, size) - duration(size.burst, size);
      // A rest of a microsecond is how numbers are rounded, not something to wait for.
      return wait > 0.001 ? wait : 0;
    },
    take(key, amount, size) {
      const at = now();
      fullAt.keep(key, at + missing(key, at) + duration(amount, size));
    },
    state(key, size) {
      const fullInMs = missing(key, now());
      return { left: Math.max(size.burst - (fullInMs * size.perSecond) / 1000, 0), fullInMs };
    },
  };
}
