import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSchema } from 'graphql';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../../test/support/chromium.ts';
import { docsFile } from '../docs/docs-file.ts';
import { schemaModel, type SchemaModel } from '../docs/schema-model.ts';
import { startSmallPlatform, type SmallPlatform } from '../fixtures/small-platform.ts';

let platform: SmallPlatform;
let browser: Browser;
let folder: string;

beforeAll(async () => {
  [platform, browser] = await Promise.all([startSmallPlatform(), launchChromium()]);
  folder = mkdtempSync(join(tmpdir(), 'crossfoot-docs-'));
});
afterAll(async () => {
  await browser.close();
  await platform.stop();
  rmSync(folder, { recursive: true });
});

const asked = (token: string | undefined): Promise<Response> =>
  fetch(`${platform.url}/docs/schema`, { headers: token ? { authorization: `Bearer ${token}` } : {} });

/** A page that notes whatever goes wrong in it, among them breaches of its content policy. */
async function open(): Promise<{ page: Page; faults: string[] }> {
  const page = await browser.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    // An answer of 401 or 404 is part of the tests.
    if (message.type() === 'error' && !/status of 40[14]/.test(message.text())) faults.push(message.text());
  });
  return { page, faults };
}

describe('what the page shows', () => {
  test('is told to nobody without a token', async () => {
    expect((await asked(undefined)).status).toBe(401);
    expect((await asked('made up')).status).toBe(401);
    const shell = await (await fetch(`${platform.url}/docs`)).text();
    expect(shell).not.toContain('journalEntry');
  });

  test('is the view of the token', async () => {
    const typesOf = async (view?: 'partner'): Promise<SchemaModel> =>
      (await (await asked(await platform.token(view ? { view } : {}))).json()) as SchemaModel;
    const [whole, partner] = [await typesOf(), await typesOf('partner')];
    expect([whole.view, partner.view]).toEqual(['internal', 'partner']);
    const fields = (model: SchemaModel, name: string): string[] | undefined =>
      model.types.find((type) => type.name === name)?.parts.map((part) => part.name);
    expect(fields(whole, 'Vendor')).toContain('country');
    expect(fields(partner, 'Vendor')).toEqual(['id', 'name']);
    expect(fields(partner, 'Mutation')).toBeUndefined();
  });
});

describe('in a browser', () => {
  test('it asks for a token, then shows, links and searches the view', async () => {
    const { page, faults } = await open();
    await page.goto(`${platform.url}/docs#JournalEntry.vendor`);
    await page.fill('#token', 'cf_wrong');
    await page.click('button[type=submit]');
    await page.waitForSelector('#fault:not([hidden])');
    await page.fill('#token', await platform.token({ view: 'partner' }));
    await page.click('button[type=submit]');
    await page.waitForSelector('#JournalEntry');
    expect(await page.textContent('#view')).toBe('view: partner');
    expect(await page.evaluate(() => document.querySelector(':target')?.id)).toBe('JournalEntry.vendor');
    await page.keyboard.press('Escape');
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.keyboard.press('/');
    await page.keyboard.type('number');
    expect(await page.textContent('nav a')).toBe('JournalEntry.number');
    await page.keyboard.press('Enter');
    expect(new URL(page.url()).hash).toBe('#JournalEntry.number');
    // The tab remembers the token.
    await page.reload();
    await page.waitForSelector('#JournalEntry');
    expect(faults).toEqual([]);
    await page.close();
  });

  test('as a file of its own it needs no server, and text of a schema stays text', async () => {
    const wild = '</script><img src=x onerror=alert(1)> & `code`';
    const schema = buildSchema(`
      type Query { "${wild}" a(in: In = { n: 1 }, one: [Kind!]): Int old: Int @deprecated(reason: "2026-01-01") }
      input In @oneOf { n: Int }
      enum Kind { A }
    `);
    const file = join(folder, 'page.html');
    writeFileSync(file, docsFile(schemaModel(schema, 'partner')));
    const { page, faults } = await open();
    await page.goto(`${pathToFileURL(file).href}#Query.a`);
    await page.waitForSelector('#Query');
    expect(await page.textContent('[id="Query.a"] .said p')).toBe(wild.replaceAll('`', ''));
    expect(await page.textContent('[id="Query.a"] .said code')).toBe('code');
    expect(await page.textContent('[id="Query.a"] .args')).toContain('in: In = {n: 1}');
    expect(await page.textContent('[id="Query.old"]')).toContain('Deprecated: 2026-01-01');
    expect(await page.textContent('#In')).toContain('Takes exactly one of its parts.');
    expect(await page.locator('img').count()).toBe(0);
    expect(faults).toEqual([]);
    expect(readFileSync(file, 'utf8')).not.toMatch(/(src|href)="(https?:|\/docs)/);
    await page.close();
  });
});
