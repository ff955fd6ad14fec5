import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mutate, openCompany, tryMutate, type Company } from '../support/company.ts';
import { importStatement, linesNow, postInvoice } from '../support/steps.ts';
import { openWholeGraph, type WholeGraph } from '../support/whole-graph.ts';

/** A month of the bank against the books: everything between the two is listed, and what is not listed is said. */
let graph: WholeGraph;
let company: Company;
beforeAll(async () => {
  graph = await openWholeGraph();
  company = await openCompany(graph);
}, 120_000);
afterAll(() => graph?.close());

interface Statement {
  readonly verdict: string;
  readonly bankBalance: { amount: string };
  readonly bookBalance: { amount: string };
  readonly remainder: { amount: string };
  readonly notes: readonly string[];
  readonly unexplained: readonly { throughOn: string; amount: { amount: string } }[];
  readonly summary: readonly { kind: string; count: number; effect: { amount: string } }[];
}

async function statementOf(asOf: string): Promise<Statement> {
  const { reconciliationStatement } = await company.owner.run<{ reconciliationStatement: Statement }>(
    `query ($a: ID!, $on: Date!) { reconciliationStatement(bankAccountId: $a, asOf: $on) {
       verdict bankBalance { amount } bookBalance { amount } remainder { amount } notes
       unexplained { throughOn amount { amount } } summary { kind count effect { amount } } } }`,
    { a: company.bankAccountId, on: asOf },
  );
  return reconciliationStatement;
}

const kindsOf = ({ summary }: Statement) =>
  Object.fromEntries(summary.map(({ kind, count, effect }) => [kind, `${count}: ${effect.amount}`]));

async function post(day: string, [debit, credit]: [string, string], amount: string): Promise<string> {
  const { journalEntry } = await mutate<{ journalEntry: { id: string } }>(company.owner, 'postJournalEntry', {
    input: {
      bookId: company.bookId,
      postedOn: day,
      description: `${debit} to ${credit}`,
      lines: [
        { accountCode: debit, side: 'DEBIT', amount, currency: 'EUR' },
        { accountCode: credit, side: 'CREDIT', amount, currency: 'EUR' },
      ],
    },
    fields: 'journalEntry { id }',
  });
  await graph.bench.settle();
  return journalEntry.id;
}

async function exported(format: string, input: object): Promise<Uint8Array> {
  const { file } = await mutate<{ file: { path: string } }>(company.owner, 'exportReconciliationStatement', {
    input: { format, ...input },
    fields: 'file { path }',
  });
  const id = file.path.slice('/files/'.length);
  return graph.bench.services.files.read(company.organisationId, id);
}

test('a month proves to nothing once every line and entry that stands between is listed', async () => {
  await post('2026-09-30', ['1000', '3900'], '10000.00');
  await postInvoice(company, { number: 'NH-20418', net: 1000 });
  await importStatement(company, [
    { cents: -119_000, on: '2026-10-16', name: 'Nordlicht Hosting GmbH', text: 'Invoice NH-20418' },
    { cents: -1_850, on: '2026-10-30', name: 'Hansebank AG', text: 'Account fee' },
    { cents: 4_200, on: '2026-10-31', name: 'Unknown', text: 'something' },
  ]);
  await graph.bench.settle();
  await post('2026-10-31', ['2400', '1000'], '250.00');
  const statement = await statementOf('2026-10-31');
  expect(statement).toMatchObject({
    verdict: 'PROVEN',
    bankBalance: { amount: '8833.50' },
    bookBalance: { amount: '8560.00' },
    remainder: { amount: '0.00' },
    unexplained: [],
  });
  expect(kindsOf(statement)).toEqual({
    LINE_EXCEPTION: '2: -23.50',
    OUTSTANDING_PAYMENT: '1: -250.00',
  });
});

test('a statement is exported as a print, as a table, and as JSON', async () => {
  const asked = { bankAccountId: company.bankAccountId, asOf: '2026-10-31' };
  const csv = Buffer.from(await exported('CSV', asked)).toString('utf8');
  expect(csv).toContain('Balance at the bank,2026-10-31,,8833.50');
  expect(csv).toContain('"Not explained, must be zero",,,0.00');
  const json = JSON.parse(Buffer.from(await exported('JSON', asked)).toString('utf8')) as { verdict: string };
  expect(json.verdict).toBe('PROVEN');
  const pdf = await exported('PDF', asked);
  const text = textOf(pdf);
  if (text === undefined) return;
  for (const part of ['Kestrel Outdoor GmbH', 'PROVEN', '8,833.50', '–250.00', '8,560.00'])
    expect(text).toContain(part);
  expect(text).toMatch(/1 ?\/ ?1/);
});

