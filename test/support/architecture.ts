import { posix } from 'node:path';
import { parseSource } from './source-files.ts';
import type { SourceFile, SourceImport } from './source-files.ts';

/** One breach of a rule: where it is, which rule, and what to do about it. */
export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly rule: RuleName;
  readonly advice: string;
}

type Finding = readonly [line: number, advice: string];
type Rule = (file: SourceFile, files: ReadonlyMap<string, SourceFile>) => readonly Finding[];

const parts = [
  'kernel',
  'connectors',
  'subgraphs',
  'gateway',
  'web-components',
  'test',
  'commands',
  'demo',
  'scripts',
];
/** The files at the root that may import every part. */
const compositionRoots = ['main.ts'];
/** The files that put the connectors of one port together. */
const connectorLists = [
  'connectors/accounting-systems.ts',
  'connectors/all-connectors.ts',
  'connectors/journal-writers.ts',
  'connectors/reference-rates.ts',
];
const server = /^(kernel|connectors|subgraphs|gateway|commands)\/|^main\.ts$/;
/** The stages of the subgraphs that have them; a stage imports earlier ones only. */
const stages: Readonly<Record<string, readonly string[]>> = {
  transactions: ['dimensions', 'intake', 'rates', 'tax', 'classification', 'ledger', 'imports', 'reports'],
  reconciliation: [
    'matching',
    'triage',
    'statements',
    'matches',
    'exceptions',
    'payments',
    'feeds',
    'proofs',
  ],
};
const elasticPackages = [
  'gateway',
  'composition',
  'query-planner',
  'query-graphs',
  'federation-internals',
].map((name) => `@apollo/${name}`);
const purePaths = [
  /^subgraphs\/reconciliation\/matching\//,
  /^subgraphs\/reconciliation\/triage\//,
  /^subgraphs\/reconciliation\/statements\/(compare-fees|pair-pending|statement-overlap|statement-chain)\.ts$/,
  /^subgraphs\/reconciliation\/feeds\/feed-schedule\.ts$/,
  /^subgraphs\/reconciliation\/payments\/(payment-states|outcomes-of-report|plan-payment)\.ts$/,
  /^subgraphs\/reconciliation\/proofs\/(account-proof|bank-balance|brought-forward|compare-statements|kind-titles|prove|statement-(content|table))\.ts$/,
  /^subgraphs\/vendors\/match-vendor-name\.ts$/,
  /^subgraphs\/approvals\/policy-rule\.ts$/,
  /^subgraphs\/audit\/chain\.ts$/,
  /^subgraphs\/transactions\/tax\/(jurisdictions\/.*|calculate-tax|cash-rounding|document-taxes|fractions|tax-code|tax-report)\.ts$/,
  /^subgraphs\/transactions\/rates\/(exchange-arithmetic|choose-rate)\.ts$/,
  /^subgraphs\/transactions\/ledger\/(settlement-lines|settle-items|revalue-accounts)\.ts$/,
  /^subgraphs\/transactions\/classification\/(template(-yaml|-status)?|(compile|evaluate|test)-template|diff-templates|ask-templates|check-(template-accounts|mapping-template))\.ts$/,
  /^subgraphs\/transactions\/ledger\/(code-by-template|transaction-lines|preview-coding)\.ts$/,
  /^subgraphs\/transactions\/(.+\/)?(normalise|classify)[^/]*\.ts$/,
  /^subgraphs\/transactions\/imports\/(read-(row|values|chunks)|suggest-mapping|group-entries|examine-file|import-kinds)\.ts$/,
  /^subgraphs\/transactions\/reports\/(aged-items|variance|forecast(-model|-commitments|-recurring|-back-test)?)\.ts$/,
  /^subgraphs\/transactions\/reports\/(account-(groups|sums)|statement|fiscal-year|profit-and-loss|balance-sheet|cash-flow|trial-balance|report-table|statement-table|saf-t[^/]*)\.ts$/,
];
const impurePackages = [
  /^@mikro-orm\//,
  /^pg(-.+)?$/,
  /^(node:)?(fs|fs\/promises|net|tls|dgram|dns|http|https|http2|child_process)$/,
  /^(undici|fastify|ws|pino)$/,
  /^@nats-io\//,
];
const impureKernel = /^kernel\/(clock|context|command|database|config|log|outbox|entity-manager)\.ts$/;
/** The files that must name the banned words in order to ban them. */
const namesBannedWords = /^test\/(support\/)?architecture(\.test)?\.ts$/;
const binaryNumbers = [
  ['Float', 'use Decimal on the wire and bigint minor units inside'],
  ['parseFloat', 'use parseMoney or parseDecimal of #kernel/money'],
  ['toFixed', 'use formatMoney of #kernel/money'],
] as const;

