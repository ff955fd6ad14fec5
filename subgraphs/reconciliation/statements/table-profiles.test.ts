import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '#kernel/actor';
import { importText, linesOf, openAccount } from '../../../test/support/reconciliation.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { reconciliation } from '../subgraph.ts';
import { forgetTableProfile } from './forget-table-profile.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench([reconciliation]);
});
afterAll(() => bench.close());

let organisations = 0;
function stranger(): Actor {
  organisations += 1;
  return bench.actor('Ines', ['OWNER'], `org_0table${organisations}`);
}

const table = (day: string, amount: string) =>
  `Tag;Bewegung;Wer;Wozu\n${day};${amount};Ada;Rechnung ${day}\n`;
const csvMapping = { bookedOn: 'Tag', amount: 'Bewegung', counterpartyName: 'Wer', remittance: 'Wozu' };

interface Profile {
  readonly id: string;
  readonly headings: readonly string[];
  readonly columns: readonly { readonly column: string; readonly heading: string }[];
}

async function profilesOf(actor: Actor, id: string): Promise<readonly Profile[]> {
  const data = await bench.query<{ bankAccount: { tableProfiles: Profile[] } }>(
    'reconciliation',
    'query ($id: ID!) { bankAccount(id: $id) { tableProfiles { id headings columns { column heading } } } }',
    { actor, variables: { id } },
  );
  return data.bankAccount.tableProfiles;
}

test('a table nobody knows shows its headings; its columns are named once and known from then on', async () => {
  const actor = stranger();
  const { bookId, bankAccountId } = await openAccount(bench, { actor });
  const send = (text: string, more: object = {}) =>
    importText(bench, { bookId, bankAccountId, text, name: 'auszug.csv', actor, ...more });
  const unknown = await send(table('02.03.2026', '-12,50'));
  expect(unknown.errors).toMatchObject([{ code: 'COLUMN_MISSING', path: ['files', '0', 'line', '1'] }]);
  for (const heading of ['Tag', 'Bewegung', 'Wer', 'Wozu'])
    expect(unknown.errors[0]?.message).toContain(heading);
  expect(await profilesOf(actor, bankAccountId)).toEqual([]);

  expect((await send(table('02.03.2026', '-12,50'), { csvMapping })).errors).toEqual([]);
  const [known] = await profilesOf(actor, bankAccountId);
  expect(known?.headings).toEqual(['tag', 'bewegung', 'wer', 'wozu']);
  expect(known?.columns).toContainEqual({ column: 'bookedOn', heading: 'Tag' });
  expect(await send(table('03.03.2026', '-7,00'))).toMatchObject({ errors: [], result: { imported: 1 } });
  expect((await linesOf(bench, bookId, actor)).map(({ amount }) => amount.amount)).toEqual([
    '-12.50',
    '-7.00',
  ]);

  // Another account of the book is asked for anew, and what was forgotten as well.
  const other = await openAccount(bench, { actor, bookId, iban: 'DE02120300000000202051' });
  const elsewhere = await send(table('03.03.2026', '-1,00'), { bankAccountId: other.bankAccountId });
  expect(elsewhere.errors).toMatchObject([{ code: 'COLUMN_MISSING' }]);
  const [profile] = await profilesOf(actor, bankAccountId);
  await bench.door('reconciliation').run(forgetTableProfile, { tableProfileId: profile?.id }, { actor });
  expect((await send(table('04.03.2026', '-1,00'))).errors).toMatchObject([{ code: 'COLUMN_MISSING' }]);
});

test('what a person says of known headings goes before what would be guessed, and a new word before an old one', async () => {
  const actor = stranger();
  const { bookId, bankAccountId } = await openAccount(bench, { actor });
  const send = (text: string, more: object = {}) =>
    importText(bench, { bookId, bankAccountId, text, name: 'a.csv', actor, ...more });
  const rows = (day: string) => `Date,Amount,Fee,Description\n${day},5.00,1.00,x\n`;
  const named = (amount: string) => ({ bookedOn: 'Date', amount, remittance: 'Description' });
  await send(rows('2026-03-02'), { csvMapping: named('Fee') });
  await send(rows('2026-03-03'));
  await send(rows('2026-03-04'), { csvMapping: named('Amount') });
  await send(rows('2026-03-05').replace('Date,', 'DATE ,'));
  const amounts = (await linesOf(bench, bookId, actor)).map(({ amount }) => amount.amount);
  expect(amounts).toEqual(['1.00', '1.00', '5.00', '5.00']);
  expect(await profilesOf(actor, bankAccountId)).toHaveLength(1);
});

test('columns that go by number are remembered for tables without known headings', async () => {
  const actor = stranger();
  const { bookId, bankAccountId } = await openAccount(bench, { actor });
  const send = (text: string, more: object = {}) =>
    importText(bench, { bookId, bankAccountId, text, name: 'a.csv', actor, ...more });
  await send('2026-03-02;a;-1.00\n', { csvMapping: { bookedOn: '1', remittance: '2', amount: '3' } });
  expect(await send('2026-03-03;b;-2.00\n')).toMatchObject({ errors: [], result: { imported: 1 } });
});
