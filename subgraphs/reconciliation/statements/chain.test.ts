import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '#kernel/actor';
import { importText, linesOf, mt940, openAccount } from '../../../test/support/reconciliation.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { reconciliation } from '../subgraph.ts';
import { releaseStatement } from './release-statement.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench([reconciliation]);
});
afterAll(() => bench.close());

let organisations = 0;
function stranger(): Actor {
  organisations += 1;
  return bench.actor('Ines', ['OWNER'], `org_0chain${organisations}`);
}

interface Shown {
  readonly reason: string;
  readonly status: string;
  readonly detail: string;
  readonly statement: { readonly id: string; readonly status: string } | null;
}

async function exceptionsOf(actor: Actor, bookId: string): Promise<Shown[]> {
  const data = await bench.query<{ exceptions: { edges: { node: Shown }[] } }>(
    'reconciliation',
    'query ($b: ID!) { exceptions(bookId: $b) { edges { node { reason status detail statement { id status } } } } }',
    { actor, variables: { b: bookId } },
  );
  return data.exceptions.edges
    .map(({ node }) => node)
    .filter(({ reason }) => reason.startsWith('STATEMENT'))
    .toReversed();
}

const day = (number: string, on: string, [opening, amount]: [string, string]) =>
  mt940({ number, opening, lines: [{ day: on, amount, text: `of ${on}`, bankReference: `B-${number}` }] });

test('a gap that an older statement brings to light is told, and ends when the missing one comes', async () => {
  const actor = stranger();
  const { bookId } = await openAccount(bench, { actor });
  const third = await importText(bench, { bookId, text: day('3', '260304', ['30.00', '5.00']), actor });
  const first = await importText(bench, { bookId, text: day('1', '260302', ['0.00', '10.00']), actor });
  expect([third.errors, first.errors]).toEqual([[], []]);
  const statement = { id: third.result?.statementIds[0], status: 'IMPORTED' };
  expect(await exceptionsOf(actor, bookId)).toMatchObject([
    { reason: 'STATEMENT_GAP', status: 'OPEN', statement },
  ]);
  await importText(bench, { bookId, text: day('2', '260303', ['10.00', '20.00']), actor });
  expect(await exceptionsOf(actor, bookId)).toMatchObject([{ reason: 'STATEMENT_GAP', status: 'RESOLVED' }]);
});

test('a gap is its own reason, and resolved by the statement that was missing', async () => {
  const actor = stranger();
  const { bookId } = await openAccount(bench, { actor });
  await importText(bench, { bookId, text: day('1', '260302', ['0.00', '10.00']), actor });
  await importText(bench, { bookId, text: day('3', '260304', ['30.00', '5.00']), actor });
  expect(await exceptionsOf(actor, bookId)).toMatchObject([
    { reason: 'STATEMENT_GAP', status: 'OPEN', statement: { status: 'QUARANTINED' } },
  ]);
  await importText(bench, { bookId, text: day('2', '260303', ['10.00', '20.00']), actor });
  expect(await exceptionsOf(actor, bookId)).toMatchObject([
    { reason: 'STATEMENT_GAP', status: 'RESOLVED', statement: { status: 'IMPORTED' } },
  ]);
});

test('the same day in another format is held back before its lines are doubled, until somebody releases it', async () => {
  const actor = stranger();
  const { bookId, bankAccountId } = await openAccount(bench, { actor });
  await importText(bench, { bookId, text: day('1', '260302', ['10.00', '20.00']), actor });
  const csv = 'Date,Amount,Currency,Description,Balance\n2026-03-02,20.00,EUR,of that day,30.00\n';
  const outcome = await importText(bench, { bookId, bankAccountId, text: csv, name: 'a.csv', actor });
  expect(outcome.errors).toMatchObject([{ code: 'STATEMENT_OVERLAP' }]);
  const [exception] = await exceptionsOf(actor, bookId);
  expect(exception).toMatchObject({
    reason: 'STATEMENT_OVERLAP',
    status: 'OPEN',
    statement: { status: 'QUARANTINED' },
  });
  expect(exception?.detail).toContain('one line that one tells nothing of (the first on 2026-03-02)');
  const waiting = (await linesOf(bench, bookId, actor)).map(({ status }) => status);
  expect(waiting.toSorted()).toEqual(['EXCEPTION', 'UNMATCHED']);
  const statementId = exception?.statement?.id;
  await bench.door('reconciliation').run(releaseStatement, { statementId }, { actor });
  await bench.settle();
  expect((await linesOf(bench, bookId, actor)).map(({ status }) => status)).toEqual([
    'EXCEPTION',
    'EXCEPTION',
  ]);
});
