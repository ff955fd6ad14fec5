import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { launchChromium } from '../../test/support/chromium.ts';
import { Bench, heard } from '../test-support/bench.ts';
import { approvalOf, matchOf } from '../test-support/simulated-entities.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start(launchChromium);
});
beforeEach(() => bench.reset());
afterAll(() => bench.stop());

const element = '<cf-review-queue></cf-review-queue>';
const lunch = {
  vendor: 'Café Sol',
  amount: '300.00',
  tax: '47.90',
  net: '252.10',
  number: '1',
  description: 'Lunch',
  account: ['6640', 'Meals'] as const,
};

async function openQueue(
  as: 'ana' | 'ravi' = 'ravi',
): Promise<{ page: Page; rows: Locator; current: Locator }> {
  const page = await bench.open(element, { as });
  const rows = page.getByRole('option');
  await rows.first().waitFor();
  return { page, rows, current: page.locator('[role=option][aria-current=true]') };
}

async function focusRows(page: Page): Promise<void> {
  await page.getByRole('listbox').focus();
}

test('drafts and suggested matches stand in one list, what has waited longest first', async () => {
  const { rows, page } = await openQueue();
  const titles = await page.locator('[role=option] .what .strong').allTextContents();
  expect(titles).toEqual([
    'Nordlicht Hosting',
    'Café Vela',
    'Brightline Rail',
    'Paper & Co.',
    'Studio Falk',
    'Osito Software',
  ]);
  const first = await rows.first().innerText();
  expect(first).toContain('€1,284.50');
  expect(first).toContain('91 %');
  expect(await rows.nth(3).innerText()).toContain('−€76.15');
});

test('while the first answer is on its way the queue says that it is loading', async () => {
  bench.gateway.faults.set('WaitingApprovals', 'hang');
  const page = await bench.open(element);
  await page.getByRole('status').getByText('Loading').waitFor({ state: 'attached' });
  expect(await page.locator('section').getAttribute('aria-busy')).toBe('true');
});

test('an empty queue says so', async () => {
  bench.books.approvals = [];
  bench.books.matches = [];
  const page = await bench.open(element);
  await expect.poll(() => page.getByText('All clear').isVisible()).toBe(true);
});

test('a failing service is told with what to do, and trying again brings the list', async () => {
  bench.gateway.faults.set('*', 'INTERNAL');
  const page = await bench.open(element);
  await page.getByRole('alert').getByText('This could not be loaded').waitFor();
  const [error] = await heard(page, 'cf-error');
  expect(error?.detail).toMatchObject({ kind: 'server', code: 'INTERNAL' });
  bench.gateway.faults.clear();
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('option').first().waitFor();
});

test('a session without the right sees that it is not part of it, and a cut line that there is none', async () => {
  bench.gateway.faults.set('*', 'FORBIDDEN');
  const page = await bench.open(element);
  await page.getByText('Not part of this session').waitFor();
  bench.gateway.faults.set('*', 'drop');
  const cut = await bench.open(element);
  await expect.poll(() => cut.getByText('No connection').isVisible()).toBe(true);
});

test('the list still shows approvals when only matches may not be seen', async () => {
  bench.gateway.faults.set('WaitingMatches', 'FORBIDDEN');
  const { rows } = await openQueue();
  expect(await rows.count()).toBe(4);
});

test('J and K move the current row and tell the page which it is', async () => {
  const { page, current } = await openQueue();
  await focusRows(page);
  await page.keyboard.press('j');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('k');
  expect(await current.innerText()).toContain('Café Vela');
  const chosen = (await heard(page, 'cf-select')).map((event) => event.detail);
  expect(chosen.at(0)).toEqual({ kind: 'approval', id: 'apr_1', because: 'chosen' });
  expect(chosen.at(-1)).toEqual({ kind: 'approval', id: 'apr_2', because: 'chosen' });
});

test('A approves the current row at the version seen, and the next one takes its place', async () => {
  bench.books.approvals[1]!.version = 5;
  const { page, current } = await openQueue();
  await focusRows(page);
  await page.keyboard.press('j');
  await page.keyboard.press('a');
  await expect.poll(() => current.innerText()).toContain('Brightline Rail');
  const [call] = bench.books.calls;
  expect(call?.input).toMatchObject({ approvalRequestId: 'apr_2', verdict: 'APPROVE', version: 5 });
  expect(String(call?.input['idempotencyKey'])).toMatch(/^[0-9a-f]{32}$/);
  expect((await heard(page, 'cf-decided')).at(-1)?.detail).toEqual({
    verdict: 'approve',
    decided: [{ kind: 'approval', id: 'apr_2' }],
  });
  const next = { kind: 'approval', id: 'apr_3', because: 'decided' };
  expect((await heard(page, 'cf-select')).at(-1)?.detail).toEqual(next);
});

