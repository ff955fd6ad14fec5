import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemActor, type Actor } from '#kernel/actor';
import {
  iban,
  importText,
  linesOf,
  mt940,
  openAccount,
  postItem,
} from '../../../test/support/reconciliation.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { reconciliation } from '../subgraph.ts';
import { lapsePendingLines } from './lapse-pending-lines.ts';
import { releaseStatement } from './release-statement.ts';
import { setPendingDays } from './set-pending-days.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench([reconciliation]);
});
afterAll(() => bench.close());

let organisations = 0;
function stranger(): Actor {
  organisations += 1;
  return bench.actor('Ines', ['OWNER'], `org_0pending${organisations}`);
}

interface Announced {
  readonly day: string;
  readonly amount: string;
  readonly name: string;
  readonly reference?: string;
}

/** A report of the day with entries that are announced, and none that is booked. */
function camt052(id: string, entries: readonly Announced[]): string {
  const ntry = entries.map(
    ({ day, amount, name, reference }) => `<Ntry><Amt Ccy="EUR">${amount.replace('-', '')}</Amt>
      <CdtDbtInd>${amount.startsWith('-') ? 'DBIT' : 'CRDT'}</CdtDbtInd><Sts><Cd>PDNG</Cd></Sts>
      <ValDt><Dt>${day}</Dt></ValDt>${reference ? `<AcctSvcrRef>${reference}</AcctSvcrRef>` : ''}
      <NtryDtls><TxDtls><RltdPties><Cdtr><Pty><Nm>${name}</Nm></Pty></Cdtr></RltdPties></TxDtls></NtryDtls></Ntry>`,
  );
  return `<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.052.001.08"><BkToCstmrAcctRpt>
    <GrpHdr><MsgId>${id}</MsgId><CreDtTm>2026-03-02T12:00:00Z</CreDtTm></GrpHdr>
    <Rpt><Id>${id}</Id><CreDtTm>2026-03-02T12:00:00Z</CreDtTm><Acct><Id><IBAN>${iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>
    ${ntry.join('')}</Rpt></BkToCstmrAcctRpt></Document>`;
}

interface ShownPending {
  readonly status: string;
  readonly recognisedBy: string | null;
  readonly amount: { readonly amount: string };
  readonly change: { readonly amount: string } | null;
  readonly counterpartyName: string | null;
  readonly bookedLine: { readonly amount: { readonly amount: string } } | null;
}

async function pendingOf(actor: Actor, bookId: string): Promise<ShownPending[]> {
  const data = await bench.query<{ pendingLines: { edges: { node: ShownPending }[] } }>(
    'reconciliation',
    `query ($b: ID!) { pendingLines(bookId: $b) { edges { node { status recognisedBy amount { amount }
       change { amount } counterpartyName bookedLine { amount { amount } } } } } }`,
    { actor, variables: { b: bookId } },
  );
  return data.pendingLines.edges
    .map(({ node }) => node)
    .toSorted((a, b) => a.amount.amount.localeCompare(b.amount.amount));
}

const hotel = { day: '2026-03-02', amount: '-200.00', name: 'HOTEL ADLER WIEN' };
const dinner = { day: '2026-03-02', amount: '-50.00', name: 'OSTERIA DA LUCA' };
const rent = { day: '2026-03-02', amount: '-900.00', name: 'HAUSVERWALTUNG', reference: 'BANK-77' };
const booked = mt940({
  opening: '5000.00',
  lines: [
    { day: '260303', amount: '-200.00', name: 'Hotel Adler', text: 'Card' },
    { day: '260304', amount: '-56.00', name: 'Osteria da Luca', text: 'Card' },
    { day: '260304', amount: '-450.00', name: 'Miete', text: 'Rest', bankReference: 'BANK-77' },
  ],
});

test('what is announced settles nothing and is in no balance; it is counted apart', async () => {
  const actor = stranger();
  const { bookId, bankAccountId } = await openAccount(bench, { actor });
  await postItem(bench, bookId, { amount: '-200.00', name: 'Hotel Adler', reference: 'A-1' });
  const outcome = await importText(bench, { bookId, text: camt052('R1', [hotel, dinner]), actor });
  expect(outcome).toMatchObject({ errors: [], result: { imported: 0 } });
  expect(await linesOf(bench, bookId, actor)).toEqual([]);
  const { bankAccount } = await bench.query<{ bankAccount: object }>(
    'reconciliation',
    `query ($id: ID!) { bankAccount(id: $id) { balance { amount } unmatchedCount pendingCount pendingTotal { amount }
       statements { edges { node { lineCount pendingCount status } } } } }`,
    { actor, variables: { id: bankAccountId } },
  );
  expect(bankAccount).toEqual({
    balance: null,
    unmatchedCount: 0,
    pendingCount: 2,
    pendingTotal: { amount: '-250.00' },
    statements: { edges: [{ node: { lineCount: 0, pendingCount: 2, status: 'IMPORTED' } }] },
  });
});

