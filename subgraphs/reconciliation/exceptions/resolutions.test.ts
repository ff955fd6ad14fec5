import { afterAll, beforeAll, expect, test } from 'vitest';
import { bookWith, exceptionsOf, type ShownException } from '../../../test/support/exceptions.ts';
import { eventsOf, linesOf, openItemsOf } from '../../../test/support/reconciliation.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { matchStatementLines } from '../matches/match-statement-lines.ts';
import { reconciliation } from '../subgraph.ts';
import { applyResolution } from './apply-resolution.ts';
import { commentException } from './comment-exception.ts';
import { resolveExceptions } from './resolve-exceptions.ts';
import { setExceptionPolicy } from './set-exception-policy.ts';
import { setKnowledgeNote } from './set-knowledge-note.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench([reconciliation]);
});
afterAll(() => bench.close());

const run: Workbench['door'] extends (name: string) => infer Door
  ? Door extends { run: infer Run }
    ? Run
    : never
  : never = (command, input, call) => bench.door('reconciliation').run(command, input, call);

const proposalOf = ({ proposals }: ShownException, kind: string) => {
  const found = proposals.find((one) => one.kind === kind);
  if (!found) throw new Error(`No ${kind} among ${JSON.stringify(proposals)}`);
  return found;
};

const only = async (bookId: string): Promise<ShownException> => {
  const [one, ...others] = await exceptionsOf(bench, bookId);
  expect(others).toEqual([]);
  if (!one) throw new Error('There is no exception');
  return one;
};

test('a bank charge is booked by one call, to the account the book keeps for charges', async () => {
  const { bookId } = await bookWith(bench, [{ amount: '-12.50', text: 'Entgelt Kontoführung' }]);
  const policy = await run(setExceptionPolicy, { bookId, chargesAccountCode: '4970' });
  expect(policy.errors).toEqual([]);
  const exception = await only(bookId);
  const proposal = proposalOf(exception, 'BOOK');
  expect(proposal).toMatchObject({ label: 'Book 12.50 EUR bank charge to 4970.', accountCode: '4970' });
  const applied = await run(applyResolution, { exceptionId: exception.id, proposalId: proposal.id });
  expect(applied.errors).toEqual([]);
  expect(await only(bookId)).toMatchObject({
    status: 'RESOLVED',
    resolution: 'Booked to 4970.',
    appliedProposal: proposal.id,
    line: { status: 'BOOKED' },
    proposals: [],
  });
  expect((await eventsOf(bench, bookId, 'statementLine.booked')).map(({ facts }) => facts)).toMatchObject([
    { accountCode: '4970', money: { minor: '-1250', currency: 'EUR' }, memo: 'Bank charge' },
  ]);
  const twice = await run(applyResolution, { exceptionId: exception.id, proposalId: proposal.id });
  expect(twice.errors).toMatchObject([{ code: 'STATE_CONFLICT' }]);
});

test('a charge without a known account asks for one, and takes the one it is given', async () => {
  const { bookId } = await bookWith(bench, [{ amount: '-3.10', text: 'Provision' }]);
  const { id: exceptionId, proposals } = await only(bookId);
  expect(proposals[0]).toMatchObject({ id: 'book-charge', accountCode: null });
  const without = await run(applyResolution, { exceptionId, proposalId: 'book-charge' });
  expect(without.errors).toMatchObject([{ code: 'FIELD_MISSING', path: ['accountCode'] }]);
  expect((await only(bookId)).status).toBe('OPEN');
  const given = await run(applyResolution, { exceptionId, proposalId: 'book-charge', accountCode: '6855' });
  expect(given.errors).toEqual([]);
  expect((await only(bookId)).resolution).toBe('Booked to 6855.');
});

const invoices = (amounts: readonly string[]) =>
  amounts.map((amount, at) => ({ reference: `INV-${at + 10}`, amount, name: 'Nordlicht GmbH' }));

