import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../../test/support/chromium.ts';
import { Bench } from '../test-support/bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start(launchChromium);
});
beforeEach(() => bench.reset());
afterAll(() => bench.stop());

test('every stage from received to the ledger shows its count and what waits there', async () => {
  const page = await bench.open('<cf-flow-ribbon></cf-flow-ribbon>');
  await expect.poll(() => page.locator('[data-stage=received]').innerText()).toContain('413');
  expect(await page.locator('[data-stage=approved]').innerText()).toContain('4 waiting');
  expect(await page.locator('[data-stage=matched]').innerText()).toContain('2 waiting');
  expect(await page.locator('[data-stage=sent]').innerText()).toContain('509');
});

test('a decision lights the stages it passes and moves their counts', async () => {
  const page = await bench.open('<cf-flow-ribbon></cf-flow-ribbon>');
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  const booked = page.locator('[data-stage=booked]');
  await expect.poll(() => booked.innerText()).toContain('396');
  await expect.poll(() => bench.asked('BookingCounts')).toBeGreaterThan(1);
  bench.books.decideApproval({ approvalRequestId: 'apr_2', verdict: 'APPROVE', version: 1 }, 'ravi');
  await page.locator('[data-stage=booked].lit').waitFor();
  await expect.poll(() => booked.innerText()).toContain('397');
  expect(await page.locator('[data-stage=matched].lit').count()).toBe(0);
});
