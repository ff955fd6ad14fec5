import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { command } from '#kernel/command';
import { newId } from '#kernel/ids';
import type { Workbench } from '../../test/support/workbench.ts';
import { openWorkbench } from '../../test/support/workbench.ts';
import { decideApproval } from './decide-approval.ts';
import { setApprovalPolicy } from './set-approval-policy.ts';
import { approvals } from './subgraph.ts';

let bench: Workbench;
const bookId = 'bk_one';

/** Stands in for the ledger: raises the events drafts raise. */
const raise = command({
  name: 'raise',
  description: 'Raises an event of a draft.',
  scope: 'transactions:write',
  input: z.object({
    type: z.enum(['draft.created', 'draft.changed', 'draft.rejected']),
    draftId: z.string(),
    facts: z.any(),
  }),
  async run(transaction, { type, draftId, facts }) {
    transaction.emit({ type, subjectId: draftId, bookId, facts });
    return {};
  },
});

beforeAll(async () => {
  bench = await openWorkbench([approvals]);
  await bench.door('approvals').run(setApprovalPolicy, {
    bookId,
    name: 'House rule',
    automaticUpTo: [{ amount: '500', currency: 'EUR' }],
    furtherLevels: [{ above: [{ amount: '10000', currency: 'EUR' }] }],
  });
});
afterAll(() => bench.close());

interface Request {
  id: string;
  status: string;
  level: number;
  levels: number;
  version: number;
  reason: string;
  viewerCanDecide: boolean;
  viewerBlockedReason: string | null;
  decisions: { level: number; verdict: string; comment: string | null; decidedBy: { id: string } }[];
}

async function requestOf(draftId: string, viewer = 'Ravi'): Promise<Request> {
  const data = await bench.query<{ _entities: { approvalRequest: Request }[] }>(
    'approvals',
    `query ($id: ID!) { _entities(representations: [{ __typename: "Draft", id: $id }]) { ... on Draft { approvalRequest {
       id status level levels version reason viewerCanDecide viewerBlockedReason
       decisions { level verdict comment decidedBy { id } } } } } }`,
    { variables: { id: draftId }, actor: bench.actor(viewer, ['APPROVER']) },
  );
  return data._entities[0]!.approvalRequest;
}

async function draft(amount: string, more: object = {}): Promise<string> {
  const draftId = newId('drf');
  const facts = {
    total: { minor: `${amount}00`, currency: 'EUR' },
    summary: 'Invoice 1',
    draftVersion: 1,
    submittedBy: 'mem_ana',
    confidence: 9900,
    ...more,
  };
  await bench.door('approvals').run(raise, { type: 'draft.created', draftId, facts });
  await bench.settle();
  return draftId;
}

const decide = (approvalRequestId: string, who: string, more: object = {}) =>
  bench
    .door('approvals')
    .run(
      decideApproval,
      { approvalRequestId, verdict: 'APPROVE', ...more },
      { actor: bench.actor(who, ['APPROVER']) },
    );

async function eventTypes(requestId: string): Promise<string[]> {
  return (await bench.events()).filter((event) => event.subjectId === requestId).map((event) => event.type);
}

test('a draft within the automatic amount is approved by policy', async () => {
  const request = await requestOf(await draft('500'));
  expect(request).toMatchObject({ status: 'AUTO_APPROVED', levels: 0 });
  expect(await eventTypes(request.id)).toEqual(['approvalRequest.approved']);
});

test('a larger draft waits for somebody who had no hand in it', async () => {
  const draftId = await draft('501');
  const request = await requestOf(draftId);
  expect(request).toMatchObject({ status: 'PENDING', level: 1, levels: 1, viewerCanDecide: true });
  expect(await requestOf(draftId, 'Ana')).toMatchObject({
    viewerCanDecide: false,
    viewerBlockedReason: expect.stringContaining('somebody else') as string,
  });
  const own = await decide(request.id, 'Ana');
  expect(own.errors.map((error) => error.code)).toEqual(['FOUR_EYES']);
  const other = await decide(request.id, 'Ravi', { comment: 'fine', version: request.version });
  expect(other.errors).toEqual([]);
  expect(await requestOf(draftId)).toMatchObject({
    status: 'APPROVED',
    decisions: [{ level: 1, verdict: 'APPROVE', comment: 'fine', decidedBy: { id: 'mem_ravi' } }],
  });
  expect(await eventTypes(request.id)).toEqual(['approvalRequest.requested', 'approvalRequest.approved']);
  expect((await decide(request.id, 'Kim')).errors.map((error) => error.code)).toEqual(['ALREADY_DECIDED']);
});

