import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { assignException } from './assign-exception.ts';
import { bookStatementLine } from '../matches/book-statement-line.ts';
import {
  eventsOf,
  importText,
  ledgerSays,
  linesOf,
  mt940,
  openAccount,
} from '../../../test/support/reconciliation.ts';
import { matchStatementLines } from '../matches/match-statement-lines.ts';
import { resolveException } from './resolve-exception.ts';
import { reconciliation } from '../subgraph.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench([reconciliation]);
});
afterAll(() => bench.close());

const accounts = [
  'DE89370400440532013000',
  'NL91ABNA0417164300',
  'GB82WEST12345698765432',
  'BE68539007547034',
  'FR1420041010050500013M02606',
];

/** A book with one line nothing answers to. */
async function oneLine(line: { amount: string; name?: string; text?: string }) {
  const account = accounts.pop() ?? '';
  const { bookId } = await openAccount(bench, { iban: account });
  await importText(bench, { bookId, text: mt940({ account, lines: [{ day: '260302', ...line }] }) });
  const [shown] = await linesOf(bench, bookId);
  return { bookId, lineId: shown?.id ?? '', exceptionId: shown?.exception?.id ?? '', shown };
}

const exceptionsOf = async (bookId: string) => {
  const data = await bench.query<{
    exceptions: { totalCount: number; edges: { node: Record<string, unknown> }[] };
  }>(
    'reconciliation',
    `query ($bookId: ID!) { exceptions(bookId: $bookId) { totalCount edges { node {
       id reason severity status owner { id } detail proposedResolution resolution line { id } } } } }`,
    { variables: { bookId } },
  );
  return data.exceptions.edges.map((edge) => edge.node);
};

test('a line nothing answers to raises one exception, however often it is matched', async () => {
  const { bookId, lineId } = await oneLine({ amount: '12.00', name: 'Nobody we know', text: 'Hello' });
  await bench.door('reconciliation').run(matchStatementLines, { bookId });
  await bench.door('reconciliation').run(matchStatementLines, { bookId });
  expect(await exceptionsOf(bookId)).toMatchObject([
    {
      reason: 'NO_CANDIDATE',
      severity: 'LOW',
      status: 'OPEN',
      owner: { id: 'mem_ana' },
      line: { id: lineId },
    },
  ]);
  expect(await eventsOf(bench, bookId, 'exception.raised')).toHaveLength(1);
});

test('an exception has an owner, and once somebody resolves it no run raises it again', async () => {
  const { bookId, lineId, exceptionId } = await oneLine({ amount: '13.00', name: 'Nobody', text: 'Hello' });
  const assigned = await bench
    .door('reconciliation')
    .run(assignException, { exceptionId, memberId: 'mem_ben' });
  expect(assigned.errors).toEqual([]);
  const resolved = await bench.door('reconciliation').run(resolveException, {
    exceptionId,
    resolution: 'Private',
  });
  expect(resolved.errors).toEqual([]);
  await bench.door('reconciliation').run(matchStatementLines, { bookId });
  expect(await exceptionsOf(bookId)).toMatchObject([
    { id: exceptionId, status: 'RESOLVED', owner: { id: 'mem_ben' }, resolution: 'Private' },
  ]);
  expect((await linesOf(bench, bookId))[0]).toMatchObject({ id: lineId, status: 'UNMATCHED' });
  const again = await bench
    .door('reconciliation')
    .run(resolveException, { exceptionId, resolution: 'Twice' });
  expect(again.errors).toMatchObject([{ code: 'STATE_CONFLICT' }]);
  const late = await bench.door('reconciliation').run(assignException, { exceptionId, memberId: 'mem_ana' });
  expect(late.errors).toMatchObject([{ code: 'STATE_CONFLICT' }]);
});

