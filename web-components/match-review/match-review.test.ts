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

async function openMatch(match = 'mt_1'): Promise<Page> {
  const page = await bench.open(`<cf-match-review match="${match}"></cf-match-review>`);
  await page.getByText('Why not').waitFor();
  return page;
}

test('bank line and open item stand side by side with the difference between them', async () => {
  const page = await openMatch('mt_2');
  expect(await page.locator('[part=line]').innerText()).toMatch(/€1,892\.00\s+Studio Falk/);
  expect(await page.locator('[part=items]').innerText()).toMatch(/€1,900\.00\s+Studio Falk/);
  expect(await page.locator('[part=difference]').innerText()).toContain('−€8.00');
});

test('every signal is named with what was seen and its score', async () => {
  const page = await openMatch();
  const signals = await page.locator('.evidence li').allInnerTexts();
  expect(signals.map((signal) => signal.replace(/\s+/g, ' ').trim())).toEqual([
    'Amount to the cent 100 %',
    'Reference PC-5531 stands in the remittance 100 %',
    'Counterparty known alias of Paper & Co., seen 12 times 86 %',
    'Date 3 days after the invoice 72 %',
  ]);
  expect(await page.locator('[part=difference]').innerText()).toContain('none');
});

test('candidates that lost are listed with the reason', async () => {
  const page = await openMatch();
  expect(await page.locator('.rivals li').innerText()).toMatch(
    /PC-5531-B\s*Same amount, but another reference\./,
  );
});

test('accepting is sent and can be taken back', async () => {
  const page = await openMatch();
  await page.getByRole('button', { name: 'Accept' }).click();
  await page.locator('.decided').getByText('Accepted by Ravi Menon').waitFor();
  expect(bench.books.calls[0]).toMatchObject({ command: 'acceptMatch', input: { matchId: 'mt_1' } });
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.locator('.decided').getByText('Undone').waitFor();
  expect((await heard(page, 'cf-decided')).map((event) => event.detail['verdict'])).toEqual([
    'accept',
    'undo',
  ]);
});

test('declining needs a reason, which is sent', async () => {
  const page = await openMatch();
  await page.getByRole('button', { name: 'Decline' }).focus();
  await page.keyboard.press('r');
  await page.keyboard.type('Another invoice');
  await page.getByRole('button', { name: 'Decline' }).click();
  await page.locator('.decided').getByText('Declined').waitFor();
  expect(bench.books.calls[0]).toMatchObject({
    command: 'declineMatch',
    input: { reason: 'Another invoice' },
  });
});

test('a match somebody else accepts flips by itself', async () => {
  const page = await openMatch();
  await expect.poll(() => bench.asked('MatchInFull')).toBeGreaterThan(1);
  bench.books.decideMatch('acceptMatch', { matchId: 'mt_1' }, 'ana');
  await page.locator('.decided').getByText('Accepted by Ana Lindqvist').waitFor();
});

test('without a match and for one that is not there the element says so', async () => {
  const page = await bench.open('<cf-match-review></cf-match-review>');
  await page.getByText('Nothing chosen').waitFor();
  const gone = await bench.open('<cf-match-review match="mt_none"></cf-match-review>');
  await expect.poll(() => gone.getByText('This match is not there.').isVisible()).toBe(true);
});

test('several open items are listed with their sum', async () => {
  const match = bench.books.matches[0]!;
  const items = match['items'] as { applied: object; openItem: object }[];
  items.push({
    applied: { amount: '20.00', currency: 'EUR' },
    openItem: { ...items[0]!.openItem, id: 'oi_2', reference: 'PC-5532' },
  });
  const page = await openMatch();
  const side = await page.locator('[part=items]').innerText();
  expect(side.replace(/\s+/g, ' ')).toContain('€96.15 2 items together PC-5531 €76.15 PC-5532 €20.00');
});
