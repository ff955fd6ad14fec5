import type { Actor } from '#kernel/actor';
import { codedError } from '../error-format.ts';
import type { Gate } from './admission.ts';
import { createTokenBuckets, type BucketSize } from './token-bucket.ts';

/** What operations may cost together, counted as single ones are (`extensions.cost`). */
export interface RateLimits {
  /** Of one API key, token or session. */
  readonly credential: BucketSize;
  /** Of all credentials of one organisation together. */
  readonly organisation: BucketSize;
}

/** Limits what a credential and its organisation spend. */
export interface RateLimiter {
  /** Refuses with RATE_LIMITED and `retryAfterMs` what is too much at this moment; the rest is counted. */
  readonly gate: Gate;
  /** The response headers `RateLimit-Policy` and `RateLimit` of an actor. */
  headers(actor: Actor): Readonly<Record<string, string>>;
}

const bucketsAtMost = 100_000;
const secondsOfOwnBurst = 10;

/**
 * Limits per process: N gateways side by side let N times as much through, because a count shared by all would cost each
 * operation a round trip. Costs are estimates made before execution, the same that bound a single operation. Both
 * buckets are looked at before either is taken from, so that what is refused costs nothing.
 */
export function createRateLimiter(limits: RateLimits, now: () => number = Date.now): RateLimiter {
  const buckets = createTokenBuckets({ capacity: bucketsAtMost, now });
  const sizeFor = (actor: Actor): BucketSize => ownSize(actor) ?? limits.credential;
  return {
    gate({ cost }, { actor }) {
      const size = sizeFor(actor);
      const [own, shared] = [credentialKey(actor), organisationKey(actor)];
      const ownWait = buckets.waitFor(own, cost, size);
      const wait = Math.max(ownWait, buckets.waitFor(shared, cost, limits.organisation));
      if (wait > 0)
        throw tooMuch(wait, ownWait > 0 ? ['credential', size] : ['organisation', limits.organisation]);
      buckets.take(own, cost, size);
      buckets.take(shared, cost, limits.organisation);
    },
    headers(actor) {
      const size = sizeFor(actor);
      const { left, fullInMs } = buckets.state(credentialKey(actor), size);
      const window = Math.max(1, Math.round(size.burst / size.perSecond));
      return {
        'ratelimit-policy': `"credential";q=${size.burst};w=${window};qu="cost"`,
        ratelimit: `"credential";r=${Math.floor(left)};t=${Math.ceil(fullInMs / 1000)}`,
      };
    },
  };
}

function tooMuch(wait: number, [whose, size]: readonly ['credential' | 'organisation', BucketSize]): Error {
  const retryAfterMs = Math.ceil(wait);
  return codedError(
    'RATE_LIMITED',
    `This ${whose} may spend a cost of ${size.perSecond} each second and ${size.burst} at once; ` +
      `send again in ${retryAfterMs} ms`,
    { retryAfterMs },
  );
}

/** The size that was given to an API key of its own. */
function ownSize({ costPerSecond }: Actor): BucketSize | undefined {
  if (costPerSecond === undefined) return undefined;
  return { perSecond: costPerSecond, burst: costPerSecond * secondsOfOwnBurst };
}

/** A person's sessions count together: a page gets a new token every few minutes. */
function credentialKey({ kind, organisationId, id }: Actor): string {
  return `${kind} ${organisationId} ${id}`;
}

function organisationKey({ organisationId }: Actor): string {
  return `organisation ${organisationId}`;
}
