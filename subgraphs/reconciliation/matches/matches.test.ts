import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { acceptMatch } from './accept-match.ts';
import { declineMatch } from './decline-match.ts';
import {
  eventsOf,
  importText,
  ledgerSays,
  linesOf,
  mt940,
  openAccount,
  openItemsOf,
  postItem,
} from '../../../test/support/reconciliation.ts';
import { matchManually } from './match-manually.ts';
import { matchStatementLines } from './match-statement-lines.ts';
import { reconciliation } from '../subgraph.ts';
import { undoMatch } from './undo-match.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench([reconciliation]);
});
afterAll(() => bench.close());

let accounts = 0;
/** A book with a bank account of its own, whose statements the answered function writes. */
async function newBook() {
  accounts += 1;
  const bban = `370400440532${String(accounts).padStart(6, '0')}`;
  const rest = BigInt(`${bban}131400`) % 97n;
  const account = `DE${String(98n - rest).padStart(2, '0')}${bban}`;
  const { bookId } = await openAccount(bench, { iban: account });
  const statement = (lines: Parameters<typeof mt940>[0]['lines'], opening = '0.00') =>
    mt940({ account, opening, lines });
  return { bookId, statement };
}

const paid = {
  day: '260302',
  amount: '1284.50',
  name: 'Ada Engineering GmbH',
  text: 'Rechnung INV-2026-0042',
};
const invoice = { amount: '1284.50', reference: 'INV-2026-0042', name: 'Ada Engineering GmbH' };

/** An invoice and a payment that only its amount points to: somebody has to agree. */
async function suggestion() {
  const { bookId, statement } = await newBook();
  const entry = await postItem(bench, bookId, {
    amount: '731.17',
    reference: 'INV-2026-0099',
    name: 'Borealis Werke AG',
  });
  await importText(bench, {
    bookId,
    text: statement([{ day: '260302', amount: '731.17', name: 'K. Meier', text: 'Danke' }]),
  });
  const [line] = await linesOf(bench, bookId);
  return { bookId, entry, statement, line: line!, matchId: line?.match?.id ?? '' };
}

test('an account tells whose invoice is paid, though item and line know it by its keyed hash only', async () => {
  const { bookId, statement } = await newBook();
  const account = 'NL91ABNA0417164300';
  await postItem(bench, bookId, { amount: '-731.17', name: 'Borealis Werke AG', accounts: [account] });
  await postItem(bench, bookId, { amount: '-731.17', name: 'Solaris Werke AG' });
  await importText(bench, {
    bookId,
    text: statement([{ day: '260302', amount: '-731.17', name: 'K. Meier', text: 'Danke', account }]),
  });
  const [line] = await linesOf(bench, bookId);
  const items = await bench.owner.query(
    'select id, counterparty_accounts from reconciliation.open_item where book_id = $1 and counterparty_name = $2',
    [bookId, 'Borealis Werke AG'],
  );
  expect(line?.match?.items.map(({ openItem }) => openItem.id)).toEqual([items.rows[0].id]);
  expect(JSON.stringify(items.rows)).not.toContain(account);
});

const noteEntry = (bookId: string, matchId: string, subjectId: string) =>
  ledgerSays(bench, {
    type: 'journalEntry.posted',
    subjectId,
    bookId,
    facts: {
      number: 'JE-2026-000002',
      kind: 'PAYMENT',
      postedOn: '2026-03-02' as never,
      description: 'Payment',
      lines: [],
      cause: { matchId },
    },
  });

test('a line that names its invoice is matched by itself and the ledger gets all it needs', async () => {
  const { bookId, statement } = await newBook();
  const entry = await postItem(bench, bookId, { ...invoice, vendorId: 'ven_ada' });
  await importText(bench, { bookId, text: statement([paid]) });
  const [line] = await linesOf(bench, bookId);
  expect(line).toMatchObject({
    status: 'MATCHED',
    exception: null,
    match: {
      status: 'ACCEPTED',
      method: 'reference',
      automatic: true,
      items: [{ applied: { amount: '1284.50' } }],
    },
  });
  expect(line?.match?.confidence).toMatch(/^(0\.9[7-9]\d\d|1\.0000)$/);
  const [accepted] = await eventsOf(bench, bookId, 'match.accepted');
  expect(accepted?.facts).toEqual({
    bankAccountCode: '1200',
    bookedOn: '2026-03-02',
    description: 'Payment: INV-2026-0042 of Ada Engineering GmbH',
    counterpartyName: 'Ada Engineering GmbH',
    vendorId: 'ven_ada',
    lines: [{ lineId: line?.id, money: { minor: '128450', currency: 'EUR' } }],
    items: [
      { journalEntryId: entry, controlAccountCode: '1400', applied: { minor: '128450', currency: 'EUR' } },
    ],
  });
  expect(await openItemsOf(bench, bookId)).toEqual(new Map());
});

