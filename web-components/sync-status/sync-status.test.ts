import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../../test/support/chromium.ts';
import { Bench } from '../test-support/bench.ts';
import { runOf } from '../test-support/simulated-books.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start(launchChromium);
});
beforeEach(() => bench.reset());
afterAll(() => bench.stop());

const element = '<cf-sync-status></cf-sync-status>';

test('every connection shows its state, counts and last run', async () => {
  const page = await bench.open(element);
  const first = page.locator('li').first();
  await first.waitFor();
  expect(await first.innerText()).toMatch(/General ledger\s+\d+s ago\s+in step · 412 sent, 0 waiting/);
  await page.getByText('all good').waitFor();
});

test('a run that ends changes the counts without reload', async () => {
  const page = await bench.open(element);
  await page.getByText('412 sent').waitFor();
  await expect.poll(() => bench.asked('ConnectionStates')).toBeGreaterThan(1);
  bench.books.connections[0]!['pushed'] = 413;
  bench.books.tell('syncRunChanged', 'succeeded', runOf('SUCCEEDED', new Date().toISOString()));
  await page.getByText('413 sent').waitFor();
});

test('a running sync shows how far it is', async () => {
  Object.assign(bench.books.connections[0]!, {
    lastRun: { ...runOf('RUNNING', null), total: 40, pushed: 10, startedAt: new Date().toISOString() },
  });
  const page = await bench.open(element);
  const progress = page.getByRole('progressbar', { name: 'Sync of General ledger' });
  await progress.waitFor();
  expect(await progress.getAttribute('value')).toBe('10');
});

test('a failing connection says why and can be told to send again', async () => {
  const lastRun = runOf('FAILED', new Date().toISOString(), 'The journal file is not writable.');
  Object.assign(bench.books.connections[1]!, { status: 'FAILING', failed: 2, lastRun });
  const page = await bench.open(element);
  await page.getByText('1 failing').waitFor();
  await page.getByText('The journal file is not writable.').waitFor();
  await page.getByRole('button', { name: 'Send again' }).click();
  await expect
    .poll(() => bench.books.calls)
    .toMatchObject([{ command: 'retrySync', input: { connectionId: 'con_2' } }]);
});

test('a book without connections says so', async () => {
  bench.books.connections = [];
  const page = await bench.open(element);
  await expect.poll(() => page.getByText('Nothing connected').isVisible()).toBe(true);
});
