import { afterAll, beforeAll, expect, test } from 'vitest';
import { importText, mt940, openAccount } from '../../../test/support/reconciliation.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { reconciliation } from '../subgraph.ts';

let bench: Workbench;
let bookId: string;
beforeAll(async () => {
  bench = await openWorkbench([reconciliation]);
  ({ bookId } = await openAccount(bench));
  const lines = [
    { day: '260302', amount: '1284.50', name: 'NORDLICHT HOSTING', text: 'Rechnung NH-20418 danke' },
    { day: '260303', amount: '-12.80', name: 'CAFE KRONE', text: 'Kaffee 700' },
    { day: '260303', amount: '-700.00', name: 'HAUSVERWALTUNG', text: 'Miete' },
    { day: '260304', amount: '5.00', name: 'KRONE VERLAG', text: `${'x'.repeat(130)} abo` },
  ];
  await importText(bench, { bookId, text: mt940({ opening: '0.00', lines }) });
});
afterAll(() => bench.close());

interface Found {
  readonly statementLines: {
    readonly totalCount: number;
    readonly pageInfo: { readonly endCursor: string | null };
    readonly edges: readonly { readonly node: { readonly counterpartyName: string } }[];
  };
}

async function found(search: string, more: Record<string, unknown> = {}): Promise<Found['statementLines']> {
  const data = await bench.query<Found>(
    'reconciliation',
    `query ($book: ID!, $search: String, $first: Int, $after: String, $status: StatementLineStatus) {
       statementLines(bookId: $book, search: $search, first: $first, after: $after, status: $status) {
         totalCount pageInfo { endCursor } edges { node { counterpartyName } } } }`,
    { variables: { book: bookId, search, ...more } },
  );
  return data.statementLines;
}

const namesOf = ({ edges }: Found['statementLines']): string[] =>
  edges.map(({ node }) => node.counterpartyName);

test.each([
  ['krone', ['KRONE VERLAG', 'CAFE KRONE']],
  ['  Kron caf ', ['CAFE KRONE']],
  ['NH-204', ['NORDLICHT HOSTING']],
  ['1284.50', ['NORDLICHT HOSTING']],
  ['1284,5 nordl', ['NORDLICHT HOSTING']],
  ['-12.80', ['CAFE KRONE']],
  ['700', ['HAUSVERWALTUNG', 'CAFE KRONE']],
  ['2026-03-03', ['HAUSVERWALTUNG', 'CAFE KRONE']],
  ['abo', ['KRONE VERLAG']],
  ['krone miete', []],
  ["o'hara \\ & ( | ! :* )", []],
  ['-', []],
])('%j finds the lines that have all its words', async (search, names) => {
  expect(namesOf(await found(search))).toEqual(names);
});

test('what is found comes in pages and by state like everything else', async () => {
  const first = await found('krone', { first: 1 });
  expect([first.totalCount, namesOf(first)]).toEqual([2, ['KRONE VERLAG']]);
  expect(namesOf(await found('krone', { first: 1, after: first.pageInfo.endCursor }))).toEqual([
    'CAFE KRONE',
  ]);
  expect((await found('krone', { status: 'BOOKED' })).totalCount).toBe(0);
  expect((await found('')).totalCount).toBe(4);
});

test('other organisations and books find nothing of it', async () => {
  const query = `query ($book: ID!) { statementLines(bookId: $book, search: "krone") { totalCount } }`;
  const stranger = bench.actor('Sam', ['OWNER'], 'org_0search');
  const asked = (book: string, actor = bench.actor()): Promise<Found> =>
    bench.query<Found>('reconciliation', query, { actor, variables: { book } });
  expect((await asked(bookId, stranger)).statementLines.totalCount).toBe(0);
  expect((await asked(`bk' | '`)).statementLines.totalCount).toBe(0);
  const { bookId: other } = await openAccount(bench, { iban: 'DE02120300000000202051' });
  expect((await asked(other)).statementLines.totalCount).toBe(0);
});

test('words follow a line that changes, and the index leads to them', async () => {
  await bench.owner.query(
    `update reconciliation.statement_line set counterparty_name = 'MIETHAI' where counterparty_name = 'HAUSVERWALTUNG'`,
  );
  expect(namesOf(await found('miethai'))).toEqual(['MIETHAI']);
  expect(namesOf(await found('hausverwaltung'))).toEqual([]);
  const client = await bench.owner.connect();
  await client.query('set enable_seqscan = off');
  const { rows } = await client.query<{ 'QUERY PLAN': string }>(
    `explain select line_id from reconciliation.line_words where words @@ '''bk krone'':*'::tsquery`,
  );
  client.release(true);
  expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('line_words_words');
});
