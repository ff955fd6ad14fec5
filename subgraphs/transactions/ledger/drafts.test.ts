import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemActor } from '#kernel/actor';
import { openTestBook } from '../../../test/support/book.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { createMappingRule } from '../classification/create-mapping-rule.ts';
import { submitDocument } from '../intake/submit-document.ts';
import { transactions } from '../subgraph.ts';
import { changeDraft } from './change-draft.ts';
import { draftJournalEntry } from './draft-journal-entry.ts';
import { lockPeriod } from './lock-period.ts';
import { openPeriod } from './open-period.ts';
import { postDraft } from './post-draft.ts';
import { rejectDraft } from './reject-draft.ts';

let bench: Workbench;
let bookId: string;

beforeAll(async () => {
  bench = await openWorkbench([transactions]);
  bookId = await openTestBook(bench);
});
afterAll(() => bench.close());

const system = () => systemActor('transactions', bench.actor().organisationId);

let made = 0;

/** Hands in a document and drafts it as the event of its vendor would; answers the ids. */
async function draft(
  document: Record<string, unknown> = {},
  vendor: Record<string, unknown> = {},
  into = bookId,
): Promise<{ documentId: string; draftId: string }> {
  made += 1;
  const submitted = await bench.door('transactions').run(submitDocument, {
    bookId: into,
    document: {
      kind: 'INVOICE',
      number: `INV-${made}`,
      issuedOn: '2026-03-10',
      dueOn: '2026-04-09',
      counterpartyName: 'Nordlicht GmbH',
      iban: 'DE89370400440532013000',
      currency: 'EUR',
      total: '119.00',
      tax: '19.00',
      paymentReference: 'RF18539007547034',
      lines: [{ description: 'Virtual server hosting', net: '100.00', taxRate: '19', tax: '19.00' }],
      ...document,
    },
  });
  expect(submitted.errors).toEqual([]);
  const documentId = submitted.result?.documentIds[0] ?? '';
  const drafted = await bench
    .door('transactions')
    .run(
      draftJournalEntry,
      { documentId, vendorId: 'ven_nordlicht', vendorName: 'Nordlicht GmbH', proposed: false, ...vendor },
      { actor: system() },
    );
  expect(drafted.errors).toEqual([]);
  return { documentId, draftId: drafted.result?.draftId ?? '' };
}

interface Line {
  account: { code: string };
  side: string;
  money: { amount: string; currency: string };
}

interface DraftData {
  status: string;
  description: string;
  confidence: string;
  reasons: string[];
  postedOn: string;
  lines: Line[];
  document: { status: string; journalEntry: { id: string } | null } | null;
  rule: { name: string } | null;
  refusal: { code: string } | null;
  journalEntry: { number: string; postedBy: { id: string } | null; lines: Line[] } | null;
}

async function read(draftId: string): Promise<DraftData> {
  const lines = 'lines { account { code } side money { amount currency } }';
  const data = await bench.query<{ draft: DraftData }>(
    'transactions',
    `{ draft(id: "${draftId}") { status description confidence reasons postedOn ${lines} rule { name } refusal { code }
       document { status journalEntry { id } } journalEntry { number postedBy { id } ${lines} } } }`,
  );
  return data.draft;
}

const short = (lines: readonly Line[]) =>
  lines.map((line) => `${line.side} ${line.account.code} ${line.money.amount}`);

const approve = (draftId: string, draftVersion = 1) =>
  bench
    .door('transactions')
    .run(postDraft, { draftId, draftVersion, approvedBy: 'mem_bea' }, { actor: system() });

const events = async (subjectId: string) =>
  (await bench.events()).filter((event) => event.subjectId === subjectId);

