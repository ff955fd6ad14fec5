import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemActor } from '#kernel/actor';
import { openTestBook } from '../../../test/support/book.ts';
import { activateTestTemplate } from '../../../test/support/template.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { libraryTemplate } from '../classification/library.ts';
import { saveMappingTemplate } from '../classification/save-mapping-template.ts';
import { transactions } from '../subgraph.ts';
import { lockPeriod } from './lock-period.ts';
import { postDraft } from './post-draft.ts';
import { recordTransactions } from './record-transactions.ts';

let bench: Workbench;
let bookId: string;

beforeAll(async () => {
  bench = await openWorkbench([transactions]);
  bookId = await openTestBook(bench);
  await activateTestTemplate(bench, bookId, libraryTemplate('retail-pos').source);
});
afterAll(() => bench.close());

const sale = (externalId: string, more: Record<string, unknown> = {}) => ({
  externalId,
  kind: 'SALE',
  occurredOn: '2026-03-10',
  currency: 'EUR',
  gross: '119.00',
  tax: '19.00',
  taxRate: '19',
  method: 'card',
  number: externalId,
  ...more,
});

const record = (list: readonly object[], more: Record<string, unknown> = {}) =>
  bench.door('transactions').run(recordTransactions, { bookId, source: 'till', transactions: list, ...more });

interface Recorded {
  readonly externalId: string;
  readonly templateRule: string;
  readonly draft: {
    status: string;
    reasons: string[];
    lines: Line[];
    templateVersion: { number: number };
  } | null;
  readonly journalEntry: { number: string; description: string; lines: Line[] } | null;
}

interface Line {
  readonly account: { readonly code: string };
  readonly side: string;
  readonly money: { readonly amount: string };
}

async function read(source = 'till'): Promise<Recorded[]> {
  const lines = 'lines { account { code } side money { amount } }';
  const data = await bench.query<{ recordedTransactions: { edges: { node: Recorded }[] } }>(
    'transactions',
    `{ recordedTransactions(bookId: "${bookId}", source: "${source}") { edges { node { externalId templateRule
       templateVersion { number } draft { status reasons templateRule templateVersion { number } ${lines} }
       journalEntry { number description ${lines} } } } } }`,
  );
  return data.recordedTransactions.edges.map(({ node }) => node);
}

const short = (lines: readonly Line[] = []) =>
  lines.map((line) => `${line.side} ${line.account.code} ${line.money.amount}`);

describe('a sale at the till', () => {
  test('is drafted by the template and posted when it is approved', async () => {
    const outcome = await record([sale('s1', { tip: '5.00' })], { source: 'drafted' });
    expect([outcome.errors, outcome.result?.recorded]).toEqual([[], 1]);
    const [recorded] = await read('drafted');
    expect(short(recorded?.draft?.lines)).toEqual([
      'DEBIT 1050 124.00',
      'CREDIT 4400 100.00',
      'CREDIT 2200 19.00',
      'CREDIT 2300 5.00',
    ]);
    expect(recorded).toMatchObject({
      templateRule: 'Sale',
      journalEntry: null,
      draft: { status: 'PENDING_APPROVAL', templateRule: 'Sale', templateVersion: { number: 1 } },
    });
    expect(recorded?.draft?.reasons).toEqual([
      'Template retail-pos v1, rule "Sale" says 1050, 4400, 2200, 2300.',
    ]);
    const [created] = (await bench.events()).filter((event) => event.type === 'draft.created');
    const actor = systemActor('transactions', bench.actor().organisationId);
    const posted = await bench
      .door('transactions')
      .run(postDraft, { draftId: created?.subjectId, draftVersion: 1, approvedBy: 'mem_bea' }, { actor });
    expect(posted.errors).toEqual([]);
    const [after] = await read('drafted');
    expect(short(after?.journalEntry?.lines)).toEqual(short(recorded?.draft?.lines));
  });

  test('is posted at once where the caller may and asks for it', async () => {
    const kinds = [
      sale('p1'),
      sale('p2', { kind: 'GIFT_CARD', gross: '50.00', tax: undefined, method: 'cash' }),
      sale('p3', { kind: 'PAYOUT', gross: '1000.00', tax: undefined, fee: '14.50', reference: 'P-9' }),
    ];
    const outcome = await record(kinds, { source: 'posted', post: true });
    expect(outcome.errors).toEqual([]);
    const found = (await read('posted')).toReversed();
    expect(found.map((one) => [one.journalEntry?.description, ...short(one.journalEntry?.lines)])).toEqual([
      ['Sale p1', 'DEBIT 1050 119.00', 'CREDIT 4400 100.00', 'CREDIT 2200 19.00'],
      ['Gift card p2', 'CREDIT 2700 50.00', 'DEBIT 1100 50.00'],
      ['Payout P-9', 'DEBIT 1000 985.50', 'DEBIT 6855 14.50', 'CREDIT 1050 1000.00'],
    ]);
    const submitter = bench.actor('Sam', ['SUBMITTER']);
    const refused = await bench
      .door('transactions')
      .run(
        recordTransactions,
        { bookId, source: 'x', post: true, transactions: [sale('x')] },
        { actor: submitter },
      );
    expect(refused.errors).toMatchObject([{ code: 'FORBIDDEN' }]);
  });
});

