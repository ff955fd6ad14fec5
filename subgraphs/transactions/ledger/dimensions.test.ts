import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemActor } from '#kernel/actor';
import { openTestBook } from '../../../test/support/book.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { changeDimensionValue } from '../dimensions/change-dimension-value.ts';
import { createDimensionValue } from '../dimensions/create-dimension-value.ts';
import { defineCustomField } from '../dimensions/define-custom-field.ts';
import { submitDocument } from '../intake/submit-document.ts';
import { transactions } from '../subgraph.ts';
import { changeDraft } from './change-draft.ts';
import { draftJournalEntry } from './draft-journal-entry.ts';
import { postDraft } from './post-draft.ts';
import { postJournalEntry } from './post-journal-entry.ts';
import { reverseJournalEntry } from './reverse-journal-entry.ts';
import { setDimensionRequirement } from './set-dimension-requirement.ts';

let bench: Workbench;
let bookId: string;
let kitchen: string;
const door = () => bench.door('transactions');
const system = () => ({ actor: systemActor('transactions', bench.actor().organisationId) });

beforeAll(async () => {
  bench = await openWorkbench([transactions]);
});
afterAll(() => bench.close());
beforeEach(async () => {
  bookId = await openTestBook(bench);
  const value = { bookId, dimension: 'costCentre', code: 'CC1', name: 'Kitchen', endsOn: '2026-06-30' };
  kitchen = (await door().run(createDimensionValue, value)).result?.dimensionValueId ?? '';
  await door().run(createDimensionValue, { bookId, dimension: 'costCentre', code: 'CC9', name: 'Overhead' });
});

const costCentre = (value: string) => [{ dimension: 'costCentre', value }];

function post(
  dimensions: object[] | undefined,
  more: { debit?: string; postedOn?: string; fields?: object[] } = {},
) {
  const { debit = '6000', postedOn = '2026-03-01', fields } = more;
  const line = { amount: '10.00', currency: 'EUR' };
  return door().run(postJournalEntry, {
    bookId,
    postedOn,
    description: 'Onions',
    fields,
    lines: [
      { ...line, accountCode: debit, side: 'DEBIT', dimensions },
      { ...line, accountCode: '1000', side: 'CREDIT' },
    ],
  });
}

const codes = (outcome: { errors: readonly { code: string; path: readonly string[] }[] }) =>
  outcome.errors.map(({ code, path }) => [code, path.join('.')]);

async function linesOf(journalEntryId: unknown): Promise<object[]> {
  const answer = await bench.query<{ journalEntry: { lines: { dimensions: object[] }[] } }>(
    'transactions',
    `{ journalEntry(id: "${String(journalEntryId)}") { lines { dimensions { dimension code } } } }`,
  );
  return answer.journalEntry.lines.map((line) => line.dimensions);
}

describe('a posted line', () => {
  test('carries the codes of its dimensions', async () => {
    const posted = await post(costCentre('cc1'));
    expect(await linesOf(posted.result?.journalEntryId)).toEqual([
      [{ dimension: 'costCentre', code: 'CC1' }],
      [],
    ]);
  });

  test.each([
    ['CC2', '2026-03-01', 'DIMENSION_VALUE_UNKNOWN'],
    ['CC1', '2026-07-01', 'DIMENSION_VALUE_INACTIVE'],
  ])('with %s on %s is refused: %s', async (code, postedOn, error) => {
    expect(codes(await post(costCentre(code), { postedOn }))).toEqual([
      [error, 'lines.0.dimensions.costCentre'],
    ]);
  });

  test('keeps its dimensions when it is reversed, whatever became of the value', async () => {
    const posted = await post(costCentre('CC1'));
    await door().run(changeDimensionValue, { dimensionValueId: kitchen, active: false });
    const input = { journalEntryId: posted.result?.journalEntryId, postedOn: '2026-08-01', reason: 'Wrong' };
    const reversed = await door().run(reverseJournalEntry, input);
    expect(reversed.errors).toEqual([]);
    expect(await linesOf(reversed.result?.journalEntryId)).toEqual([
      [{ dimension: 'costCentre', code: 'CC1' }],
      [],
    ]);
  });
});

