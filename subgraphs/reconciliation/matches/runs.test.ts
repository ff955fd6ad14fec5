import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  eventsOf,
  importText,
  linesOf,
  mt940,
  openAccount,
  postItem,
} from '../../../test/support/reconciliation.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { reconciliation } from '../subgraph.ts';
import { matchStatementLines } from './match-statement-lines.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench([reconciliation]);
});
afterAll(() => bench.close());

interface ShownRun {
  readonly id: string;
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  readonly accepted: number;
  readonly suggested: number;
  readonly exceptions: number;
  readonly linesLoaded: number;
  readonly itemsLoaded: number;
}

async function runsOf(bookId: string): Promise<ShownRun[]> {
  const data = await bench.query<{ matchingRuns: { edges: { node: ShownRun }[] } }>(
    'reconciliation',
    `query ($bookId: ID!) { matchingRuns(bookId: $bookId) { edges { node { id stage done total accepted suggested
       exceptions linesLoaded itemsLoaded startedAt finishedAt } } } }`,
    { variables: { bookId } },
  );
  return data.matchingRuns.edges.map(({ node }) => node);
}

const name = 'Nordlicht Hosting GmbH';

test('a small run leaves what became of it, and is told of', async () => {
  const { bookId } = await openAccount(bench, { iban: 'DE02120300000000202051' });
  await postItem(bench, bookId, { amount: '120.00', reference: 'RE-2026-1', name });
  await importText(bench, {
    bookId,
    text: mt940({
      account: 'DE02120300000000202051',
      lines: [
        { day: '260302', amount: '120.00', name, text: 'RE-2026-1' },
        { day: '260303', amount: '5.55', name: 'Somebody', text: 'x' },
      ],
    }),
  });
  const [run, ...more] = await runsOf(bookId);
  expect(more).toEqual([]);
  expect(run).toMatchObject({
    stage: 'FINISHED',
    done: 2,
    total: 2,
    accepted: 1,
    suggested: 0,
    exceptions: 1,
  });
  const told = await eventsOf(bench, bookId, 'matching.finished');
  expect(told.map(({ subjectId }) => subjectId)).toEqual([run?.id]);
});

test(
  'a large statement is matched in the background, step by step, and nothing is left',
  { timeout: 120_000 },
  async () => {
    const account = 'DE02500105170137075030';
    const { bookId } = await openAccount(bench, { iban: account });
    await postItem(bench, bookId, { amount: '9999.99', reference: 'RE-2026-777', name });
    const lines = Array.from({ length: 4_200 }, (_, index) => ({
      day: '260302',
      amount: `${(index % 50) + 1}.00`,
      name: `Payer ${index}`,
      text: `Nothing ${index}`,
    }));
    const text = mt940({
      account,
      lines: [...lines, { day: '260302', amount: '9999.99', name, text: 'RE-2026-777' }],
    });
    await importText(bench, { bookId, text });
    await expect
      .poll(async () => (await runsOf(bookId))[0]?.stage, { timeout: 60_000, interval: 100 })
      .toBe('FINISHED');
    const [run] = await runsOf(bookId);
    expect(run).toMatchObject({ done: 4_201, total: 4_201, accepted: 1, exceptions: 4_200 });
    const told = (await bench.events()).filter(({ subjectId }) => subjectId === run?.id);
    expect(told.map(({ type }) => type)).toEqual([
      'matching.started',
      'matching.progressed',
      'matching.progressed',
      'matching.finished',
    ]);
    const waiting = await bench.owner.query(
      'select 1 from reconciliation.statement_line where book_id = $1 and looked_at is null and status <> $2',
      [bookId, 'MATCHED'],
    );
    expect(waiting.rows).toEqual([]);
  },
);

/** A large book whose lines were all looked at: items of many parties, and lines that wait for documents. */
async function largeBook(account: string, { items, lines }: { items: number; lines: number }) {
  const { bookId, bankAccountId } = await openAccount(bench, { iban: account });
  const { organisationId } = bench.actor();
  await importText(bench, {
    bookId,
    text: mt940({ account, lines: [{ day: '260101', amount: '0.01', name: 'Bank', text: 'Start' }] }),
  });
  await bench.owner.query(
    `insert into reconciliation.open_item (organisation_id, id, book_id, journal_entry_id, kind, label, reference,
       counterparty_name, counterparty_accounts, issued_on, minor, open_minor, currency, control_account_code)
     select $1, 'oi_' || $2 || n, $2, 'je_' || $2 || n, 'RECEIVABLE', 'Invoice ' || n, 'RE-2025-' || (100000 + n),
       'Customer ' || substr(md5((n % 2000)::text), 1, 9), '{}', date '2026-01-01' - (n % 90),
       1000 + n % 20000, 1000 + n % 20000, 'EUR', '1400' from generate_series(1, $3::int) n`,
    [organisationId, bookId, items],
  );
  await bench.owner.query(
    `insert into reconciliation.statement_line (organisation_id, id, book_id, bank_account_id, statement_id, position,
       identity, booked_on, minor, currency, reversal, counterparty_name, refs, remittance, sealed_record, status, held)
     select $1, 'bl_' || $2 || n, $2, $3, (select id from reconciliation.bank_statement where book_id = $2 limit 1), n + 1,
       'x' || n, date '2026-02-01', 5000000 + n, 'EUR', false, 'Stranger ' || substr(md5(n::text), 1, 9), '{}',
       'Thanks ' || n, 'x', 'UNMATCHED', false from generate_series(1, $4::int) n`,
    [organisationId, bookId, bankAccountId, lines],
  );
  const whole = await bench.door('reconciliation').run(matchStatementLines, { bookId });
  expect(whole.errors).toEqual([]);
  await bench.settle();
  return { bookId };
}