test('an invoice posted after its payment resolves the exception of the line', async () => {
  const { bookId, statement } = await newBook();
  await importText(bench, { bookId, text: statement([paid]) });
  const [before] = await linesOf(bench, bookId);
  expect(before).toMatchObject({
    status: 'EXCEPTION',
    exception: { reason: 'NO_CANDIDATE', status: 'OPEN' },
  });
  await postItem(bench, bookId, invoice);
  const [after] = await linesOf(bench, bookId);
  expect(after).toMatchObject({
    status: 'MATCHED',
    exception: { id: before?.exception?.id, status: 'RESOLVED' },
    match: { status: 'ACCEPTED' },
  });
});

test('one payment of two invoices is matched with both', async () => {
  const { bookId, statement } = await newBook();
  await postItem(bench, bookId, { amount: '-100.00', reference: 'R-5101', name: 'Osito Software SL' });
  await postItem(bench, bookId, { amount: '-250.40', reference: 'R-5102', name: 'Osito Software SL' });
  const text = 'R-5101 R-5102';
  await importText(bench, {
    bookId,
    text: statement([{ day: '260302', amount: '-350.40', name: 'Osito Software SL', text }]),
  });
  const [line] = await linesOf(bench, bookId);
  expect(line).toMatchObject({ status: 'MATCHED', match: { status: 'ACCEPTED' } });
  expect(line?.match?.items.map((item) => item.applied.amount).toSorted()).toEqual(['-100.00', '-250.40']);
});

test('a suggestion waits for a person and is posted when accepted', async () => {
  const { bookId, line, matchId } = await suggestion();
  expect(line).toMatchObject({ status: 'SUGGESTED', match: { status: 'SUGGESTED', automatic: false } });
  expect(await eventsOf(bench, bookId, 'match.accepted')).toEqual([]);
  const outcome = await bench.door('reconciliation').run(acceptMatch, { matchId });
  expect(outcome.errors).toEqual([]);
  const data = await bench.query<{ match: object; statementLine: object }>(
    'reconciliation',
    `query ($id: ID!, $lineId: ID!) { match(id: $id) { status decidedBy { id } evidence { signal score detail } }
       statementLine(id: $lineId) { status candidates { id } } }`,
    { variables: { id: matchId, lineId: line.id } },
  );
  expect(data.match).toMatchObject({ status: 'ACCEPTED', decidedBy: { id: 'mem_ana' } });
  expect(data.statementLine).toEqual({ status: 'MATCHED', candidates: [] });
  expect(await eventsOf(bench, bookId, 'match.accepted')).toHaveLength(1);
  const again = await bench.door('reconciliation').run(acceptMatch, { matchId });
  expect(again.errors).toMatchObject([{ code: 'STATE_CONFLICT' }]);
});

test('another run keeps a suggestion as it is', async () => {
  const { bookId, matchId } = await suggestion();
  await bench.door('reconciliation').run(matchStatementLines, { bookId });
  expect((await linesOf(bench, bookId))[0]?.match?.id).toBe(matchId);
  expect(await eventsOf(bench, bookId, 'match.suggested')).toHaveLength(1);
});

