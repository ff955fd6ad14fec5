import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Kind, parse, type OperationDefinitionNode } from 'graphql';
import { expect, test } from 'vitest';
import { subgraphs } from '../commands/subgraphs.ts';
import { embedComponents, embedRights, type ComponentName } from '../subgraphs/access/embed-features.ts';

/** What an element sends, followed through its imports, compared with what a session for it may do. */
const elements = resolve(import.meta.dirname, '../web-components');

interface Import {
  readonly names: readonly string[];
  readonly file: string;
}

function importsOf(file: string): Import[] {
  const found = readFileSync(file, 'utf8').matchAll(/import (?:type )?\{([^}]*)\} from '(\.[^']*)'/g);
  return Array.from(found, ([, names = '', path = '']) => ({
    names: names.split(',').map((name) => name.replace(/^\s*type\s/, '').trim()),
    file: join(dirname(file), path),
  }));
}

/** The texts of the operations that a file and what it imports hold by name. */
async function operationsOf(file: string, seen = new Set<string>()): Promise<OperationDefinitionNode[]> {
  if (seen.has(file)) return [];
  seen.add(file);
  const found = await Promise.all(
    importsOf(file).map(async ({ names, file: imported }) => {
      if (!imported.endsWith('.operations.ts')) return operationsOf(imported, seen);
      const module = (await import(pathToFileURL(imported).href)) as Record<string, unknown>;
      const texts = names.map((name) => module[name]).filter((value) => typeof value === 'string');
      return texts.flatMap((text) =>
        parse(text).definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION),
      );
    }),
  );
  return found.flat();
}

function rootsOf(operations: readonly OperationDefinitionNode[], kind: 'query' | 'mutation'): string[] {
  const fields = operations
    .filter(({ operation }) => operation === kind)
    .flatMap(({ selectionSet }) => selectionSet.selections)
    .flatMap((selection) => (selection.kind === Kind.FIELD ? [selection.name.value] : []));
  return [...new Set(fields)].toSorted((a, b) => a.localeCompare(b));
}

const fileOf = (component: string): string => join(elements, component, `cf-${component}.ts`);
const commandsOf = (component: ComponentName): readonly string[] =>
  embedRights([component], Object.keys(embedComponents[component].features)).commands;

test('a session for the reconciliation board may do exactly what the board does', async () => {
  const sent = rootsOf(await operationsOf(fileOf('reconciliation-board')), 'mutation');
  expect(sent.length).toBeGreaterThan(10);
  const granted = commandsOf('reconciliation-board').toSorted((a, b) => a.localeCompare(b));
  expect(granted).toEqual(sent);
});

const drawn = Object.keys(embedComponents).filter((name) => name !== 'document-intake') as ComponentName[];

test.each(drawn)('%s sends nothing its session may not do or see', async (component) => {
  const operations = await operationsOf(fileOf(component));
  expect(operations.length).toBeGreaterThan(0);
  const granted = commandsOf(component);
  expect(rootsOf(operations, 'mutation').filter((name) => !granted.includes(name))).toEqual([]);
  const { scopes } = embedRights([component], []);
  const seen = rootsOf(operations, 'query').map((name) => [name, scopeOfQuery(name)] as const);
  expect(seen.filter(([, scope]) => scope !== undefined && !scopes.has(scope as never))).toEqual([]);
});

function scopeOfQuery(name: string): string | undefined {
  const field = subgraphs.flatMap(({ schema }) => schema.getQueryType()?.getFields()[name] ?? [])[0];
  const options = field?.extensions as { pothosOptions?: { authScopes?: { scope?: string } } } | undefined;
  return options?.pothosOptions?.authScopes?.scope;
}
