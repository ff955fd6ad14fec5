import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Workbench } from '../support/workbench.ts';
import { openTestBook } from '../support/book.ts';
import { heldAt } from '../support/held.ts';
import { openWorkbench } from '../support/workbench.ts';
import { decideApproval } from '../../subgraphs/approvals/decide-approval.ts';
import { setApprovalPolicy } from '../../subgraphs/approvals/set-approval-policy.ts';
import { approvals } from '../../subgraphs/approvals/subgraph.ts';
import { submitDocument } from '../../subgraphs/transactions/intake/submit-document.ts';
import { releaseFromQuarantine } from '../../subgraphs/transactions/intake/release-from-quarantine.ts';
import { changeDraft } from '../../subgraphs/transactions/ledger/change-draft.ts';
import { transactions } from '../../subgraphs/transactions/subgraph.ts';
import { vendors } from '../../subgraphs/vendors/subgraph.ts';

let bench: Workbench;
let bookId: string;
const ledger = heldAt(transactions, 'approvalRequest.approved');
const asking = heldAt(approvals, 'draft.changed');

beforeAll(async () => {
  bench = await openWorkbench([ledger.subgraph, vendors, asking.subgraph]);
  bookId = await openTestBook(bench);
});
// A test that failed must not hold up the next.
afterEach(() => {
  ledger.release();
  asking.release();
});
afterAll(() => bench?.close());

let made = 0;

/** Hands in an invoice and answers the draft that it becomes. */
async function draft(into = bookId): Promise<string> {
  made += 1;
  const outcome = await bench.door('transactions').run(submitDocument, {
    bookId: into,
    document: {
      kind: 'INVOICE',
      number: `INV-${made}`,
      issuedOn: '2026-03-10',
      counterpartyName: 'Nordlicht GmbH',
      currency: 'EUR',
      total: '119.00',
      tax: '19.00',
      lines: [{ description: 'Virtual server hosting', net: '100.00', tax: '19.00' }],
    },
  });
  expect(outcome.errors).toEqual([]);
  return draftOf(outcome.result?.documentId ?? '');
}

async function draftOf(documentId: string): Promise<string> {
  for (;;) {
    const { rows } = await bench.owner.query('select id from transactions.draft where document_id = $1', [
      documentId,
    ]);
    if (rows[0]) return rows[0].id as string;
    await bench.running('vendors').consumer.settled();
  }
}

interface Standing {
  draft: { status: string; lines: { account: { code: string } }[]; journalEntry: { id: string } | null };
  request: {
    id: string;
    status: string;
    level: number;
    version: number;
    decidedAt: string | null;
    viewerCanDecide: boolean;
  };
}

/** How a draft and its request stand; the request as somebody sees it. */
async function standing(draftId: string, viewer = 'Ravi'): Promise<Standing> {
  const { draft: found } = await bench.query<{ draft: Standing['draft'] }>(
    'transactions',
    `{ draft(id: "${draftId}") { status lines { account { code } } journalEntry { id } } }`,
  );
  const { _entities } = await bench.query<{ _entities: { approvalRequest: Standing['request'] }[] }>(
    'approvals',
    `{ _entities(representations: [{ __typename: "Draft", id: "${draftId}" }]) { ... on Draft {
       approvalRequest { id status level version decidedAt viewerCanDecide } } } }`,
    { actor: bench.actor(viewer, ['APPROVER']) },
  );
  return { draft: found, request: _entities[0]!.approvalRequest };
}

async function approve(draftId: string, who = 'Ravi') {
  const { request } = await standing(draftId, who);
  return bench
    .door('approvals')
    .run(
      decideApproval,
      { approvalRequestId: request.id, verdict: 'APPROVE' },
      { actor: bench.actor(who, ['APPROVER']) },
    );
}

const change = (draftId: string, accountCode: string, who = 'Carl') =>
  bench.door('transactions').run(changeDraft, { draftId, accountCode }, { actor: bench.actor(who) });

const goOn = async () => {
  asking.release();
  ledger.release();
  await bench.settle();
  const parked = await bench.owner.query('select consumer, problem from kernel.parked_event');
  expect(parked.rows).toEqual([]);
};

/** The events of a draft and of its request, in order. */
async function told(draftId: string): Promise<string[]> {
  const { request } = await standing(draftId);
  return (await bench.events())
    .filter(({ subjectId }) => subjectId === draftId || subjectId === request.id)
    .map(({ type }) => type);
}

/** What a stale approval must lead to: nothing posted, and the question open again for the changed draft. */
async function expectAskedAnew(draftId: string, before: number): Promise<void> {
  const { draft: found, request } = await standing(draftId);
  expect(found).toMatchObject({ status: 'PENDING_APPROVAL', journalEntry: null });
  expect(request).toMatchObject({ status: 'PENDING', level: 1, decidedAt: null, viewerCanDecide: true });
  expect(request.version).toBeGreaterThan(before);
}

test('approved, then changed before the ledger heard of it: not posted, asked anew, posted as changed', async () => {
  const draftId = await draft();
  await bench.settle();
  const { version } = (await standing(draftId)).request;
  ledger.hold();
  expect((await approve(draftId)).errors).toEqual([]);
  expect((await change(draftId, '6837')).errors).toEqual([]);
  await goOn();
  expect(await told(draftId)).toEqual([
    'draft.created',
    'approvalRequest.requested',
    'approvalRequest.approved',
    'draft.changed',
    'approvalRequest.requested',
  ]);
  await expectAskedAnew(draftId, version);
  expect((await standing(draftId, 'Carl')).request.viewerCanDecide).toBe(false);
  expect((await approve(draftId, 'Carl')).errors.map(({ code }) => code)).toEqual(['FOUR_EYES']);
  // What Ravi decided of the first version does not keep him from deciding of the second.
  expect((await approve(draftId)).errors).toEqual([]);
  await goOn();
  const { draft: posted } = await standing(draftId);
  expect(posted.status).toBe('POSTED');
  const entry = (await bench.events()).find(({ subjectId }) => subjectId === posted.journalEntry?.id);
  expect(entry?.facts).toMatchObject({ lines: [{ accountCode: '6837' }, {}, {}] });
});

