import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCompany, type Company } from '../support/company.ts';
import { modes, startTestPlatform, type Platform } from '../support/platform.ts';
import { subscribe } from '../support/subscriber.ts';
import { approve, postInvoice, submitInvoice, untilPosted, untilWaiting } from '../support/steps.ts';

interface ApprovalEvent {
  readonly cursor: string;
  readonly change: string;
  readonly approvalRequest: {
    readonly id: string;
    readonly status: string;
    readonly draft: {
      readonly total: { readonly amount: string };
      readonly vendor: { readonly name: string };
    };
  };
}

interface EntryEvent {
  readonly cursor: string;
  readonly change: string;
  readonly journalEntry: {
    readonly id: string;
    readonly number: string;
    readonly vendor: { readonly name: string } | null;
  };
}

const approvalChanged = `subscription ($after: Cursor, $bookId: ID) {
  approvalRequestChanged(after: $after, bookId: $bookId) {
    cursor change occurredAt approvalRequest { id status draft { total { amount } vendor { name } } } } }`;

const entryChanged = `subscription ($after: Cursor, $bookId: ID) {
  journalEntryChanged(after: $after, bookId: $bookId) { cursor change journalEntry { id number vendor { name } } } }`;

describe.each(modes)('a subscriber sees every step, in %s', (mode) => {
  let platform: Platform;
  let company: Company;

  beforeAll(async () => {
    platform = await startTestPlatform(mode);
    company = await openCompany(platform);
  });
  afterAll(() => platform?.stop());

  const watch = <Event>(query: string, variables: Record<string, unknown> = {}) =>
    subscribe<Event>(platform.url, company.keys.approver, {
      query,
      variables: { bookId: company.bookId, ...variables },
    });

  test('each event carries fields of three subgraphs, in the order of what happened', async () => {
    const approvals = await watch<ApprovalEvent>(approvalChanged);
    const documentId = await submitInvoice(company, { number: 'L-1', net: 700 });
    const requestId = await untilWaiting(company, documentId);
    const [requested] = await approvals.until(1);
    expect(requested).toMatchObject({
      change: 'requested',
      approvalRequest: {
        id: requestId,
        draft: { total: { amount: '833.00' }, vendor: { name: 'Nordlicht Hosting GmbH' } },
      },
    });
    await approve(company, requestId);
    await approvals.until(2);
    expect(approvals.received.map((event) => event.change)).toEqual(['requested', 'approved']);
    expect(approvals.received[1]?.approvalRequest.status).toBe('APPROVED');
    await approvals.cut();
    // The entry follows the approval; the next test must not see it as something new.
    await untilPosted(company, documentId);
  });

  test('a subscriber that was away resumes with its cursor and misses nothing and sees nothing twice', async () => {
    const first = await watch<EntryEvent>(entryChanged);
    const one = await postInvoice(company, { number: 'L-2', net: 50 });
    const [seen] = await first.until(1);
    expect(seen?.journalEntry.id).toBe(one.id);
    await first.cut();

    const missed = [
      await postInvoice(company, { number: 'L-3', net: 60 }),
      await postInvoice(company, { number: 'L-4', net: 70 }),
    ];
    const again = await watch<EntryEvent>(entryChanged, { after: seen?.cursor });
    const live = await postInvoice(company, { number: 'L-5', net: 80 });
    const events = await again.until(3);
    expect(events.map((event) => event.journalEntry.id)).toEqual([...missed, live].map((entry) => entry.id));
    await again.cut();
  });

  test('resuming works across a power cut of the whole platform', async () => {
    const before = await watch<EntryEvent>(entryChanged);
    const one = await postInvoice(company, { number: 'L-6', net: 40 });
    const [seen] = await before.until(1);
    await before.cut();
    const documentId = await submitInvoice(company, { number: 'L-7', net: 45 });
    await platform.killAndRestart();
    const two = await untilPosted(company, documentId);
    const after = await watch<EntryEvent>(entryChanged, { after: seen?.cursor });
    const events = await after.until(1);
    expect(seen?.journalEntry.id).toBe(one.id);
    expect(events.map((event) => event.journalEntry.id)).toEqual([two.id]);
    await after.cut();
  });

  test('a filter and the organisation keep other events away', async () => {
    const stranger = await openCompany(platform);
    const foreign = await subscribe<EntryEvent>(platform.url, stranger.keys.owner, { query: entryChanged });
    const elsewhere = await watch<EntryEvent>(entryChanged, { bookId: 'bk_elsewhere' });
    const here = await watch<EntryEvent>(entryChanged);
    await postInvoice(company, { number: 'L-8', net: 30 });
    await here.until(1);
    const theirs = await postInvoice(stranger, { number: 'L-8', net: 30 });
    await foreign.until(1);
    expect(foreign.received.map((event) => event.journalEntry.id)).toEqual([theirs.id]);
    expect(elsewhere.received).toEqual([]);
    await Promise.all([foreign, elsewhere, here].map((one) => one.cut()));
  });

  test('a wrong token gets no socket', async () => {
    const refused = await subscribe(platform.url, 'cf_nobody', { query: entryChanged });
    expect(refused.errors.length).toBeGreaterThan(0);
  });
});
