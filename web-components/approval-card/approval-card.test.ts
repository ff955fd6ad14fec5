import { readFile } from 'node:fs/promises';
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

async function openCard(approval = 'apr_2', as: 'ana' | 'ravi' = 'ravi'): Promise<Page> {
  const page = await bench.open(`<cf-approval-card approval="${approval}"></cf-approval-card>`, { as });
  await page.getByText('Books on').or(page.getByText('Booked as')).waitFor();
  return page;
}

async function listening(): Promise<void> {
  await expect.poll(() => bench.asked('ApprovalInFull')).toBeGreaterThan(1);
}

test('the card shows amount, vendor, origin of each fact, booking, reason and chain', async () => {
  const page = await openCard('apr_1');
  expect(await page.locator('h2').innerText()).toBe('Nordlicht Hosting');
  expect(await page.locator('.total-amount').innerText()).toBe('€1,284.50');
  expect(await page.locator('.facts').innerText()).toMatch(/Number\s+NH-20418\s+document/);
  expect(await page.locator('.facts').innerText()).toMatch(
    /Account\s+6330 Hosting and cloud\s+rule: Hosting/,
  );
  const rows = await page.locator('.booking tbody tr').allInnerTexts();
  expect(rows.map((row) => row.replace(/\s+/g, ' ').trim())).toEqual([
    '6330 Hosting and cloud €1,079.41',
    '1406 Input VAT 19 % €205.09',
    '3300 Trade payables €1,284.50',
  ]);
  await page.getByText('Above the automatic limit of €250.00').waitFor();
  const chain = await page.locator('.chain li').allInnerTexts();
  expect(chain.map((step) => step.replace(/\s+/g, ' '))).toEqual([
    expect.stringContaining('Ana Lindqvist sent it in'),
    expect.stringContaining('Level 1, waiting for you'),
    expect.stringContaining('Level 2'),
  ]);
});

test('approving sends the version that was seen and flips the card', async () => {
  bench.books.approvals.find(({ id }) => id === 'apr_2')!.version = 5;
  const page = await openCard();
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.locator('.decided').getByText('Approved by Ravi Menon').waitFor();
  expect(bench.books.calls[0]?.input).toMatchObject({
    approvalRequestId: 'apr_2',
    verdict: 'APPROVE',
    version: 5,
  });
  expect((await heard(page, 'cf-decided')).at(0)?.detail).toEqual({ verdict: 'approve', approval: 'apr_2' });
  await page.getByText('Booked as JE-2026-000397').waitFor();
});

test('the first of two levels leaves the card waiting for the second', async () => {
  const page = await openCard('apr_1');
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByText('Level 2 of 2').waitFor();
  expect(await page.locator('.chain').innerText()).toMatch(/Ravi Menon approved/);
});

test('rejecting needs a reason, which is sent', async () => {
  const page = await openCard();
  await page.getByRole('button', { name: 'Reject' }).click();
  await page.getByRole('button', { name: 'Reject' }).click();
  expect(bench.books.calls).toEqual([]);
  await page.getByLabel('Why do you reject it?').fill('Private lunch');
  await page.getByRole('button', { name: 'Reject' }).click();
  await page.locator('.decided').getByText('Rejected by Ravi Menon').waitFor();
  expect(bench.books.calls[0]?.input).toMatchObject({ verdict: 'REJECT', comment: 'Private lunch' });
  await page.locator('.chain').getByText('Private lunch').waitFor();
});

test('A approves, C adds a comment, Escape leaves it', async () => {
  const page = await openCard();
  await page.getByRole('button', { name: 'Approve' }).focus();
  await page.keyboard.press('c');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Approve' }).focus();
  await page.keyboard.press('c');
  await page.keyboard.type('As agreed');
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.locator('.decided').waitFor();
  expect(bench.books.calls[0]?.input).toMatchObject({ verdict: 'APPROVE', comment: 'As agreed' });
});

