import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemActor } from '#kernel/actor';
import {
  bookWith,
  exceptionsOf,
  importLines,
  type ShownException,
} from '../../../test/support/exceptions.ts';
import { eventsOf, iban, importText, mt940, openAccount } from '../../../test/support/reconciliation.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { reconciliation } from '../subgraph.ts';
import { applyResolution } from './apply-resolution.ts';
import { createAssignmentRule } from './create-assignment-rule.ts';
import { escalation } from './escalation-job.ts';
import { receiveColleague } from './receive-colleague.ts';
import { retireAssignmentRule } from './retire-assignment-rule.ts';
import { setExceptionPolicy } from './set-exception-policy.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench([reconciliation]);
});
afterAll(() => bench.close());

const door = () => bench.door('reconciliation');

/** The next statement of a book, when nothing else is known of its line. */
async function nextLine(
  { bookId, account }: { bookId: string; account: string },
  amount: string,
  opening: string,
): Promise<ShownException | undefined> {
  const movements = [{ day: '260303', amount, name: 'Somebody else', text: 'Next' }];
  await importLines(bench, { bookId, account, movements, number: '2', opening });
  return (await exceptionsOf(bench, bookId))[0];
}

test('a book says what is urgent, and a large amount is urgent whatever its reason', async () => {
  const made = await bookWith(bench, [{ amount: '-100.00', name: 'Nobody', text: 'Hello' }]);
  expect((await exceptionsOf(bench, made.bookId))[0]).toMatchObject({ severity: 'LOW' });
  const policy = await door().run(setExceptionPolicy, {
    bookId: made.bookId,
    amounts: [{ severity: 'HIGH', from: { amount: '5000.00', currency: 'EUR' } }],
    hours: [{ severity: 'HIGH', hours: 2 }],
    countsBusinessHours: false,
  });
  expect(policy.errors).toEqual([]);
  const large = await nextLine(made, '-5000.00', '-100.00');
  expect(large).toMatchObject({ severity: 'HIGH', reason: 'NO_CANDIDATE', overdue: false });
  const [raised] = (await eventsOf(bench, made.bookId, 'exception.raised')).slice(-1);
  expect(Date.parse(large?.dueAt ?? '') - (raised?.occurredAt.getTime() ?? 0)).toBe(2 * 3_600_000);
});

test('a policy is changed in parts, on the version it was read at, and with sense', async () => {
  const { bookId } = await openAccount(bench, { iban: 'DE12500105170648489890' });
  const set = (input: object) => door().run(setExceptionPolicy, { bookId, ...input });
  const workingTime = { timeZone: 'Europe/Berlin', opens: '08:30', closes: '17:00', weekdays: [2, 1] };
  expect((await set({ workingTime, escalateToMemberId: 'mem_boss' })).errors).toEqual([]);
  expect((await set({ severities: [{ reason: 'DUPLICATE', severity: 'LOW' }] })).errors).toEqual([]);
  const read = `query ($bookId: ID!) { exceptionPolicy(bookId: $bookId) { version escalatesTo { id }
    severities { reason severity } workingTime { timeZone opens closes weekdays } hours { severity hours } } }`;
  const { exceptionPolicy } = await bench.query<{ exceptionPolicy: { severities: object[] } }>(
    'reconciliation',
    read,
    { variables: { bookId } },
  );
  expect(exceptionPolicy).toMatchObject({
    version: 2,
    escalatesTo: { id: 'mem_boss' },
    workingTime: { ...workingTime, weekdays: [1, 2] },
    hours: [
      { severity: 'LOW', hours: 40 },
      { severity: 'MEDIUM', hours: 24 },
      { severity: 'HIGH', hours: 8 },
    ],
  });
  expect(exceptionPolicy.severities).toContainEqual({ reason: 'DUPLICATE', severity: 'LOW' });
  expect(exceptionPolicy.severities).toContainEqual({ reason: 'RETURNED', severity: 'HIGH' });
  expect((await set({ expectedVersion: 1 })).errors).toMatchObject([{ code: 'VERSION_CONFLICT' }]);
  const backwards = { ...workingTime, closes: '08:00' };
  expect((await set({ workingTime: backwards })).errors).toMatchObject([
    { code: 'FIELD_INVALID', path: ['workingTime', 'closes'] },
  ]);
  const nowhere = { ...workingTime, timeZone: 'Middle/Earth' };
  expect((await set({ workingTime: nowhere })).errors).toMatchObject([{ code: 'FIELD_INVALID' }]);
});