test('two levels need two persons', async () => {
  const request = await requestOf(await draft('10001'));
  expect(request.levels).toBe(2);
  await decide(request.id, 'Ravi');
  expect((await decide(request.id, 'Ravi')).errors.map((error) => error.code)).toEqual(['FOUR_EYES']);
  await decide(request.id, 'Kim');
  expect(await eventTypes(request.id)).toEqual([
    'approvalRequest.requested',
    'approvalRequest.decided',
    'approvalRequest.approved',
  ]);
});

test('a rejection says why', async () => {
  const draftId = await draft('900');
  const { id } = await requestOf(draftId);
  const silent = await decide(id, 'Ravi', { verdict: 'REJECT' });
  expect(silent.errors).toMatchObject([{ code: 'COMMENT_REQUIRED', path: ['comment'] }]);
  await decide(id, 'Ravi', { verdict: 'REJECT', comment: 'not ours' });
  expect(await requestOf(draftId)).toMatchObject({ status: 'REJECTED' });
});

test('a doubtful small draft and one without a policy wait too', async () => {
  expect(await requestOf(await draft('5', { confidence: 3000 }))).toMatchObject({ status: 'PENDING' });
  const foreign = await draft('5', { total: { minor: '500', currency: 'USD' } });
  expect(await requestOf(foreign)).toMatchObject({ status: 'PENDING', levels: 2 });
});

test('a changed draft starts again, and who changed it cannot decide', async () => {
  const draftId = await draft('20000');
  const first = await requestOf(draftId);
  await decide(first.id, 'Ravi');
  await bench.door('approvals').run(raise, {
    type: 'draft.changed',
    draftId,
    facts: {
      draftVersion: 2,
      total: { minor: '70000', currency: 'EUR' },
      summary: 'Invoice 1, corrected',
      changedBy: 'mem_kim',
    },
  });
  await bench.settle();
  const renewed = await requestOf(draftId, 'Kim');
  expect(renewed).toMatchObject({
    status: 'PENDING',
    level: 1,
    levels: 1,
    version: 2,
    viewerCanDecide: false,
  });
  expect((await decide(first.id, 'Ravi', { version: 1 })).errors.map((error) => error.code)).toEqual([
    'VERSION_CONFLICT',
  ]);
  expect((await decide(first.id, 'Kim')).errors.map((error) => error.code)).toEqual(['FOUR_EYES']);
  expect((await decide(first.id, 'Ravi', { version: 2 })).errors).toEqual([]);
});

const changed = (draftId: string, draftVersion: number, more: object = {}) =>
  bench.door('approvals').run(raise, {
    type: 'draft.changed',
    draftId,
    facts: { draftVersion, total: { minor: '90000', currency: 'EUR' }, summary: 'Changed', ...more },
  });

async function approvedVersions(requestId: string): Promise<unknown[]> {
  return (await bench.events())
    .filter((event) => event.subjectId === requestId && event.type === 'approvalRequest.approved')
    .map((event) => (event.facts as { draftVersion: number }).draftVersion);
}

test.each([
  ['somebody', '900', 'APPROVED'],
  ['the policy', '400', 'AUTO_APPROVED'],
])('a draft changed after %s approved it is asked about anew', async (_who, amount, status) => {
  const draftId = await draft(amount);
  const first = await requestOf(draftId);
  if (status === 'APPROVED') await decide(first.id, 'Ravi');
  const approved = await requestOf(draftId);
  expect(approved.status).toBe(status);
  await changed(draftId, 2, { changedBy: 'mem_kim', total: { minor: '10000', currency: 'EUR' } });
  await bench.settle();
  const renewed = await requestOf(draftId);
  expect(renewed).toMatchObject({ status: 'PENDING', level: 1, levels: 1, viewerCanDecide: true });
  expect(renewed.version).toBeGreaterThan(approved.version);
  expect(renewed.reason).toContain('changed');
  expect((await decide(first.id, 'Kim')).errors.map((error) => error.code)).toEqual(['FOUR_EYES']);
  expect((await decide(first.id, 'Ravi')).errors).toEqual([]);
  expect(await approvedVersions(first.id)).toEqual([1, 2]);
});

