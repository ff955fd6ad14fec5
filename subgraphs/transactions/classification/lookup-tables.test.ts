import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { calendarDate } from '#kernel/calendar';
import { command } from '#kernel/command';
import { openTestBook } from '../../../test/support/book.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { transactions } from '../subgraph.ts';
import { loadLookUps } from './look-ups.ts';
import { uploadLookupTable } from './upload-lookup-table.ts';

let bench: Workbench;
let bookId: string;

beforeAll(async () => {
  bench = await openWorkbench([transactions]);
  bookId = await openTestBook(bench);
});
afterAll(() => bench.close());

const door = () => bench.door('transactions');

const upload = (more: Record<string, unknown>) =>
  door().run(uploadLookupTable, {
    bookId,
    name: 'shops',
    csv: 'shop;centre\nberlin;CC1\nrome;CC2\n',
    ...more,
  });
const look = command({
  name: 'look',
  description: 'Looks a key up.',
  scope: 'transactions:write',
  input: z.object({ bookId: z.string(), on: z.string(), key: z.string() }),
  run: async (transaction, { bookId: book, on, key }) => {
    const query = <Row extends object>(sql: string, values: readonly unknown[]) =>
      transaction.query<Row>(sql, values);
    return { value: (await loadLookUps(query, book, calendarDate(on)))('shops', key) };
  },
});
const value = async (key: string, on = '2026-03-01') =>
  (await door().run(look, { bookId, on, key })).result?.value;

test('the latest revision of the day answers', async () => {
  expect((await upload({})).errors).toEqual([]);
  expect([await value('rome'), await value('oslo')]).toEqual(['CC2', undefined]);
  await upload({
    csv: 'centre,shop\nCC9,rome\n',
    keyColumn: 'shop',
    valueColumn: 'centre',
    startsOn: '2026-04-01',
  });
  expect([await value('rome'), await value('rome', '2026-04-01')]).toEqual(['CC2', 'CC9']);
});

test.each<[string, Record<string, unknown>, string]>([
  ['a key twice', { csv: 'a,b\nx,1\nx,2\n' }, 'LINE_MALFORMED'],
  ['an empty key', { csv: 'a,b\n,1\n' }, 'LINE_MALFORMED'],
  ['an unknown column', { valueColumn: 'city' }, 'COLUMN_MISSING'],
  ['one column only', { csv: 'a\nx\n' }, 'COLUMN_MISSING'],
  ['CSV that is none', { csv: 'a,b\n"x,1' }, 'FILE_UNREADABLE'],
  ['an end before the beginning', { startsOn: '2026-02-01', endsOn: '2026-01-01' }, 'DATE_INVALID'],
])('%s is refused', async (_title, more, code) => {
  expect((await upload(more)).errors).toMatchObject([{ code }]);
});

test('a portal reads the uploads with a value by its key', async () => {
  const data = await bench.query<{ lookupTables: object[] }>(
    'transactions',
    `{ lookupTables(bookId: "${bookId}") { name revision startsOn entryCount value(key: "rome") } }`,
  );
  expect(data.lookupTables).toEqual([
    { name: 'shops', revision: 2, startsOn: '2026-04-01', entryCount: 1, value: 'CC9' },
    { name: 'shops', revision: 1, startsOn: null, entryCount: 2, value: 'CC2' },
  ]);
});
