import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkArchitecture, describeViolation, ruleNames } from './support/architecture.ts';
import type { RuleName } from './support/architecture.ts';
import { readWorkingTree } from './support/source-files.ts';

const root = resolve(import.meta.dirname, '..');

describe('the sources of this repository keep every rule of the house', () => {
  const sources = readWorkingTree(root, ['.ts', '.mjs', '.css', '.html', '.sql', '.yml', '.sh']);
  const violations = checkArchitecture(sources);

  test('the check sees the sources', () => {
    expect(sources.has('kernel/errors.ts')).toBe(true);
    expect(sources.has('test/architecture.test.ts')).toBe(true);
    expect([...sources.keys()].filter((path) => path.includes('node_modules'))).toEqual([]);
  });

  test.each(ruleNames)('nothing breaks the rule %s', (rule) => {
    expect(violations.filter((one) => one.rule === rule).map(describeViolation)).toEqual([]);
  });
});

/** A small house that keeps every rule; each breach below changes it in one place. */
const clean: Readonly<Record<string, string>> = {
  'main.ts': "import { gateway } from './gateway/gateway.ts';\ngateway();\n",
  'vitest.config.ts': 'export default { env: process.env };\n',
  'commands/start.ts': "import { addVendor } from '../subgraphs/vendors/add-vendor.ts';\naddVendor();\n",
  'kernel/config.ts': "/** The port. */\nexport const port = process.env['PORT'];\n",
  'kernel/clock.ts': '/** The time now. */\nexport const now = (): Date => new Date();\n',
  'kernel/money.ts': '/** Formats. */\nexport const format = (n: number): string => n.toFixed(2);\n',
  'connectors/ports.ts':
    "import { format } from '#kernel/money';\n/** A bank. */\nexport const bank = format;\n",
  'connectors/hledger/journal.ts':
    "import { bank } from '#connectors/ports';\n/** A journal. */\nexport const journal = bank;\n",
  'connectors/hledger/hledger.ts':
    "import { journal } from './journal.ts';\n/** It. */\nexport const hledger = journal;\n",
  'connectors/formats/mt940.ts': '/** MT940. */\nexport const mt940 = 1;\n',
  'connectors/formats/registry.ts':
    "import { mt940 } from './mt940.ts';\n/** All. */\nexport const all = [mt940];\n",
  'gateway/gateway.ts':
    "import type { Service } from '@apollo/gateway';\nimport { port } from '#kernel/config';\n/** It. */\nexport const gateway = (): Service => port;\n",
  'subgraphs/vendors/add-vendor.ts':
    "import { match } from './match-vendor-name.ts';\nimport { now } from '#kernel/clock';\nexport const addVendor = () => match(now());\n",
  'subgraphs/vendors/match-vendor-name.ts':
    "import { format } from '#kernel/money';\nexport const match = (a: unknown) => format(Number(a));\n",
  'subgraphs/vendors/match-vendor-name.test.ts':
    "import { readFileSync } from 'node:fs';\nimport { corpora } from '../../test/support/corpora.ts';\nreadFileSync(corpora);\n",
  'subgraphs/approvals/decide.ts': 'export const decide = 1;\n',
  'subgraphs/transactions/intake/submit.ts': 'export const submit = 1;\n',
  'subgraphs/transactions/classification/suggest.ts':
    "import { submit } from '../intake/submit.ts';\nexport const suggest = submit;\n",
  'subgraphs/transactions/ledger/post.ts':
    "import { suggest } from '../classification/suggest.ts';\nexport const post = suggest;\n",
  'web-components/crossfoot.ts': "export { button } from './button/button.ts';\n",
  'web-components/button/button.ts': 'export const button = 1;\n',
  'test/support/corpora.ts': "export const corpora = process.env['CROSSFOOT_CORPORA'] ?? '';\n",
};