test('the first assignment rule that fits chooses the owner; else whoever imported has it', async () => {
  const made = await bookWith(bench, [{ amount: '-100.00', name: 'Nobody', text: 'Hello' }]);
  const { bookId } = made;
  const rule = (name: string, priority: number, decides: { condition: string; memberId: string }) =>
    door().run(createAssignmentRule, { bookId, name, priority, ...decides });
  expect((await rule('Rest', 900, { condition: 'true', memberId: 'mem_rest' })).errors).toEqual([]);
  const large = await rule('Large', 10, {
    condition: 'abs(amount) >= 1000 && account == "1200"',
    memberId: 'mem_cfo',
  });
  expect((await rule('Large', 20, { condition: 'true', memberId: 'mem_x' })).errors).toMatchObject([
    { code: 'ALREADY_EXISTS' },
  ]);
  expect((await rule('Wrong', 20, { condition: 'amout > 3', memberId: 'mem_x' })).errors).toMatchObject([
    { code: 'EXPRESSION_INVALID', path: ['condition'] },
  ]);
  expect(await nextLine(made, '-1000.00', '-100.00')).toMatchObject({
    owner: { id: 'mem_cfo' },
    assignmentRule: { name: 'Large' },
  });
  expect((await exceptionsOf(bench, bookId))[1]).toMatchObject({
    owner: { id: 'mem_ana' },
    assignmentRule: null,
  });
  const { assignmentRuleId } = large.result ?? {};
  expect((await door().run(retireAssignmentRule, { assignmentRuleId })).errors).toEqual([]);
  const movements = [{ day: '260304', amount: '-2000.00', name: 'A third one', text: 'Third' }];
  await importLines(bench, { ...made, movements, number: '3', opening: '-1100.00' });
  expect((await exceptionsOf(bench, bookId))[0]).toMatchObject({ owner: { id: 'mem_rest' } });
  const again = await door().run(retireAssignmentRule, { assignmentRuleId });
  expect(again.errors).toMatchObject([{ code: 'STATE_CONFLICT' }]);
});

test('what is overdue is escalated to an owner where a book names nobody, and to nobody where nobody is to hear of it', async () => {
  const actor = bench.actor('Olga', ['OWNER'], 'org_0owners');
  const { bookId } = await openAccount(bench, { actor });
  const lines = [{ day: '260302', amount: '-1.00', name: 'NOBODY', text: 'Late' }];
  await importText(bench, { bookId, text: mt940({ lines }), actor });
  await bench.settle();
  const hears = async () =>
    (
      await bench.query<{ exceptionPolicy: { escalatesTo: { id: string } | null } }>(
        'reconciliation',
        'query ($bookId: ID!) { exceptionPolicy(bookId: $bookId) { escalatesTo { id } } }',
        { actor, variables: { bookId } },
      )
    ).exceptionPolicy.escalatesTo?.id;
  expect(await hears()).toBeUndefined();
  const system = { actor: systemActor('reconciliation', 'org_0owners') };
  for (const [memberId, roles] of [
    ['mem_1', ['OWNER']],
    ['mem_2', ['OWNER']],
    ['mem_1', ['AUDITOR']],
  ] as const)
    await door().run(receiveColleague, { memberId, roles: [...roles] }, system);
  expect(await hears()).toBe('mem_2');
  await bench.owner.query(
    "update reconciliation.exception set due_at = now() - interval '1 hour' where book_id = $1",
    [bookId],
  );
  const job = () =>
    escalation.run(
      {},
      { services: bench.services, door: bench.running('reconciliation').door, pool: bench.owner },
    );
  await door().run(setExceptionPolicy, { bookId, escalates: false }, { actor });
  expect(await hears()).toBeUndefined();
  await job();
  const to = () =>
    bench.owner
      .query<{ escalated_to: string | null }>(
        'select escalated_to from reconciliation.exception where book_id = $1',
        [bookId],
      )
      .then(({ rows }) => rows[0]?.escalated_to);
  expect(await to()).toBeNull();
  await door().run(setExceptionPolicy, { bookId, escalates: true }, { actor });
  await job();
  expect(await to()).toBe('mem_2');
});