test('a change told again, or late, opens nothing but tells who had a hand in it', async () => {
  const draftId = await draft('900');
  await changed(draftId, 3, { changedBy: 'mem_kim' });
  await changed(draftId, 2, { changedBy: 'mem_lee' });
  await bench.settle();
  const request = await requestOf(draftId);
  expect((await decide(request.id, 'Lee')).errors.map((error) => error.code)).toEqual(['FOUR_EYES']);
  await decide(request.id, 'Ravi');
  await changed(draftId, 3, { changedBy: 'mem_kim' });
  await bench.settle();
  expect(await requestOf(draftId)).toMatchObject({ status: 'APPROVED' });
  expect(await approvedVersions(request.id)).toEqual([3]);
});

test('a change that is told before its draft waits for it', async () => {
  const draftId = newId('drf');
  await changed(draftId, 2, { changedBy: 'mem_kim' });
  await bench.settle();
  const parked = 'select problem from kernel.parked_event';
  expect((await bench.owner.query(parked)).rows).toMatchObject([
    { problem: expect.stringContaining(draftId) as string },
  ]);
  const facts = {
    draftVersion: 1,
    total: { minor: '90000', currency: 'EUR' },
    summary: 'S',
    confidence: 9900,
  };
  await bench.door('approvals').run(raise, { type: 'draft.created', draftId, facts });
  await vi.waitUntil(async () => (await bench.owner.query(parked)).rows.length === 0, { timeout: 30_000 });
  const request = await requestOf(draftId);
  await decide(request.id, 'Ravi');
  expect(await approvedVersions(request.id)).toEqual([2]);
});

test('a draft given up takes its request with it', async () => {
  const draftId = await draft('900');
  await bench.door('approvals').run(raise, { type: 'draft.rejected', draftId, facts: {} });
  await bench.settle();
  expect(await requestOf(draftId)).toMatchObject({ status: 'CANCELLED' });
});

test('of two decisions at the same moment one counts', async () => {
  const { id } = await requestOf(await draft('900'));
  const outcomes = await Promise.all([decide(id, 'Ravi'), decide(id, 'Kim'), decide(id, 'Lee')]);
  expect(outcomes.filter((outcome) => outcome.result)).toHaveLength(1);
});

test('the database itself keeps a submitter from deciding and decisions from changing', async () => {
  const { id } = await requestOf(await draft('900'));
  const row = await bench.owner.query(
    'select organisation_id from approvals.approval_request where id = $1',
    [id],
  );
  const organisation = row.rows[0].organisation_id as string;
  const insert = `insert into approvals.approval_decision (organisation_id, id, request_id, version, level, verdict, member_id, decided_at)
                  values ($1, $2, $3, 1, 1, 'APPROVE', $4, now())`;
  await expect(bench.owner.query(insert, [organisation, 'apd_x', id, 'mem_ana'])).rejects.toThrow(
    'somebody else',
  );
  await bench.owner.query(insert, [organisation, 'apd_y', id, 'mem_ravi']);
  await expect(
    bench.owner.query('update approvals.approval_decision set verdict = $1', ['REJECT']),
  ).rejects.toThrow('never changed');
  await expect(bench.owner.query('delete from approvals.approval_decision')).rejects.toThrow('never changed');
  await expect(bench.owner.query('truncate approvals.approval_decision')).rejects.toThrow('never changed');
});

test('limits of a policy rise from level to level', async () => {
  const outcome = await bench.door('approvals').run(setApprovalPolicy, {
    bookId: 'bk_two',
    name: 'Upside down',
    automaticUpTo: [{ amount: '500', currency: 'EUR' }],
    furtherLevels: [{ above: [{ amount: '400', currency: 'EUR' }] }],
  });
  expect(outcome.errors).toMatchObject([{ code: 'FIELD_INVALID', path: ['furtherLevels', '0'] }]);
});

test('a stranger finds no request to decide', async () => {
  const { id } = await requestOf(await draft('900'));
  const outcome = await bench
    .door('approvals')
    .run(
      decideApproval,
      { approvalRequestId: id, verdict: 'APPROVE' },
      { actor: bench.actor('Mallory', ['OWNER'], 'org_0other') },
    );
  expect(outcome.errors.map((error) => error.code)).toEqual(['NOT_FOUND']);
});