/** The text of a PDF, where there is a program that reads it. */
function textOf(pdf: Uint8Array): string | undefined {
  const path = join(mkdtempSync(join(tmpdir(), 'crossfoot-pdf-')), 'statement.pdf');
  writeFileSync(path, pdf);
  try {
    return execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' });
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return undefined;
    throw error;
  }
}

test('a signed statement stays as it was, is countersigned by another, and shows what has changed since', async () => {
  const input = { bankAccountId: company.bankAccountId, asOf: '2026-10-31' };
  const fields = 'signedStatement { id verdict contentHash signerName }';
  const { signedStatement } = await mutate<{ signedStatement: { id: string; contentHash: string } }>(
    company.owner,
    'signReconciliationStatement',
    { input, fields },
  );
  expect(signedStatement).toMatchObject({ verdict: 'PROVEN', signerName: 'Olga Brandt' });
  const { id, contentHash } = signedStatement;
  const json = await exported('JSON', { signedStatementId: id });
  expect(createHash('sha256').update(json).digest('hex')).toBe(contentHash);
  expect(await exported('PDF', { signedStatementId: id })).toEqual(
    await exported('PDF', { signedStatementId: id }),
  );
  const again = await tryMutate(company.owner, 'countersignReconciliationStatement', {
    input: { signedStatementId: id },
  });
  expect(again.errors).toMatchObject([{ code: 'FOUR_EYES' }]);
  await mutate(company.submitter, 'countersignReconciliationStatement', {
    input: { signedStatementId: id, note: 'looked at' },
  });
  expect(await changesOf(id)).toMatchObject({ changed: false, items: { totalCount: 0 } });

  const [fee] = (await linesNow(company)).filter((line) => line.remittance === 'Account fee');
  await mutate(company.owner, 'bookStatementLine', {
    input: { lineId: fee?.id, accountCode: '6855', memo: 'Account fee' },
  });
  await graph.bench.settle();
  await post('2026-10-15', ['1000', '4400'], '70.00');
  const changes = await changesOf(id);
  expect(changes).toMatchObject({
    changed: true,
    verdict: 'PROVEN',
    signedTotals: [{ book: { amount: '8560.00' } }],
    totals: [{ book: { amount: '8611.50' } }],
  });
  expect(
    changes.items.edges.map(({ node }) => `${node.change} ${node.item.kind} ${node.item.effect.amount}`),
  ).toEqual(['ADDED DEPOSIT_IN_TRANSIT 70.00', 'REMOVED LINE_EXCEPTION 18.50']);
  const row = graph.bench.owner.query('update reconciliation.signed_statement set note = $1 where id = $2', [
    'x',
    id,
  ]);
  await expect(row).rejects.toThrow('never changed');
});

interface Changes {
  readonly changed: boolean;
  readonly items: {
    readonly edges: readonly {
      node: { change: string; item: { kind: string; effect: { amount: string } } };
    }[];
  };
}

async function changesOf(signedStatementId: string): Promise<Changes> {
  const answer = await company.owner.run<{ signedStatementChanges: Changes }>(
    `query ($s: ID!) { signedStatementChanges(signedStatementId: $s) { changed
       verdict signedTotals { book { amount } } totals { book { amount } }
       items { totalCount edges { node { change item { kind effect { amount } } } } } } }`,
    { s: signedStatementId },
  );
  return answer.signedStatementChanges;
}

test('a line that is lost makes the statement unproven by exactly its amount', async () => {
  const [lost] = (await linesNow(company)).filter((line) => line.remittance === 'something');
  await graph.bench.owner.query(
    `with a as (delete from reconciliation.exception where line_id = $1)
     delete from reconciliation.statement_line where id = $1`,
    [lost?.id],
  );
  const statement = await statementOf('2026-10-31');
  expect(statement).toMatchObject({ verdict: 'UNPROVEN', remainder: { amount: '-42.00' } });
  expect(statement.unexplained).toEqual([{ throughOn: '2026-10-31', amount: { amount: '42.00' } }]);
  expect(statement.notes.join(' ')).toContain('UNPROVEN: the listed items do not explain -42.00 EUR.');
  const unsaid = await tryMutate(company.owner, 'signReconciliationStatement', {
    input: { bankAccountId: company.bankAccountId, asOf: '2026-10-31' },
  });
  expect(unsaid.errors).toMatchObject([{ code: 'REASON_REQUIRED', path: ['note'] }]);
});

