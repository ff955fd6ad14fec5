import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BackOff } from './back-off.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('delays double up to half a minute and are jittered downwards only', () => {
  const longest = new BackOff(() => 1);
  const delays = Array.from({ length: 9 }, () => longest.next());
  expect(delays).toEqual([250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  expect(new BackOff(() => 0).next()).toBe(125);
});

test('a connection that fails soon after it was accepted does not start the count over', () => {
  const backOff = new BackOff(() => 1);
  backOff.next();
  backOff.next();
  backOff.connected();
  vi.advanceTimersByTime(9000);
  expect(backOff.next()).toBe(1000);
});

test('a connection that held starts the count over', () => {
  const backOff = new BackOff(() => 1);
  backOff.next();
  backOff.next();
  backOff.connected();
  vi.advanceTimersByTime(10_000);
  expect(backOff.next()).toBe(250);
});

test('a cancelled attempt is not made', () => {
  const backOff = new BackOff();
  const attempt = vi.fn<() => void>();
  backOff.wait(100, attempt);
  backOff.cancel();
  vi.advanceTimersByTime(1000);
  expect(attempt).not.toHaveBeenCalled();
});