/** What subgraphs know of connectors: one file, and one for each family of ports that is large. */
const isPorts = (path: string): boolean => /^connectors\/([a-z]+-)?ports\.ts$/.test(path);
const isTest = (path: string): boolean => path.endsWith('.test.ts');
const isConfig = (path: string): boolean => path.endsWith('.config.ts');
const isUnder = (path: string, folder: string): boolean => path.startsWith(`${folder}/`);
const isRunnerOrTest = (path: string): boolean => isUnder(path, 'test') || isTest(path) || isConfig(path);
const composes = (path: string): boolean =>
  compositionRoots.includes(path) || isUnder(path, 'commands') || isUnder(path, 'test');

/** The name of every rule with the check behind it. */
const rules = {
  syntax: (file) => file.syntaxErrors.map((message) => [1, `correct the syntax: ${message}`]),
  folder: checkFolder,
  direction: (file) => ourImports(file).flatMap((one) => direction(file.path, one)),
  stage: (file) => ourImports(file).flatMap((one) => stageOrder(file.path, one)),
  cycle: checkCycles,
  barrel: (file) =>
    file.onlyReExports && !/^web-components\/[^/]+\.ts$/.test(file.path)
      ? [[1, 'delete this file and import each name from the file that declares it']]
      : [],
  'default-export': (file) =>
    isConfig(file.path)
      ? []
      : file.defaultExports.map((line) => [line, 'give the export a name and import it by that name']),
  environment: checkEnvironment,
  licence: checkLicence,
  pure: checkPure,
  'file-length': checkFileLength,
  'function-length': (file) =>
    file.functions
      .filter((one) => one.lines > 70 && !(one.testCallback && isTest(file.path)))
      .map((one) => [
        one.line,
        `${one.name} has ${one.lines} lines of at most 70: move a step into its own function`,
      ]),
  imports: (file) =>
    file.importStatements > 15
      ? [[1, `${file.importStatements} import statements of at most 15: split the file by what it does`]]
      : [],
  parameters: (file) =>
    file.functions
      .filter((one) => one.parameters > 3 && !one.callback)
      .map((one) => [
        one.line,
        `${one.name} takes ${one.parameters} parameters of at most 3: use an options object`,
      ]),
  'binary-number': checkBinaryNumbers,
  unfinished: checkUnfinished,
  documented: checkDocumented,
} satisfies Record<string, Rule>;

/** The name of one rule of the house. */
export type RuleName = keyof typeof rules;

/** Every rule by name, in the order in which they are reported. */
export const ruleNames = Object.keys(rules) as RuleName[];

/** Checks a set of sources (path -> text) against every rule, or against those named. */
export function checkArchitecture(
  sources: ReadonlyMap<string, string>,
  names: readonly RuleName[] = ruleNames,
): readonly Violation[] {
  const files = new Map(
    [...sources]
      .filter(([path]) => path.endsWith('.ts') || names.includes('unfinished'))
      .map(([path, text]) => [path, path.endsWith('.ts') ? parseSource(path, text) : plainText(path, text)]),
  );
  return names.flatMap((rule) =>
    [...files.values()].flatMap((file) =>
      rules[rule](file, files).map(([line, advice]) => ({ path: file.path, line, rule, advice })),
    ),
  );
}

/** Prints a violation as `file:line rule: what to do`. */
export function describeViolation({ path, line, rule, advice }: Violation): string {
  return `${path}:${line} ${rule}: ${advice}`;
}

function ourImports(file: SourceFile): readonly (SourceImport & { readonly target: string })[] {
  return file.imports.flatMap((one) => (one.target === undefined ? [] : [{ ...one, target: one.target }]));
}

function checkFolder({ path }: SourceFile): readonly Finding[] {
  if (!path.endsWith('.ts')) return [];
  const [top = '', name = ''] = path.split('/');
  if (!path.includes('/')) {
    if (compositionRoots.includes(path) || isConfig(path)) return [];
    return [
      [
        1,
        `move the file into the folder of the part it belongs to; only ${compositionRoots.join(' and ')} may stand at the root`,
      ],
    ];
  }
  if (!parts.includes(top))
    return [
      [1, `"${top}" is no part of the house: move the file, or give the folder its directions in this check`],
    ];
  if (/^(utils?|commons?|helpers?|misc|src)(\.ts)?$/.test(name))
    return [[1, `"${name}" says nothing: name the file or folder after what it holds`]];
  return [];
}