interface Breach {
  readonly title: string;
  readonly rule: RuleName;
  readonly path: string;
  readonly text: string;
  readonly line?: number;
  /** Other changes that the breach needs and that break nothing by themselves. */
  readonly with?: Readonly<Record<string, string>>;
  /** Set where the finding belongs to another file than the one changed. */
  readonly at?: string;
}

const lines = (count: number, line: string): string => `${line}\n`.repeat(count);
const vendor = 'subgraphs/vendors/vendor.ts';

const breaches: readonly Breach[] = [
  { title: 'a file that cannot be parsed', rule: 'syntax', path: vendor, text: 'export const = ;\n' },
  {
    title: 'a folder nobody gave directions',
    rule: 'folder',
    path: 'extras/extra.ts',
    text: 'export const a = 1;\n',
  },
  { title: 'a stray file at the root', rule: 'folder', path: 'extra.ts', text: 'export const a = 1;\n' },
  {
    title: 'a folder named utils',
    rule: 'folder',
    path: 'kernel/utils/a.ts',
    text: '/** A. */\nexport const a = 1;\n',
  },
  {
    title: 'kernel importing a connector',
    rule: 'direction',
    path: 'kernel/a.ts',
    text: "import '#connectors/formats/mt940';\n",
  },
  {
    title: 'kernel importing a type of the gateway',
    rule: 'direction',
    path: 'kernel/a.ts',
    text: "\nimport type { gateway } from '../gateway/gateway.ts';\nconst a = 1 as unknown as typeof gateway;\na();\n",
    line: 2,
  },
  {
    title: 'kernel naming a type through import()',
    rule: 'direction',
    path: 'kernel/a.ts',
    text: "type A = import('../subgraphs/approvals/decide.ts').A;\nconst a: A = 1;\na();\n",
  },
  {
    title: 'kernel loading a subgraph dynamically',
    rule: 'direction',
    path: 'kernel/a.ts',
    text: "await import('../subgraphs/approvals/decide.ts');\n",
  },
  {
    title: 'kernel starting a worker of a subgraph',
    rule: 'direction',
    path: 'kernel/a.ts',
    text: "new Worker(new URL('../subgraphs/approvals/decide.ts', import.meta.url));\n",
  },
  {
    title: 'a connector importing another',
    rule: 'direction',
    path: 'connectors/xero.ts',
    text: "import './hledger/journal.ts';\n",
  },
  {
    title: 'a connector importing a subgraph',
    rule: 'direction',
    path: 'connectors/xero.ts',
    text: "import '../subgraphs/approvals/decide.ts';\n",
  },
  {
    title: 'a subgraph importing another',
    rule: 'direction',
    path: vendor,
    text: "import '../approvals/decide.ts';\n",
  },
  {
    title: 'a subgraph importing a connector',
    rule: 'direction',
    path: vendor,
    text: "import '#connectors/formats/mt940';\n",
  },
  {
    title: 'a subgraph importing the gateway',
    rule: 'direction',
    path: vendor,
    text: "import '../../gateway/gateway.ts';\n",
  },
  {
    title: 'the gateway importing a subgraph',
    rule: 'direction',
    path: 'gateway/a.ts',
    text: "import '../subgraphs/approvals/decide.ts';\n",
  },
  {
    title: 'the gateway importing a connector',
    rule: 'direction',
    path: 'gateway/a.ts',
    text: "import '#connectors/formats/mt940';\n",
  },
  {
    title: 'a web component importing kernel',
    rule: 'direction',
    path: 'web-components/a.ts',
    text: "import '#kernel/money';\n",
  },
  {
    title: 'server code importing a test helper',
    rule: 'direction',
    path: 'kernel/a.ts',
    text: "import '../test/support/corpora.ts';\n",
  },
  {
    title: 'the composition root importing a test helper',
    rule: 'direction',
    path: 'main.ts',
    text: "import './test/support/corpora.ts';\n",
  },
  {
    title: 'a unit test importing another subgraph',
    rule: 'direction',
    path: 'subgraphs/vendors/a.test.ts',
    text: "import '../approvals/decide.ts';\n",
  },
  {
    title: 'an earlier stage importing a later one',
    rule: 'stage',
    path: 'subgraphs/transactions/intake/a.ts',
    text: "import '../ledger/post.ts';\n",
  },
  {
    title: 'a cycle of two files',
    rule: 'cycle',
    path: 'subgraphs/vendors/a.ts',
    text: "import { b } from './b.ts';\nexport const a = b;\n",
    with: { 'subgraphs/vendors/b.ts': "import { a } from './a.ts';\nexport const b = a;\n" },
  },
  {
    title: 'a cycle of three files closed by a type-only import',
    rule: 'cycle',
    path: 'subgraphs/vendors/a.ts',
    text: "import type { B } from './b.ts';\nexport type A = B;\n",
    with: {
      'subgraphs/vendors/b.ts': "import type { C } from './c.ts';\nexport type B = C;\n",
      'subgraphs/vendors/c.ts': "import type { A } from './a.ts';\nexport type C = A;\n",
    },
  },
  {
    title: 'a file importing itself',
    rule: 'cycle',
    path: vendor,
    text: "import { v } from './vendor.ts';\nexport const w = v;\n",
  },
  {
    title: 'a file that exports everything of another',
    rule: 'barrel',
    path: vendor,
    text: "export * from './add-vendor.ts';\n",
  },
  {
    title: 'a file that imports names to export them',
    rule: 'barrel',
    path: vendor,
    text: "import { addVendor } from './add-vendor.ts';\nexport { addVendor };\n",
  },
  {
    title: 'a file that exports types of another',
    rule: 'barrel',
    path: vendor,
    text: "// All of it.\nexport type { A } from './add-vendor.ts';\n",
  },
  { title: 'a default export', rule: 'default-export', path: vendor, text: '\nexport default 1;\n', line: 2 },
  {
    title: 'a name exported as default',
    rule: 'default-export',
    path: vendor,
    text: 'const a = 1;\nexport { a as default };\n',
    line: 2,
  },
  {
    title: 'process.env in a subgraph',
    rule: 'environment',
    path: vendor,
    text: "\nexport const a = process.env['A'];\n",
    line: 2,
  },
  {
    title: 'process.env under globalThis',
    rule: 'environment',
    path: vendor,
    text: 'export const a = globalThis.process.env;\n',
  },
  {
    title: 'env taken out of process',
    rule: 'environment',
    path: vendor,
    text: 'const { env } = process;\nexport const a = env;\n',
  },
  {
    title: 'env imported from node:process',
    rule: 'environment',
    path: vendor,
    text: "import { env } from 'node:process';\nexport const a = env;\n",
  },
  {
    title: 'process.env in a web component',
    rule: 'environment',
    path: 'web-components/a.ts',
    text: 'export const a = process.env;\n',
  },
  {
    title: 'an Elastic-2.0 package in a subgraph',
    rule: 'licence',
    path: vendor,
    text: "import '@apollo/composition';\n",
  },
  {
    title: 'a type of an Elastic-2.0 package in main.ts',
    rule: 'licence',
    path: 'main.ts',
    text: "import type { A } from '@apollo/query-planner/dist/a.js';\nconst a: A = 1;\na();\n",
  },
  ...['pg', '@mikro-orm/core', 'node:fs', 'node:fs/promises', 'node:net'].map((name): Breach => ({
    title: `a pure rule importing ${name}`,
    rule: 'pure',
    path: 'subgraphs/audit/chain.ts',
    text: `import '${name}';\n`,
  })),
  {
    title: 'a pure rule importing a type of the ORM',
    rule: 'pure',
    path: 'subgraphs/approvals/policy-rule.ts',
    text: "import type { A } from '@mikro-orm/core';\nexport const a = (b: A) => b;\n",
  },
  {
    title: 'a pure rule importing the clock',
    rule: 'pure',
    path: 'subgraphs/transactions/intake/normalise-document.ts',
    text: "import { now } from '#kernel/clock';\nexport const a = now;\n",
  },
  {
    title: 'a pure rule importing the context',
    rule: 'pure',
    path: 'subgraphs/transactions/classification/classify.ts',
    text: "import type { Context } from '#kernel/context';\nexport const a = (b: Context) => b;\n",
  },
  {
    title: 'a pure rule reading the time',
    rule: 'pure',
    path: 'subgraphs/reconciliation/matching/score.ts',
    text: '\nexport const a = () => new Date();\n',
    line: 2,
  },
  {
    title: 'a pure rule that reaches the disk through another file',
    rule: 'pure',
    path: 'subgraphs/reconciliation/matching/score.ts',
    text: "import { read } from '../read.ts';\nexport const a = read;\n",
    with: {
      'subgraphs/reconciliation/read.ts':
        "import { readFileSync } from 'node:fs';\nexport const read = readFileSync;\n",
    },
  },
  { title: 'a file of 401 lines', rule: 'file-length', path: vendor, text: lines(401, 'a();'), line: 401 },
  {
    title: 'a test of 601 lines',
    rule: 'file-length',
    path: 'test/a.test.ts',
    text: lines(601, 'a();'),
    line: 601,
  },
  {
    title: 'a function of 71 lines',
    rule: 'function-length',
    path: vendor,
    text: `\nexport function a() {\n${lines(69, "  b('}{');")}}\n`,
    line: 2,
  },
  {
    title: 'an arrow function of 71 lines',
    rule: 'function-length',
    path: vendor,
    text: `export const a = () => {\n${lines(69, '  b(/}/);')}};\n`,
  },
  {
    title: 'a callback of 71 lines',
    rule: 'function-length',
    path: vendor,
    text: `a.forEach(() => {\n${lines(69, '  b();')}});\n`,
  },
  {
    title: 'a method of 71 lines',
    rule: 'function-length',
    path: vendor,
    text: `export class A {\n  b() {\n${lines(69, '    c(`${1}}`);')}  }\n}\n`,
    line: 2,
  },
  {
    title: 'a function of 71 lines in a test',
    rule: 'function-length',
    path: 'test/a.test.ts',
    text: `function a() {\n${lines(69, '  b();')}}\na();\n`,
  },
  {
    title: 'sixteen import statements',
    rule: 'imports',
    path: vendor,
    text: Array.from({ length: 16 }, (_, index) => `import 'package-${index}';\n`).join(''),
  },
  {
    title: 'a function of four parameters',
    rule: 'parameters',
    path: vendor,
    text: '\nexport function a(b: 1, c = 2, { d }: D, ...e: E[]) {}\n',
    line: 2,
  },
  {
    title: 'a constructor of four parameters',
    rule: 'parameters',
    path: vendor,
    text: 'export class A {\n  constructor(a: 1, b: 1, c: 1, d: 1) {}\n}\n',
    line: 2,
  },
  {
    title: 'a callback type of four parameters',
    rule: 'parameters',
    path: vendor,
    text: 'export const a = (b: (c: 1, d: 1, e: 1, f: 1) => void) => b;\n',
  },
  {
    title: 'a method of an interface with four parameters',
    rule: 'parameters',
    path: vendor,
    text: 'export interface A {\n  b(c: 1, d: 1, e: 1, f: 1): void;\n}\n',
    line: 2,
  },
  ...["const a = 'Float';\n", 'const a = Number.parseFloat(b);\n', 'const a = b.toFixed(2);\n'].map(
    (text): Breach => ({
      title: `binary numbers: ${text.trim()}`,
      rule: 'binary-number',
      path: vendor,
      text: `\n${text}`,
      line: 2,
    }),
  ),
  ...['// TODO later', '/* FIXME */', "throw new Error('not implemented');", '// XXX'].map(
    (text): Breach => ({
      title: `unfinished work: ${text}`,
      rule: 'unfinished',
      path: 'web-components/a.ts',
      text: `\n${text}\n`,
      line: 2,
    }),
  ),
  {
    title: 'unfinished work in a script',
    rule: 'unfinished',
    path: 'scripts/a.mjs',
    text: '\n// TODO later\n',
    line: 2,
  },
  ...[
    'export function a() {}\n',
    'export class A {}\n',
    'export const a = 1;\n',
    'export interface A {}\n',
  ].map((text): Breach => ({
    title: `no sentence before ${text.trim()}`,
    rule: 'documented',
    path: 'kernel/a.ts',
    text: `// Not a doc comment.\n${text}`,
    line: 2,
  })),
  {
    title: 'a doc comment that belongs to another declaration',
    rule: 'documented',
    path: 'gateway/a.ts',
    text: '/** A. */\nconst a = 1;\nexport const b = a;\n',
    line: 3,
  },
  {
    title: 'an undocumented name in an export list',
    rule: 'documented',
    path: 'connectors/formats/a.ts',
    text: 'const a = 1;\nexport { a };\n',
    line: 2,
  },
];

