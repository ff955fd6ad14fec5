import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemActor } from '#kernel/actor';
import { createPool } from '#kernel/database';
import { newId } from '#kernel/ids';
import { openTestBook } from '../../../test/support/book.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { submitDocument } from '../intake/submit-document.ts';
import { transactions } from '../subgraph.ts';
import { compareBankFacts } from './cross-foot-bank.ts';
import { draftJournalEntry } from './draft-journal-entry.ts';
import { postDraft } from './post-draft.ts';
import { postJournalEntry } from './post-journal-entry.ts';
import { postMatch } from './post-match.ts';
import { validateBook } from './validate-pass.ts';

/** Documents, journal, sub-ledgers and bank: each part that is broken is found, alone. */
let bench: Workbench;
let pool: ReturnType<typeof createPool>;
let organisationId: string;

beforeAll(async () => {
  bench = await openWorkbench([transactions]);
  organisationId = bench.actor().organisationId;
  pool = createPool(bench.database, 'transactions', 2);
});
afterAll(async () => {
  await pool?.end();
  await bench?.close();
});

const system = () => systemActor('transactions', organisationId);
let made = 0;

interface Invoice {
  readonly bookId: string;
  readonly documentId: string;
  readonly draftId: string;
  readonly entryId: string;
}

/** An invoice over 119.00 EUR that is posted. */
async function postInvoice(bookId: string, vendorId = 'ven_nordlicht'): Promise<Invoice> {
  made += 1;
  const door = bench.door('transactions');
  const submitted = await door.run(submitDocument, {
    bookId,
    document: {
      kind: 'INVOICE',
      number: `INV-${made}`,
      issuedOn: '2026-03-10',
      counterpartyName: vendorId,
      currency: 'EUR',
      total: '119.00',
      tax: '19.00',
      lines: [{ description: 'Virtual server hosting', net: '100.00', taxRate: '19', tax: '19.00' }],
    },
  });
  const documentId = submitted.result?.documentIds[0] ?? '';
  const vendor = { documentId, vendorId, vendorName: vendorId, proposed: false };
  const drafted = await door.run(draftJournalEntry, vendor, { actor: system() });
  const draftId = drafted.result?.draftId ?? '';
  const approved = { draftId, draftVersion: 1, approvedBy: 'mem_ravi' };
  expect((await door.run(postDraft, approved, { actor: system() })).errors).toEqual([]);
  const found = await bench.owner.query<{ journal_entry_id: string }>(
    'select journal_entry_id from transactions.draft where id = $1',
    [draftId],
  );
  return { bookId, documentId, draftId, entryId: found.rows[0]?.journal_entry_id ?? '' };
}

async function pay(invoice: Invoice, cents = 11_900): Promise<string> {
  const money = { minor: String(-cents), currency: 'EUR' };
  const input = {
    matchId: newId('ma'),
    bookId: invoice.bookId,
    bankAccountCode: '1000',
    bookedOn: '2026-03-15',
    description: 'Payment',
    lines: [{ lineId: newId('bl'), money }],
    items: [{ journalEntryId: invoice.entryId, controlAccountCode: '2000', applied: money }],
  };
  const { result, errors } = await bench.door('transactions').run(postMatch, input, { actor: system() });
  expect(errors).toEqual([]);
  return result && 'journalEntryId' in result ? (result.journalEntryId ?? '') : '';
}

async function corrupt(sql: string, values: readonly unknown[]): Promise<void> {
  const client = await bench.owner.connect();
  try {
    await client.query('begin');
    await client.query('set local session_replication_role = replica');
    const done = await client.query(sql, [...values]);
    if (!done.rowCount) throw new Error('Nothing was corrupted');
    await client.query('commit');
  } finally {
    client.release();
  }
}

const sweep = (bookId: string) =>
  validateBook(
    { pool, door: bench.running('transactions').door },
    { organisationId, bookId },
    { sweep: true },
  );

interface Finding {
  readonly invariant: string;
  readonly subject_id: string;
  readonly severity: string;
  readonly expected: string;
  readonly found: string;
  readonly evidence: readonly { readonly label: string; readonly id: string; readonly minor?: string }[];
}

const openFindings = async (bookId: string): Promise<Finding[]> =>
  (
    await bench.owner.query<Finding>(
      `select invariant, subject_id, severity, expected, found, evidence from transactions.validation_finding
        where book_id = $1 and status = 'OPEN' order by id`,
      [bookId],
    )
  ).rows;