test('a payment is split over two invoices that add up to it', async () => {
  const movement = { amount: '100.00', name: 'Nordlicht GmbH', text: 'Zahlung' };
  const { bookId, lines } = await bookWith(
    bench,
    [movement],
    invoices(['50.00', '50.00', '50.00', '50.00', '50.00', '50.00']),
  );
  const exception = await only(bookId);
  expect(exception).toMatchObject({ reason: 'AMBIGUOUS', status: 'OPEN' });
  const proposal = proposalOf(exception, 'SPLIT');
  expect(proposal.label).toMatch(/^Split over INV-\d+ of Nordlicht GmbH and INV-\d+ of Nordlicht GmbH\.$/);
  expect(proposal.items.map(({ applied }) => applied.amount)).toEqual(['50.00', '50.00']);
  const applied = await run(applyResolution, { exceptionId: exception.id, proposalId: proposal.id });
  expect(applied.errors).toEqual([]);
  await bench.settle();
  expect((await openItemsOf(bench, bookId)).size).toBe(4);
  expect((await linesOf(bench, bookId))[0]).toMatchObject({ id: lines[0]?.id, status: 'MATCHED' });
  expect(await only(bookId)).toMatchObject({ status: 'RESOLVED', appliedProposal: proposal.id });
});

test('what the matcher saw is kept with the exception, and a proposal that is not there is refused', async () => {
  const movement = { amount: '80.00', name: 'Nordlicht GmbH', text: 'Zahlung' };
  const { bookId } = await bookWith(bench, [movement], invoices(['5000.00', '3000.00']));
  const exception = await only(bookId);
  const reason = 'It has another amount.';
  expect(exception.evidence.candidates.toSorted((a, b) => a.label.localeCompare(b.label))).toEqual([
    { label: 'INV-10, Nordlicht GmbH', reason },
    { label: 'INV-11, Nordlicht GmbH', reason },
  ]);
  const gone = await run(applyResolution, { exceptionId: exception.id, proposalId: 'match-oi_gone' });
  expect(gone.errors).toMatchObject([{ code: 'STATE_CONFLICT', path: ['proposalId'] }]);
});

test('of a payment made twice the exception names the first one', async () => {
  const movement = { amount: '750.00', name: 'Nordlicht GmbH', text: 'RE-2026-0815' };
  const item = { amount: '750.00', reference: 'RE-2026-0815', name: 'Nordlicht GmbH' };
  const { bookId, lines } = await bookWith(bench, [movement, movement], [item]);
  const exception = await only(bookId);
  expect(exception).toMatchObject({ reason: 'DUPLICATE', severity: 'HIGH' });
  const first = lines.find(({ id }) => id !== exception.line?.id);
  expect(exception.evidence.relatedLines).toEqual([{ id: first?.id }]);
  // A later run does not see the item any more, which is settled.
  await run(matchStatementLines, { bookId });
  expect(await only(bookId)).toMatchObject({ reason: 'DUPLICATE', status: 'OPEN' });
});

test('asking drafts the words, notes them, and nothing is overdue until the day of the answer', async () => {
  const { bookId } = await bookWith(bench, [{ amount: '-64.00', name: 'Papierhaus', text: 'Bestellung' }]);
  const exception = await only(bookId);
  const proposal = proposalOf(exception, 'ASK');
  expect(proposal.message).toContain('we paid you 64.00 EUR ("Bestellung")');
  const followUpOn = '2099-06-05';
  const asked = await run(applyResolution, {
    exceptionId: exception.id,
    proposalId: 'ask',
    message: 'Where is the invoice?',
    followUpOn,
  });
  expect(asked.errors).toEqual([]);
  expect(await only(bookId)).toMatchObject({
    status: 'OPEN',
    followUpOn,
    dueAt: '2099-06-05T17:00:00.000Z',
    comments: [{ kind: 'QUESTION', text: 'Where is the invoice?', authorName: 'Ana' }],
  });
  expect((await eventsOf(bench, bookId, 'exception.asked'))[0]?.facts).toMatchObject({ followUpOn });
  const late = await run(applyResolution, {
    exceptionId: exception.id,
    proposalId: 'ask',
    followUpOn: '2020-01-01',
  });
  expect(late.errors).toMatchObject([{ code: 'FIELD_INVALID', path: ['followUpOn'] }]);
});