describe('a draft', () => {
  test('splits an invoice into expense, input VAT and payable, and says why', async () => {
    const { documentId, draftId } = await draft();
    const data = await read(draftId);
    expect(data).toMatchObject({
      status: 'PENDING_APPROVAL',
      description: `Invoice INV-${made} of Nordlicht GmbH`,
      postedOn: '2026-03-10',
      document: { status: 'DRAFTED', journalEntry: null },
    });
    expect(short(data.lines)).toEqual(['DEBIT 6330 100.00', 'DEBIT 1400 19.00', 'CREDIT 2000 119.00']);
    expect(data.reasons[0]).toContain('hosting');
    const [created] = await events(draftId);
    expect(created).toMatchObject({
      type: 'draft.created',
      bookId,
      facts: {
        documentId,
        total: { minor: '11900', currency: 'EUR' },
        draftVersion: 1,
        submittedBy: 'mem_ana',
        confidence: 7000,
      },
    });
  });

  test.each([
    [
      'a credit note the other way round',
      { kind: 'CREDIT_NOTE' },
      ['CREDIT 6330 100.00', 'CREDIT 1400 19.00', 'DEBIT 2000 119.00'],
    ],
    [
      'a sales invoice as receivable against income and output VAT',
      { kind: 'SALES_INVOICE' },
      ['CREDIT 4400 100.00', 'CREDIT 2200 19.00', 'DEBIT 1200 119.00'],
    ],
    [
      'an expense as owed to the employee',
      { kind: 'EXPENSE', employee: 'Eva' },
      ['DEBIT 6330 100.00', 'DEBIT 1400 19.00', 'CREDIT 2400 119.00'],
    ],
    [
      'lines of several kinds to several accounts',
      {
        lines: [
          { description: 'Hotel two nights', net: '60.00' },
          { description: 'Train ticket to the hotel', net: '20.00' },
          { description: 'Printer paper', net: '20.00' },
        ],
      },
      ['DEBIT 6670 80.00', 'DEBIT 6815 20.00', 'DEBIT 1400 19.00', 'CREDIT 2000 119.00'],
    ],
    [
      'an invoice without tax without a line of zero',
      { total: '100.00', tax: '0.00', lines: [{ description: 'hosting', net: '100.00' }] },
      ['DEBIT 6330 100.00', 'CREDIT 2000 100.00'],
    ],
    [
      'yen without decimals',
      { currency: 'JPY', total: '1100', tax: '100', lines: [{ description: 'hosting', net: '1000' }] },
      ['DEBIT 6330 1000', 'DEBIT 1400 100', 'CREDIT 2000 1100'],
    ],
  ])('books %s', async (_what, document, lines) => {
    const { draftId } = await draft(document);
    expect(short((await read(draftId)).lines)).toEqual(lines);
  });

  test("follows the vendor's own account, and a rule before it", async () => {
    const vendor = { defaultAccountCode: '6805' };
    expect(short((await read((await draft({}, vendor)).draftId)).lines)[0]).toBe('DEBIT 6805 100.00');
    const rule = { bookId, name: 'Rent of Mietwerk', vendorNameContains: 'Mietwerk', accountCode: '6310' };
    expect((await bench.door('transactions').run(createMappingRule, rule)).errors).toEqual([]);
    const ruled = await read((await draft({ counterpartyName: 'Mietwerk AG' }, vendor)).draftId);
    expect(short(ruled.lines)[0]).toBe('DEBIT 6310 100.00');
    expect(ruled.rule).toEqual({ name: 'Rent of Mietwerk' });
    expect(ruled.confidence).toBe('0.9900');
  });

  test('does without an account the book does not have', async () => {
    const data = await read((await draft({}, { defaultAccountCode: '1234567' })).draftId);
    expect(short(data.lines)[0]).toBe('DEBIT 6330 100.00');
  });

  test('of a vendor nobody confirmed is never sure', async () => {
    const data = await read((await draft({}, { proposed: true, defaultAccountCode: '6805' })).draftId);
    expect(data.confidence).toBe('0.5000');
    expect(data.reasons.at(-1)).toContain('new vendor');
  });

  test('is made once for a document', async () => {
    const { documentId } = await draft();
    const again = { documentId, vendorId: 'ven_x', vendorName: 'X', proposed: false };
    const outcome = await bench.door('transactions').run(draftJournalEntry, again, { actor: system() });
    expect(outcome).toMatchObject({ result: {}, errors: [] });
    const { document } = await bench.query<{ document: { vendor: { id: string } } }>(
      'transactions',
      `{ document(id: "${documentId}") { vendor { id } } }`,
    );
    expect(document.vendor.id).toBe('ven_nordlicht');
  });
});

