import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../../test/support/chromium.ts';
import { accessibilityFaults, Bench } from '../test-support/bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start(launchChromium, { portal: true });
});
beforeEach(() => bench.reset());
afterAll(() => bench.stop());

async function openPortal(scheme: 'light' | 'dark' = 'light') {
  const page = await bench.visit('/portal/', { scheme, width: 1366 });
  await page.getByRole('option').first().waitFor();
  await page.locator('.total-amount').waitFor();
  return page;
}

test('the page works under the strict policy and keeps within one screen', async () => {
  const page = await openPortal();
  await page.setViewportSize({ width: 1366, height: 768 });
  await page.locator('#live[data-state=live]').waitFor();
  await page.getByText('chain verified').waitFor();
  expect(bench.violations).toEqual([]);
  const over = await page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
  expect(over).toBe(0);
  expect(await page.locator('#customer').innerText()).toBe('Lindqvist Studio');
});

test('a receipt sent through the public API appears in the queue by itself, for the other person to approve', async () => {
  const page = await openPortal();
  await page.locator('#live[data-state=live]').waitFor();
  await expect.poll(() => bench.asked('WaitingApprovals')).toBeGreaterThan(1);
  await page.getByRole('button', { name: 'Send a receipt' }).click();
  await expect.poll(() => page.getByRole('option').count()).toBe(7);
  expect(bench.books.calls[0]).toMatchObject({ command: 'submitDocument', by: 'ana' });
  const sent = page.getByRole('option').last();
  await sent.click();
  await page.getByRole('listbox').focus();
  await page.keyboard.press('a');
  await expect.poll(() => bench.books.calls.at(-1)).toMatchObject({ command: 'decideApproval', by: 'ravi' });
  await expect.poll(() => page.getByRole('option').count()).toBe(6);
  await page.locator('cf-audit-trail').getByText('Decide approval').waitFor();
});

test('what is decided on the card stays in view for a moment before the next row takes its place', async () => {
  const page = await openPortal();
  await page.getByRole('option', { name: 'Café Vela' }).click();
  await page.getByRole('heading', { name: 'Café Vela' }).waitFor();
  await page.getByRole('button', { name: 'Approve A' }).click();
  await page.locator('.decided').getByText('Approved by Ravi Menon').waitFor();
  await expect.poll(() => page.getByRole('heading', { name: 'Brightline Rail' }).isVisible()).toBe(true);
});

test('choosing a match shows its evidence in place of the approval', async () => {
  const page = await openPortal();
  await page.getByRole('option', { name: 'Studio Falk' }).click();
  await page.getByText('Why not the other').waitFor();
  expect(await page.locator('cf-approval-card').isVisible()).toBe(false);
});

test('reconciling has a view of its own, which the address names and which keeps within one screen', async () => {
  const page = await openPortal();
  await page.setViewportSize({ width: 1366, height: 768 });
  expect(bench.asked('BoardLines')).toBe(0);
  await page.getByRole('link', { name: 'Reconcile' }).click();
  await page.getByRole('listbox', { name: 'Bank lines' }).getByRole('option').first().waitFor();
  expect(await page.locator('cf-review-queue').isVisible()).toBe(false);
  expect(await page.evaluate(() => document.documentElement.scrollHeight - innerHeight)).toBe(0);
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.reload();
  await page.getByRole('listbox', { name: 'Bank lines' }).waitFor();
  await page.getByRole('link', { name: 'Today' }).click();
  await page.getByRole('listbox', { name: 'Review queue' }).waitFor();
});

test('signing in as the other person shows what that person may do', async () => {
  const page = await openPortal();
  await page.getByText('Ana', { exact: true }).click();
  await page.locator('cf-audit-trail').getByText('Not part of this session').waitFor();
  await expect
    .poll(() => page.getByText('You submitted this document; somebody else must approve it.').isVisible())
    .toBe(true);
});

test('the theme menu changes brand and light of the page and of the elements, and is remembered', async () => {
  const page = await openPortal();
  const approve = page.getByRole('button', { name: 'Approve A' });
  const colour = (): Promise<string> =>
    approve.evaluate((button) => getComputedStyle(button).backgroundColor);
  await page.locator('#theme-menu summary').click();
  await page.getByLabel('Ember').check();
  await expect.poll(colour).toBe('rgb(109, 59, 209)');
  await page.getByLabel('Dark').check();
  await expect.poll(colour).toBe('rgb(191, 163, 255)');
  await page.reload();
  await approve.waitFor();
  await expect.poll(colour).toBe('rgb(191, 163, 255)');
});

test.each(['harbor', 'fjord', 'ember'])(
  'the page in the brand %s has no accessibility faults in light and dark',
  async (brand) => {
    for (const scheme of ['light', 'dark'] as const) {
      const page = await openPortal(scheme);
      await page.evaluate((name) => (document.documentElement.dataset['brand'] = name), brand);
      await page.getByText('chain verified').waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
    }
  },
);