test(
  'one more statement does not match a large book again: it reads what can concern its lines',
  { timeout: 180_000 },
  async () => {
    const account = 'DE02100500000054540402';
    const { bookId } = await largeBook(account, { items: 12_000, lines: 3_200 });
    const [whole] = await runsOf(bookId);
    expect(whole).toMatchObject({ linesLoaded: 3_201, itemsLoaded: 12_000 });

    const reference = (n: number) => `RE-2025-${100_000 + n}`;
    const amount = (n: number) =>
      `${Math.floor((1000 + (n % 20_000)) / 100)}.${String(n % 100).padStart(2, '0')}`;
    const numbers = [11, 222, 3_333, 4_444, 5_555, 6_666, 7_777];
    const payments = numbers.map((n) => ({
      day: '260203',
      amount: amount(n),
      name: 'Paymaster',
      text: `Rechnung ${reference(n)}`,
    }));
    const stranger = { day: '260203', amount: '87654.32', name: 'Nobody', text: 'Hello' };
    await importText(bench, {
      bookId,
      text: mt940({ account, number: '2', opening: '0.01', lines: [...payments, stranger] }),
    });
    const [run] = await runsOf(bookId);
    expect(run).toMatchObject({ done: 8, accepted: 7, exceptions: 1 });
    expect(run?.linesLoaded).toBeLessThan(100);
    expect(run?.itemsLoaded).toBeLessThan(1_000);
    const matched = (await linesOf(bench, bookId)).filter(({ status }) => status === 'MATCHED');
    expect(matched).toHaveLength(7);
    for (const { match } of matched) expect(match).toMatchObject({ method: 'reference', automatic: true });

    // A document that a waiting line was for is found by its words, in the background, as cheaply.
    await postItem(bench, bookId, {
      amount: '50001.23',
      reference: 'X-1',
      name: 'Late KG',
      postedOn: '2026-01-20',
    });
    await expect
      .poll(async () => (await runsOf(bookId))[0]?.id !== run?.id && (await runsOf(bookId))[0]?.stage, {
        timeout: 60_000,
        interval: 100,
      })
      .toBe('FINISHED');
    const [late] = await runsOf(bookId);
    expect(late?.linesLoaded).toBeLessThan(100);
    expect(late?.itemsLoaded).toBeLessThan(500);
    expect(late?.suggested).toBe(1);
  },
);

test(
  'many new lines of a large book are decided on together, beside those that were looked at before',
  { timeout: 180_000 },
  async () => {
    const account = 'DE02300209000106531065';
    const { bookId } = await largeBook(account, { items: 3_500, lines: 3_200 });
    const [before] = await runsOf(bookId);
    const lines = Array.from({ length: 5_100 }, (_, index) => ({
      day: '260203',
      amount: `${300_000 + index}.00`,
      name: `Payer ${index}`,
      text: `Nothing ${index}`,
    }));
    const named = { day: '260203', amount: '10.11', name: 'Paymaster', text: 'Rechnung RE-2025-100011' };
    const text = mt940({ account, number: '2', opening: '0.01', lines: [...lines, named] });
    await importText(bench, { bookId, text });
    await expect
      .poll(async () => (await runsOf(bookId))[0]?.id !== before?.id && (await runsOf(bookId))[0]?.stage, {
        timeout: 60_000,
        interval: 100,
      })
      .toBe('FINISHED');
    const [run] = await runsOf(bookId);
    expect(run).toMatchObject({ done: 5_101, total: 5_101, accepted: 1, exceptions: 5_100 });
    expect(run).toMatchObject({ linesLoaded: 5_101 + 3_201, itemsLoaded: 3_500 });
    const told = (await bench.events()).filter(({ subjectId }) => subjectId === run?.id);
    expect(told.map(({ type }) => type)).toEqual(['matching.started', 'matching.finished']);
    const waiting = await bench.owner.query(
      'select 1 from reconciliation.statement_line where book_id = $1 and looked_at is null and status <> $2',
      [bookId, 'MATCHED'],
    );
    expect(waiting.rows).toEqual([]);
  },
);
