const firstDelay = 250;
const longestDelay = 30_000;
const stableAfter = 10_000;

/**
 * Growing, jittered delays between attempts, in milliseconds. The count starts over only after a connection
 * has held for ten seconds: a service that accepts and then fails each one would be hammered otherwise.
 */
export class BackOff {
  attempts = 0;
  readonly #jitter: () => number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stable: ReturnType<typeof setTimeout> | undefined;

  constructor(jitter: () => number = Math.random) {
    this.#jitter = jitter;
  }

  /** Counts a failure and returns how long to wait before the next attempt. */
  next(): number {
    clearTimeout(this.#stable);
    const full = Math.min(longestDelay, firstDelay * 2 ** this.attempts);
    this.attempts += 1;
    return Math.round(full * (0.5 + this.#jitter() / 2));
  }

  /** Runs the next attempt after the delay unless it is cancelled or replaced before. */
  wait(delay: number, attempt: () => void): void {
    this.cancel();
    this.#timer = setTimeout(attempt, delay);
  }

  /** Starts the count over once the connection has held long enough. */
  connected(): void {
    clearTimeout(this.#stable);
    this.#stable = setTimeout(() => {
      this.attempts = 0;
    }, stableAfter);
  }

  /** Drops a planned attempt. */
  cancel(): void {
    clearTimeout(this.#timer);
  }
}
