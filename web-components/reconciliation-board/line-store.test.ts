import { expect, test } from 'vitest';
import type { CrossfootClient } from '../client/client.ts';
import type { BoardLine, LineStatus } from './board.operations.ts';
import { LineStore } from './line-store.ts';

function lineOf(id: string, facts: Partial<BoardLine> = {}): BoardLine {
  return {
    id,
    bookedOn: '2026-11-03',
    counterpartyName: 'Paper & Co.',
    reference: null,
    remittance: `Payment ${id}`,
    status: 'UNMATCHED',
    amount: { amount: '-1284.50', currency: 'EUR' },
    match: null,
    exception: null,
    ...facts,
  };
}

/** A client that pages through lines, and remembers what it was asked for. */
function paging(lines: readonly BoardLine[]): {
  client: CrossfootClient;
  pages: () => number;
  asked: readonly Record<string, unknown>[];
} {
  const asked: Record<string, unknown>[] = [];
  const run = (_operation: string, variables: Record<string, unknown>): Promise<unknown> => {
    asked.push(variables);
    const { status, first, after } = variables as { status?: LineStatus; first: number; after?: string };
    const all = lines.filter((line) => !status || line.status === status);
    const start = Number(after ?? 0);
    const nodes = all.slice(start, start + first);
    const end = start + nodes.length;
    return Promise.resolve({
      statementLines: {
        totalCount: all.length,
        pageInfo: { endCursor: end.toString(), hasNextPage: end < all.length },
        edges: nodes.map((node) => ({ node })),
      },
    });
  };
  return { client: { book: 'bk_1', run } as unknown as CrossfootClient, pages: () => asked.length, asked };
}

const many = Array.from({ length: 2300 }, (_, at) => lineOf(`sl_${at}`));
const everything = { statuses: [], account: undefined, search: '' };

test('the first page is enough to start with, and further ones come when somebody comes near them', async () => {
  const { client, pages } = paging(many);
  const store = new LineStore();
  await store.reload(client, everything);
  expect([store.total, store.loaded, pages()]).toEqual([2300, 100, 1]);
  expect(store.at(700)).toBeUndefined();
  let told = 0;
  await store.reach(client, { first: 690, last: 710 }, () => (told += 1));
  expect([store.at(700)?.id, store.loaded, told]).toEqual(['sl_700', 1100, 2]);
});

test('two who come near the same rows at once fetch them once', async () => {
  const { client, pages } = paging(many);
  const store = new LineStore();
  await store.reload(client, everything);
  const range = { first: 400, last: 420 };
  await Promise.all([store.reach(client, range, () => {}), store.reach(client, range, () => {})]);
  expect([store.loaded, pages()]).toEqual([600, 2]);
});

test('lines of several states stand one after the other, each loaded by itself', async () => {
  const states = ['SUGGESTED', 'UNMATCHED'] as const;
  const lines = many.map((line, at) => ({ ...line, status: states[at % 2] ?? 'UNMATCHED' }));
  const { client } = paging(lines);
  const store = new LineStore();
  await store.reload(client, { statuses: states, account: undefined, search: '' });
  expect([store.total, store.loaded]).toEqual([2300, 200]);
  expect([store.at(0)?.status, store.at(1150)?.status]).toEqual(['SUGGESTED', 'UNMATCHED']);
  expect(store.indexOf(store.at(1150)?.id)).toBe(1150);
});

test('a line is replaced in its place, and the others keep theirs', async () => {
  const { client } = paging(many);
  const store = new LineStore();
  await store.reload(client, everything);
  expect(store.put(lineOf('sl_7', { status: 'MATCHED' }))).toBe(true);
  expect([store.at(7)?.status, store.indexOf('sl_8')]).toEqual(['MATCHED', 8]);
  expect(store.put(lineOf('sl_unknown'))).toBe(false);
});

test('loading again brings as many lines as were there', async () => {
  const { client } = paging(many);
  const store = new LineStore();
  await store.reload(client, everything);
  await store.reach(client, { first: 0, last: 1200 }, () => {});
  await store.reload(client, everything);
  expect(store.loaded).toBeGreaterThanOrEqual(1200);
});

test('another search starts from the front with another list', async () => {
  const { client, asked } = paging(many);
  const store = new LineStore();
  await store.reload(client, everything);
  await store.reach(client, { first: 0, last: 1200 }, () => {});
  await store.reload(client, { ...everything, search: 'paper 1284' });
  expect(asked.at(-1)).toMatchObject({ search: 'paper 1284', first: 100 });
  expect(store.loaded).toBe(100);
});
