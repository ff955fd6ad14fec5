import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { eventually, startTestPlatform, type Platform } from '../support/platform.ts';

let platform: Platform;
let browser: Browser;
let page: Page;
const faults: string[] = [];

beforeAll(async () => {
  [platform, browser] = await Promise.all([
    startTestPlatform('one process', { demo: true }),
    launchChromium(),
  ]);
  page = await browser.newPage({ viewport: { width: 1366, height: 900 } });
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await page.goto(`${platform.url}/plans`);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await platform?.stop();
});

const operation = `query Drafts($book: ID!) {
  approvalRequests(bookId: $book, first: 5) { edges { node { status draft { vendor { name } } } } }
}`;

async function bookId(): Promise<string> {
  const found = await platform.owner.query<{ id: string }>('select id from access.book limit 1');
  return found.rows[0]?.id ?? '';
}

async function fill(query: string, variables: object): Promise<void> {
  await page.getByLabel('Operation', { exact: true }).fill(query);
  await page.getByLabel(/^Variables/).fill(JSON.stringify(variables));
}

const section = (name: string) =>
  page.locator('section.panel').filter({ has: page.getByRole('heading', { name, exact: true }) });

test('an operation is planned, run and measured with the keyboard alone', async () => {
  await fill(operation, { book: await bookId() });
  await page.keyboard.press('Control+Enter');
  const plan = section('Plan and times');
  await plan.waitFor();
  const rows = plan.locator('details.fetch');
  expect(await rows.locator('summary b').allInnerTexts()).toEqual(['approvals', 'transactions', 'vendors']);
  const tracks = await plan
    .getByRole('img')
    .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''));
  expect(tracks).toHaveLength(3);
  for (const label of tracks) expect(label).toMatch(/^from .* ms, for .* ms$/);
  await rows.nth(1).locator('summary').focus();
  await page.keyboard.press('Enter');
  await rows.nth(1).getByText('knows Draft { id }').waitFor();
  await rows
    .nth(1)
    .getByText(/SQL statement/)
    .waitFor();
  expect(await rows.nth(1).locator('pre').innerText()).toContain('... on Draft');
  expect(faults).toEqual([]);
});

test('bars stand on one time axis at every depth', async () => {
  const boxes = await section('Plan and times')
    .locator('.track')
    .evaluateAll((all) =>
      all.map((one) => {
        const { left, right } = one.getBoundingClientRect();
        return [Math.round(left), Math.round(right)].join(' ');
      }),
    );
  expect(new Set(boxes).size).toBe(1);
});

test('the cost of each field stands beside it, and the slow fields of the run', async () => {
  const row = section('Cost by field').getByRole('row').filter({ hasText: 'approvalRequests × 5' });
  expect(await row.getByRole('cell').allInnerTexts()).toContain('31');
  await section('Slowest fields').getByRole('row').nth(1).waitFor();
});

test('what was asked lately is listed, and picking it shows its plan without running it', async () => {
  await platform
    .as(await page.getByLabel('Token', { exact: true }).inputValue())
    .run('query PickMe { viewer { name } }');
  await page.getByRole('button', { name: 'Look again' }).click();
  await page.getByRole('button', { name: /PickMe/ }).click();
  await section('Plan').waitFor();
  expect(await page.getByLabel('Operation', { exact: true }).inputValue()).toContain('PickMe');
  expect(await section('Plan').locator('details.fetch').count()).toBe(1);
});

test('a mistake is told in words, and nothing else is lost', async () => {
  await fill('{ nothingOfThisName }', {});
  await page.getByRole('button', { name: /Plan only/ }).click();
  const fault = page.getByRole('alert');
  await eventually(async () => (await fault.innerText()).includes('Cannot query field'));
  expect(await section('Plan').locator('details.fetch').count()).toBe(1);
  faults.length = 0;
});

test('light and dark are both drawn, and a narrow window needs no scrolling sideways', async () => {
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.getByLabel('Light').selectOption('light');
  const light = await background();
  await page.getByLabel('Light').selectOption('dark');
  expect(await background()).not.toBe(light);
  await page.setViewportSize({ width: 480, height: 800 });
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth),
  ).toBe(true);
  expect(faults).toEqual([]);
});
