import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { compactNumber } from '#kernel/account-number';
import type { EventFacts } from '#kernel/events';
import { openTestBook } from '../support/book.ts';
import { openPaymentBench, payAllDue } from '../support/payments.ts';
import { upload } from '../support/upload.ts';
import type { Workbench } from '../support/workbench.ts';
import { decideApproval } from '../../subgraphs/approvals/decide-approval.ts';
import { approvals } from '../../subgraphs/approvals/subgraph.ts';
import { audit } from '../../subgraphs/audit/subgraph.ts';
import { ublInvoice } from '../../subgraphs/transactions/intake/fixtures.ts';
import { releaseFromQuarantine } from '../../subgraphs/transactions/intake/release-from-quarantine.ts';
import { submitDocument } from '../../subgraphs/transactions/intake/submit-document.ts';
import { transactions } from '../../subgraphs/transactions/subgraph.ts';

let bench: Workbench;
let bookId: string;

/** Each handed in in another way, so that a leak says which. */
const ibans = {
  form: 'DE89 3704 0044 0532 0130 00',
  file: 'NL91ABNA0417164300',
  released: 'GB82 WEST 1234 5698 7654 32',
};
const own = 'BE68 5390 0754 7034';
const national = '70-998877-6655';

beforeAll(async () => {
  bench = await openPaymentBench(transactions, approvals, audit);
  bookId = await openTestBook(bench);
});
afterAll(() => bench?.close());

const invoice = (number: string, iban: string, more: object = {}) => ({
  kind: 'INVOICE',
  number,
  issuedOn: '2026-03-10',
  counterpartyName: `Supplier ${number}`,
  iban,
  currency: 'EUR',
  total: '119.00',
  tax: '19.00',
  note: `Please pay to ${iban} within 14 days`,
  lines: [{ description: `Hosting, payable to ${iban}`, net: '100.00', tax: '19.00' }],
  ...more,
});

async function submit(input: object): Promise<string> {
  const outcome = await bench.door('transactions').run(submitDocument, { bookId, ...input });
  return outcome.result?.documentId ?? '';
}

async function approveAll(): Promise<void> {
  await bench.settle();
  const { rows } = await bench.owner.query(
    "select id from approvals.approval_request where status = 'PENDING'",
  );
  for (const { id } of rows) {
    const outcome = await bench
      .door('approvals')
      .run(decideApproval, { approvalRequestId: id, verdict: 'APPROVE' }, { actor: bench.actor('Ravi') });
    expect(outcome.errors).toEqual([]);
  }
  await bench.settle();
}

/** Every row of every table of the schemas, as text, by the table's name. */
async function dump(): Promise<Map<string, string>> {
  const tables = await bench.owner.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
      where table_type = 'BASE TABLE'
        and table_schema in ('kernel', 'audit', 'transactions', 'vendors', 'approvals', 'reconciliation')`,
  );
  const rows = new Map<string, string>();
  for (const { name } of tables.rows) {
    const all = await bench.owner.query<{ text: string | null }>(
      `select string_agg(t::text, E'\\n') as text from ${name} t`,
    );
    rows.set(name, all.rows[0]?.text ?? '');
  }
  return rows;
}

async function openAccounts(documentId: string): Promise<readonly string[] | undefined> {
  const entry = (await bench.events()).find(
    ({ type, facts }) =>
      type === 'journalEntry.posted' && (facts as { documentId?: string }).documentId === documentId,
  );
  return (entry?.facts as EventFacts['journalEntry.posted'] | undefined)?.openItem?.counterpartyAccounts;
}

const index = (iban: string) =>
  bench.services.vault.blindIndex(compactNumber(iban), bench.actor().organisationId);

test('from the invoice to the open item no account number stands in any table, event or audit row', async () => {
  const form = await submit({ document: invoice('F-1', ibans.form) });
  const local = await submit({ document: invoice('F-2', national) });
  const file = await submit({
    fileId: await upload(bench, ublInvoice({ iban: ibans.file }), { name: 'invoice.xml' }),
  });
  const held = await submit({ document: invoice('F-3', ibans.released, { issuedOn: 'some day' }) });
  const released = await bench
    .door('transactions')
    .run(releaseFromQuarantine, { documentId: held, issuedOn: '2026-03-11' });
  expect(released.errors).toEqual([]);
  await approveAll();
  const told = await Promise.all([form, local, file, held].map(openAccounts));
  expect(told).toEqual([ibans.form, national, ibans.file, ibans.released].map((iban) => [index(iban)]));
  // Audit rows wait for a moment before they are sealed; no row may be missed on its way.
  const staged = 'select count(*)::int as rows from kernel.audit_stage';
  await vi.waitUntil(async () => (await bench.owner.query(staged)).rows[0].rows === 0, { timeout: 30_000 });
  const tables = await dump();
  const filled = [...tables].filter(([, text]) => text !== '').map(([name]) => name);
  expect(filled).toEqual(
    expect.arrayContaining([
      'kernel.outbox',
      'kernel.command_log',
      'audit.record',
      'transactions.document',
      'vendors.vendor_bank_detail',
      'reconciliation.open_item',
    ]),
  );
  for (const iban of [...Object.values(ibans), national]) {
    const leaks = [...tables].filter(([, text]) => compactNumber(text).includes(compactNumber(iban)));
    expect(leaks.map(([name]) => name)).toEqual([]);
  }
});

test('what is sealed is still good for recognising whom a document is from', async () => {
  await submit({ document: invoice('F-4', ibans.form, { counterpartyName: 'Under another name' }) });
  await bench.settle();
  const vendorOf = `select d.vendor_id from transactions.document d where d.number = any ($1)`;
  const { rows } = await bench.owner.query(vendorOf, [['F-1', 'F-4']]);
  expect(rows).toHaveLength(2);
  expect(rows[0]).toEqual(rows[1]);
});

test('a bill is paid to an account that stands in the file for the bank and nowhere else', async () => {
  await bench.owner.query("update vendors.vendor set status = 'ACTIVE'");
  await bench.owner.query("update reconciliation.payee set status = 'ACTIVE'");
  const text = await payAllDue(bench, bookId, own);
  for (const iban of [own, ibans.form, ibans.file]) expect(text).toContain(compactNumber(iban));
  await bench.settle();
  const staged = 'select count(*)::int as rows from kernel.audit_stage';
  await vi.waitUntil(async () => (await bench.owner.query(staged)).rows[0].rows === 0, { timeout: 30_000 });
  const tables = await dump();
  expect(tables.get('reconciliation.payment_line')).not.toBe('');
  for (const iban of [own, ...Object.values(ibans)]) {
    const leaks = [...tables].filter(([, row]) => compactNumber(row).includes(compactNumber(iban)));
    expect(leaks.map(([name]) => name)).toEqual([]);
  }
});

test('people see four characters of an account in the record that came in', async () => {
  const documentId = await submit({ document: invoice('F-5', ibans.form) });
  const { document } = await bench.query<{ document: { raw: string; note: string } }>(
    'transactions',
    `{ document(id: "${documentId}") { raw note } }`,
  );
  expect(document.note).toBe('Please pay to …3000 within 14 days');
  expect(document.raw).toContain('"iban":"…3000"');
});
