import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { newId } from '#kernel/ids';
import { openAccount } from '../../../test/support/reconciliation.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { reconciliation } from '../subgraph.ts';
import { itemsOfAnyLine, itemsOfLines, linesBeside, type Ask, type SoughtLine } from './find-concerned.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench([reconciliation]);
});
afterAll(() => bench.close());

const ask: Ask = async <Row extends object>(sql: string, values?: readonly unknown[]) =>
  (await bench.owner.query<Row>(sql, [...(values ?? [])])).rows;

let bookId: string;
beforeEach(() => {
  bookId = newId('bk');
});

const line: SoughtLine = {
  id: 'bl_sought',
  bookedOn: '2026-06-15',
  minor: 10_000n,
  currency: 'EUR',
  references: [],
  text: 'Thanks',
  counterpartyName: undefined,
  account: undefined,
};

const dayAt = (offset: number) => new Date(Date.UTC(2026, 5, 15 + offset)).toISOString().slice(0, 10);

/** One open item over 100.00 for each day, so many days from the line's. */
async function issueItems(offsets: readonly number[], partyKey: string | null = null): Promise<void> {
  await bench.owner.query(
    `insert into reconciliation.open_item (organisation_id, id, book_id, journal_entry_id, kind, label,
       counterparty_accounts, issued_on, minor, open_minor, currency, control_account_code, party_key)
     select $1, $2 || ' ' || n, $2, $2 || n, 'RECEIVABLE', 'Item ' || n, '{}', day, 10000, 10000, 'EUR', '1400', $5
       from unnest($3::text[], $4::date[]) as r (n, day)`,
    [
      bench.actor().organisationId,
      bookId,
      offsets.map((n, at) => `${at}/${n}`),
      offsets.map(dayAt),
      partyKey,
    ],
  );
}

const offsetsOf = (ids: Iterable<string>) =>
  [...ids].map((id) => Number(id.split('/')[1])).toSorted((a, b) => a - b);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

test('of many items of one amount those nearest to the day are found, before it and after it', async () => {
  // The twentieth is one of two that are as near; the lower id goes first.
  await issueItems([...range(-100, -8), ...range(5, 60)]);
  const found = await itemsOfLines(ask, bookId, [line]);
  expect(offsetsOf(found.get(line.id) ?? [])).toEqual([...range(-15, -8), ...range(5, 16)]);
  expect(await itemsOfAnyLine(ask, bookId, [line])).toEqual(found.get(line.id));
});

test('on one side of the day alone as many are found', async () => {
  await issueItems(range(-90, -30));
  expect(offsetsOf(await itemsOfAnyLine(ask, bookId, [line]))).toEqual(range(-49, -30));
});

test('of items of one day those with the lowest ids are found, however often one asks', async () => {
  await issueItems(Array.from({ length: 50 }, () => 3));
  const first = await itemsOfAnyLine(ask, bookId, [line]);
  const { rows } = await bench.owner.query<{ id: string }>(
    'select id from reconciliation.open_item where book_id = $1 order by id limit 20',
    [bookId],
  );
  expect([...first].toSorted()).toEqual(rows.map(({ id }) => id));
});

test('who is known by account is not looked for by words that others share', async () => {
  await issueItems([1], 'name holz huber');
  await issueItems(range(2, 3), 'name holz meier');
  await bench.owner.query(
    `insert into reconciliation.party_word (organisation_id, book_id, word, party_key)
     select $1, $2, word, party from (values ('a:hash', 'name holz huber'), ('t:holz', 'name holz huber'),
       ('t:holz', 'name holz meier'), ('t:meier', 'name holz meier')) as w (word, party)`,
    [bench.actor().organisationId, bookId],
  );
  const paid = { ...line, minor: 77n, counterpartyName: 'Holz Handel' };
  expect(offsetsOf(await itemsOfAnyLine(ask, bookId, [{ ...paid, account: 'hash' }]))).toEqual([1]);
  expect(offsetsOf(await itemsOfAnyLine(ask, bookId, [{ ...paid, account: 'another' }]))).toEqual([1, 2, 3]);
});

test('of many open lines of one payer those nearest to the day stand beside a line', async () => {
  const { bookId: own, bankAccountId } = await openAccount(bench, { iban: 'DE02120300000000202051' });
  const statementId = newId('bs');
  const { organisationId } = bench.actor();
  await bench.owner.query(
    `insert into reconciliation.bank_statement (organisation_id, id, book_id, bank_account_id, file_id, fingerprint, format,
       currency, line_count, known_count, pending_count, status, problems, imported_at)
     values ($1, $2, $3, $4, 'file', 'x', 'CSV', 'EUR', 0, 0, 0, 'IMPORTED', '[]', now())`,
    [organisationId, statementId, own, bankAccountId],
  );
  const offsets = [...range(-200, -10), ...range(0, 200)];
  await bench.owner.query(
    `insert into reconciliation.statement_line (organisation_id, id, book_id, bank_account_id, statement_id, position,
       identity, booked_on, minor, currency, reversal, counterparty_name, refs, remittance, sealed_record, status, held)
     select $1, 'bl/' || n, $2, $3, $4, 1, n, day, 10000 + n::int, 'EUR', false, 'Huber', '{}', '', 'x', 'UNMATCHED', n::int > 150
       from unnest($5::text[], $6::date[]) as r (n, day)`,
    [organisationId, own, bankAccountId, statementId, offsets.map(String), offsets.map(dayAt)],
  );
  const asked = { ...line, minor: 1n, counterpartyName: 'Huber' };
  const beside = await linesBeside(ask, own, { lines: [asked], itemIds: [] });
  expect(offsetsOf(beside)).toEqual([...range(-14, -10), ...range(0, 14)]);
  // By amount there is one more, far away in time; one that is held back is none.
  const alike = { ...asked, minor: 10_150n };
  expect(offsetsOf(await linesBeside(ask, own, { lines: [alike], itemIds: [] }))).toContain(150);
  const held = { ...asked, minor: 10_151n };
  expect(offsetsOf(await linesBeside(ask, own, { lines: [held], itemIds: [] }))).not.toContain(151);
});

test('the database is told how often values repeat before it has seen a row', async () => {
  const tables = [
    'exception',
    'match',
    'match_item',
    'match_line',
    'open_item',
    'open_item_key',
    'statement_line',
  ];
  const { rows } = await bench.owner.query<{ tablename: string }>(
    `select tablename from pg_stats where schemaname = 'reconciliation' and attname = 'organisation_id'
        and tablename = any($1) order by 1`,
    [tables],
  );
  expect(rows.map(({ tablename }) => tablename)).toEqual(tables);
});
