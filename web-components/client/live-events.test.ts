import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../../test/support/chromium.ts';
import { Bench, heard } from '../test-support/bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start(launchChromium);
});
beforeEach(() => bench.reset());
afterAll(() => bench.stop());

const element = '<cf-sync-status></cf-sync-status>';

test('a topic is subscribed once, however many elements follow it', async () => {
  const page = await bench.open(`${element}${element}<cf-kpi-strip></cf-kpi-strip>`);
  await page.getByText('412 sent').first().waitFor();
  await expect.poll(() => bench.gateway.subscriptions.length).toBeGreaterThan(4);
  const topics = bench.gateway.subscriptions.map(({ topic }) => topic);
  expect(new Set(topics).size).toBe(topics.length);
});

test('after a cut line each topic goes on behind its last cursor, so that nothing is missed', async () => {
  const page = await bench.open(element);
  await page.getByText('412 sent').waitFor();
  await expect.poll(() => bench.gateway.subscriptions.length).toBe(2);
  bench.books.connections[0]!['pushed'] = 413;
  bench.books.tell('syncRunChanged', 'succeeded', { id: 'run_1' });
  const cursor = bench.books.head;
  await page.getByText('413 sent').waitFor();
  bench.gateway.cut(1012);
  bench.books.connections[0]!['pushed'] = 414;
  bench.books.tell('syncRunChanged', 'succeeded', { id: 'run_2' });
  await page.getByText('414 sent').waitFor();
  await expect.poll(() => bench.gateway.subscriptions.length).toBe(4);
  const again = bench.gateway.subscriptions.slice(2);
  expect(again).toContainEqual({ topic: 'syncRunChanged', after: cursor });
  expect(again).toContainEqual({ topic: 'journalEntryChanged', after: undefined });
});

test('the page hears how the live connection stands', async () => {
  const page = await bench.open(element);
  await expect.poll(() => bench.gateway.subscriptions.length).toBe(2);
  bench.gateway.cut(1012);
  await expect.poll(() => bench.gateway.subscriptions.length).toBe(4);
  const states = (await heard(page, 'cf-live')).map((event) => event.detail['state']);
  expect(states.slice(0, 4)).toEqual(['connecting', 'live', 'waiting', 'live']);
});

test('a topic the session may not follow is given up while the others go on', async () => {
  bench.gateway.deniedTopics.add('journalEntryChanged');
  const page = await bench.open(element);
  await page.getByText('412 sent').waitFor();
  await expect.poll(() => bench.gateway.subscriptions.length).toBe(2);
  bench.books.connections[0]!['pushed'] = 413;
  bench.books.tell('syncRunChanged', 'succeeded', { id: 'run_1' });
  await page.getByText('413 sent').waitFor();
  expect(bench.gateway.subscriptions).toHaveLength(2);
});

test('a topic that fails is subscribed again alone, without touching the others', async () => {
  bench.gateway.failingTopics.add('journalEntryChanged');
  const page = await bench.open(element);
  await page.getByText('412 sent').waitFor();
  await expect.poll(() => bench.gateway.subscriptions.length).toBe(3);
  expect(bench.gateway.subscriptions.map(({ topic }) => topic)).toEqual([
    'syncRunChanged',
    'journalEntryChanged',
    'journalEntryChanged',
  ]);
  bench.books.connections[0]!['pushed'] = 413;
  bench.books.tell('journalEntryChanged', 'posted', { id: 'je_1' });
  await page.getByText('413 sent').waitFor();
});