test('what is declined is not suggested again, and something else is', async () => {
  const { bookId, line, matchId } = await suggestion();
  const outcome = await bench
    .door('reconciliation')
    .run(declineMatch, { matchId, reason: 'Another customer' });
  expect(outcome.errors).toEqual([]);
  await bench.settle();
  const [declined] = await linesOf(bench, bookId);
  expect(declined).toMatchObject({ status: 'EXCEPTION', match: null, exception: { reason: 'NO_CANDIDATE' } });
  expect(declined?.exception?.detail).toContain('declined');
  await bench.door('reconciliation').run(matchStatementLines, { bookId });
  expect((await linesOf(bench, bookId))[0]?.match).toBeNull();

  await postItem(bench, bookId, { amount: '731.17', reference: 'INV-2026-0107', name: 'Polaris Handel' });
  const [other] = await linesOf(bench, bookId);
  expect(other).toMatchObject({ id: line.id, status: 'SUGGESTED' });
  expect(other?.match?.items[0]?.openItem.id).toBe(
    (await openItemsOf(bench, bookId)).get('INV-2026-0107')?.id,
  );
});

test('an undone match opens its items, names the entry to reverse and does not come back', async () => {
  const { bookId, statement } = await newBook();
  await postItem(bench, bookId, invoice);
  await importText(bench, { bookId, text: statement([paid]) });
  const matchId = (await linesOf(bench, bookId))[0]?.match?.id ?? '';
  await noteEntry(bookId, matchId, 'je_payment1');
  const outcome = await bench.door('reconciliation').run(undoMatch, { matchId });
  expect(outcome.errors).toEqual([]);
  await bench.settle();
  expect((await eventsOf(bench, bookId, 'match.undone')).map(({ facts }) => facts)).toEqual([
    { journalEntryId: 'je_payment1' },
  ]);
  expect((await openItemsOf(bench, bookId)).get('INV-2026-0042')?.open).toBe('1284.50');
  expect((await linesOf(bench, bookId))[0]).toMatchObject({ status: 'EXCEPTION', match: null });
  const data = await bench.query<{ match: object }>(
    'reconciliation',
    'query ($id: ID!) { match(id: $id) { status journalEntry { id } } }',
    {
      variables: { id: matchId },
    },
  );
  expect(data.match).toEqual({ status: 'UNDONE', journalEntry: { id: 'je_payment1' } });
});

test('a match undone before the ledger has posted it names the entry afterwards', async () => {
  const { bookId, statement } = await newBook();
  await postItem(bench, bookId, invoice);
  await importText(bench, { bookId, text: statement([paid]) });
  const matchId = (await linesOf(bench, bookId))[0]?.match?.id ?? '';
  await bench.door('reconciliation').run(undoMatch, { matchId });
  await noteEntry(bookId, matchId, 'je_late1');
  expect((await eventsOf(bench, bookId, 'match.undone')).map(({ facts }) => facts)).toEqual([
    {},
    { journalEntryId: 'je_late1' },
  ]);
});

test('a payment the ledger reverses by itself is undone without asking for another reversal', async () => {
  const { bookId, statement } = await newBook();
  await postItem(bench, bookId, invoice);
  await importText(bench, { bookId, text: statement([paid]) });
  const matchId = (await linesOf(bench, bookId))[0]?.match?.id ?? '';
  await noteEntry(bookId, matchId, 'je_payment2');
  await ledgerSays(bench, {
    type: 'journalEntry.reversed',
    subjectId: 'je_payment2',
    bookId,
    facts: { reversedBy: 'je_r' },
  });
  expect((await eventsOf(bench, bookId, 'match.undone')).map(({ facts }) => facts)).toEqual([{}]);
  expect((await openItemsOf(bench, bookId)).get('INV-2026-0042')?.open).toBe('1284.50');
});

test('a reversed invoice is closed and its suggestion withdrawn', async () => {
  const { bookId, entry, matchId } = await suggestion();
  await ledgerSays(bench, {
    type: 'journalEntry.reversed',
    subjectId: entry,
    bookId,
    facts: { reversedBy: 'je_r2' },
  });
  expect(await openItemsOf(bench, bookId)).toEqual(new Map());
  expect((await linesOf(bench, bookId))[0]).toMatchObject({ status: 'EXCEPTION', match: null });
  expect((await eventsOf(bench, bookId, 'match.withdrawn')).map((event) => event.subjectId)).toEqual([
    matchId,
  ]);
});