test('what is overdue is escalated once, to the member the book names, and to nobody before there is one', async () => {
  const { bookId } = await bookWith(bench, [
    { amount: '-1.00', name: 'Nobody', text: 'Late' },
    { amount: '-2.00', name: 'Somebody', text: 'In time' },
  ]);
  const [, late] = (await exceptionsOf(bench, bookId)).toSorted((a, b) => (a.id < b.id ? 1 : -1));
  await bench.owner.query(
    "update reconciliation.exception set due_at = now() - interval '1 hour' where id = $1",
    [late?.id],
  );
  const pool = bench.owner;
  const job = () =>
    escalation.run({}, { services: bench.services, door: bench.running('reconciliation').door, pool });
  await job();
  expect((await exceptionsOf(bench, bookId, ', overdue: true')).map(({ id }) => id)).toEqual([late?.id]);
  expect(await exceptionsOf(bench, bookId, ', escalated: true')).toEqual([]);
  await door().run(setExceptionPolicy, { bookId, escalateToMemberId: 'mem_boss' });
  await job();
  await job();
  expect(await exceptionsOf(bench, bookId, ', escalated: true')).toMatchObject([
    {
      id: late?.id,
      overdue: true,
      escalatedTo: { id: 'mem_boss' },
      owner: { id: 'mem_ana' },
      status: 'OPEN',
    },
  ]);
  expect(await exceptionsOf(bench, bookId, ', overdue: false')).toHaveLength(1);
  const escalated = await eventsOf(bench, bookId, 'exception.escalated');
  expect(escalated.map(({ subjectId, facts }) => [subjectId, facts])).toEqual([
    [late?.id, { escalatedTo: 'mem_boss' }],
  ]);
  const audited = await bench.owner.query(
    `select 1 from kernel.audit_stage s
      where s::text like '%escalateExceptions%' and s::text like '%' || $1 || '%' and s::text like '%mem_boss%'`,
    [late?.id],
  );
  expect(audited.rowCount).toBe(1);
});

test('the list is filtered by reason, severity and owner, and ordered by what is due first', async () => {
  const { bookId } = await bookWith(bench, [
    { amount: '-1.00', text: 'Entgelt' },
    { amount: '-2.00', name: 'Somebody', text: 'Thing' },
  ]);
  const reasons = async (filter: string) =>
    (await exceptionsOf(bench, bookId, filter)).map(({ reason }) => reason);
  expect(await reasons(', reason: FEE_UNKNOWN')).toEqual(['FEE_UNKNOWN']);
  expect(await reasons(', severity: HIGH')).toEqual([]);
  expect(await reasons(', severity: LOW')).toHaveLength(2);
  expect(await reasons(', ownerId: "mem_ana"')).toHaveLength(2);
  expect(await reasons(', ownerId: "mem_ben"')).toEqual([]);
  await bench.owner.query(
    "update reconciliation.exception set due_at = due_at - interval '1 hour' where book_id = $1 and reason = 'NO_CANDIDATE'",
    [bookId],
  );
  expect(await reasons(', dueFirst: true')).toEqual(['NO_CANDIDATE', 'FEE_UNKNOWN']);
  const counts = await bench.query(
    'reconciliation',
    `query ($bookId: ID!) { exceptionCounts(bookId: $bookId) { reason open overdue escalated unassigned } }`,
    { variables: { bookId } },
  );
  const one = { open: 1, overdue: 0, escalated: 0, unassigned: 0 };
  expect(counts).toEqual({
    exceptionCounts: [
      { reason: 'FEE_UNKNOWN', ...one },
      { reason: 'NO_CANDIDATE', ...one },
    ],
  });
});

test('a statement that is held back is released by its proposal', async () => {
  const { bookId } = await openAccount(bench, { iban });
  const wrong = mt940({
    lines: [{ day: '260302', amount: '-5.00', name: 'X', text: 'Y' }],
    closing: '99.00',
  });
  await importText(bench, { bookId, text: wrong });
  const [held] = await exceptionsOf(bench, bookId);
  expect(held).toMatchObject({ reason: 'STATEMENT_UNBALANCED', severity: 'HIGH' });
  expect(held?.proposals.map(({ kind }) => kind)).toEqual(['RELEASE', 'ASK']);
  const input = { exceptionId: held?.id, proposalId: 'release' };
  expect((await door().run(applyResolution, input)).errors).toEqual([]);
  await bench.settle();
  const after = await exceptionsOf(bench, bookId);
  expect(after.map(({ reason, status }) => [reason, status])).toEqual([
    ['NO_CANDIDATE', 'OPEN'],
    ['STATEMENT_UNBALANCED', 'RESOLVED'],
  ]);
});
