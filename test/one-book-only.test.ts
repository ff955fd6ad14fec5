import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '#kernel/actor';
import { subgraphs } from '../commands/subgraphs.ts';
import { createAccount } from '../subgraphs/transactions/ledger/create-account.ts';
import { openTestBook } from './support/book.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

/** A token for one book: for it no row of another book exists. */
let bench: Workbench;
let own: string;
let other: string;
let bound: Actor;

beforeAll(async () => {
  bench = await openWorkbench(subgraphs);
  [own, other] = [await openTestBook(bench), await openTestBook(bench)];
  const embed = { components: [], features: [], commands: ['createAccount'], bookId: own };
  bound = { ...bench.actor(), kind: 'embed', embed };
});
afterAll(() => bench.close());

interface Accounts {
  readonly accounts: readonly { readonly id: string }[];
}

const accountsOf = (bookId: string, actor: Actor) =>
  bench.query<Accounts>('transactions', 'query ($bookId: ID!) { accounts(bookId: $bookId) { id } }', {
    actor,
    variables: { bookId },
  });

test('it reads its own book and finds the other one empty, by list and by id', async () => {
  const [seen] = (await accountsOf(own, bound)).accounts;
  expect(seen).toBeDefined();
  expect((await accountsOf(other, bound)).accounts).toEqual([]);
  const [hidden] = (await accountsOf(other, bench.actor())).accounts;
  const byId = (id: string | undefined, actor: Actor) =>
    bench.query('transactions', 'query ($id: ID!) { account(id: $id) { id } }', { actor, variables: { id } });
  expect(await byId(seen?.id, bound)).toEqual({ account: seen });
  expect(await byId(hidden?.id, bound)).toEqual({ account: null });
  expect(await byId(hidden?.id, bench.actor())).toEqual({ account: hidden });
});

test('it writes into its own book and into no other', async () => {
  const account = { code: '9990', name: 'Sundry', type: 'EXPENSE' };
  const run = (bookId: string) =>
    bench.door('transactions').run(createAccount, { bookId, ...account }, { actor: bound });
  expect((await run(own)).errors).toEqual([]);
  expect((await run(other)).errors.map(({ code }) => code)).toEqual(['NOT_FOUND']);
});

test('every table whose rows name a book is restricted to it', async () => {
  const open = await bench.owner.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       join pg_attribute a on a.attrelid = c.oid and a.attname = 'book_id' and not a.attisdropped
      where c.relkind in ('r', 'p') and n.nspname not in ('kernel', 'pg_catalog')
        and not exists (
          select 1 from pg_policy p where p.polrelid = c.oid and not p.polpermissive and p.polcmd = '*'
             and pg_get_expr(p.polqual, p.polrelid) like '%book_id = ( SELECT kernel.book()%'
             and pg_get_expr(p.polwithcheck, p.polrelid) like '%book_id = ( SELECT kernel.book()%')`,
  );
  expect(open.rows).toEqual([]);
  const restricted = await bench.owner.query(`select 1 from pg_policy where polname = 'book'`);
  expect(restricted.rowCount).toBeGreaterThan(15);
});