describe('the checks can fail', () => {
  test('a small house that keeps the rules passes', () => {
    expect(checkArchitecture(new Map(Object.entries(clean))).map(describeViolation)).toEqual([]);
  });

  test.each(breaches)('$rule finds $title', ({ rule, path, text, line = 1, with: also = {} }) => {
    const found = checkArchitecture(new Map(Object.entries({ ...clean, ...also, [path]: text })));
    expect(found.map((one) => ({ rule: one.rule, path: one.path, line: one.line }))).toEqual([
      { rule, path, line },
    ]);
    expect(found[0]?.advice.length).toBeGreaterThan(20);
  });

  test('every rule has a breach', () => {
    expect(ruleNames.filter((rule) => !breaches.some((breach) => breach.rule === rule))).toEqual([]);
  });
});

describe('the checks let pass what is allowed', () => {
  const allowed: readonly (readonly [title: string, path: string, text: string])[] = [
    ['banned words in prose', vendor, '// No Float, parseFloat or toFixed here.\nexport const a = 1;\n'],
    ['the currency code of no currency', vendor, "export const none = 'XXX';\n"],
    ['a long callback of describe', 'test/a.test.ts', `describe('a', () => {\n${lines(100, '  b();')}});\n`],
    [
      'a long callback of test.each',
      'test/a.test.ts',
      `test.each([1])('a', () => {\n${lines(100, '  b();')}});\n`,
    ],
    [
      'imports named in comments and strings',
      vendor,
      `// import '../approvals/decide.ts'\nexport const a = "import '../approvals/decide.ts'";\n`,
    ],
    ['a function of 70 lines', vendor, `export function a() {\n${lines(68, '  b();')}}\n`],
    ['a file of 400 lines', vendor, lines(400, 'a();')],
    [
      'a callback whose call decides its parameters',
      vendor,
      'a.replace(b, (c, d, e, f) => d);\nnew B({ c: { d: (e, f, g, h) => e } });\n',
    ],
    [
      'a configuration that imports test support',
      'web-components/vitest.config.ts',
      "import '../test/support/corpora.ts';\n",
    ],
    ['a `this` parameter', vendor, 'export function a(this: A, b: 1, c: 1, d: 1) {}\n'],
    [
      'a date made from a value in a pure rule',
      'subgraphs/audit/chain.ts',
      'export const a = new Date(0);\n',
    ],
    ['a worker that is the file itself', vendor, "new Worker(new URL('./vendor.ts', import.meta.url));\n"],
    [
      'one sentence for an overloaded function',
      'kernel/a.ts',
      '/** A. */\nexport function a(b: 1): 1;\nexport function a(b: 2): 2;\nexport function a(b: unknown): unknown {\n  return b;\n}\n',
    ],
  ];

  test.each(allowed)('%s', (_title, path, text) => {
    const found = checkArchitecture(new Map(Object.entries({ ...clean, [path]: text })));
    expect(found.map(describeViolation)).toEqual([]);
  });
});
