import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { calendarDate } from '#kernel/calendar';
import { command } from '#kernel/command';
import { openTestBook } from '../../../test/support/book.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { transactions } from '../subgraph.ts';
import { activateMappingTemplate } from './activate-mapping-template.ts';
import { approveMappingTemplate } from './approve-mapping-template.ts';
import { libraryTemplates } from './library.ts';
import { loadActiveTemplates } from './load-templates.ts';
import { retireMappingTemplate } from './retire-mapping-template.ts';
import { rollBackMappingTemplate } from './roll-back-mapping-template.ts';
import { saveMappingTemplate } from './save-mapping-template.ts';
import { testMappingTemplate } from './test-mapping-template.ts';

let bench: Workbench;
let bookId: string;

beforeAll(async () => {
  bench = await openWorkbench([transactions]);
  bookId = await openTestBook(bench);
});
afterAll(() => bench.close());

const door = () => bench.door('transactions');
const file = (name: string, account: string, more = '') => `
name: ${name}
title: Travel
rules:
  - { name: Travel, for: [EXPENSE], category: [Travel], account: "${account}", posting: EXPENSE }
tests:
  - { name: T, in: { kind: EXPENSE, category: travel }, out: { rule: Travel, account: "${account}" } }
${more}`;

async function save(yaml: string): Promise<string> {
  const outcome = await door().run(saveMappingTemplate, { bookId, yaml });
  expect(outcome.errors).toEqual([]);
  return outcome.result?.versionId ?? '';
}

async function approved(yaml: string): Promise<string> {
  const versionId = await save(yaml);
  expect((await door().run(testMappingTemplate, { versionId })).errors).toEqual([]);
  const outcome = await door().run(approveMappingTemplate, { versionId }, { actor: bench.actor('Ben') });
  expect(outcome.errors).toEqual([]);
  return versionId;
}

async function activate(versionId: string, days: Record<string, string> = {}): Promise<void> {
  expect((await door().run(activateMappingTemplate, { versionId, ...days })).errors).toEqual([]);
}

/** Which versions of which templates decide on a day. */
const listActive = command({
  name: 'listActive',
  description: 'Lists the templates that decide.',
  scope: 'transactions:write',
  input: z.object({ bookId: z.string(), on: z.string() }),
  run: async (transaction, { bookId: book, on }) => ({
    active: (await loadActiveTemplates(transaction, book, calendarDate(on))).map(
      ({ name, number }) => `${name} ${number}`,
    ),
  }),
});

async function active(on: string, name: string): Promise<unknown> {
  const { result } = await door().run(listActive, { bookId, on });
  return ((result?.active ?? []) as string[]).filter((one) => one.startsWith(`${name} `));
}

describe('the life of a version', () => {
  test('tested, approved by somebody else, then active', async () => {
    const versionId = await save(file('life', '6670'));
    const early = await door().run(approveMappingTemplate, { versionId }, { actor: bench.actor('Ben') });
    expect(early.errors).toMatchObject([{ code: 'STATE_CONFLICT' }]);
    const tested = await door().run(testMappingTemplate, { versionId });
    expect(tested.result).toMatchObject({ passed: true, untestedRules: [] });
    expect((await door().run(approveMappingTemplate, { versionId })).errors).toMatchObject([
      { code: 'FOUR_EYES' },
    ]);
    expect((await door().run(activateMappingTemplate, { versionId })).errors).toMatchObject([
      { code: 'STATE_CONFLICT' },
    ]);
    await door().run(approveMappingTemplate, { versionId }, { actor: bench.actor('Ben') });
    expect(await active('2026-03-01', 'life')).toEqual([]);
    await activate(versionId);
    expect(await active('2026-03-01', 'life')).toEqual(['life 1']);
    await door().run(retireMappingTemplate, { versionId });
    expect(await active('2026-03-01', 'life')).toEqual([]);
  });

  test('tests that fail, or are not there, keep it a draft', async () => {
    const failing = await save(file('failing', '6670').replace('out: { rule: Travel', 'out: { rule: Trip'));
    const outcome = await door().run(testMappingTemplate, { versionId: failing });
    expect(outcome.result).toMatchObject({ passed: false });
    expect(outcome.errors).toMatchObject([
      { code: 'TEMPLATE_TESTS_FAILED', message: 'Test "T": rule is Travel, not Trip', path: ['tests', 'T'] },
    ]);
    const without = await save(file('without', '6670').split('tests:')[0] ?? '');
    expect((await door().run(testMappingTemplate, { versionId: without })).errors).toMatchObject([
      { code: 'TEMPLATE_TESTS_FAILED', path: ['tests'] },
    ]);
    const approval = await door().run(
      approveMappingTemplate,
      { versionId: failing },
      { actor: bench.actor('Ben') },
    );
    expect(approval.errors).toMatchObject([{ code: 'STATE_CONFLICT' }]);
  });

  test('the same content is the same version, whatever its layout', async () => {
    const first = await save(file('same', '6670'));
    const again = await door().run(saveMappingTemplate, {
      bookId,
      yaml: `# A remark\n${file('same', '6670')}`,
    });
    expect(again.result).toMatchObject({ versionId: first, number: 1, created: false });
    const other = await door().run(saveMappingTemplate, { bookId, yaml: file('same', '6640') });
    expect(other.result).toMatchObject({ number: 2, created: true });
  });

  test('accounts the book lacks, or of another type, are refused at activation', async () => {
    for (const [name, account, code] of [
      ['lacks', '6671', 'ACCOUNT_UNKNOWN'],
      ['other-type', '1000', 'TEMPLATE_INVALID'],
    ] as const) {
      const versionId = await approved(file(name, account));
      expect((await door().run(activateMappingTemplate, { versionId })).errors).toMatchObject([
        { code, path: ['rules', '0', 'account'] },
      ]);
    }
  });
});