test('A on a suggested match accepts it', async () => {
  const { page } = await openQueue();
  await page.getByRole('option', { name: 'Paper & Co.' }).click();
  await focusRows(page);
  await page.keyboard.press('a');
  await expect.poll(() => bench.books.matches[0]?.status).toBe('ACCEPTED');
});

test('R asks for the reason and sends it', async () => {
  const { page, rows } = await openQueue();
  await focusRows(page);
  await page.keyboard.press('r');
  await page.keyboard.type('Not our order');
  await page.keyboard.press('Enter');
  await expect.poll(() => rows.count()).toBe(5);
  expect(bench.books.calls[0]?.input).toMatchObject({ verdict: 'REJECT', comment: 'Not our order' });
});

test('letters typed into the reason do not decide anything', async () => {
  const { page } = await openQueue();
  await focusRows(page);
  await page.keyboard.press('r');
  await page.keyboard.type('a jar x');
  expect(await page.locator('textarea').inputValue()).toBe('a jar x');
  expect(bench.books.calls).toEqual([]);
});

test('X marks rows, and approving decides all that are marked', async () => {
  const { page, rows } = await openQueue();
  await focusRows(page);
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.getByText('2 marked').waitFor();
  expect(await page.locator('footer').innerText()).toContain('€1,627.30');
  await page.getByRole('button', { name: 'Approve 2' }).click();
  await expect.poll(() => bench.books.calls.length).toBe(2);
  // The first one has a second level and stays; the other one is done.
  await expect.poll(() => rows.count()).toBe(5);
});

test('a row the viewer sent in is locked, and A says why', async () => {
  const { page } = await openQueue('ana');
  await focusRows(page);
  await page.keyboard.press('a');
  await page.getByRole('alert').getByText('somebody else must approve it').waitFor();
  expect(bench.books.calls).toEqual([]);
});

test('what arrives is inserted without reload and without moving the current row', async () => {
  const { page, rows, current } = await openQueue();
  await focusRows(page);
  await page.keyboard.press('j');
  await expect.poll(() => bench.asked('WaitingApprovals')).toBeGreaterThan(1);
  bench.books.addApproval(approvalOf({ id: 'apr_new', ...lunch, minutesAgo: 200 }));
  await expect.poll(() => rows.count()).toBe(7);
  expect(await rows.first().innerText()).toContain('Café Sol');
  expect(await current.innerText()).toContain('Café Vela');
  bench.books.addMatch(matchOf({ id: 'mt_new', payer: 'Falk & Co.', item: 'FC-1', amount: '-12.00' }));
  await expect.poll(() => rows.count()).toBe(8);
});

test('what somebody else decides leaves the list, and the page hears that the row went by itself', async () => {
  const { page, rows } = await openQueue();
  await page.getByRole('option', { name: 'Brightline Rail' }).click();
  await expect.poll(() => bench.asked('WaitingApprovals')).toBeGreaterThan(1);
  bench.books.decideApproval({ approvalRequestId: 'apr_3', verdict: 'APPROVE', version: 1 }, 'ana');
  await expect.poll(() => rows.count()).toBe(5);
  const next = { kind: 'match', id: 'mt_1', because: 'gone' };
  await expect.poll(async () => (await heard(page, 'cf-select')).at(-1)?.detail).toEqual(next);
});

test('when somebody else was faster the row says so instead of failing', async () => {
  const { page } = await openQueue();
  bench.books.approvals[0]!.version = 7;
  await focusRows(page);
  await page.keyboard.press('a');
  await expect.poll(() => page.getByText('somebody else has decided this already').isVisible()).toBe(true);
});

test('the filter shows only approvals or only matches', async () => {
  const { page, rows } = await openQueue();
  await page.getByRole('button', { name: /Matches/ }).click();
  expect(await rows.count()).toBe(2);
  expect(await page.locator('cf-review-queue').getAttribute('show')).toBe('match');
  expect((await heard(page, 'cf-select')).at(-1)?.detail).toEqual({
    kind: 'match',
    id: 'mt_1',
    because: 'chosen',
  });
});
