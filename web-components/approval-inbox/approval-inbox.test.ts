import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../../test/support/chromium.ts';
import { Bench, heard } from '../test-support/bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start(launchChromium);
});
beforeEach(() => bench.reset());
afterAll(() => bench.stop());

const element = '<cf-approval-inbox></cf-approval-inbox>';

test('what the viewer can decide stands apart from what others must, with the reason', async () => {
  const page = await bench.open(element);
  const buckets = page.locator('section section');
  await buckets.first().waitFor();
  expect(await buckets.nth(0).innerText()).toMatch(/^You can decide\s+3/);
  expect(await buckets.nth(1).innerText()).toMatch(/^Somebody else decides\s+1/);
  expect(await buckets.nth(1).innerText()).toContain(
    'You submitted this document; somebody else must approve it.',
  );
});

test('choosing a request opens it, and deciding it takes it off the list but leaves the decision in view', async () => {
  const page = await bench.open(element);
  await page.getByRole('button', { name: 'Osito Software' }).click();
  await page.getByRole('heading', { name: 'Osito Software' }).waitFor();
  await page.getByRole('button', { name: 'Approve A' }).click();
  await page.locator('.decided').getByText('Approved by Ravi Menon').waitFor();
  await expect.poll(() => page.locator('.request').count()).toBe(3);
  expect((await heard(page, 'cf-select')).at(-1)?.detail).toEqual({ kind: 'approval', id: 'apr_4' });
});

test('a decision somebody else takes leaves the list by itself', async () => {
  const page = await bench.open(element);
  await expect.poll(() => page.locator('.request').count()).toBe(4);
  await expect.poll(() => bench.asked('PendingApprovals')).toBeGreaterThan(1);
  bench.books.decideApproval({ approvalRequestId: 'apr_3', verdict: 'APPROVE', version: 1 }, 'ana');
  await expect.poll(() => page.locator('.request').count()).toBe(3);
});

test('an empty inbox says so', async () => {
  bench.books.approvals = [];
  const page = await bench.open(element);
  await expect.poll(() => page.getByText('Nothing to approve').isVisible()).toBe(true);
});