describe('days and versions', () => {
  test('a later version takes over from its first day on', async () => {
    const first = await approved(file('days', '6670'));
    await activate(first);
    const second = await approved(file('days', '6640'));
    await activate(second, { startsOn: '2026-07-01' });
    expect(await active('2026-06-30', 'days')).toEqual(['days 1']);
    expect(await active('2026-07-01', 'days')).toEqual(['days 2']);
  });

  test('a roll-back makes the version before decide again for all days', async () => {
    const first = await approved(file('back', '6670'));
    await activate(first);
    const second = await approved(file('back', '6640'));
    await activate(second);
    expect(await active('2026-05-05', 'back')).toEqual(['back 2']);
    const { result } = await door().run(saveMappingTemplate, { bookId, yaml: file('back', '6640') });
    const templateId = result?.templateId;
    const outcome = await door().run(rollBackMappingTemplate, { templateId, reason: 'Wrong account' });
    expect(outcome.result).toMatchObject({ versionId: first });
    expect(await active('2026-05-05', 'back')).toEqual(['back 1']);
    await door().run(rollBackMappingTemplate, { templateId, number: 2, reason: 'It was right' });
    expect(await active('2026-05-05', 'back')).toEqual(['back 2']);
    const never = await door().run(rollBackMappingTemplate, { templateId, number: 9, reason: 'x' });
    expect(never.errors).toMatchObject([{ code: 'NOT_FOUND', path: ['number'] }]);
  });

  test('a version that is cut short by another comes back whole', async () => {
    const first = await approved(file('cut', '6670'));
    await activate(first);
    await activate(await approved(file('cut', '6640')), { startsOn: '2026-07-01' });
    const { result } = await door().run(saveMappingTemplate, { bookId, yaml: file('cut', '6640') });
    await door().run(rollBackMappingTemplate, { templateId: result?.templateId, reason: 'Back' });
    expect(await active('2026-08-01', 'cut')).toEqual(['cut 1']);
  });
});

describe('the database keeps versions', () => {
  test.each([
    ['a change of content', `update transactions.mapping_template_version set content = '{}' where id = $1`],
    ['a removal', 'delete from transactions.mapping_template_version where id = $1'],
    [
      'an approval by the author',
      `update transactions.mapping_template_version set approved_by_id = author_id where id = $1`,
    ],
    ['a skipped step', `update transactions.mapping_template_version set status = 'RETIRED' where id = $1`],
  ])('%s is refused', async (title, statement) => {
    const versionId = await save(file('kept', '6670'));
    const sql = title === 'a skipped step' ? statement.replace('RETIRED', 'APPROVED') : statement;
    await expect(bench.owner.query(sql, [versionId])).rejects.toThrow(/./);
  });
});

test('every ready template can be saved, tested, approved and activated in a new book', async () => {
  const fresh = await openTestBook(bench);
  for (const { name } of libraryTemplates()) {
    const { result } = await door().run(saveMappingTemplate, { bookId: fresh, library: name });
    const versionId = result?.versionId ?? '';
    expect((await door().run(testMappingTemplate, { versionId })).errors).toEqual([]);
    await door().run(approveMappingTemplate, { versionId }, { actor: bench.actor('Ben') });
    const outcome = await door().run(activateMappingTemplate, { versionId });
    expect([name, outcome.errors]).toEqual([name, []]);
  }
});

test('a portal reads templates, their versions, files and differences', async () => {
  const first = await save(file('read', '6670'));
  const second = await save(file('read', '6640'));
  const saved = await bench.query<{ saveMappingTemplate: object }>(
    'transactions',
    `mutation ($input: SaveMappingTemplateInput!) { saveMappingTemplate(input: $input) { created errors { code }
       version { id number status yaml rules { name kinds account } }
       template { versions(first: 1) { edges { node { id } } totalCount } activeVersions { number } } } }`,
    { variables: { input: { bookId, yaml: file('read', '6640') } } },
  );
  expect(saved.saveMappingTemplate).toEqual({
    created: false,
    errors: [],
    version: {
      id: second,
      number: 2,
      status: 'DRAFT',
      yaml: file('read', '6640'),
      rules: [{ name: 'Travel', kinds: ['EXPENSE'], account: '6640' }],
    },
    template: { versions: { edges: [{ node: { id: second } }], totalCount: 2 }, activeVersions: [] },
  });
  const data = await bench.query<Record<string, object[]>>(
    'transactions',
    `{ mappingTemplates(bookId: "${bookId}") { name newestVersion { number } }
       mappingTemplateLibrary { name title }
       mappingTemplateWords { signature }
       mappingTemplateDifferences(fromId: "${first}", toId: "${second}") { path change before after }
       checkMappingTemplate(yaml: "name: [") { errors { code } } }`,
  );
  expect(data['mappingTemplates']).toContainEqual({ name: 'read', newestVersion: { number: 2 } });
  expect(data['mappingTemplateDifferences']).toEqual([
    { path: 'rules["Travel"].account', change: 'CHANGED', before: '6670', after: '6640' },
    { path: 'tests["T"].out.account', change: 'CHANGED', before: '6670', after: '6640' },
  ]);
  expect(data['mappingTemplateWords']).toContainEqual({ signature: 'gross: Decimal' });
  expect(data['checkMappingTemplate']).toEqual({ errors: [{ code: 'TEMPLATE_INVALID' }] });
  expect(data['mappingTemplateLibrary']).toContainEqual({
    name: 'retail-pos',
    title: 'Retail shop with a till and a card terminal',
  });
});
