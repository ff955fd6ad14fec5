import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CrossfootError } from '#kernel/errors';
import { compileTemplate } from './compile-template.ts';
import { diffTemplates } from './diff-templates.ts';
import { contentHash, postingKinds, transactionKinds, type Template } from './template.ts';
import { runTemplateTests, untestedRules } from './test-template.ts';
import { parseTemplate, printTemplate } from './template-yaml.ts';

const folder = join(import.meta.dirname, 'library');
const library = readdirSync(folder)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }));

describe.each(library)('the ready template $file', ({ file, text }) => {
  const template = parseTemplate(text);
  test('bears the name of its file and passes its own tests, which reach every rule', () => {
    expect(`${template.name}.yaml`).toBe(file);
    const results = runTemplateTests(template, compileTemplate(template));
    expect(results.filter((result) => !result.passed)).toEqual([]);
    expect(untestedRules(template, results)).toEqual([]);
  });

  test('is the same after it was written and read', () => {
    const written = printTemplate(template);
    expect(parseTemplate(written)).toEqual(template);
    expect(printTemplate(parseTemplate(written))).toBe(written);
  });

  test('writes entries that balance in its tests', () => {
    for (const { name, out } of template.tests ?? []) {
      const cents = (amount: string): bigint => {
        const [whole = '', fraction = ''] = amount.split('.');
        return BigInt(whole + fraction.padEnd(2, '0'));
      };
      const rest = (out.lines ?? []).reduce(
        (sum, line) => sum + (line.debit === undefined ? -cents(line.amount) : cents(line.amount)),
        0n,
      );
      expect([name, rest]).toEqual([name, 0n]);
    }
  });
});

const word = fc.stringMatching(/^[a-zA-Z0-9äöü€"':#&*!%@`{}|>, -]{1,20}$/);
const code = fc.stringMatching(/^[0-9]{1,6}$/);
const role = fc.stringMatching(/^[a-z][A-Za-z0-9]{0,8}$/);
const present = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const withoutAbsent = (value: object): object =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined));

const anyTemplate: fc.Arbitrary<Template> = fc
  .record({
    name: fc.constant('any-template'),
    title: word,
    description: present(fc.string({ maxLength: 100 })),
    priority: present(fc.integer({ min: 1, max: 10_000 })),
    effectiveFrom: present(fc.constantFrom('2026-01-01', '2026-02-28')),
    accounts: present(fc.dictionary(role, code, { maxKeys: 4 })),
    lookups: present(fc.dictionary(role, fc.dictionary(word, word, { maxKeys: 4 }), { maxKeys: 2 })),
    rules: fc
      .array(
        fc
          .record({
            for: fc.array(fc.constantFrom(...transactionKinds), { minLength: 1, maxLength: 2 }),
            category: present(fc.array(word, { minLength: 1, maxLength: 2 })),
            when: present(fc.constantFrom('gross > 100', 'method == "card"', 'true')),
            posting: present(fc.constantFrom(...postingKinds)),
            account: code,
            taxCode: present(word),
            dimensions: present(fc.dictionary(role, word, { maxKeys: 2 })),
            memo: present(word),
          })
          .map(withoutAbsent),
        { minLength: 1, maxLength: 5 },
      )
      .map((rules) => rules.map((rule, index) => ({ name: `Rule ${index}`, ...rule }))),
  })
  .map((template) => withoutAbsent(template) as Template);

describe('properties', () => {
  test('what is read again is what was written, to the byte', () => {
    fc.assert(
      fc.property(anyTemplate, (template) => {
        const text = printTemplate(template);
        const again = parseTemplate(text);
        expect(again).toEqual(template);
        expect(printTemplate(again)).toBe(text);
        expect(contentHash(again)).toBe(contentHash(template));
      }),
    );
  });

  test('nothing differs from itself, and what differs is told', () => {
    fc.assert(
      fc.property(anyTemplate, anyTemplate, (a, b) => {
        expect(diffTemplates(a, structuredClone(a))).toEqual([]);
        expect(diffTemplates(a, b).length === 0).toBe(contentHash(a) === contentHash(b));
      }),
    );
  });
});