describe('sent again', () => {
  test('the same is answered as it stands, other content under the same id is refused', async () => {
    const first = await record([sale('again')], { post: true });
    const again = await record([sale('again'), sale('new'), sale('new')], { post: true });
    expect(again.errors).toEqual([]);
    expect(again.result).toMatchObject({ recorded: 1, alreadyKnown: 1 });
    expect(again.result?.recordedIds).toContain(first.result?.recordedIds[0]);
    const other = await record([sale('again', { gross: '120.00' }), sale('more')], { post: true });
    expect(other.errors).toMatchObject([
      { code: 'IDEMPOTENCY_CONFLICT', path: ['transactions', '0', 'externalId'] },
    ]);
    expect(other.result).toMatchObject({ recorded: 1, alreadyKnown: 0 });
    expect((await read()).filter((one) => one.externalId === 'again')).toHaveLength(1);
  });
});

describe('what is wrong with one does not stop the others', () => {
  test.each<[string, Record<string, unknown>, string, string[]]>([
    ['a kind without a rule', { kind: 'REIMBURSEMENT' }, 'TEMPLATE_RULE_MISSING', ['kind']],
    ['amounts that do not add up', { gross: '119.00', net: '90.00' }, 'ENTRY_UNBALANCED', ['lines']],
    ['more decimals than the currency has', { gross: '119.001', net: '100.001' }, 'AMOUNT_TOO_PRECISE', []],
    [
      'a dimension nobody knows',
      { dimensions: [{ dimension: 'moon', value: 'x' }] },
      'DIMENSION_UNKNOWN',
      [],
    ],
  ])('%s', async (title, more, code, path) => {
    const outcome = await record([sale(`bad ${title}`, more), sale(`good ${title}`)], { post: true });
    expect(outcome.errors).toMatchObject([{ code }]);
    expect(outcome.errors[0]?.path.slice(0, 2 + path.length)).toEqual(['transactions', '0', ...path]);
    expect(outcome.result).toMatchObject({ recorded: 1 });
  });

  test('a closed day', async () => {
    const closed = { bookId, startsOn: '2026-02-01', endsOn: '2026-02-28' };
    expect((await bench.door('transactions').run(lockPeriod, closed)).errors).toEqual([]);
    const list = [sale('closed', { occurredOn: '2026-02-10' }), sale('open')];
    const outcome = await record(list, { post: true, source: 'days' });
    expect(outcome.errors).toMatchObject([{ code: 'PERIOD_CLOSED' }]);
    expect((await read('days')).map((one) => one.externalId)).toEqual(['open']);
  });

  test('a book without an active template', async () => {
    const empty = await openTestBook(bench);
    const outcome = await record([sale('none')], { bookId: empty });
    expect(outcome.errors).toMatchObject([
      {
        code: 'TEMPLATE_RULE_MISSING',
        message: 'The book has no mapping template that is active on 2026-03-10',
      },
    ]);
  });
});

test('a preview tells which recorded transactions a version would book otherwise', async () => {
  await record([sale('seen')], { source: 'preview', post: true });
  const yaml = libraryTemplate('retail-pos').source.replace('revenue: "4400"', 'revenue: "4450"');
  const saved = await bench.door('transactions').run(saveMappingTemplate, { bookId, yaml });
  const data = await bench.query<{ previewMappingTemplate: { changed: object[] } }>(
    'transactions',
    `query ($versionId: ID!) { previewMappingTemplate(versionId: $versionId, first: 1) {
       changed { label changes { part before after } } } }`,
    { variables: { versionId: saved.result?.versionId } },
  );
  expect(data.previewMappingTemplate.changed).toEqual([
    {
      label: 'SALE seen of preview',
      changes: [
        {
          part: 'ENTRY',
          before: 'CREDIT 2200 19.00, CREDIT 4400 100.00, DEBIT 1050 119.00',
          after: 'CREDIT 2200 19.00, CREDIT 4450 100.00, DEBIT 1050 119.00',
        },
      ],
    },
  ]);
});
