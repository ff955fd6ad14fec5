import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../../test/support/chromium.ts';
import { Bench } from '../test-support/bench.ts';
import { manyLines } from '../test-support/board-books.ts';
import { euro } from '../test-support/simulated-entities.ts';

/** Ten thousand bank lines in a real browser. */
const count = 10_000;
let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start(launchChromium);
});
beforeEach(async () => {
  await bench.reset();
  bench.gateway.books = manyLines(count);
});
afterAll(() => bench.stop());

async function openBoard(): Promise<Page> {
  const page = await bench.open('<cf-reconciliation-board></cf-reconciliation-board>', { width: 1000 });
  await page.getByRole('option').first().waitFor();
  await page.getByRole('listbox').focus();
  return page;
}

const current = (page: Page) => page.locator('[role=option][aria-current=true]');

test('the first page is asked for, further ones when somebody comes near them, and the last line is the last', async () => {
  const page = await openBoard();
  const started = bench.asked('BoardLines');
  await page.keyboard.press('End');
  await expect.poll(() => current(page).getAttribute('aria-posinset')).toBe(count.toString());
  expect(await current(page).innerText()).toContain(`Payment ${count - 1}`);
  expect(await current(page).getAttribute('aria-setsize')).toBe(count.toString());
  // A page brings five hundred lines; what is loaded comes once more when the live connection stands.
  expect(bench.asked('BoardLines') - started).toBeLessThanOrEqual((2 * count) / 500 + 6);
  await page.keyboard.press('Home');
  await expect.poll(() => current(page).getAttribute('aria-posinset')).toBe('1');
});

test('a search goes through all lines, also through those nobody has seen', async () => {
  const page = await openBoard();
  await page.getByRole('searchbox', { name: 'Search the lines' }).fill('payment 9876');
  // One has the number in its text, the other one in its amount.
  await expect.poll(() => page.getByRole('option').count()).toBe(2);
  expect(await page.getByRole('option').allInnerTexts()).toEqual([
    expect.stringContaining('9,876.50'),
    expect.stringContaining('Payment 9876'),
  ]);
});

interface Scrolled {
  /** Milliseconds in which the page could not answer. */
  readonly blocked: number;
  readonly mostRows: number;
  /** Rows that stood in view without their text, or out of their place. */
  readonly wrong: number;
}

/** Scrolls the list of the board from end to end, or a plain list of the same rows made for it in the same place. */
function scrollThrough(page: Page, plain: boolean): Promise<Scrolled> {
  return page.evaluate(async (asPlain) => {
    const root = document.querySelector('cf-reconciliation-board')!.shadowRoot!;
    const board = root.querySelector<HTMLElement>('.lines')!;
    let blocked = 0;
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) blocked += duration;
    });
    observer.observe({ type: 'longtask' });
    const frame = (): Promise<void> =>
      new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    let box = board;
    if (asPlain) {
      const row = board.querySelector('.row')!;
      box = board.cloneNode() as HTMLElement;
      box.replaceChildren(...Array.from({ length: 10_000 }, () => row.cloneNode(true)));
      board.replaceWith(box);
      await frame();
    }
    let mostRows = 0;
    let wrong = 0;
    const end = box.scrollHeight - box.clientHeight;
    // Jumps over the whole list, then a fast hand.
    const jumps = Array.from({ length: 41 }, (_, step) => (end * step) / 40);
    const hand = Array.from({ length: 40 }, (_, step) => 40_000 + step * 80);
    for (const place of [...jumps, ...hand]) {
      box.scrollTop = place;
      await frame();
      const rows = [...box.querySelectorAll<HTMLElement>('.row')];
      mostRows = Math.max(mostRows, rows.length);
      if (asPlain) continue;
      const { top, bottom } = box.getBoundingClientRect();
      const inView = rows.filter((row) => {
        const place = row.getBoundingClientRect();
        return place.bottom > top && place.top < bottom;
      });
      const expected = Math.floor(box.scrollTop / 52);
      if (Number(inView[0]?.dataset['index']) !== expected) wrong += 1;
      wrong += inView.filter((row) => !row.innerText.includes(`Payment ${row.dataset['index']}`)).length;
    }
    await frame();
    for (const { duration } of observer.takeRecords()) blocked += duration;
    observer.disconnect();
    return { blocked, mostRows, wrong };
  }, plain);
}

test('ten thousand lines scroll with a screenful of rows, every one in its place, and less work than a plain list', async () => {
  const page = await openBoard();
  await page.keyboard.press('End');
  await expect.poll(() => current(page).getAttribute('aria-posinset')).toBe(count.toString());
  const windowed = await scrollThrough(page, false);
  const plain = await scrollThrough(page, true);
  expect(windowed.wrong).toBe(0);
  expect(windowed.mostRows).toBeLessThan(60);
  expect(plain.mostRows).toBe(count);
  // Both in the same run on the same machine: how long the page could not answer.
  expect(windowed.blocked).toBeLessThan(plain.blocked);
  process.stdout.write(`10,000 lines: blocked ${windowed.blocked} ms, a plain list ${plain.blocked} ms\n`);
});

test('rows are used again: no node of the list is made while it scrolls', async () => {
  const page = await openBoard();
  await page.keyboard.press('End');
  await expect.poll(() => current(page).getAttribute('aria-posinset')).toBe(count.toString());
  const made = await page.evaluate(async () => {
    const root = document.querySelector('cf-reconciliation-board')!.shadowRoot!;
    const box = root.querySelector<HTMLElement>('.lines')!;
    box.scrollTop = 100_000;
    await new Promise((resolve) => setTimeout(resolve, 100));
    let rows = 0;
    const watching = new MutationObserver((changes) => {
      for (const { addedNodes } of changes) {
        rows += [...addedNodes].filter((node) => node instanceof HTMLElement && node.matches('.row')).length;
      }
    });
    watching.observe(box, { subtree: true, childList: true });
    for (let step = 0; step < 60; step += 1) {
      box.scrollTop += 52;
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    }
    return rows;
  });
  // Near the edge of a step a few rows more or fewer stand ready.
  expect(made).toBeLessThanOrEqual(16);
});

test('a change far down the list neither scrolls it nor moves the choice', async () => {
  const page = await openBoard();
  await page.keyboard.press('End');
  await expect.poll(() => current(page).getAttribute('aria-posinset')).toBe(count.toString());
  const scrolled = (): Promise<number> => page.getByRole('listbox').evaluate((list) => list.scrollTop);
  const before = await scrolled();
  const { bank } = bench.books;
  const changed = bank.lines.at(-3)!;
  changed.exceptionReason = 'NO_MATCH';
  bench.books.tell('exceptionChanged', 'raised', bank.exceptionOf(changed));
  await expect
    .poll(() => page.getByRole('option', { name: `Payment ${count - 3}` }).innerText())
    .toContain('Exception');
  expect(await scrolled()).toBe(before);
  expect(changed.amount).toEqual(euro(`-${count - 2}.50`));
});