test('changed, then approved before approvals heard of the change: not posted, asked anew', async () => {
  const draftId = await draft();
  await bench.settle();
  const { version } = (await standing(draftId)).request;
  asking.hold();
  expect((await change(draftId, '6837')).errors).toEqual([]);
  expect((await approve(draftId)).errors).toEqual([]);
  await bench.running('transactions').consumer.settled();
  expect((await standing(draftId)).draft.status).toBe('PENDING_APPROVAL');
  expect((await standing(draftId)).request.status).toBe('APPROVED');
  await goOn();
  expect(await told(draftId)).toEqual([
    'draft.created',
    'approvalRequest.requested',
    'draft.changed',
    'approvalRequest.approved',
    'approvalRequest.requested',
  ]);
  await expectAskedAnew(draftId, version);
  await approve(draftId);
  await goOn();
  expect((await standing(draftId)).draft.status).toBe('POSTED');
});

test('an approval of the first of two changes does not stand for the second', async () => {
  const draftId = await draft();
  await change(draftId, '6837');
  await bench.settle();
  asking.hold();
  await change(draftId, '6805', 'Dora');
  expect((await approve(draftId)).errors).toEqual([]);
  await goOn();
  await expectAskedAnew(draftId, 2);
  expect((await standing(draftId, 'Dora')).request.viewerCanDecide).toBe(false);
  await approve(draftId);
  await goOn();
  const { draft: posted } = await standing(draftId);
  expect(posted).toMatchObject({ status: 'POSTED', lines: [{ account: { code: '6805' } }, {}, {}] });
});

test('posted before anybody changed it: the change is refused and the approval stands', async () => {
  const draftId = await draft();
  await bench.settle();
  await approve(draftId);
  await goOn();
  expect((await change(draftId, '6837')).errors.map(({ code }) => code)).toEqual(['STATE_CONFLICT']);
  await goOn();
  expect(await standing(draftId)).toMatchObject({
    draft: { status: 'POSTED' },
    request: { status: 'APPROVED' },
  });
});

test('of a change and a posting at the same moment one wins, and nothing unapproved is posted', async () => {
  for (let round = 0; round < 5; round += 1) {
    const draftId = await draft();
    await bench.settle();
    ledger.hold();
    await approve(draftId);
    const changing = change(draftId, '6837');
    ledger.release();
    const changed = (await changing).errors.length === 0;
    await goOn();
    const { draft: found, request } = await standing(draftId);
    expect([found.status, request.status, found.lines[0]?.account.code]).toEqual(
      changed ? ['PENDING_APPROVAL', 'PENDING', '6837'] : ['POSTED', 'APPROVED', '6330'],
    );
  }
});

test('what the policy approved by itself is asked of a person once it was changed', async () => {
  const own = await openTestBook(bench);
  await bench.door('approvals').run(setApprovalPolicy, {
    bookId: own,
    name: 'Small ones pass',
    automaticUpTo: [{ amount: '500', currency: 'EUR' }],
  });
  // Drafts of a vendor nobody confirmed always wait.
  await bench.owner.query("update vendors.vendor set status = 'ACTIVE'");
  ledger.hold();
  const draftId = await draft(own);
  await bench.running('approvals').consumer.settled();
  const { request } = await standing(draftId);
  expect(request.status).toBe('AUTO_APPROVED');
  expect((await change(draftId, '6837')).errors).toEqual([]);
  await goOn();
  await expectAskedAnew(draftId, request.version);
  await approve(draftId);
  await goOn();
  expect((await standing(draftId)).draft.status).toBe('POSTED');
});

test('a draft that was turned down stays so, whatever was changed meanwhile', async () => {
  const draftId = await draft();
  await bench.settle();
  asking.hold();
  await change(draftId, '6837');
  const { request } = await standing(draftId);
  const rejection = { approvalRequestId: request.id, verdict: 'REJECT', comment: 'Not ours' };
  await bench.door('approvals').run(decideApproval, rejection, { actor: bench.actor('Ravi', ['APPROVER']) });
  await goOn();
  expect(await standing(draftId)).toMatchObject({
    draft: { status: 'REJECTED' },
    request: { status: 'REJECTED' },
  });
});

test('who corrected a document in quarantine has had a hand in its draft from the first moment on', async () => {
  const outcome = await bench.door('transactions').run(submitDocument, {
    bookId,
    document: {
      kind: 'INVOICE',
      issuedOn: '2026-03-10',
      counterpartyName: 'Nordlicht GmbH',
      currency: 'EUR',
      total: '9.00',
    },
  });
  const documentId = outcome.result?.documentId ?? '';
  asking.hold();
  const correction = { documentId, number: 'CORRECTED-1' };
  await bench.door('transactions').run(releaseFromQuarantine, correction, { actor: bench.actor('Bea') });
  const draftId = await draftOf(documentId);
  await bench.running('approvals').consumer.settled();
  for (const name of ['Ana', 'Bea']) {
    expect((await standing(draftId, name)).request.viewerCanDecide).toBe(false);
    expect((await approve(draftId, name)).errors.map(({ code }) => code)).toEqual(['FOUR_EYES']);
  }
  expect((await approve(draftId)).errors).toEqual([]);
  await goOn();
  expect((await standing(draftId)).draft.status).toBe('POSTED');
});