describe('changing a draft', () => {
  const change = (input: unknown) =>
    bench.door('transactions').run(changeDraft, input, { actor: bench.actor('Carl') });

  test('moves what was bought to another account and another day, and tells who did it', async () => {
    const { draftId } = await draft();
    const outcome = await change({ draftId, accountCode: '6837', postedOn: '2026-04-01' });
    expect(outcome.errors).toEqual([]);
    const data = await read(draftId);
    expect(short(data.lines)).toEqual(['DEBIT 6837 100.00', 'DEBIT 1400 19.00', 'CREDIT 2000 119.00']);
    expect(data.postedOn).toBe('2026-04-01');
    expect((await events(draftId)).at(-1)).toMatchObject({
      type: 'draft.changed',
      facts: { draftVersion: 2, changedBy: 'mem_carl' },
    });
  });

  test('makes an approval of what it was before worthless, and one of what it is now good', async () => {
    const { draftId } = await draft();
    await change({ draftId, accountCode: '6837' });
    await change({ draftId, postedOn: '2026-04-02' });
    for (const older of [1, 2]) {
      expect(await approve(draftId, older)).toMatchObject({
        result: { status: 'PENDING_APPROVAL' },
        errors: [],
      });
    }
    expect(await read(draftId)).toMatchObject({ status: 'PENDING_APPROVAL', journalEntry: null });
    await approve(draftId, 3);
    expect(await read(draftId)).toMatchObject({ status: 'POSTED', postedOn: '2026-04-02' });
  });

  test('refuses what it cannot do', async () => {
    const { draftId } = await draft();
    const codes = async (input: unknown) =>
      (await change(input)).errors.map((error) => [error.code, error.path[0]]);
    expect(await codes({ draftId, accountCode: '4711' })).toEqual([['ACCOUNT_UNKNOWN', 'accountCode']]);
    expect(await codes({ draftId, accountCode: '6837', line: 9 })).toEqual([['FIELD_INVALID', 'line']]);
    expect(await codes({ draftId, accountCode: '6837', line: 3 })).toEqual([['FIELD_INVALID', 'line']]);
    expect(await codes({ draftId })).toEqual([['FIELD_MISSING', 'accountCode']]);
    expect(await codes({ draftId: 'drf_nothing', accountCode: '6837' })).toEqual([['NOT_FOUND', 'draftId']]);
    await approve(draftId);
    expect(await codes({ draftId, accountCode: '6837' })).toEqual([['STATE_CONFLICT', 'draftId']]);
  });
});