const small = `
name: small
title: Small
accounts: { travel: "6670" }
rules:
  - name: Travel
    for: [EXPENSE]
    account: travel
  - name: Rest
    for: [EXPENSE]
    account: "6850"
`;

function refusalOf(text: string): CrossfootError {
  try {
    compileTemplate(parseTemplate(text));
  } catch (error) {
    if (error instanceof CrossfootError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('what is wrong is told with its place', () => {
  test.each([
    [
      'an unknown field',
      small.replace('account: travel', 'acount: travel'),
      'TEMPLATE_INVALID',
      'rules.0',
      /Line 6.*acount/,
    ],
    [
      'a number without quotes',
      small.replace('"6850"', '6850'),
      'TEMPLATE_INVALID',
      'rules.1.account',
      /Line 11.*quotes/,
    ],
    [
      'a role that is not there',
      small.replace('account: travel', 'account: trip'),
      'TEMPLATE_INVALID',
      'rules.0.account',
      /"trip".*travel/,
    ],
    ['two rules of one name', small.replace('Rest', 'Travel'), 'TEMPLATE_INVALID', 'rules.1.name', /twice/],
    [
      'a rule without account',
      small.replace('account: travel', 'memo: x'),
      'TEMPLATE_INVALID',
      'rules.0',
      /account or lines/,
    ],
    [
      'a condition that is none',
      small.replace('account: travel', 'account: travel\n    when: gross + 1'),
      'EXPRESSION_INVALID',
      'rules.0.when',
      /true or false/,
    ],
    [
      'an expression with an unknown variable',
      small.replace('account: travel', 'account: "= colour"'),
      'EXPRESSION_INVALID',
      'rules.0.account',
      /"colour".*character 1/,
    ],
    ['YAML that cannot be read', 'name: [', 'TEMPLATE_INVALID', '', /Line 1/],
    ['a key twice', `${small}name: other\n`, 'TEMPLATE_INVALID', '', /unique/],
    ['an anchor', small.replace('title: Small', 'title: &a Small'), 'TEMPLATE_INVALID', '', /Anchors/],
    [
      'an end before its beginning',
      `${small}effectiveFrom: 2026-02-01\neffectiveUntil: 2026-01-01\n`,
      'TEMPLATE_INVALID',
      'effectiveUntil',
      /before it begins/,
    ],
  ])('%s', (_title, text, errorCode, path, message) => {
    const error = refusalOf(text);
    expect([error.code, error.path.join('.')]).toEqual([errorCode, path]);
    expect(error.message).toMatch(message);
  });

  test('a test that does not come out says how', () => {
    const template = parseTemplate(`${small}
tests:
  - { name: T, in: { kind: EXPENSE }, out: { rule: Rest, account: "6850" } }
  - { name: U, in: { kind: SALE }, out: { rule: null } }
`);
    const results = runTemplateTests(template, compileTemplate(template));
    expect(results).toEqual([
      {
        name: 'T',
        passed: false,
        rule: 'Travel',
        differences: ['rule is Travel, not Rest', 'account is 6670, not 6850'],
      },
      { name: 'U', passed: true, rule: undefined, differences: [] },
    ]);
    expect(untestedRules(template, results)).toEqual(['Rest']);
  });
});

test('differences name rules and tell of a change of order', () => {
  const before = parseTemplate(small);
  const [first, second] = before.rules;
  const after = {
    ...before,
    rules: [
      { ...second!, memo: 'm' },
      { ...first!, account: '6640' },
    ],
  };
  expect(diffTemplates(before, after)).toEqual([
    { path: 'rules["Travel"].account', change: 'CHANGED', before: 'travel', after: '6640' },
    { path: 'rules["Rest"].memo', change: 'ADDED', after: 'm' },
    { path: 'rules', change: 'MOVED', before: 'Travel, Rest', after: 'Rest, Travel' },
  ]);
});
