import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../../test/support/chromium.ts';
import { startSmallPlatform, type SmallPlatform } from '../fixtures/small-platform.ts';

let platform: SmallPlatform;
let folder: string;
let token: string | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crossfoot-pages-'));
  const [portal, components] = [join(folder, 'portal'), join(folder, 'components')];
  mkdirSync(portal);
  mkdirSync(components);
  writeFileSync(
    join(portal, 'index.html'),
    '<!doctype html><title>Portal</title><script src="/portal.js"></script>',
  );
  writeFileSync(join(portal, 'portal.js'), 'document.title = "Portal at work";');
  writeFileSync(join(components, 'crossfoot.js'), 'export {};');
  writeFileSync(join(folder, 'outside.txt'), 'nobody may read this');
  platform = await startSmallPlatform({
    staticFolders: { portal, components },
    demo: {
      openSession: async (as) => (as === 'ravi' ? { token: 'a token', bookId: 'bk_1' } : undefined),
      get token() {
        return token;
      },
    },
  });
});
afterAll(async () => {
  await platform.stop();
  rmSync(folder, { recursive: true });
});

function session(body: string): Promise<Response> {
  return fetch(`${platform.url}/portal/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
}

test('the portal is served with a policy that runs its own files alone', async () => {
  const page = await fetch(`${platform.url}/`);
  expect(await page.text()).toContain('<title>Portal</title>');
  expect(page.headers.get('content-security-policy')).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; " +
      "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; " +
      "require-trusted-types-for 'script'; trusted-types lit-html",
  );
  expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  expect((await fetch(`${platform.url}/portal.js`)).status).toBe(200);
});

test('the components are served to pages of any origin', async () => {
  const script = await fetch(`${platform.url}/components/crossfoot.js`);
  expect(script.status).toBe(200);
  expect(script.headers.get('content-type')).toContain('javascript');
  expect(script.headers.get('access-control-allow-origin')).toBe('*');
});

test.each(['/../outside.txt', '/%2e%2e/outside.txt', '/components/..%2f..%2foutside.txt'])(
  'nothing outside the folders is served: %s',
  async (path) => {
    const answer = await fetch(`${platform.url}${path}`);
    expect([400, 403, 404]).toContain(answer.status);
    expect(await answer.text()).not.toContain('nobody may read');
  },
);

test("the demo's portal trades a name for a session, and knows nobody else", async () => {
  const known = await session('{"as":"ravi"}');
  expect(await known.json()).toEqual({ token: 'a token', bookId: 'bk_1' });
  expect(known.headers.get('cache-control')).toBe('no-store');
  for (const body of ['{"as":"mallory"}', '{"as":{}}', '{}']) {
    expect((await session(body)).status).toBe(404);
  }
});

test('without a demo there is no such route', async () => {
  const plain = await startSmallPlatform();
  const answer = await fetch(`${plain.url}/portal/session`, { method: 'POST' });
  await plain.stop();
  expect(answer.status).toBe(404);
});

test('the GraphiQL page carries the token of the demo as soon as there is one', async () => {
  const page = async () => (await fetch(`${platform.url}/graphiql`)).text();
  token = undefined;
  expect(await page()).toContain('<your token or API key>');
  token = 'a-token-of-the-demo';
  expect(await page()).toContain('a-token-of-the-demo');
});

describe('in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  /** Opens a page that reaches this gateway and nothing else; collects what it complains of. */
  async function open(path: string): Promise<{ page: Page; faults: string[] }> {
    const page = await browser.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    await page.route(/^https?:/, (route) => {
      if (route.request().url().startsWith(platform.url)) return route.continue();
      faults.push(`asked for ${route.request().url()}`);
      return route.abort();
    });
    await page.goto(`${platform.url}${path}`);
    return { page, faults };
  }

  test('the portal runs under its policy', async () => {
    const { page, faults } = await open('/');
    await expect.poll(() => page.title()).toBe('Portal at work');
    expect(faults.filter((fault) => !fault.includes('favicon'))).toEqual([]);
    await page.close();
  });

  test('GraphiQL works offline, shows the schema and answers a query', async () => {
    token = await platform.token();
    const { page, faults } = await open('/graphiql?query=%7B%20viewerName%20%7D');
    await page.getByRole('button', { name: /Execute query/ }).click();
    const response = page.locator('.graphiql-response');
    await expect.poll(() => response.innerText(), { timeout: 20_000 }).toContain('Ana');
    await page.getByRole('button', { name: /Show Documentation Explorer/ }).click();
    await expect.poll(() => page.locator('.graphiql-plugin').innerText()).toContain('Subscription');
    expect(faults).toEqual([]);
    await page.close();
  });

  test('GraphiQL shows live events over the socket with the token of its headers', async () => {
    token = await platform.token();
    platform.data.entries.set('je_1', { id: 'je_1', number: 'JE-1', vendorId: 'ven_1' });
    const operation = 'subscription { journalEntryChanged { journalEntry { number } } }';
    const { page, faults } = await open(`/graphiql?query=${encodeURIComponent(operation)}`);
    await page.getByRole('button', { name: /Execute query/ }).click();
    const live = async () =>
      /^crossfoot_live_subscriptions 1$/m.test(await (await fetch(`${platform.url}/metrics`)).text());
    await expect.poll(live, { timeout: 20_000 }).toBe(true);
    platform.events.emit({ type: 'journalEntry.posted', subjectId: 'je_1' });
    await expect
      .poll(() => page.locator('.graphiql-response').innerText(), { timeout: 20_000 })
      .toContain('JE-1');
    expect(faults).toEqual([]);
    await page.close();
  });
});