test('the checklist of the month says how far statements reach, what is proven, and what is left with its amount', async () => {
  const { monthlyChecklist } = await company.owner.run<{ monthlyChecklist: Checklist }>(
    `query ($b: ID!) { monthlyChecklist(bookId: $b, month: "2026-10-15") { startsOn endsOn items { key status }
       bankItems { key status count amounts { amount currency } targets { type id } }
       bankAccounts { bankAccount { name } days coveredDays gaps { from to } verdict remainder { amount } } } }`,
    { b: company.bookId },
  );
  expect(monthlyChecklist).toMatchObject({ startsOn: '2026-10-01', endsOn: '2026-10-31' });
  expect(monthlyChecklist.items.map(({ key }) => key)).toContain('MISSING_RECEIPTS');
  expect(monthlyChecklist.bankAccounts).toEqual([
    {
      bankAccount: { name: 'House bank' },
      days: 31,
      coveredDays: 16,
      gaps: [{ from: '2026-10-01', to: '2026-10-15' }],
      verdict: 'UNPROVEN',
      remainder: { amount: '-42.00' },
    },
  ]);
  const items = Object.fromEntries(monthlyChecklist.bankItems.map((item) => [item.key, item]));
  expect(items['BALANCES_PROVEN']).toMatchObject({
    status: 'OPEN',
    count: 1,
    amounts: [{ amount: '-42.00', currency: 'EUR' }],
    targets: [{ type: 'BankAccount', id: company.bankAccountId }],
  });
  expect(items['STATEMENTS_COMPLETE']?.status).toBe('DONE');
  expect(Object.keys(items)).toEqual([
    'UNMATCHED_LINES',
    'STATEMENTS_HELD',
    'STATEMENTS_COMPLETE',
    'EXCEPTIONS_HIGH',
    'EXCEPTIONS_MEDIUM',
    'EXCEPTIONS_LOW',
    'PAYOUTS_SETTLED',
    'FEES_AGREE',
    'BALANCES_PROVEN',
  ]);
});

interface Checklist {
  readonly items: readonly { key: string; status: string }[];
  readonly bankItems: readonly { key: string; status: string }[];
  readonly bankAccounts: readonly object[];
}

async function csvOf(mutation: string, input: object): Promise<string[]> {
  const { file } = await mutate<{ file: { path: string } }>(company.owner, mutation, {
    input: { bookId: company.bookId, format: 'CSV', ...input },
    fields: 'file { path }',
  });
  const bytes = await graph.bench.services.files.read(
    company.organisationId,
    file.path.slice('/files/'.length),
  );
  return Buffer.from(bytes).toString('utf8').trim().split('\r\n');
}

const october = { from: '2026-10-01', to: '2026-10-31' };

test('expenses are held against the bank: paid, open, and what the bank paid for which there is none', async () => {
  for (const [employee, total] of [
    ['Mira Aydin', '80.00'],
    ['Mira Aydin', '20.50'],
    ['Jonas Weber', '12.00'],
  ]) {
    await mutate(company.submitter, 'submitDocument', {
      input: {
        bookId: company.bookId,
        document: {
          kind: 'EXPENSE',
          issuedOn: '2026-10-20',
          counterpartyName: 'Deutsche Bahn',
          employee,
          currency: 'EUR',
          total,
          lines: [{ net: total, description: 'Train' }],
        },
      },
    });
  }
  await graph.bench.settle();
  await importStatement(
    company,
    [
      { cents: -1_200, on: '2026-10-29', name: 'Jonas Weber', text: 'Expenses' },
      { cents: -500, on: '2026-10-29', name: 'Mira Aydin', text: 'on account' },
      { cents: -9_900, on: '2026-10-29', name: 'Taxi Hansa', text: 'rides' },
    ],
    { id: '2', opening: 883_350 },
  );
  await graph.bench.settle();
  const [taxi] = (await linesNow(company)).filter((line) => line.remittance === 'rides');
  await mutate(company.owner, 'bookStatementLine', {
    input: { lineId: taxi?.id, accountCode: '6310', memo: 'Taxi' },
  });
  await settlePair('Jonas Weber');
  const rows = await csvOf('exportReconciliationList', { report: 'EXPENSE_TO_BANK', ...october });
  expect(rows.map((row) => row.split(',').slice(1, 2).concat(row.split(',').slice(-3)).join(','))).toEqual([
    'State,Expense,Bank,Difference',
    'MATCHED,1190.00,1190.00,0.00',
    'NOT_AT_BANK,80.00,0.00,-80.00',
    'NOT_AT_BANK,20.50,0.00,-20.50',
    'MATCHED,12.00,12.00,0.00',
    'NOT_IN_BOOKS,,5.00,5.00',
    'WITHOUT_EXPENSE,,99.00,99.00',
    'WITHOUT_EXPENSE,,18.50,18.50',
  ]);
  expect(await csvOf('exportReconciliationList', { report: 'REIMBURSEMENTS', ...october })).toEqual([
    'Employee,Currency,Open since,Owed,Paid,Open,Paid and unmatched',
    'Jonas Weber,EUR,,12.00,12.00,0.00,0.00',
    'Mira Aydin,EUR,2026-10-20,100.50,0.00,100.50,5.00',
  ]);
});