test('comments stand with author and order, resolved or not', async () => {
  const { bookId } = await bookWith(bench, [{ amount: '-5.00', name: 'Nobody', text: 'Hello' }]);
  const { id: exceptionId } = await only(bookId);
  await run(commentException, { exceptionId, text: 'Who is this?' });
  await run(resolveExceptions, { exceptionIds: [exceptionId], resolution: 'Private' });
  await run(commentException, { exceptionId, text: 'It was me.' }, { actor: bench.actor('Ben') });
  expect((await only(bookId)).comments).toEqual([
    { kind: 'COMMENT', text: 'Who is this?', authorName: 'Ana' },
    { kind: 'COMMENT', text: 'It was me.', authorName: 'Ben' },
  ]);
  expect(await eventsOf(bench, bookId, 'exception.commented')).toHaveLength(2);
  const missing = await run(commentException, { exceptionId: 'ex_none', text: 'Hello' });
  expect(missing.errors).toMatchObject([{ code: 'NOT_FOUND' }]);
});

test('of many closed at once those that cannot be are reported, and the rest goes on', async () => {
  const { bookId } = await bookWith(bench, [
    { amount: '-5.00', name: 'Nobody', text: 'One' },
    { amount: '-6.00', name: 'Somebody', text: 'Two' },
    { amount: '-7.00', name: 'Anybody', text: 'Three' },
  ]);
  const ids = (await exceptionsOf(bench, bookId)).map(({ id }) => id);
  const closed = await run(resolveExceptions, {
    exceptionIds: [ids[0], 'ex_none', ids[1]],
    resolution: 'Private',
  });
  expect(closed.result).toEqual({ exceptionIds: [ids[0], ids[1]] });
  expect(closed.errors).toMatchObject([{ code: 'NOT_FOUND', path: ['exceptionIds', '1'] }]);
  const again = await run(resolveExceptions, { exceptionIds: ids, resolution: 'Private' });
  expect(again.result).toEqual({ exceptionIds: [ids[2]] });
  expect(again.errors).toMatchObject([{ code: 'STATE_CONFLICT' }, { code: 'STATE_CONFLICT' }]);
});

test('many are closed each by its own proposal, and those without one are reported', async () => {
  const { bookId } = await bookWith(bench, [
    { amount: '-5.00', text: 'Entgelt' },
    { amount: '-6.00', text: 'Provision' },
    { amount: '-7.00', name: 'Anybody', text: 'Three' },
  ]);
  await run(setExceptionPolicy, { bookId, chargesAccountCode: '4970' });
  const ids = (await exceptionsOf(bench, bookId)).map(({ id }) => id);
  const booked = await run(resolveExceptions, { exceptionIds: ids, apply: 'BOOK' });
  expect(booked.result?.exceptionIds).toHaveLength(2);
  expect(booked.errors).toMatchObject([{ code: 'STATE_CONFLICT' }]);
  expect((await linesOf(bench, bookId)).map(({ status }) => status).toSorted()).toEqual([
    'BOOKED',
    'BOOKED',
    'EXCEPTION',
  ]);
});

test('words that closed lines alike are proposed for the next one', async () => {
  const movement = (text: string) => ({ amount: '-5.00', name: 'Bäckerei Sonne', text });
  const { bookId } = await bookWith(bench, [movement('Brot'), movement('Brot 2'), movement('Brot 3')]);
  const ids = (await exceptionsOf(bench, bookId)).map(({ id }) => id);
  await run(resolveExceptions, { exceptionIds: ids.slice(0, 2), resolution: 'Private' });
  const [next] = await exceptionsOf(bench, bookId, ', status: OPEN');
  if (!next) throw new Error('All are closed');
  const proposal = proposalOf(next, 'RESOLVE');
  expect(proposal.label).toBe('Close as 2 times before: Private');
  await run(applyResolution, { exceptionId: next.id, proposalId: proposal.id });
  expect((await exceptionsOf(bench, bookId)).map(({ resolution }) => resolution)).toEqual([
    'Private',
    'Private',
    'Private',
  ]);
});

test('what a book knows of a reason is shown with every exception of it, until it is removed', async () => {
  const { bookId } = await bookWith(bench, [{ amount: '-5.00', name: 'Nobody', text: 'One' }]);
  const note = 'Ask Mia: most of these are her travel cards.';
  expect((await run(setKnowledgeNote, { bookId, reason: 'NO_CANDIDATE', note })).errors).toEqual([]);
  await run(setKnowledgeNote, { bookId, reason: 'DUPLICATE', note: 'Other' });
  expect((await only(bookId)).knowledgeNote).toBe(note);
  await run(setKnowledgeNote, { bookId, reason: 'NO_CANDIDATE' });
  expect((await only(bookId)).knowledgeNote).toBeNull();
});