test('a charge of the bank is booked to an account and its entry noted', async () => {
  const { bookId, lineId, shown } = await oneLine({ amount: '-4.90', text: 'Entgelt Kontoführung Februar' });
  expect(shown).toMatchObject({ exception: { reason: 'FEE_UNKNOWN' } });
  const input = { lineId, accountCode: '4970', memo: 'Account fee' };
  expect((await bench.door('reconciliation').run(bookStatementLine, input)).errors).toEqual([]);
  expect((await eventsOf(bench, bookId, 'statementLine.booked')).map(({ facts }) => facts)).toEqual([
    {
      bankAccountCode: '1200',
      accountCode: '4970',
      money: { minor: '-490', currency: 'EUR' },
      bookedOn: '2026-03-02',
      memo: 'Account fee',
    },
  ]);
  await ledgerSays(bench, {
    type: 'journalEntry.posted',
    subjectId: 'je_fee',
    bookId,
    facts: {
      number: 'JE-2026-000009',
      kind: 'BANK',
      postedOn: '2026-03-02' as never,
      description: 'Account fee',
      lines: [],
      cause: { statementLineId: lineId },
    },
  });
  const read = `query ($id: ID!) { statementLine(id: $id) { status bookedAccountCode memo journalEntry { id } exception { status } } }`;
  const data = await bench.query<{ statementLine: object }>('reconciliation', read, {
    variables: { id: lineId },
  });
  expect(data.statementLine).toEqual({
    status: 'BOOKED',
    bookedAccountCode: '4970',
    memo: 'Account fee',
    journalEntry: { id: 'je_fee' },
    exception: { status: 'RESOLVED' },
  });
  const twice = await bench.door('reconciliation').run(bookStatementLine, input);
  expect(twice.errors).toMatchObject([{ code: 'LINE_ALREADY_MATCHED' }]);

  await ledgerSays(bench, {
    type: 'journalEntry.reversed',
    subjectId: 'je_fee',
    bookId,
    facts: { reversedBy: 'je_x' },
  });
  expect((await linesOf(bench, bookId))[0]).toMatchObject({
    status: 'EXCEPTION',
    exception: { status: 'OPEN' },
  });
});

test('a booking the ledger refuses becomes an exception with its words', async () => {
  const { bookId, lineId } = await oneLine({ amount: '-7.00', name: 'Shop', text: 'Things' });
  await bench.door('reconciliation').run(bookStatementLine, { lineId, accountCode: '9999' });
  await ledgerSays(bench, {
    type: 'posting.refused',
    subjectId: lineId,
    bookId,
    facts: {
      cause: { statementLineId: lineId },
      code: 'ACCOUNT_UNKNOWN',
      message: 'There is no account 9999.',
    },
  });
  await bench.door('reconciliation').run(matchStatementLines, { bookId });
  expect((await linesOf(bench, bookId))[0]).toMatchObject({
    status: 'EXCEPTION',
    exception: { reason: 'POSTING_REFUSED', status: 'OPEN', detail: 'There is no account 9999.' },
  });
});

test('the summary says how far each account is reconciled', async () => {
  const { bookId, lineId } = await oneLine({ amount: '-8.25', name: 'Shop', text: 'Things' });
  const read = `query ($bookId: ID!) { reconciliationSummary(bookId: $bookId) {
    bankAccount { ibanLastFour } unmatched suggested matched exceptions booked unreconciled { amount currency } } }`;
  const summary = async () =>
    (
      await bench.query<{ reconciliationSummary: object[] }>('reconciliation', read, {
        variables: { bookId },
      })
    ).reconciliationSummary;
  expect(await summary()).toMatchObject([
    { exceptions: 1, booked: 0, unreconciled: [{ amount: '-8.25', currency: 'EUR' }] },
  ]);
  await bench.door('reconciliation').run(bookStatementLine, { lineId, accountCode: '4900' });
  expect(await summary()).toMatchObject([{ exceptions: 0, booked: 1, unreconciled: [] }]);
});