/** Who may import what: the part a file belongs to decides. */
function direction(from: string, { target, line }: { target: string; line: number }): readonly Finding[] {
  if (!target.endsWith('.ts')) return [];
  if (isUnder(target, 'test')) {
    const advice = `only tests import ${target}: move what both need into kernel or the part itself`;
    return isRunnerOrTest(from) ? [] : [[line, advice]];
  }
  if (composes(from) || (isConfig(from) && isUnder(target, 'test'))) return [];
  const [part = '', name = ''] = from.split('/');
  const own = part === 'subgraphs' ? `subgraphs/${name}` : part;
  const allowed = isUnder(target, own) ? connectorMayImport(from, target) : mayImport(part, target);
  return allowed ? [] : [[line, `${own} must not import ${target}: ${remedy(part)}`]];
}

function mayImport(part: string, target: string): boolean {
  if (part === 'connectors' || part === 'demo') return isUnder(target, 'kernel');
  if (part === 'subgraphs' || part === 'gateway') return isUnder(target, 'kernel') || isPorts(target);
  return false;
}

/** A connector is a file or a folder of its own name; besides itself it sees the ports, and formats see each other. */
function connectorMayImport(from: string, target: string): boolean {
  if (!isUnder(from, 'connectors') || isPorts(target)) return true;
  if (connectorLists.includes(from)) return true;
  const connector = (path: string): string => (path.split('/')[1] ?? '').replace(/(\.test)?\.ts$/, '');
  return connector(from) === connector(target);
}

function remedy(part: string): string {
  switch (part) {
    case 'kernel':
      return 'kernel knows none of its users; pass the value or function in';
    case 'connectors':
      return 'take plain values of kernel or connectors/ports.ts';
    case 'subgraphs':
      return 'meet through events and federation references, or compose in main.ts';
    case 'gateway':
      return 'use kernel and connectors/ports.ts, or compose in main.ts';
    case 'web-components':
      return 'web components know the server by its GraphQL API only';
    default:
      return 'only main.ts, commands/ and test/ compose';
  }
}

function stageOrder(from: string, { target, line }: { target: string; line: number }): readonly Finding[] {
  const [, subgraph = ''] = from.split('/');
  const order = stages[subgraph] ?? [];
  const stageOf = (path: string): number =>
    order.findIndex((stage) => isUnder(path, `subgraphs/${subgraph}/${stage}`));
  const [mine, theirs] = [stageOf(from), stageOf(target)];
  if (mine === -1 || theirs <= mine) return [];
  return [
    [line, `${order[mine]} comes before ${order[theirs]}: turn the dependency round or raise an event`],
  ];
}

/** Depth first over all imports; each cycle is reported once, at the import that closes it. */
function checkCycles(start: SourceFile, files: ReadonlyMap<string, SourceFile>): readonly Finding[] {
  const firstOfTarget = new Map(
    ourImports(start)
      .toReversed()
      .map((one) => [one.target, one]),
  );
  return [...firstOfTarget.values()]
    .filter((one) => one.kind !== 'url')
    .flatMap((one): readonly Finding[] => {
      const path = shortestPath(one.target, start.path, files);
      // Every file of a cycle finds it; the one that sorts first reports it.
      if (path === undefined || path.some((other) => other < start.path)) return [];
      const advice = `cycle ${[start.path, ...path].join(' -> ')}: move what both need into a file of its own`;
      return [[one.line, advice]];
    });
}

function shortestPath(
  from: string,
  to: string,
  files: ReadonlyMap<string, SourceFile>,
): readonly string[] | undefined {
  const previous = new Map<string, string | undefined>([[from, undefined]]);
  for (const path of previous.keys()) {
    if (path === to) return backtrack(previous, to);
    const file = files.get(path);
    if (!file) continue;
    for (const { target, kind } of ourImports(file))
      if (kind !== 'url' && !previous.has(target)) previous.set(target, path);
  }
  return undefined;
}

function backtrack(previous: ReadonlyMap<string, string | undefined>, end: string): readonly string[] {
  const path: string[] = [];
  for (let at: string | undefined = end; at !== undefined; at = previous.get(at)) path.unshift(at);
  return path;
}

