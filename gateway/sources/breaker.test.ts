import { expect, test } from 'vitest';
import { createBreaker } from './breaker.ts';

function breaker() {
  let time = 0;
  const made = createBreaker({
    failures: 3,
    pauseMilliseconds: 500,
    longestPauseMilliseconds: 1_500,
    now: () => time,
  });
  const wait = (milliseconds: number) => (time += milliseconds);
  const fail = (times: number) => {
    for (let index = 0; index < times; index += 1) made.failed();
  };
  return { made, wait, fail };
}

test('it opens after failures in a row, and a success between them starts the count again', () => {
  const { made, fail } = breaker();
  fail(2);
  made.succeeded();
  fail(2);
  expect([made.admits(), made.state]).toEqual([true, 'closed']);
  fail(1);
  expect([made.admits(), made.state]).toEqual([false, 'open']);
});

test('after a pause one request is let through, and its success lets all through', () => {
  const { made, fail, wait } = breaker();
  fail(3);
  wait(499);
  expect(made.admits()).toBe(false);
  wait(1);
  expect([made.admits(), made.admits(), made.state]).toEqual([true, false, 'probing']);
  made.succeeded();
  expect([made.admits(), made.admits(), made.state]).toEqual([true, true, 'closed']);
});

test('each probe that fails doubles the pause, up to the longest one', () => {
  const { made, fail, wait } = breaker();
  fail(3);
  for (const pause of [500, 1_000, 1_500, 1_500]) {
    wait(pause - 1);
    expect(made.admits()).toBe(false);
    wait(1);
    expect(made.admits()).toBe(true);
    made.failed();
  }
  wait(1_500);
  made.admits();
  made.succeeded();
  fail(3);
  wait(500);
  expect(made.admits()).toBe(true);
});

test('requests that were sent before it opened and fail late do not keep it open', () => {
  const { made, fail, wait } = breaker();
  fail(3);
  wait(400);
  fail(5);
  wait(100);
  expect(made.admits()).toBe(true);
});