/** Matches the line of somebody with their open item, unless the matcher has. */
async function settlePair(name: string): Promise<void> {
  const [line] = (await linesNow(company)).filter((one) => one.counterpartyName === name);
  if (line?.status !== 'MATCHED') {
    const { openItems } = await company.owner.run<{ openItems: { edges: { node: Item }[] } }>(
      'query ($b: ID!) { openItems(bookId: $b) { edges { node { id counterpartyName } } } }',
      { b: company.bookId },
    );
    const item = openItems.edges.find(({ node }) => node.counterpartyName === name)?.node;
    await mutate(company.owner, 'matchManually', {
      input: { lineIds: [line?.id], openItemIds: [item?.id] },
    });
  }
  await graph.bench.settle();
}

interface Item {
  readonly id: string;
  readonly counterpartyName: string;
}

test('what was booked without a receipt or an account of its own is listed, with what it comes to', async () => {
  await post('2026-10-12', ['9999', '1000'], '3.00');
  const receipts = await csvOf('exportReport', { report: 'MISSING_RECEIPTS', ...october });
  expect(receipts.slice(1).map((row) => row.split(',').slice(2).join(','))).toEqual(['Taxi,6310,EUR,99.00']);
  const unmapped = await csvOf('exportReport', { report: 'UNMAPPED_LINES', ...october });
  expect(unmapped.at(-1)).toMatch(/^2026-10-12,JE-2026-\d+,9999 to 1000,9999,EUR,3\.00$/);
  const answer = await company.owner.run<{ missingReceipts: { edges: { node: object }[] } }>(
    `query ($b: ID!) { missingReceipts(bookId: $b, from: "2026-10-01", to: "2026-10-31") {
       edges { node { amount { amount } entry { kind } functionalBalance { amount } } } } }`,
    { b: company.bookId },
  );
  expect(answer.missingReceipts.edges).toEqual([
    {
      node: { amount: { amount: '99.00' }, entry: { kind: 'BANK' }, functionalBalance: { amount: '99.00' } },
    },
  ]);
});

test('a payroll is held against what was paid out, once, with what differs', async () => {
  const rows = 'Employee;Net pay;Date\nJonas Weber;12,00;31.10.2026\nMira Aydin;7,50;31.10.2026\n';
  const fileId = await company.owner.upload('october.csv', Buffer.from(rows));
  const input = { bookId: company.bookId, fileId, currency: 'EUR' };
  const fields = 'payroll { id total { amount } } entries';
  const first = await mutate<{ payroll: { id: string } }>(company.owner, 'importPayroll', { input, fields });
  expect(first).toMatchObject({ payroll: { total: { amount: '19.50' } }, entries: 2 });
  const again = await mutate<{ payroll: { id: string } }>(company.owner, 'importPayroll', { input, fields });
  expect(again.payroll.id).toBe(first.payroll.id);
  const asked = { report: 'PAYROLL_COMPARISON', payrollId: first.payroll.id };
  expect(await csvOf('exportReconciliationList', asked)).toEqual([
    'Employee,State,Net pay,Bank,Difference',
    'Jonas Weber,PAID,12.00,12.00,0.00',
    'Mira Aydin,DIFFERS,7.50,5.00,-2.50',
    'Total,,19.50,17.00,-2.50',
  ]);
});

test('what was posted to the account before the bank account was opened is known', async () => {
  const line = (accountCode: string, side: string) => ({
    accountCode,
    side,
    amount: '1.00',
    currency: 'EUR',
  });
  const entries = Array.from({ length: 3 }, (_, at) => ({
    postedOn: '2026-09-15',
    description: `Cash ${at}`,
    lines: [line('1010', 'DEBIT'), line('3900', 'CREDIT')],
  }));
  await mutate(company.owner, 'postJournalEntries', { input: { bookId: company.bookId, entries } });
  const { bankAccount } = await mutate<{ bankAccount: { id: string } }>(company.owner, 'openBankAccount', {
    input: {
      bookId: company.bookId,
      name: 'Savings',
      accountNumber: '5566778899',
      currency: 'EUR',
      ledgerAccountCode: '1010',
    },
    fields: 'bankAccount { id }',
  });
  await graph.bench.settle();
  await post('2026-10-01', ['1010', '3900'], '9.00');
  const { reconciliationStatement } = await company.owner.run<{ reconciliationStatement: object }>(
    `query ($a: ID!) { reconciliationStatement(bankAccountId: $a, asOf: "2026-10-31") { verdict
       bookBalance { amount } remainder { amount } notes } }`,
    { a: bankAccount.id },
  );
  expect(reconciliationStatement).toEqual({
    verdict: 'INCOMPLETE',
    bookBalance: { amount: '12.00' },
    remainder: { amount: '0.00' },
    notes: [
      'The bank has stated no balance of Savings at or before 2026-10-31; its lines prove nothing alone.',
    ],
  });
});
