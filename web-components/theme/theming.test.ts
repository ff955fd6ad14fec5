import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../../test/support/chromium.ts';
import { accessibilityFaults, Bench } from '../test-support/bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start(launchChromium);
});
beforeEach(() => bench.reset());
afterAll(() => bench.stop());

const elements = {
  'cf-review-queue': { body: '<cf-review-queue></cf-review-queue>', shows: 'Nordlicht Hosting' },
  'cf-approval-card': { body: '<cf-approval-card approval="apr_1"></cf-approval-card>', shows: 'Books on' },
  'cf-approval-inbox': { body: '<cf-approval-inbox></cf-approval-inbox>', shows: 'Books on' },
  'cf-match-review': { body: '<cf-match-review match="mt_2"></cf-match-review>', shows: 'Why not the other' },
  'cf-reconciliation-board': {
    body: '<cf-reconciliation-board></cf-reconciliation-board>',
    shows: 'PC-5531 stands in the remittance',
  },
  'cf-sync-status': { body: '<cf-sync-status></cf-sync-status>', shows: '412 sent' },
  'cf-audit-trail': { body: '<cf-audit-trail></cf-audit-trail>', shows: 'chain verified' },
  'cf-kpi-strip': { body: '<cf-kpi-strip></cf-kpi-strip>', shows: '11 lines' },
  'cf-flow-ribbon': { body: '<cf-flow-ribbon></cf-flow-ribbon>', shows: '413' },
};
const cases = Object.entries(elements).flatMap(([tag, element]) =>
  (['light', 'dark'] as const).map((scheme) => ({ tag, scheme, ...element })),
);

test.each(cases)('$tag has no accessibility faults in $scheme', async ({ body, shows, scheme }) => {
  const page = await bench.open(body, { scheme });
  await page.getByText(shows).first().waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
});

test.each(['light', 'dark'] as const)(
  'failed, forbidden and empty states have none either in %s',
  async (scheme) => {
    bench.gateway.faults.set('ConnectionStates', 'INTERNAL');
    bench.gateway.faults.set('LatestAuditRecords', 'FORBIDDEN');
    bench.books.approvals = [];
    bench.books.matches = [];
    const body =
      '<cf-sync-status></cf-sync-status><cf-audit-trail></cf-audit-trail><cf-review-queue></cf-review-queue>';
    const page = await bench.open(body, { scheme });
    await page.getByText('This could not be loaded').waitFor();
    await page.getByText('All clear').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  },
);

test('the check sees text that is too faint', async () => {
  const page = await bench.open(elements['cf-sync-status'].body);
  await page.getByText('412 sent').waitFor();
  await page.evaluate(() => document.documentElement.style.setProperty('--cf-text-muted', '#bbbbbb'));
  expect((await accessibilityFaults(page)).join()).toContain('color-contrast');
});

test('a theme property on any ancestor changes the colour inside the element, without reload', async () => {
  const page = await bench.open(elements['cf-approval-card'].body);
  const approve = page.getByRole('button', { name: 'Approve' });
  await approve.waitFor();
  const colour = (): Promise<string> =>
    approve.evaluate((button) => getComputedStyle(button).backgroundColor);
  expect(await colour()).toBe('rgb(29, 91, 214)');
  await page.evaluate(() => document.querySelector('main')!.style.setProperty('--cf-accent', '#0a7d4f'));
  await expect.poll(colour).toBe('rgb(10, 125, 79)');
});

test('an element follows the colour scheme of the page, not only of the system', async () => {
  const page = await bench.open(elements['cf-sync-status'].body, { scheme: 'light' });
  const panel = page.locator('section');
  const ground = (): Promise<string> =>
    panel.evaluate((section) => getComputedStyle(section).backgroundColor);
  await panel.waitFor();
  expect(await ground()).toBe('rgb(255, 255, 255)');
  await page.evaluate(() => (document.documentElement.style.colorScheme = 'dark'));
  await expect.poll(ground).toBe('rgb(22, 26, 33)');
});

test('a part can be styled from the page', async () => {
  const page = await bench.open(elements['cf-sync-status'].body);
  await page.locator('section').waitFor();
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('cf-sync-status::part(title) { text-transform: uppercase; }');
    document.adoptedStyleSheets = [sheet];
  });
  expect(await page.locator('h2').innerText()).toBe('SYNC');
});

test('in a narrow place the card stacks paper and booking, in a wide one they stand side by side', async () => {
  const page = await bench.open(elements['cf-approval-card'].body, { width: 900 });
  const desk = page.locator('.desk');
  await desk.waitFor();
  const beside = async (): Promise<boolean> => {
    const [left, right] = await Promise.all([desk.boundingBox(), page.locator('.sheet').boundingBox()]);
    return left!.y === right!.y;
  };
  expect(await beside()).toBe(true);
  await page.setViewportSize({ width: 420, height: 800 });
  await expect.poll(beside).toBe(false);
});