test('what the ledger refuses is a suggestion again, with an exception that no run removes', async () => {
  const { bookId, statement } = await newBook();
  await postItem(bench, bookId, invoice);
  await importText(bench, { bookId, text: statement([paid]) });
  const matchId = (await linesOf(bench, bookId))[0]?.match?.id ?? '';
  const refuse = () =>
    ledgerSays(bench, {
      type: 'posting.refused',
      subjectId: matchId,
      bookId,
      facts: { cause: { matchId }, code: 'PERIOD_CLOSED', message: 'March 2026 is locked.' },
    });
  await refuse();
  await bench.door('reconciliation').run(matchStatementLines, { bookId });
  expect((await linesOf(bench, bookId))[0]).toMatchObject({
    status: 'SUGGESTED',
    match: { id: matchId, status: 'SUGGESTED', automatic: false },
    exception: { reason: 'CLOSED_PERIOD', status: 'OPEN', detail: 'March 2026 is locked.' },
  });
  expect((await openItemsOf(bench, bookId)).get('INV-2026-0042')?.open).toBe('1284.50');
  expect((await bench.door('reconciliation').run(acceptMatch, { matchId })).errors).toEqual([]);
  expect((await linesOf(bench, bookId))[0]).toMatchObject({
    status: 'MATCHED',
    exception: { status: 'RESOLVED' },
  });
  await refuse();
  expect((await linesOf(bench, bookId))[0]).toMatchObject({
    status: 'SUGGESTED',
    exception: { status: 'OPEN' },
  });
});

test('an undone payment the ledger cannot reverse is left to a person', async () => {
  const { bookId, statement } = await newBook();
  await postItem(bench, bookId, invoice);
  await importText(bench, { bookId, text: statement([paid]) });
  const matchId = (await linesOf(bench, bookId))[0]?.match?.id ?? '';
  await bench.door('reconciliation').run(undoMatch, { matchId });
  await ledgerSays(bench, {
    type: 'posting.refused',
    subjectId: matchId,
    bookId,
    facts: { cause: { matchId }, code: 'PERIOD_CLOSED', message: 'Today is locked.' },
  });
  await bench.door('reconciliation').run(matchStatementLines, { bookId });
  expect((await linesOf(bench, bookId))[0]).toMatchObject({
    status: 'EXCEPTION',
    exception: { reason: 'CLOSED_PERIOD', status: 'OPEN', detail: 'Today is locked.' },
  });
});

test('a person matches a line with items of other names, the last of them in part', async () => {
  const { bookId, statement } = await newBook();
  await postItem(bench, bookId, { amount: '300.00', reference: 'A-1', name: 'Lumen Oy' });
  await postItem(bench, bookId, { amount: '500.00', reference: 'A-2', name: 'Lumen Oy' });
  await importText(bench, {
    bookId,
    text: statement([{ day: '260302', amount: '450.00', name: 'Somebody', text: 'Rate' }]),
  });
  const [line] = await linesOf(bench, bookId);
  const items = await openItemsOf(bench, bookId);
  const [first = '', second = ''] = ['A-1', 'A-2'].map((name) => items.get(name)?.id);
  const choose = (openItemIds: string[]) =>
    bench.door('reconciliation').run(matchManually, { lineIds: [line?.id], openItemIds });
  expect((await choose([first])).errors).toMatchObject([{ code: 'AMOUNTS_DIFFER', path: ['openItemIds'] }]);
  expect((await choose([first, second])).errors).toEqual([]);
  expect((await openItemsOf(bench, bookId)).get('A-2')?.open).toBe('350.00');
  expect((await linesOf(bench, bookId))[0]).toMatchObject({
    status: 'MATCHED',
    match: { method: 'manual', status: 'ACCEPTED' },
  });
  expect((await choose([second])).errors).toMatchObject([{ code: 'LINE_ALREADY_MATCHED' }]);
});

test('a manual match takes back a suggestion its item can no longer fulfil', async () => {
  const { bookId, statement, line } = await suggestion();
  await importText(bench, {
    bookId,
    text: statement([{ day: '260305', amount: '700.00', name: 'X', text: 'Y' }], '731.17'),
  });
  const lines = await linesOf(bench, bookId);
  const other = lines.find((one) => one.id !== line.id);
  const item = (await openItemsOf(bench, bookId)).get('INV-2026-0099');
  const input = { lineIds: [other?.id], openItemIds: [item?.id] };
  expect((await bench.door('reconciliation').run(matchManually, input)).errors).toEqual([]);
  expect((await linesOf(bench, bookId)).find((one) => one.id === line.id)).toMatchObject({
    status: 'UNMATCHED',
    match: null,
  });
});

