import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { Visitor, parseSync } from 'vite';
import type { ESTree, ParseResult } from 'vite';

/** How one file names another: a value import, a type-only one, `import()`, or `new URL('./worker.ts', import.meta.url)`. */
export type ImportKind = 'value' | 'type' | 'dynamic' | 'url';

/** One import of a file. `target` is a path of this repository, `package` a package or `node:` module; never both. */
export interface SourceImport {
  readonly kind: ImportKind;
  readonly specifier: string;
  readonly line: number;
  readonly target?: string;
  readonly package?: string;
}

/** One function with the length of its body in lines and its positional parameters. */
export interface SourceFunction {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
  readonly parameters: number;
  /** The callback of `describe`, `test` or `it`. */
  readonly testCallback: boolean;
  /** Handed straight to a call, which decides the parameters; where that call is ours, its type is checked instead. */
  readonly callback: boolean;
}

/** An exported function, class, constant or interface, and whether a doc comment stands directly before it. */
export interface SourceExport {
  readonly name: string;
  readonly line: number;
  readonly documented: boolean;
}

/** What the rules of the architecture need to know about one TypeScript file. Lines are one-based. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly lineCount: number;
  /** The text with comments blanked out, so that lines stay where they are. */
  readonly code: string;
  readonly comments: readonly { readonly line: number; readonly text: string }[];
  readonly imports: readonly SourceImport[];
  readonly importStatements: number;
  readonly functions: readonly SourceFunction[];
  readonly exports: readonly SourceExport[];
  readonly defaultExports: readonly number[];
  readonly onlyReExports: boolean;
  readonly environmentReads: readonly number[];
  readonly clockReads: readonly number[];
  readonly syntaxErrors: readonly string[];
}

type Functional = ESTree.Function | ESTree.ArrowFunctionExpression;
type Signature = ESTree.TSFunctionType | ESTree.TSMethodSignature | ESTree.TSCallSignatureDeclaration;

const testCallees = new Set(['describe', 'test', 'it', 'suite']);

/** Reads every file of the working tree that is tracked or new, as path -> text. */
export function readWorkingTree(root: string, extensions: readonly string[]): Map<string, string> {
  const listing = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const paths = listing.split('\0').filter((path) => extensions.includes(posix.extname(path)));
  return new Map(
    paths
      .toSorted()
      .filter((path) => existsSync(join(root, path)))
      .map((path) => [path, readFileSync(join(root, path), 'utf8')]),
  );
}

/** Parses one TypeScript file into what the rules need. */
export function parseSource(path: string, text: string): SourceFile {
  const { program, comments, errors } = parseSync(path, text);
  const lineOf = lineIndex(text);
  const body = program.body;
  return {
    path,
    text,
    lineCount: text.split('\n').length - (text.endsWith('\n') ? 1 : 0),
    code: comments.reduce((code, comment) => blank(code, comment.start, comment.end), text),
    comments: comments.flatMap((comment) =>
      comment.value.split('\n').map((line, index) => ({ line: lineOf(comment.start) + index, text: line })),
    ),
    imports: findImports(path, program, lineOf),
    importStatements: body.filter((statement) => sourceOf(statement) !== undefined).length,
    functions: findFunctions(program, lineOf),
    exports: findExports(program, documentedAt(text, comments), lineOf),
    defaultExports: body.filter(isDefaultExport).map((statement) => lineOf(statement.start)),
    onlyReExports: isBarrel(body),
    ...findAmbientReads(program, lineOf),
    syntaxErrors: errors.map((error) => error.message),
  };
}

function lineIndex(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
}

function blank(text: string, start: number, end: number): string {
  return text.slice(0, start) + text.slice(start, end).replaceAll(/[^\n]/g, ' ') + text.slice(end);
}

function sourceOf(statement: ESTree.Program['body'][number]): string | undefined {
  if (statement.type === 'ImportDeclaration' || statement.type === 'ExportAllDeclaration')
    return statement.source.value;
  return statement.type === 'ExportNamedDeclaration' ? statement.source?.value : undefined;
}

function isDefaultExport(statement: ESTree.Program['body'][number]): boolean {
  if (statement.type === 'ExportDefaultDeclaration') return true;
  if (statement.type !== 'ExportNamedDeclaration') return false;
  return statement.specifiers.some((specifier) => nameOf(specifier.exported) === 'default');
}

/** True for a file whose statements are all imports and exports of what other files declare. */
function isBarrel(body: ESTree.Program['body']): boolean {
  const passesOn = (statement: ESTree.Program['body'][number]): boolean =>
    statement.type === 'ExportAllDeclaration' ||
    (statement.type === 'ExportNamedDeclaration' &&
      !statement.declaration &&
      statement.specifiers.length > 0);
  return (
    body.some(passesOn) &&
    body.every((statement) => statement.type === 'ImportDeclaration' || passesOn(statement))
  );
}