test('who sent it in is told why they cannot decide it', async () => {
  const page = await openCard('apr_1', 'ana');
  await page.getByText('You submitted this document; somebody else must approve it.').waitFor();
  expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
});

test('the card flips by itself when somebody else decides', async () => {
  const page = await openCard('apr_3');
  await listening();
  bench.books.decideApproval(
    { approvalRequestId: 'apr_3', verdict: 'REJECT', comment: 'Twice', version: 1 },
    'ana',
  );
  await page.locator('.decided').getByText('Rejected by Ana Lindqvist').waitFor();
  expect(await page.locator('[role=status]').last().innerText()).toBe('Now rejected');
});

test('deciding too late shows what was decided instead of an error', async () => {
  const page = await openCard();
  const request = bench.books.approvals.find(({ id }) => id === 'apr_2')!;
  request.status = 'REJECTED';
  request.decidedAt = new Date().toISOString();
  request.decisions.push({
    level: 1,
    verdict: 'REJECT',
    comment: null,
    decidedAt: request.decidedAt,
    decidedBy: { id: 'x', name: 'Mia' },
  });
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.locator('.decided').getByText('Rejected by Mia').waitFor();
  expect(await page.locator('footer [role=alert]').count()).toBe(0);
});

test('a refused decision says what to do and keeps the card open', async () => {
  const page = await openCard();
  bench.gateway.faults.set('DecideRequest', 'INTERNAL');
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByRole('alert').getByText('Try again').waitFor();
  bench.gateway.faults.clear();
  await page.getByRole('button', { name: 'Approve' }).click();
  await expect.poll(() => page.locator('.decided').getByText('Approved').isVisible()).toBe(true);
});

test('the host may stop a decision before it is sent', async () => {
  const page = await openCard();
  await page.evaluate(() => document.addEventListener('cf-deciding', (event) => event.preventDefault()));
  await page.getByRole('button', { name: 'Approve' }).click();
  await expect.poll(async () => (await heard(page, 'cf-deciding')).length).toBe(1);
  expect(bench.books.calls).toEqual([]);
});

test('another approval in the attribute shows another approval', async () => {
  const page = await openCard();
  await page.evaluate(() => document.querySelector('cf-approval-card')!.setAttribute('approval', 'apr_4'));
  await page.getByRole('heading', { name: 'Osito Software' }).waitFor();
  await page.getByText('No tax number was read. Ask the vendor for it.').waitFor();
  await expect.poll(() => page.getByText('new vendor').isVisible()).toBe(true);
});

test('without an approval and for one that is not there the card says so', async () => {
  const page = await bench.open('<cf-approval-card></cf-approval-card>');
  await page.getByText('Nothing chosen').waitFor();
  const gone = await bench.open('<cf-approval-card approval="apr_none"></cf-approval-card>');
  await expect.poll(() => gone.getByText('This approval is not there.').isVisible()).toBe(true);
});

test('an approved draft that could not be booked says why', async () => {
  const request = bench.books.approvals.find(({ id }) => id === 'apr_2')!;
  request.status = 'APPROVED';
  Object.assign(request.draft, {
    refusal: { code: 'PERIOD_CLOSED', message: 'October 2026 is locked.', remedy: 'Open it.', path: [] },
  });
  const page = await openCard();
  await expect.poll(() => page.getByRole('alert').innerText()).toBe('October 2026 is locked. Open it.');
});

test('the original file is fetched with the token and saved', async () => {
  const page = await openCard('apr_1');
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'NH-20418.xml' }).click();
  const saved = await saving;
  expect(saved.suggestedFilename()).toBe('NH-20418.xml');
  expect(await readFile(await saved.path(), 'utf8')).toBe('<Invoice/>');
  expect(bench.violations).toEqual([]);
});

test('pointing at a fact marks its place on the paper', async () => {
  const page = await openCard('apr_1');
  await page.locator('.facts').getByText('NH-20418').hover();
  expect(await page.locator('mark.lit').innerText()).toBe('NH-20418');
});
