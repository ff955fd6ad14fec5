import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../../test/support/chromium.ts';
import { Bench } from '../test-support/bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start(launchChromium);
});
beforeEach(() => bench.reset());
afterAll(() => bench.stop());

const element = '<cf-audit-trail></cf-audit-trail>';

test('records stand newest first beside the verdict on the chain', async () => {
  const page = await bench.open(element);
  await page.getByText('chain verified').waitFor();
  const summaries = await page.locator('summary').allInnerTexts();
  expect(summaries).toHaveLength(4);
  expect(summaries[0]).toMatch(/Submit document[\s\S]*Ana Lindqvist[\s\S]*#4/);
});

test('a broken chain is told with the record where it breaks', async () => {
  bench.books.auditValid = false;
  const page = await bench.open(element);
  await expect.poll(() => page.getByText('broken at #2').isVisible()).toBe(true);
});

test('a decision adds its record by itself, and opening it shows what changed and both hashes', async () => {
  const page = await bench.open(element);
  await page.getByText('chain verified').waitFor();
  await expect.poll(() => bench.asked('LatestAuditRecords')).toBeGreaterThan(1);
  bench.books.decideApproval(
    { approvalRequestId: 'apr_2', verdict: 'APPROVE', version: 1, comment: 'Fine' },
    'ravi',
  );
  const record = page.locator('details').first();
  await record.getByText('Decide approval').click();
  const details = await record.locator('dl').innerText();
  expect(details).toMatch(/status\s+PENDING APPROVED/);
  expect(details).toMatch(/comment\s+Fine/);
  expect(details).toContain(String(bench.books.records[3]?.['hash']));
});

test('who may not read the trail is told that it is not part of the session', async () => {
  const page = await bench.open(element, { as: 'ana' });
  await expect.poll(() => page.getByText('Not part of this session').isVisible()).toBe(true);
});
