import { describe, expect, test } from 'vitest';
import { addDays, calendarDate } from '#kernel/calendar';
import { bankLine, openItem } from './fixtures.ts';
import { matchLines } from './match.ts';
import type { MatchItem, MatchLine } from './model.ts';

const start = calendarDate('2026-01-05');

function invoice(
  number: number,
  open: number,
  rest: Partial<Parameters<typeof openItem>[0]> = {},
): MatchItem {
  return openItem({
    id: `i${number}`,
    on: addDays(start, number % 7),
    open: (open / 100).toString(),
    reference: `INV-${number}`,
    ...rest,
  });
}

function total(items: readonly MatchItem[]): string {
  return (Number(items.reduce((sum, item) => sum + item.open.minor, 0n)) / 100).toString();
}

interface Book {
  readonly lines: MatchLine[];
  readonly items: MatchItem[];
}

/** Eight customers with twelve invoices each, who have paid three of them at a time and named all three. */
function bookOf(choose: (index: number) => boolean): Book {
  const lines: MatchLine[] = [];
  const items: MatchItem[] = [];
  for (let customer = 0; customer < 8; customer += 1) {
    const own = Array.from({ length: 12 }, (_, index) =>
      invoice(10_000 + customer * 100 + index, 10_007 + customer * 1_013 + index * 379, {
        party: `p${customer}`,
        name: `Customer ${customer}`,
      }),
    );
    const paid = own.filter((_, index) => choose(index));
    items.push(...own);
    lines.push(
      bankLine({
        id: `b${customer}`,
        on: addDays(start, 20),
        amount: total(paid),
        text: paid.map((item) => item.reference).join(' '),
      }),
    );
  }
  return { lines, items };
}

/** A silent payment that five, six and seven make up as well as two others of the same customer. */
function silent(): Book {
  const amounts = [9_000, 4_100, 2_300, 7_700, 5_600, 1_200, 3_400, 2_500, 4_700];
  const own = amounts.map((open, index) =>
    invoice(30_000 + index, open, { party: 'p9', name: 'Lomi Foods', account: 'NL91ABNA0417164300' }),
  );
  const line = bankLine({
    id: 'b9',
    on: addDays(start, 21),
    amount: total(own.slice(5, 8)),
    account: 'NL91ABNA0417164300',
  });
  return { lines: [line], items: own };
}

function matchOf(books: readonly Book[], lineId: string) {
  const { matches } = matchLines(
    books.flatMap((book) => book.lines),
    books.flatMap((book) => book.items),
  );
  return matches.find((match) => match.lineIds.includes(lineId));
}

describe('items that follow each other in number', () => {
  test('are preferred in a book whose payers pay so, and the evidence says how often they do', () => {
    const match = matchOf([bookOf((index) => index >= 4 && index < 7), silent()], 'b9');
    expect(match!.items.map(({ id }) => id).sort()).toEqual(['i30005', 'i30006', 'i30007']);
    expect(match!.evidence.map(({ detail }) => detail).join(' ')).toContain('follow each other in number');
  });
  test('mean nothing in a book whose payers pay here and there', () => {
    const match = matchOf([bookOf((index) => index === 1 || index === 5 || index === 10), silent()], 'b9');
    expect(JSON.stringify(match?.evidence ?? [])).not.toContain('follow each other');
  });
  test('mean nothing in a book that has shown nothing yet', () => {
    const match = matchOf([silent()], 'b9');
    expect(JSON.stringify(match?.evidence ?? [])).not.toContain('follow each other');
  });
});

/** Card sales in payouts of ten, less 1.4 % and 0.25 a sale; reports name all payouts but the last. */
function payouts(numberOf: (index: number) => number): Book {
  const lines: MatchLine[] = [];
  const items: MatchItem[] = [];
  for (let payout = 0; payout < 7; payout += 1) {
    const reported = payout < 6;
    const sales = Array.from({ length: 10 }, (_, index) =>
      openItem({
        id: `s${payout}-${index}`,
        on: addDays(start, payout * 2 - 1),
        open: ((1_000 + (((payout * 10 + index) * 7_919) % 9_000)) / 100).toString(),
        reference: `R-${numberOf(payout * 10 + index)}`,
        name: `Guest ${payout * 10 + index}`,
        group: reported ? `po_${payout}x77` : undefined,
        through: 'processor',
      }),
    );
    const gross = sales.reduce((sum, item) => sum + item.open.minor, 0n);
    const fee = Math.round(Number(gross) * 0.014) + 10 * 25;
    items.push(...sales);
    lines.push(
      bankLine({
        id: `payout${payout}`,
        on: addDays(start, payout * 2),
        amount: ((Number(gross) - fee) / 100).toString(),
        from: 'Cardwise',
        text: reported ? `CARDWISE SETTLEMENT po_${payout}x77` : 'CARDWISE SETTLEMENT',
      }),
    );
  }
  return { lines, items };
}

describe('a payout without a report', () => {
  const sales = Array.from({ length: 10 }, (_, index) => `s6-${index}`);
  test('holds the sales in a row that are the amount less the fee the reported payouts show', () => {
    const match = matchOf([payouts((index) => 50_000 + index)], 'payout6');
    expect(match).toMatchObject({ method: 'group-in-sequence', automatic: false });
    expect(match!.items.map(({ id }) => id).sort()).toEqual(sales);
  });
  test('holds the sales of its days that no other payout can hold, when numbers tell nothing', () => {
    const match = matchOf([payouts((index) => 50_000 + ((index * 37) % 101))], 'payout6');
    expect(match).toMatchObject({ method: 'group-in-sequence', automatic: false });
    expect(match!.items.map(({ id }) => id).sort()).toEqual(sales);
  });
  test('is left alone when the fee is not what the reported payouts show', () => {
    const book = payouts((index) => 50_000 + index);
    const last = book.lines.at(-1)!;
    const other = { ...last, amount: { ...last.amount, minor: last.amount.minor - 137n } };
    expect(matchOf([{ ...book, lines: [...book.lines.slice(0, -1), other] }], 'payout6')).toBeUndefined();
  });
});