function nameOf(node: ESTree.Node): string {
  if (node.type === 'Identifier') return node.name;
  return node.type === 'Literal' ? String(node.value) : '';
}

function findImports(
  path: string,
  program: ESTree.Program,
  lineOf: (at: number) => number,
): readonly SourceImport[] {
  const found: SourceImport[] = [];
  const add = (kind: ImportKind, node: ESTree.Node, specifier: string): void => {
    found.push({ kind, specifier, line: lineOf(node.start), ...resolveSpecifier(path, specifier) });
  };
  for (const statement of program.body) {
    const specifier = sourceOf(statement);
    if (specifier !== undefined) add(isTypeOnly(statement) ? 'type' : 'value', statement, specifier);
  }
  new Visitor({
    ImportExpression: (node) => {
      if (node.source.type === 'Literal') add('dynamic', node, String(node.source.value));
    },
    TSImportType: (node) => add('type', node, node.source.value),
    NewExpression: (node) => {
      const [first] = node.arguments;
      if (nameOf(node.callee) !== 'URL' || first?.type !== 'Literal') return;
      if (/^\.\.?\/.*\.ts$/.test(String(first.value))) add('url', node, String(first.value));
    },
  }).visit(program);
  return found;
}

function isTypeOnly(statement: ESTree.Program['body'][number]): boolean {
  if (statement.type === 'ImportDeclaration') {
    const named = statement.specifiers;
    const everyNameIsType =
      named.length > 0 &&
      named.every((specifier) => specifier.type === 'ImportSpecifier' && specifier.importKind === 'type');
    return statement.importKind === 'type' || everyNameIsType;
  }
  if (statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportAllDeclaration')
    return statement.exportKind === 'type';
  return false;
}

function resolveSpecifier(from: string, specifier: string): { target: string } | { package: string } {
  if (specifier.startsWith('.')) return { target: posix.join(posix.dirname(from), specifier) };
  const own = /^#(kernel|connectors)\/(.+)$/.exec(specifier);
  if (own) return { target: `${own[1]}/${own[2]}.ts` };
  if (specifier.startsWith('@crossfoot/web-components')) return { target: 'web-components/index.ts' };
  if (specifier.startsWith('node:')) return { package: specifier };
  return {
    package: specifier
      .split('/')
      .slice(0, specifier.startsWith('@') ? 2 : 1)
      .join('/'),
  };
}

function findFunctions(program: ESTree.Program, lineOf: (at: number) => number): readonly SourceFunction[] {
  const found: SourceFunction[] = [];
  const names = new Map<number, string>();
  const testCallbacks = new Set<number>();
  const callbacks = new Set<number>();
  const addSignature = (node: Signature): void => {
    found.push({
      name: 'key' in node ? nameOf(node.key) : 'a function type',
      line: lineOf(node.start),
      lines: 0,
      parameters: countParameters(node.params),
      testCallback: false,
      callback: false,
    });
  };
  const add = (node: Functional): void => {
    const body = node.body ?? node;
    found.push({
      name: node.id?.name ?? names.get(node.start) ?? 'a function',
      line: lineOf(node.start),
      lines: lineOf(body.end) - lineOf(body.start) + 1,
      parameters: countParameters(node.params),
      testCallback: testCallbacks.has(node.start),
      callback: callbacks.has(node.start),
    });
  };
  new Visitor({
    CallExpression: (node) => {
      for (const argument of node.arguments) markCallbacks(argument, callbacks);
      if (!testCallees.has(rootName(node.callee))) return;
      for (const argument of node.arguments) testCallbacks.add(argument.start);
    },
    NewExpression: (node) => {
      for (const argument of node.arguments) markCallbacks(argument, callbacks);
    },
    TSFunctionType: addSignature,
    TSMethodSignature: addSignature,
    TSCallSignatureDeclaration: addSignature,
    VariableDeclarator: (node) => {
      if (node.init) names.set(node.init.start, nameOf(node.id));
    },
    MethodDefinition: (node) => void names.set(node.value.start, nameOf(node.key)),
    PropertyDefinition: (node) => {
      if (node.value) names.set(node.value.start, nameOf(node.key));
    },
    Property: (node) => void names.set(node.value.start, nameOf(node.key)),
    FunctionDeclaration: add,
    FunctionExpression: add,
    ArrowFunctionExpression: add,
  }).visit(program);
  return found;
}

/** The functions in an argument of a call: the argument itself, or a property of an object literal however deep. */
function markCallbacks(argument: ESTree.Node, callbacks: Set<number>): void {
  if (argument.type === 'ArrowFunctionExpression' || argument.type === 'FunctionExpression')
    callbacks.add(argument.start);
  if (argument.type !== 'ObjectExpression') return;
  for (const property of argument.properties)
    if (property.type === 'Property') markCallbacks(property.value, callbacks);
}

function countParameters(parameters: readonly ESTree.Node[]): number {
  return parameters.filter((parameter) => nameOf(parameter) !== 'this').length;
}

/** `describe` of `describe`, `describe.skipIf(…)` and `test.each(…)`. */
function rootName(callee: ESTree.Expression): string {
  let node: ESTree.Expression = callee;
  while (
    node.type === 'MemberExpression' ||
    node.type === 'CallExpression' ||
    node.type === 'TaggedTemplateExpression'
  ) {
    if (node.type === 'MemberExpression') node = node.object;
    else node = node.type === 'CallExpression' ? node.callee : node.tag;
  }
  return nameOf(node);
}

function documentedAt(text: string, comments: ParseResult['comments']): (start: number) => boolean {
  const docs = comments.filter((comment) => comment.type === 'Block' && comment.value.startsWith('*'));
  return (start) =>
    docs.some((comment) => comment.end <= start && text.slice(comment.end, start).trim() === '');
}

function findExports(
  program: ESTree.Program,
  documented: (start: number) => boolean,
  lineOf: (at: number) => number,
): readonly SourceExport[] {
  const local = new Map<string, boolean>();
  const found: SourceExport[] = [];
  const seen = new Set<string>();
  for (const statement of program.body) {
    const exported = statement.type === 'ExportNamedDeclaration';
    for (const name of declaredNames(exported ? statement.declaration : statement)) {
      const isDocumented = documented(statement.start);
      local.set(name, isDocumented);
      // The first signature of an overloaded function carries the sentence for all of them.
      if (exported && !seen.has(name))
        found.push({ name, line: lineOf(statement.start), documented: isDocumented });
      seen.add(name);
    }
  }
  for (const statement of program.body) {
    if (statement.type !== 'ExportNamedDeclaration' || statement.source) continue;
    for (const specifier of statement.specifiers) {
      const isDocumented = local.get(nameOf(specifier.local));
      if (isDocumented === undefined) continue;
      found.push({
        name: nameOf(specifier.exported),
        line: lineOf(specifier.start),
        documented: isDocumented,
      });
    }
  }
  return found;
}

function declaredNames(declaration: ESTree.Node | null): readonly string[] {
  if (declaration?.type === 'VariableDeclaration')
    return declaration.declarations.map((declarator) => nameOf(declarator.id));
  const named =
    declaration?.type === 'FunctionDeclaration' ||
    declaration?.type === 'TSDeclareFunction' ||
    declaration?.type === 'ClassDeclaration' ||
    declaration?.type === 'TSInterfaceDeclaration';
  return named && declaration.id ? [declaration.id.name] : [];
}

function findAmbientReads(program: ESTree.Program, lineOf: (at: number) => number) {
  const environmentReads: number[] = [];
  const clockReads: number[] = [];
  new Visitor({
    MemberExpression: (node) => {
      const [object, property] = [lastName(node.object), nameOf(node.property)];
      if (object === 'process' && property === 'env') environmentReads.push(lineOf(node.start));
      if ((object === 'Date' || object === 'performance') && property === 'now')
        clockReads.push(lineOf(node.start));
      if (object === 'Math' && property === 'random') clockReads.push(lineOf(node.start));
    },
    NewExpression: (node) => {
      if (nameOf(node.callee) === 'Date' && node.arguments.length === 0) clockReads.push(lineOf(node.start));
    },
    VariableDeclarator: (node) => {
      if (node.id.type !== 'ObjectPattern' || !node.init || lastName(node.init) !== 'process') return;
      const takesEnv = node.id.properties.some(
        (property) => property.type === 'Property' && nameOf(property.key) === 'env',
      );
      if (takesEnv) environmentReads.push(lineOf(node.start));
    },
    ImportDeclaration: (node) => {
      if (!/^(node:)?process$/.test(node.source.value)) return;
      const takesEnv = node.specifiers.some(
        (specifier) => specifier.type === 'ImportSpecifier' && nameOf(specifier.imported) === 'env',
      );
      if (takesEnv) environmentReads.push(lineOf(node.start));
    },
  }).visit(program);
  return { environmentReads, clockReads };
}

/** `process` of `process` and of `globalThis.process`. */
function lastName(node: ESTree.Expression): string {
  return node.type === 'MemberExpression' ? nameOf(node.property) : nameOf(node);
}
