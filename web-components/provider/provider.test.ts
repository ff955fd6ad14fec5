import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { launchChromium } from '../../test/support/chromium.ts';
import { Bench, heard } from '../test-support/bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start(launchChromium);
});
beforeEach(() => bench.reset());
afterAll(() => bench.stop());

const three = `<cf-review-queue></cf-review-queue><cf-sync-status></cf-sync-status><cf-kpi-strip></cf-kpi-strip>`;

function tokenReasons(page: Page): Promise<string[]> {
  return page.evaluate(() => (globalThis as unknown as { tokenReasons: string[] }).tokenReasons);
}

function expireAll(): void {
  for (const { token } of bench.gateway.requests) bench.gateway.expired.add(token);
}

async function live(page: Page): Promise<void> {
  await expect
    .poll(async () => (await heard(page, 'cf-live')).map((event) => event.detail['state']))
    .toContain('live');
}

test('the page is asked once for a token, however many elements need it', async () => {
  const page = await bench.open(three);
  await page.getByRole('option').first().waitFor();
  await page.getByText('412 sent').waitFor();
  expect(await tokenReasons(page)).toEqual(['init']);
});

test('an expired token is renewed once for all requests that meet it, and they are repeated', async () => {
  const page = await bench.open(three);
  await page.getByText('412 sent').waitFor();
  await live(page);
  expireAll();
  bench.books.connections[0]!['pushed'] = 500;
  await page.evaluate(() => {
    const elements = document.querySelectorAll<HTMLElement & { refresh: () => void }>(
      'cf-sync-status, cf-review-queue',
    );
    for (const element of elements) element.refresh();
  });
  await page.getByText('500 sent').waitFor();
  expect(await tokenReasons(page)).toEqual(['init', 'expired']);
  expect(await heard(page, 'cf-error')).toEqual([]);
});

test.each([4401, 4403])('a socket closed with %i comes back with a fresh token', async (code) => {
  const page = await bench.open('<cf-sync-status></cf-sync-status>');
  await page.getByText('412 sent').waitFor();
  await expect.poll(() => bench.gateway.subscriptions.length).toBe(2);
  expireAll();
  bench.gateway.cut(code);
  await expect.poll(() => bench.gateway.subscriptions.length).toBe(4);
  expect(await tokenReasons(page)).toContain('expired');
  bench.books.connections[0]!['pushed'] = 501;
  bench.books.tell('syncRunChanged', 'succeeded', { id: 'run_2' });
  await page.getByText('501 sent').waitFor();
});

test('a page that gives no token is told so by the elements', async () => {
  const head = '<script type="module" src="/crossfoot.js"></script>';
  const page = await bench.open('<cf-sync-status></cf-sync-status>', { head });
  await page.getByText('Signed out').waitFor();
  await expect.poll(() => page.getByText('Answer the cf-token event').isVisible()).toBe(true);
});

test('a function set on the provider before the elements are defined is used', async () => {
  bench.gateway.pages.set(
    '/early.js',
    `addEventListener('DOMContentLoaded', () => {
      document.querySelector('cf-provider').fetchToken = async () => 'ravi.early';
    });`,
  );
  const head = '<script src="/early.js"></script><script type="module" src="/late.js"></script>';
  bench.gateway.pages.set('/late.js', `addEventListener('DOMContentLoaded', () => import('/crossfoot.js'));`);
  const page = await bench.open('<cf-sync-status></cf-sync-status>', { head });
  await page.getByText('412 sent').waitFor();
  expect(bench.gateway.requests.at(0)?.token).toBe('ravi.early');
});

test('a fixed token in the attribute works where the page cannot renew one', async () => {
  const head = '<script type="module" src="/crossfoot.js"></script>';
  const body = '<cf-provider book="bk_1" token="ravi.fixed"><cf-sync-status></cf-sync-status></cf-provider>';
  const page = await bench.open(body, { head, bare: true });
  await page.getByText('412 sent').waitFor();
  expect(bench.gateway.requests.at(0)?.token).toBe('ravi.fixed');
});

test('when another person signs in the elements ask for everything again', async () => {
  const page = await bench.open('<cf-audit-trail></cf-audit-trail>');
  await page.getByText('chain verified').waitFor();
  await page.evaluate(() => {
    document.body.dataset['as'] = 'ana';
    document.querySelector<HTMLElement & { renew: () => void }>('cf-provider')!.renew();
  });
  await expect.poll(() => page.getByText('Not part of this session').isVisible()).toBe(true);
});

test('elements wait until the page names the book', async () => {
  const page = await bench.open('<cf-provider><cf-sync-status></cf-sync-status></cf-provider>', {
    bare: true,
  });
  await page.locator('section[aria-busy=true]').waitFor();
  expect(bench.gateway.requests).toEqual([]);
  await page.evaluate(() => document.querySelector('cf-provider')!.setAttribute('book', 'bk_1'));
  await page.getByText('412 sent').waitFor();
});

test('an element outside a provider says where it belongs', async () => {
  const page = await bench.open('<cf-sync-status></cf-sync-status>', { bare: true });
  await expect.poll(() => page.getByText('Put it inside').isVisible()).toBe(true);
});

test('the bundle loaded twice leaves the first definitions alone', async () => {
  bench.gateway.policy = bench.gateway.policy.replace('lit-html', "lit-html 'allow-duplicates'");
  bench.gateway.pages.set('/twice.js', `import '/crossfoot.js'; import '/crossfoot.js?copy';`);
  const head = '<script src="/host.js"></script><script type="module" src="/twice.js"></script>';
  const page = await bench.open('<cf-sync-status></cf-sync-status>', { head });
  await page.getByText('412 sent').waitFor();
  expect(bench.violations).toEqual([]);
});

test('an element is rendered by the time it has been inserted', async () => {
  const page = await bench.open('<p>page</p>');
  const rendered = await page.evaluate(async () => {
    await customElements.whenDefined('cf-sync-status');
    const element = document.createElement('cf-sync-status');
    document.querySelector('cf-provider')!.append(element);
    return element.shadowRoot?.querySelector('h2')?.textContent;
  });
  expect(rendered).toBe('Sync');
});