describe('inside the ledger', () => {
  test('a book with an invoice half paid shows nothing', async () => {
    const bookId = await openTestBook(bench);
    await pay(await postInvoice(bookId), 5_000);
    expect(await sweep(bookId)).toEqual({ opened: 0, resolved: 0 });
  });

  test.each<[string, string, (invoice: Invoice) => readonly unknown[], (invoice: Invoice) => string]>([
    [
      'DOCUMENT_TOTAL',
      'update transactions.document set net = 110, tax = 10, total = 120 where id = $1',
      ({ documentId }) => [documentId],
      ({ entryId }) => entryId,
    ],
    [
      'DRAFTS_AND_ENTRIES',
      "update transactions.document set status = 'DRAFTED' where id = $1",
      ({ documentId }) => [documentId],
      ({ draftId }) => draftId,
    ],
    [
      'DRAFTS_AND_ENTRIES',
      "update transactions.draft set journal_entry_id = 'je_nowhere' where id = $1",
      ({ draftId }) => [draftId],
      ({ draftId }) => draftId,
    ],
    [
      'DRAFTS_AND_ENTRIES',
      "update transactions.draft set status = 'APPROVED', journal_entry_id = null where id = $1",
      ({ draftId }) => [draftId],
      ({ draftId }) => draftId,
    ],
  ])('%s: %s', async (invariant, sql, values, subject) => {
    const bookId = await openTestBook(bench);
    const invoice = await postInvoice(bookId);
    expect(await sweep(bookId)).toEqual({ opened: 0, resolved: 0 });
    await corrupt(sql, values(invoice));
    await sweep(bookId);
    const found = await openFindings(bookId);
    expect(new Set(found.map((one) => one.invariant))).toEqual(new Set([invariant]));
    expect(found.map((one) => one.subject_id)).toContain(subject(invoice));
  });

  test('a payment that takes another amount than it says is found', async () => {
    const bookId = await openTestBook(bench);
    const payment = await pay(await postInvoice(bookId));
    await corrupt('update transactions.settled_amount set minor = -11000 where payment_entry_id = $1', [
      payment,
    ]);
    await sweep(bookId);
    const found = await openFindings(bookId);
    expect(found.map((one) => one.invariant).toSorted()).toEqual(['CONTROL_ACCOUNTS', 'PAYMENTS_SETTLE']);
    expect(found.find((one) => one.invariant === 'PAYMENTS_SETTLE')).toMatchObject({
      subject_id: payment,
      expected: '-119.00 EUR',
      found: '-110.00 EUR',
    });
  });

  test('what was posted to payables by hand is named beside what is open by vendor', async () => {
    const bookId = await openTestBook(bench);
    await postInvoice(bookId, 'ven_alpina');
    const { result } = await bench.door('transactions').run(postJournalEntry, {
      bookId,
      postedOn: '2026-03-20',
      description: 'By hand',
      lines: [
        { accountCode: '2000', side: 'DEBIT', amount: '7.00', currency: 'EUR' },
        { accountCode: '1100', side: 'CREDIT', amount: '7.00', currency: 'EUR' },
      ],
    });
    await sweep(bookId);
    const [finding, ...others] = await openFindings(bookId);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      invariant: 'CONTROL_ACCOUNTS',
      severity: 'MEDIUM',
      expected: '-119.00 EUR',
      found: '-112.00 EUR',
    });
    expect(finding?.evidence).toEqual([
      { type: 'Vendor', id: 'ven_alpina', label: 'open of one vendor', minor: '-11900', currency: 'EUR' },
      expect.objectContaining({ id: result?.journalEntryId, minor: '700' }),
    ]);
  });
});

describe('against reconciliation', () => {
  const account = {
    bankAccountId: 'ba_1',
    name: 'House bank',
    accountCode: '1000',
    currency: 'EUR',
    posted: '-5000',
    unposted: '-300',
    closing: '-5300',
    opening: '0',
  };
  const open = { accountCode: '2000', vendorId: 'ven_nordlicht', currency: 'EUR', minor: '-6900' };

  /** States facts as reconciliation would, at two passes. */
  async function state(bookId: string, facts: { account?: object; open?: object }, times = 2): Promise<void> {
    for (let time = 0; time < times; time += 1) {
      const input = {
        bookId,
        statedAt: new Date().toISOString(),
        facts: {
          accounts: [{ ...account, ...facts.account }],
          open: [{ ...open, ...facts.open }],
          unmatched: [],
          quarantined: 0,
        },
      };
      const done = await bench.door('transactions').run(compareBankFacts, input, { actor: system() });
      expect(done.errors).toEqual([]);
    }
  }

  async function halfPaid(): Promise<string> {
    const bookId = await openTestBook(bench);
    await pay(await postInvoice(bookId), 5_000);
    return bookId;
  }

  test('what both say alike shows nothing', async () => {
    const bookId = await halfPaid();
    await state(bookId, {});
    expect(await openFindings(bookId)).toEqual([]);
  });

  test.each<[string, { account?: object; open?: object }, object]>([
    [
      'BANK_LINES_POSTED',
      { account: { posted: '-4900' } },
      { severity: 'HIGH', expected: '-49.00 EUR', found: '-50.00 EUR' },
    ],
    [
      'BANK_ENTRIES_KNOWN',
      { account: { copied: '-4900' } },
      { severity: 'HIGH', expected: '-50.00 EUR', found: '-49.00 EUR' },
    ],
    [
      'BANK_BALANCE',
      { account: { closing: '-5400' } },
      { severity: 'MEDIUM', expected: '-51.00 EUR', found: '-50.00 EUR' },
    ],
    [
      'BANK_BALANCE',
      { account: { opening: '10000', closing: '4700' } },
      { severity: 'LOW', expected: '50.00 EUR', found: '-50.00 EUR' },
    ],
    ['OPEN_ITEMS_AGREE', { open: { minor: '-7000' } }, { expected: '-69.00 EUR', found: '-70.00 EUR' }],
  ])('%s is found when it differs alike twice', async (invariant, facts, figures) => {
    const bookId = await halfPaid();
    await state(bookId, facts, 1);
    expect(await openFindings(bookId)).toEqual([]);
    await state(bookId, facts, 1);
    expect(await openFindings(bookId)).toMatchObject([{ invariant, ...figures }]);
    await state(bookId, {}, 1);
    expect(await openFindings(bookId)).toEqual([]);
  });
});