const files: readonly string[] = [
  camt052('R1', [hotel, dinner, rent]),
  camt052('R2', [dinner, rent]),
  booked,
];
const orders = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
  [0, 0, 2, 2, 1, 0],
];

test.each(orders.map((order) => [order.join(', '), order] as const))(
  'announced lines become booked ones in whatever order the files come: %s',
  async (_title, order) => {
    const actor = stranger();
    const { bookId } = await openAccount(bench, { actor });
    for (const at of order) {
      const { errors } = await importText(bench, { bookId, text: files[at] ?? '', actor });
      expect(errors).toEqual([]);
    }
    const seen = (await pendingOf(actor, bookId)).map(({ status, recognisedBy, amount, change }) => [
      amount.amount,
      status,
      recognisedBy,
      change?.amount,
    ]);
    expect(seen).toEqual([
      ['-200.00', 'BOOKED', 'AMOUNT', '0.00'],
      ['-50.00', 'BOOKED', 'PARTY', '-6.00'],
      ['-900.00', 'BOOKED', 'REFERENCE', '450.00'],
    ]);
    const { statementLines } = await bench.query<{
      statementLines: { edges: { node: { pendingLine: { amount: { amount: string } } | null } }[] };
    }>(
      'reconciliation',
      'query ($b: ID!) { statementLines(bookId: $b) { edges { node { pendingLine { amount { amount } } } } } }',
      { actor, variables: { b: bookId } },
    );
    const replaced = statementLines.edges.map(({ node }) => node.pendingLine?.amount.amount);
    expect(new Set(replaced)).toEqual(new Set(['-200.00', '-50.00', '-900.00']));
    // Half of what was announced is no tip: somebody has to look.
    const { exceptions } = await bench.query<{ exceptions: { edges: { node: { reason: string } }[] } }>(
      'reconciliation',
      'query ($b: ID!) { exceptions(bookId: $b) { edges { node { reason } } } }',
      { actor, variables: { b: bookId } },
    );
    const reasons = exceptions.edges.map(({ node }) => node.reason);
    expect(reasons.filter((reason) => reason === 'PENDING_CHANGED')).toHaveLength(1);
  },
);

test('what is never booked lapses after the days of the account, and is booked all the same if it still comes', async () => {
  const actor = stranger();
  const { bookId, bankAccountId } = await openAccount(bench, { actor });
  await importText(bench, { bookId, text: camt052('R1', [hotel, dinner]), actor });
  const system = systemActor('reconciliation', actor.organisationId);
  const days = await bench
    .door('reconciliation')
    .run(setPendingDays, { bankAccountId, days: 120 }, { actor });
  expect(days.errors).toEqual([]);
  await bench.owner.query(
    'update reconciliation.pending_line set announced_on = current_date where bank_account_id = $1 and minor = $2',
    [bankAccountId, -5000],
  );
  await bench.door('reconciliation').run(setPendingDays, { bankAccountId, days: 5 }, { actor });
  const lapsed = await bench
    .door('reconciliation')
    .run(lapsePendingLines, { bankAccountId }, { actor: system });
  expect(lapsed.result).toEqual({ lapsed: 1 });
  expect((await pendingOf(actor, bookId)).map(({ status }) => status)).toEqual(['LAPSED', 'PENDING']);
  await importText(bench, { bookId, text: booked, actor });
  expect((await pendingOf(actor, bookId)).map(({ status }) => status)).toEqual(['BOOKED', 'PENDING']);
});

test('lines that are held back replace nothing until their statement is released', async () => {
  const actor = stranger();
  const { bookId } = await openAccount(bench, { actor });
  await importText(bench, { bookId, text: camt052('R1', [hotel]), actor });
  const text = mt940({
    opening: '10.00',
    closing: '9.00',
    lines: [{ day: '260303', amount: '-200.00', name: 'Hotel Adler' }],
  });
  const { result } = await importText(bench, { bookId, text, actor });
  expect((await pendingOf(actor, bookId)).map(({ status }) => status)).toEqual(['PENDING']);
  const statementId = result?.statementIds[0];
  await bench.door('reconciliation').run(releaseStatement, { statementId }, { actor });
  expect((await pendingOf(actor, bookId)).map(({ status }) => status)).toEqual(['BOOKED']);
});
