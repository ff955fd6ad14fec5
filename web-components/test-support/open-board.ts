import { expect } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import type { Bench } from './bench.ts';

/** The element as a page holds it. */
export const board = '<cf-reconciliation-board></cf-reconciliation-board>';

/** A board on a page, with the focus in its list. */
export interface OpenedBoard {
  readonly page: Page;
  /** The current row. */
  readonly current: Locator;
  /** The side beside the list. */
  readonly side: Locator;
  readonly press: (...keys: string[]) => Promise<void>;
}

/** Opens the board with its lines. */
export async function openBoardOf(bench: Bench, attributes = ''): Promise<OpenedBoard> {
  const before = bench.asked('BoardLines');
  const page = await bench.open(board.replace('>', ` ${attributes}>`), { width: 1100 });
  await page.getByRole('option').first().waitFor();
  // The lines come once more when the live connection stands, and those decided meanwhile leave their places.
  await expect.poll(() => bench.asked('BoardLines') - before).toBeGreaterThan(1);
  await page.getByRole('listbox').focus();
  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const current = page.locator('[role=option][aria-current=true]');
  return { page, current, side: page.locator('[part=detail]'), press };
}
