import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { calendarDate } from '#kernel/calendar';
import { renderCsv } from '#kernel/render-csv';
import { renderPdf } from '#kernel/render-pdf';
import { contentText, type StatementContent, type WrittenItem } from './statement-content.ts';
import { statementTable } from './statement-table.ts';

const eur = (amount: string) => ({ amount, currency: 'EUR' });
const asOf = calendarDate('2026-03-31');
const item = (at: number): WrittenItem => ({
  kind: 'LINE_UNMATCHED',
  on: calendarDate('2026-03-15'),
  effect: eur('-1234.56'),
  booked: null,
  label: `Payer ${at} · Überweisung`,
  reference: `R-${at}`,
  detail: null,
  lineIds: [`bl_${at}`],
  journalEntryIds: [],
});

/** A thousand lines of the bank that are not in the books, and a cent that nothing explains. */
const content: StatementContent = {
  bankAccountId: 'ba_1',
  bookId: 'bk_1',
  owner: 'Kestrel Outdoor GmbH',
  ledgerAccountCode: '1000',
  currency: 'EUR',
  from: calendarDate('2026-03-01'),
  asOf,
  drawnUpAt: '2026-04-02T08:30:00.000Z',
  verdict: 'UNPROVEN',
  totals: [
    {
      bank: eur('1234560.00'),
      items: eur('-1234560.00'),
      book: eur('0.01'),
      remainder: eur('0.01'),
    },
  ],
  accounts: [
    {
      bankAccountId: 'ba_1',
      name: 'House bank',
      lastFour: '6789',
      statementId: 'bs_1',
      statementReference: '3/2026',
      statedOn: asOf,
      stated: eur('1234560.00'),
      later: eur('0.00'),
      laterCount: 0,
      balance: eur('1234560.00'),
    },
  ],
  unexplained: [],
  summary: [{ kind: 'LINE_UNMATCHED', count: 1000, effect: eur('-1234560.00') }],
  items: Array.from({ length: 1000 }, (_, at) => item(at)),
  notes: ['UNPROVEN: the listed items do not explain 0.01 EUR.'],
  lastEntryNumber: null,
};

test('a thousand items are printed over pages with numbers, and no amount is cut', async () => {
  const madeAt = new Date(content.drawnUpAt);
  const pdf = await renderPdf(statementTable(content), { madeAt });
  expect(await renderPdf(statementTable(content), { madeAt })).toEqual(pdf);
  const text = textOf(pdf);
  if (text === undefined) return;
  const pages = text.split('\f').filter((page) => page.trim() !== '');
  expect(pages.length).toBeGreaterThan(15);
  pages.forEach((page, at) => {
    expect(page).toMatch(new RegExp(`${at + 1} ?/ ?${pages.length}`));
    expect(page).toContain('made 2026-04-02 08:30 UTC');
  });
  expect(text.match(/–1,234\.56$/gm)).toHaveLength(1000);
  expect(text).toContain('–1,234,560.00');
  expect(text).toContain('UNPROVEN: the listed items do not explain 0.01 EUR.');
});

function textOf(pdf: Uint8Array): string | undefined {
  const path = join(mkdtempSync(join(tmpdir(), 'crossfoot-pdf-')), 'statement.pdf');
  writeFileSync(path, pdf);
  try {
    return execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return undefined;
    throw error;
  }
}

test('the rows of the table foot to the balance of the books', async () => {
  const rows: string[] = [];
  for await (const row of renderCsv(statementTable(content))) rows.push(row);
  const last = rows.map((row) => row.trim()).slice(-5);
  expect(last).toEqual([
    'Proof,,,',
    'Balance at the bank,2026-03-31,,1234560.00',
    'Listed items,,,-1234560.00',
    'Balance of account 1000 in the books,2026-03-31,,0.01',
    '"Not explained, must be zero",,,0.01',
  ]);
});

test('what is signed is one text, in whatever order it was put together', () => {
  const reversed = Object.fromEntries(Object.entries(content).toReversed()) as unknown as StatementContent;
  expect(contentText(reversed)).toBe(contentText(content));
});