function checkEnvironment(file: SourceFile): readonly Finding[] {
  const inBrowser = isUnder(file.path, 'web-components');
  const allowed = file.path === 'kernel/config.ts' || isUnder(file.path, 'test') || isConfig(file.path);
  if (allowed && !inBrowser) return [];
  const advice = inBrowser
    ? 'take it as a property of the element; a browser has no environment'
    : 'read it in kernel/config.ts and take it as a parameter';
  return file.environmentReads.map((line) => [line, advice]);
}

function checkLicence(file: SourceFile): readonly Finding[] {
  if (isUnder(file.path, 'gateway') || isUnder(file.path, 'test')) return [];
  return file.imports
    .filter((one) => one.package !== undefined && elasticPackages.includes(one.package))
    .map((one) => [one.line, `${one.package} is under the Elastic License 2.0: use it inside gateway/ only`]);
}

/** A pure rule stays pure through what it imports; type-only imports of others carry nothing with them. */
function checkPure(file: SourceFile, files: ReadonlyMap<string, SourceFile>): readonly Finding[] {
  if (isTest(file.path) || !purePaths.some((pattern) => pattern.test(file.path))) return [];
  const advice = 'is no business of a pure rule: take the value as a parameter';
  const clock = file.clockReads.map((line): Finding => [line, `the clock or chance ${advice}`]);
  const imports = file.imports.flatMap((one): readonly Finding[] => {
    const impure = impurity(one, files, new Set([file.path]));
    return impure === undefined ? [] : [[one.line, `${impure} ${advice}`]];
  });
  return [...clock, ...imports];
}

function impurity(
  one: SourceImport,
  files: ReadonlyMap<string, SourceFile>,
  seen: Set<string>,
): string | undefined {
  if (one.package !== undefined)
    return impurePackages.some((pattern) => pattern.test(one.package ?? '')) ? one.package : undefined;
  const target = one.target ?? '';
  if (impureKernel.test(target)) return target;
  if (one.kind === 'type' || seen.has(target)) return undefined;
  seen.add(target);
  const imported = files.get(target)?.imports ?? [];
  for (const next of imported) {
    const impure = next.kind === 'type' ? undefined : impurity(next, files, seen);
    if (impure !== undefined) return `${impure} (through ${target})`;
  }
  return undefined;
}

function checkFileLength(file: SourceFile): readonly Finding[] {
  const budget = isTest(file.path) ? 600 : 400;
  if (file.lineCount <= budget) return [];
  return [[budget + 1, `${file.lineCount} lines of at most ${budget}: split the file by what it does`]];
}

function checkBinaryNumbers(file: SourceFile): readonly Finding[] {
  if (!server.test(file.path) || isTest(file.path) || file.path === 'kernel/money.ts') return [];
  return binaryNumbers.flatMap(([word, advice]) =>
    linesWith(file.code, new RegExp(`\\b${word}\\b`)).map((line): Finding => [line, `${word}: ${advice}`]),
  );
}

function checkUnfinished(file: SourceFile): readonly Finding[] {
  if (namesBannedWords.test(file.path)) return [];
  const finish = 'finish the work, or write down as a decision what the product does not do';
  const marks = linesWith(file.text, /\b(TODO|FIXME)\b|\b[Nn]ot[ -]?[Ii]mplemented\b/);
  // XXX is also the ISO 4217 code of "no currency", so it counts in comments only.
  const crosses = file.comments
    .filter((comment) => /\bXXX\b/.test(comment.text))
    .map((comment) => comment.line);
  return [...new Set([...marks, ...crosses])].map((line) => [line, finish]);
}

function linesWith(text: string, pattern: RegExp): readonly number[] {
  return text.split('\n').flatMap((line, index) => (pattern.test(line) ? [index + 1] : []));
}

function checkDocumented(file: SourceFile): readonly Finding[] {
  if (!/^(kernel|connectors|gateway)\//.test(file.path) || isTest(file.path)) return [];
  return file.exports
    .filter((one) => !one.documented)
    .map((one) => [
      one.line,
      `say in a doc sentence directly before ${one.name} what it is, with units and errors`,
    ]);
}

/** A file that is no TypeScript: its words count, its structure does not. */
function plainText(path: string, text: string): SourceFile {
  return { ...parseSource(`${posix.basename(path)}.ts`, ''), path, text };
}
