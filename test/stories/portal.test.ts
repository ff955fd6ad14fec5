import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { eventually, startTestPlatform, type Platform } from '../support/platform.ts';

/** The demo company in its host portal, in a real browser against the real product. */
let platform: Platform;
let browser: Browser;
let page: Page;
const faults: string[] = [];

beforeAll(async () => {
  [platform, browser] = await Promise.all([
    startTestPlatform('one process', { demo: true }),
    launchChromium(),
  ]);
  page = await openPortal();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await platform?.stop();
});

async function openPortal(): Promise<Page> {
  const opened = await browser.newPage({ viewport: { width: 1366, height: 768 } });
  opened.on('pageerror', (error) => faults.push(error.message));
  opened.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await opened.goto(platform.url);
  await opened.locator('#live[data-state=live]').waitFor();
  await opened.getByRole('option').first().waitFor();
  return opened;
}

const waiting = async (on: Page): Promise<number> =>
  Number(
    await on
      .locator('cf-review-queue')
      .getByRole('button', { name: /Approvals/ })
      .innerText()
      .then(digits),
  );
const digits = (text: string) => text.replace(/\D/g, '');

test('the first screen shows the books of the company: what waits, what is matched, a verified chain', async () => {
  await page.getByText('chain verified').waitFor();
  expect(await page.locator('#customer').innerText()).toBe('Kestrel Outdoor GmbH');
  await page.locator('cf-sync-status').getByText('Plain-text ledger').waitFor();
  expect(await page.getByRole('option').count()).toBeGreaterThan(5);
  expect(faults).toEqual([]);
});

test('approving a draft on the card books it, and everything on the page follows without a reload', async () => {
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));
  const other = await openPortal();
  const before = await waiting(page);
  const name = await page.locator('cf-approval-card').getByRole('heading').first().innerText();
  await page
    .locator('cf-approval-card')
    .getByRole('button', { name: /Approve/ })
    .click();
  await eventually(async () => (await waiting(page)) === before - 1);
  await page.locator('cf-audit-trail').getByText('Decide approval').first().waitFor();
  await eventually(async () => (await waiting(other)) === before - 1);
  const posted = await platform.owner.query<{ n: number }>(
    `select count(*)::int as n from approvals.approval_request r
       join transactions.journal_entry e on e.organisation_id = r.organisation_id
      where r.status = 'APPROVED' and r.decided_at > now() - interval '1 minute'`,
  );
  expect(posted.rows[0]?.n).toBeGreaterThan(0);
  expect(name.length).toBeGreaterThan(2);
  expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true);
  await other.close();
});

test('a receipt sent through the public API appears by itself', async () => {
  const before = await waiting(page);
  await page.getByRole('button', { name: 'Send a receipt' }).click();
  await eventually(async () => (await waiting(page)) === before + 1);
  expect(faults).toEqual([]);
});

test('the submitter sees why they cannot approve', async () => {
  await page.getByText('Ana', { exact: true }).click();
  await page
    .getByText(/somebody else must|do not have the right/)
    .first()
    .waitFor();
  expect(
    await page
      .locator('cf-approval-card')
      .getByRole('button', { name: /Approve/ })
      .count(),
  ).toBe(0);
  expect(faults).toEqual([]);
});

test('the demo opens again after a power cut, and goes on when it was cut off while it was being brought in', async () => {
  const kept = join(platform.dataFolder, 'demo.json');
  const documents = async (): Promise<number | undefined> => {
    const found = await platform.owner.query<{ n: number }>(
      'select count(*)::int as n from transactions.document',
    );
    return found.rows[0]?.n;
  };
  const before = await documents();
  await platform.killAndRestart();
  const { complete, ...demo } = JSON.parse(readFileSync(kept, 'utf8')) as Record<string, unknown>;
  expect(complete).toBe(true);
  writeFileSync(kept, JSON.stringify(demo));
  await platform.killAndRestart();
  expect(JSON.parse(readFileSync(kept, 'utf8'))).toEqual({ ...demo, complete: true });
  expect(await documents()).toBe(before);
}, 120_000);