describe('an approved draft', () => {
  test('becomes an entry of the approver, once, with what is left to pay', async () => {
    const { documentId, draftId } = await draft();
    await approve(draftId);
    expect((await approve(draftId)).errors).toEqual([]);
    const data = await read(draftId);
    expect(data).toMatchObject({ status: 'POSTED', document: { status: 'POSTED' }, refusal: null });
    expect(data.journalEntry?.postedBy).toEqual({ id: 'mem_bea' });
    expect(short(data.journalEntry?.lines ?? [])).toEqual(short(data.lines));
    const entryId = data.document?.journalEntry?.id ?? '';
    const posted = await events(entryId);
    expect(posted).toHaveLength(1);
    expect(posted[0]?.facts).toMatchObject({
      kind: 'DOCUMENT',
      documentId,
      vendorId: 'ven_nordlicht',
      cause: { draftId },
      openItem: {
        kind: 'PAYABLE',
        money: { minor: '-11900', currency: 'EUR' },
        reference: `INV-${made}`,
        paymentReference: 'RF18539007547034',
        counterpartyName: 'Nordlicht GmbH',
        counterpartyAccounts: [
          bench.services.vault.blindIndex('DE89370400440532013000', bench.actor().organisationId),
        ],
        dueOn: '2026-04-09',
        controlAccountCode: '2000',
      },
    });
    expect((await events(draftId)).map((event) => event.type)).toEqual(['draft.created', 'draft.posted']);
  });

  test.each([
    [
      'SALES_INVOICE',
      { kind: 'RECEIVABLE', money: { minor: '11900', currency: 'EUR' }, controlAccountCode: '1200' },
    ],
    [
      'CREDIT_NOTE',
      { kind: 'PAYABLE', money: { minor: '11900', currency: 'EUR' }, controlAccountCode: '2000' },
    ],
    ['EXPENSE', { kind: 'PAYABLE', money: { minor: '-11900', currency: 'EUR' }, controlAccountCode: '2400' }],
    ['RECEIPT', { kind: 'PAYABLE', money: { minor: '-11900', currency: 'EUR' }, controlAccountCode: '2400' }],
  ])('of a %s leaves the open item its bank line will settle', async (kind, openItem) => {
    const { draftId } = await draft({ kind });
    const posted = await approve(draftId);
    const [event] = await events(String((posted.result as { journalEntryId?: string }).journalEntryId));
    expect(event?.facts).toMatchObject({ openItem });
  });

  test('that falls into a closed period waits, is told of, and is posted when the period opens', async () => {
    const own = await openTestBook(bench);
    const days = { bookId: own, startsOn: '2026-03-01', endsOn: '2026-03-31' };
    const { draftId } = await draft({}, {}, own);
    await bench.door('transactions').run(lockPeriod, days);
    const outcome = await approve(draftId);
    expect(outcome).toMatchObject({ result: { refused: 'PERIOD_CLOSED' }, errors: [] });
    expect(await read(draftId)).toMatchObject({ status: 'APPROVED', refusal: { code: 'PERIOD_CLOSED' } });
    expect((await events(draftId)).at(-1)).toMatchObject({
      type: 'posting.refused',
      facts: { cause: { draftId }, code: 'PERIOD_CLOSED' },
    });
    await bench.door('transactions').run(openPeriod, { ...days, reason: 'Late invoice' });
    await bench.settle();
    const data = await read(draftId);
    expect(data).toMatchObject({ status: 'POSTED', refusal: null, document: { status: 'POSTED' } });
    expect(data.journalEntry).toMatchObject({ number: 'JE-2026-000001', postedBy: { id: 'mem_bea' } });
  });
});

describe('a rejected draft', () => {
  test('ends with its document and is not posted by a late approval', async () => {
    const { draftId } = await draft();
    const input = { draftId, comment: 'Not ours' };
    await bench.door('transactions').run(rejectDraft, input, { actor: system() });
    expect((await approve(draftId)).errors).toEqual([]);
    expect(await read(draftId)).toMatchObject({
      status: 'REJECTED',
      journalEntry: null,
      document: { status: 'REJECTED' },
    });
    expect((await events(draftId)).map((event) => event.type)).toEqual(['draft.created', 'draft.rejected']);
  });
});

test('drafts are listed by status', async () => {
  const own = await openTestBook(bench);
  const { draftId } = await draft({}, {}, own);
  await draft({}, {}, own);
  await approve(draftId);
  const data = await bench.query<Record<string, { totalCount: number }>>(
    'transactions',
    `{ all: drafts(bookId: "${own}") { totalCount } posted: drafts(bookId: "${own}", status: POSTED) { totalCount } }`,
  );
  expect(data).toEqual({ all: { totalCount: 2 }, posted: { totalCount: 1 } });
});
