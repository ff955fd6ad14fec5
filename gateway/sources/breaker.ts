/** What a breaker lets through. */
export type BreakerState = 'closed' | 'open' | 'probing';

/** Keeps requests away from what does not answer, so that they fail at once instead of waiting. */
export interface Breaker {
  /** Whether a request may be sent now. While it is open, one is let through now and then to see how things are. */
  admits(): boolean;
  succeeded(): void;
  failed(): void;
  readonly state: BreakerState;
}

interface BreakerOptions {
  /** How many failures in a row open it. */
  readonly failures: number;
  /** How long it stays open at first; twice as long after each probe that fails. */
  readonly pauseMilliseconds: number;
  readonly longestPauseMilliseconds: number;
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
}

/** A breaker, closed at first. */
export function createBreaker(options: BreakerOptions): Breaker {
  const { failures, pauseMilliseconds, longestPauseMilliseconds, now } = options;
  let state: BreakerState = 'closed';
  let inARow = 0;
  let pause = pauseMilliseconds;
  let openUntil = 0;
  return {
    admits() {
      if (state === 'closed') return true;
      if (state === 'probing' || now() < openUntil) return false;
      state = 'probing';
      return true;
    },
    succeeded() {
      state = 'closed';
      inARow = 0;
      pause = pauseMilliseconds;
    },
    failed() {
      inARow += 1;
      if (state === 'probing') pause = Math.min(pause * 2, longestPauseMilliseconds);
      else if (state === 'open' || inARow < failures) return;
      state = 'open';
      openUntil = now() + pause;
    },
    get state() {
      return state;
    },
  };
}
