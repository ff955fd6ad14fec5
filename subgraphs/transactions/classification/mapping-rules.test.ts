import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { command } from '#kernel/command';
import { openTestBook } from '../../../test/support/book.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { transactions } from '../subgraph.ts';
import { createMappingRule } from './create-mapping-rule.ts';
import { loadRules } from './load-rules.ts';
import { retireMappingRule } from './retire-mapping-rule.ts';

let bench: Workbench;
let bookId: string;

beforeAll(async () => {
  bench = await openWorkbench([transactions]);
  bookId = await openTestBook(bench);
});
afterAll(() => bench.close());

/** What the ledger does before it classifies. */
const listRules = command({
  name: 'listRules',
  description: 'Lists the rules in force.',
  scope: 'transactions:write',
  input: z.object({ bookId: z.string() }),
  run: async (transaction, input) => ({ rules: await loadRules(transaction, input.bookId) }),
});

const create = (rule: Record<string, unknown>) =>
  bench.door('transactions').run(createMappingRule, { bookId, accountCode: '6670', ...rule });

test('rules are asked from the lowest number on, and a retired one no more', async () => {
  await create({ name: 'Second', vendorNameContains: 'Bahn' });
  await create({ name: 'First', priority: 1, category: 'Reise', taxAccountCode: '1400' });
  const gone = await create({ name: 'Gone', priority: 2, documentKind: 'EXPENSE' });
  await bench.door('transactions').run(retireMappingRule, { mappingRuleId: gone.result?.mappingRuleId });
  const outcome = await bench.door('transactions').run(listRules, { bookId });
  expect(outcome.result?.rules).toMatchObject([
    { name: 'First', category: 'Reise', accountCode: '6670', taxAccountCode: '1400' },
    { name: 'Second', vendorNameContains: 'Bahn' },
  ]);
  const data = await bench.query<{ mappingRules: object[] }>(
    'transactions',
    `{ mappingRules(bookId: "${bookId}") { name priority active documentKind accountCode retiredAt } }`,
  );
  expect(data.mappingRules).toMatchObject([
    { name: 'First', active: true, retiredAt: null },
    { name: 'Second', priority: 100 },
    { name: 'Gone', active: false, documentKind: 'EXPENSE' },
  ]);
});

test('the mutation answers the rule', async () => {
  const data = await bench.query<{ createMappingRule: object }>(
    'transactions',
    `mutation ($input: CreateMappingRuleInput!) {
      createMappingRule(input: $input) { mappingRule { name documentKind accountCode } errors { code } } }`,
    { variables: { input: { bookId, name: 'By kind', documentKind: 'RECEIPT', accountCode: '6640' } } },
  );
  expect(data.createMappingRule).toEqual({
    mappingRule: { name: 'By kind', documentKind: 'RECEIPT', accountCode: '6640' },
    errors: [],
  });
});

test.each<[string, Record<string, unknown>, string, string]>([
  ['without a condition', {}, 'FIELD_MISSING', 'vendorNameContains'],
  ['with a condition of signs only', { vendorNameContains: '!?' }, 'FIELD_INVALID', 'vendorNameContains'],
  ['with an account the book lacks', { category: 'a', accountCode: '1' }, 'ACCOUNT_UNKNOWN', 'accountCode'],
  [
    'with a tax account the book lacks',
    { category: 'a', taxAccountCode: '1' },
    'ACCOUNT_UNKNOWN',
    'taxAccountCode',
  ],
  ['for an unknown book', { category: 'a', bookId: 'bk_1' }, 'NOT_FOUND', 'bookId'],
  ['with a priority below one', { category: 'a', priority: 0 }, 'FIELD_INVALID', 'priority'],
])('a rule %s is refused', async (name, rule, code, field) => {
  expect((await create({ name, ...rule })).errors).toMatchObject([{ code, path: [field] }]);
});

test('a name is taken while its rule is in force', async () => {
  const first = await create({ name: 'Trains', category: 'Zug' });
  expect((await create({ name: 'Trains', category: 'Zug' })).errors).toMatchObject([
    { code: 'ALREADY_EXISTS' },
  ]);
  const retire = () =>
    bench.door('transactions').run(retireMappingRule, { mappingRuleId: first.result?.mappingRuleId });
  expect((await retire()).errors).toEqual([]);
  expect((await retire()).errors).toMatchObject([{ code: 'STATE_CONFLICT' }]);
  expect((await create({ name: 'Trains', category: 'Zug' })).errors).toEqual([]);
  const unknown = await bench.door('transactions').run(retireMappingRule, { mappingRuleId: 'rule_x' });
  expect(unknown.errors).toMatchObject([{ code: 'NOT_FOUND' }]);
});