test('two runs at once over one book match each line once', async () => {
  const { bookId, statement } = await newBook();
  const numbers = Array.from({ length: 40 }, (_, index) => 7001 + index);
  const name = 'Nordlicht Hosting GmbH';
  const lines = numbers.map((number) => ({
    day: '260302',
    amount: `${number}.00`,
    name,
    text: `RE-${number}`,
  }));
  await importText(bench, { bookId, text: statement(lines) });
  await bench.owner.query('begin');
  for (const number of numbers) {
    await bench.owner.query(
      `insert into reconciliation.open_item (organisation_id, id, book_id, journal_entry_id, kind, label, reference,
         counterparty_name, counterparty_accounts, issued_on, minor, open_minor, currency, control_account_code)
       values ($1, $2, $3, $4, 'RECEIVABLE', $5, $5, $6, '{}', '2026-02-20', $7, $7, 'EUR', '1400')`,
      [
        bench.actor().organisationId,
        `oi_${bookId}${number}`,
        bookId,
        `je_${bookId}${number}`,
        `RE-${number}`,
        name,
        number * 100,
      ],
    );
  }
  await bench.owner.query('commit');
  const outcomes = await Promise.all(
    [1, 2, 3].map(() => bench.door('reconciliation').run(matchStatementLines, { bookId })),
  );
  expect(outcomes.flatMap((outcome) => outcome.errors)).toEqual([]);
  expect(outcomes.map((outcome) => outcome.result!.accepted).toSorted((a, b) => a - b)).toEqual([0, 0, 40]);
  expect(await eventsOf(bench, bookId, 'match.accepted')).toHaveLength(40);
  expect(new Set((await linesOf(bench, bookId)).map((line) => line.status))).toEqual(new Set(['MATCHED']));
});

test('a large book is matched in a thread of its own with the same outcome', async () => {
  const { bookId, statement } = await newBook();
  const name = 'Nordlicht Hosting GmbH';
  const lines = Array.from({ length: 1600 }, (_, index) => ({
    day: '260302',
    amount: `${(index % 50) + 1}.00`,
    name: `Payer ${index}`,
    text: `Nothing ${index}`,
  }));
  await postItem(bench, bookId, { amount: '9999.99', reference: 'RE-2026-777', name });
  await importText(bench, {
    bookId,
    text: statement([...lines, { day: '260302', amount: '9999.99', name, text: 'RE-2026-777' }]),
  });
  expect(await eventsOf(bench, bookId, 'match.accepted')).toHaveLength(1);
  expect(await eventsOf(bench, bookId, 'exception.raised')).toHaveLength(1600);
});

test('many new items over many open lines are matched by the job', async () => {
  const { bookId, statement } = await newBook();
  const lines = Array.from({ length: 310 }, (_, index) => ({
    day: '260302',
    amount: '1.00',
    name: `P ${index}`,
    text: `N ${index}`,
  }));
  await importText(bench, { bookId, text: statement([...lines, paid]) });
  await postItem(bench, bookId, invoice);
  await expect
    .poll(() => eventsOf(bench, bookId, 'match.accepted'), { timeout: 30_000, interval: 50 })
    .toHaveLength(1);
});

test('another organisation cannot decide on a match', async () => {
  const { matchId } = await suggestion();
  const mallory = bench.actor('Mallory', ['OWNER'], 'org_0mallory');
  for (const one of [acceptMatch, declineMatch, undoMatch]) {
    const outcome = await bench.door('reconciliation').run(one, { matchId }, { actor: mallory });
    expect(outcome.errors).toMatchObject([{ code: 'NOT_FOUND' }]);
  }
  const auditor = bench.actor('Udo', ['AUDITOR']);
  const outcome = await bench.door('reconciliation').run(acceptMatch, { matchId }, { actor: auditor });
  expect(outcome.errors).toMatchObject([{ code: 'FORBIDDEN' }]);
});
