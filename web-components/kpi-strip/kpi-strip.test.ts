import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../../test/support/chromium.ts';
import { Bench } from '../test-support/bench.ts';
import { approvalOf } from '../test-support/simulated-entities.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start(launchChromium);
});
beforeEach(() => bench.reset());
afterAll(() => bench.stop());

const element = '<cf-kpi-strip></cf-kpi-strip>';

test('four numbers say what waits, what went through, what is open and when the ledger was in step', async () => {
  const page = await bench.open(element);
  await page.getByText('Waiting for you').waitFor();
  const figures = await page.locator('li').allInnerTexts();
  expect(figures.map((figure) => figure.replace(/\s+/g, ' ').trim())).toEqual([
    'Waiting for you 3 oldest 2h ago, 1 with others',
    'Booked without touch 94 % 61 of 65 documents',
    'Unreconciled €4,030.40 11 lines, 2 accounts, 2 exceptions',
    expect.stringMatching(/^Last sync to ledger \d+s ago 2 of 2 systems in order$/),
  ]);
});

test('what arrives is counted without reload', async () => {
  const page = await bench.open(element);
  const waiting = page.locator('li').first().locator('.value');
  await waiting.waitFor();
  await expect.poll(() => bench.asked('ApprovalFigures')).toBeGreaterThan(1);
  const more = { vendor: 'X', amount: '9.00', tax: '1.00', net: '8.00', number: '1', description: 'X' };
  bench.books.addApproval(approvalOf({ id: 'apr_9', ...more, account: ['6640', 'Meals'] }));
  await expect.poll(() => waiting.innerText()).toBe('4');
});

test('a number the session may not see is left out', async () => {
  bench.gateway.faults.set('ReconciliationFigures', 'FORBIDDEN');
  const page = await bench.open(element);
  await page.getByText('Waiting for you').waitFor();
  expect(await page.locator('li').count()).toBe(3);
});

test('amounts in several currencies are not added up but named', async () => {
  bench.books.foreign = [{ amount: '-25.00', currency: 'USD' }];
  const page = await bench.open(element);
  await page.getByText('Unreconciled').waitFor();
  const figure = await page.locator('li').nth(2).innerText();
  expect(figure.replaceAll('\u2060', '').replace(/\s+/g, ' ').trim()).toBe(
    'Unreconciled 11 lines €4,030.40, −$25.00, 2 exceptions',
  );
});

test('a failing service is told', async () => {
  bench.gateway.faults.set('*', 'INTERNAL');
  const page = await bench.open(element);
  await expect.poll(() => page.getByText('This could not be loaded').isVisible()).toBe(true);
});
