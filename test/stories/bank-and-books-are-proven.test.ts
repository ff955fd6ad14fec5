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