describe('an account that requires a dimension', () => {
  const require = (more: object) =>
    door().run(setDimensionRequirement, { bookId, dimension: 'costCentre', required: true, ...more });

  test('takes no line without it, be it one account or all of a type, those made later included', async () => {
    await require({ accountType: 'EXPENSE' });
    const late = `{ bookId: "${bookId}", code: "6999", name: "Late", type: EXPENSE }`;
    await bench.query('transactions', `mutation { createAccount(input: ${late}) { account { id } } }`);
    for (const debit of ['6000', '6999'])
      expect(codes(await post(undefined, { debit }))).toEqual([
        ['DIMENSION_REQUIRED', 'lines.0.dimensions.costCentre'],
      ]);
    expect((await post(costCentre('CC1'))).errors).toEqual([]);
    await require({ accountType: 'EXPENSE', required: false });
    expect((await post(undefined)).errors).toEqual([]);
  });

  test('takes the default where nobody gave a value; what is said of one account counts first', async () => {
    await require({ accountType: 'EXPENSE', defaultValue: 'CC9' });
    const posted = await post(undefined);
    expect(await linesOf(posted.result?.journalEntryId)).toEqual([
      [{ dimension: 'costCentre', code: 'CC9' }],
      [],
    ]);
    await require({ accountCode: '6000' });
    expect(codes(await post(undefined))).toEqual([['DIMENSION_REQUIRED', 'lines.0.dimensions.costCentre']]);
    const { accounts } = await bench.query<{ accounts: { code: string; requiredDimensions: object[] }[] }>(
      'transactions',
      `{ accounts(bookId: "${bookId}") { code requiredDimensions { dimension defaultCode } } }`,
    );
    const of = (code: string) => accounts.find((account) => account.code === code)?.requiredDimensions;
    expect(of('6000')).toEqual([{ dimension: 'costCentre', defaultCode: null }]);
    expect(of('6800')).toEqual([{ dimension: 'costCentre', defaultCode: 'CC9' }]);
    expect(of('1000')).toEqual([]);
  });

  test('refuses it in the database too, as it does codes nobody knows', async () => {
    await require({ accountCode: '6000' });
    const insert = (dimensions: object) =>
      bench.owner.query(
        `with given as (select set_config('crossfoot.organisation', $1, true)), entry as (
           insert into transactions.journal_entry
             (organisation_id, id, book_id, sequence, kind, posted_on, description, posted_at)
           select $1, $2, $3, 1, 'MANUAL', '2026-03-01', 'x', now() from given)
         insert into transactions.journal_line
           (organisation_id, journal_entry_id, position, account_id, side, minor, currency, posted_on, functional_minor,
            dimensions)
         select $1, $2, l.position, a.id, l.side, 5, 'EUR', '2026-03-01', 5, l.dimensions
           from (values (1, '6000', 'DEBIT', $4::jsonb), (2, '1000', 'CREDIT', '{}')) as l (position, code, side, dimensions)
           join transactions.account a on a.organisation_id = $1 and a.book_id = $3 and a.code = l.code`,
        [bench.actor().organisationId, 'je_by_hand', bookId, JSON.stringify(dimensions)],
      );
    await expect(insert({})).rejects.toMatchObject({ code: 'CF422', hint: 'DIMENSION_REQUIRED' });
    await expect(insert({ costCentre: 'CC7' })).rejects.toMatchObject({ hint: 'DIMENSION_VALUE_UNKNOWN' });
    await expect(insert({ galaxy: 'CC1' })).rejects.toMatchObject({ hint: 'DIMENSION_UNKNOWN' });
    await expect(insert({ costCentre: 'CC1' })).resolves.toMatchObject({ rowCount: 2 });
  });
});

test('an entry made by hand has the fields its book asks for', async () => {
  const field = {
    bookId,
    key: 'approval',
    label: 'Approval',
    type: 'NUMBER',
    level: 'ENTRY',
    required: true,
  };
  await door().run(defineCustomField, field);
  expect(codes(await post(undefined))).toEqual([['FIELD_MISSING', 'fields.approval']]);
  const wrong = await post(undefined, { fields: [{ key: 'approval', value: 'yes' }] });
  expect(codes(wrong)).toEqual([['FIELD_INVALID', 'fields.approval']]);
  const posted = await post(undefined, { fields: [{ key: 'approval', value: '17' }] });
  const answer = await bench.query<{ journalEntry: object }>(
    'transactions',
    `{ journalEntry(id: "${String(posted.result?.journalEntryId)}") { fields { key value } } }`,
  );
  expect(answer.journalEntry).toEqual({ fields: [{ key: 'approval', value: '17' }] });
});

test('a draft the books refused for what it lacks is changed, approved anew and posted', async () => {
  await door().run(setDimensionRequirement, {
    bookId,
    dimension: 'costCentre',
    accountType: 'EXPENSE',
    required: true,
  });
  const submitted = await door().run(submitDocument, {
    bookId,
    document: {
      kind: 'INVOICE',
      number: 'R-1',
      issuedOn: '2026-03-10',
      counterpartyName: 'Nordlicht GmbH',
      currency: 'EUR',
      total: '119.00',
      tax: '19.00',
    },
  });
  const documentId = submitted.result?.documentId;
  const drafted = await door().run(
    draftJournalEntry,
    { documentId, vendorId: 'ven_1', vendorName: 'Nordlicht GmbH', proposed: false },
    system(),
  );
  const draftId = drafted.result?.draftId ?? '';
  const approve = (draftVersion: number) => door().run(postDraft, { draftId, draftVersion }, system());
  expect((await approve(1)).result).toMatchObject({ refused: 'DIMENSION_REQUIRED' });
  const wrong = await door().run(changeDraft, { draftId, dimensions: costCentre('CC5') });
  expect(codes(wrong)).toEqual([['DIMENSION_VALUE_UNKNOWN', 'dimensions.costCentre']]);
  const changed = await door().run(changeDraft, {
    draftId,
    dimensions: [
      { dimension: 'costCentre', value: 'CC1' },
      { dimension: 'costCentre', line: 2 },
    ],
  });
  expect(changed.errors).toEqual([]);
  const { draft } = await bench.query<{ draft: object }>(
    'transactions',
    `{ draft(id: "${draftId}") { status refusal { code } lines { dimensions { code } } } }`,
  );
  expect(draft).toEqual({
    status: 'PENDING_APPROVAL',
    refusal: null,
    lines: [{ dimensions: [{ code: 'CC1' }] }, { dimensions: [] }, { dimensions: [{ code: 'CC1' }] }],
  });
  const posted = await approve(2);
  expect(await linesOf((posted.result as { journalEntryId?: string }).journalEntryId)).toEqual([
    [{ dimension: 'costCentre', code: 'CC1' }],
    [],
    [{ dimension: 'costCentre', code: 'CC1' }],
  ]);
});
