import { resolve } from 'node:path';
import {
  getNamedType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLOutputType,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { subgraphs } from '../commands/subgraphs.ts';
import { cachedTypes } from '../gateway/sources/cached-types.ts';
import { readWorkingTree } from './support/source-files.ts';

/** The table behind each type of which the gateway may keep answers. */
const tables: Readonly<Record<string, string>> = {
  Vendor: 'vendors.vendor',
  Member: 'access.member',
  Book: 'access.book',
  Account: 'transactions.account',
};

const sources = [...readWorkingTree(resolve(import.meta.dirname, '..'), ['.ts', '.sql'])]
  .map(([path, text]) => ({ path, text }))
  .filter(({ path }) => /^(subgraphs|kernel|commands|demo)\//.test(path))
  .filter(({ path }) => !/\.test\.ts$|\/fixtures\//.test(path));

/** Where rows of a table are taken away, or changed in one of the columns. */
function changesOf(
  table: string,
  columns: ReadonlySet<string>,
  files: readonly { path: string; text: string }[],
): { path: string; text: string }[] {
  const name = table.replace('.', '\\s*\\.\\s*');
  const removal = new RegExp(`\\b(?:delete\\s+from\\s+|truncate\\s+(?:table\\s+)?)${name}\\b`, 'i');
  const update = new RegExp(`\\bupdate\\s+(?:only\\s+)?${name}\\b([^\`;]*?)(?:\\bwhere\\b|[\`;]|$)`, 'gi');
  const upsert = new RegExp(`insert\\s+into\\s+${name}\\b[^;\`]*on\\s+conflict[^;\`]*do\\s+update`, 'i');
  const sets = (text: string): boolean =>
    [...text.matchAll(update)].some(([, clause = '']) =>
      [...clause.matchAll(/(\w+)\s*=(?!=)/g)].some(([, column = '']) => columns.has(column)),
    );
  return files.filter(({ text }) => removal.test(text) || sets(text) || upsert.test(text));
}

const columnsOf = (fields: ReadonlySet<string>): ReadonlySet<string> =>
  new Set([...fields].map((field) => field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)));

describe.each(cachedTypes)('what the gateway may keep of $type', ({ type, subgraph, changedBy, fields }) => {
  const owner = subgraphs.find((one) => one.name === subgraph);
  const table = tables[type] ?? '';

  test('is known by its table here', () => {
    expect(table.startsWith(`${subgraph}.`)).toBe(true);
    expect(sources.some(({ text }) => text.includes(`'${table}'`) || text.includes(`into ${table} `))).toBe(
      true,
    );
  });

  test('changes only together with an event that names it', () => {
    const named = new RegExp(`emit\\(\\{\\s*type: '${changedBy ?? 'nothing does'}\\.`);
    const changes = changesOf(table, columnsOf(fields), sources);
    expect(changes.length > 0).toBe(changedBy !== undefined);
    expect(changes.filter(({ text }) => !named.test(text)).map(({ path }) => path)).toEqual([]);
  });

  test('are leaves without arguments that stand in its own row', () => {
    const object = owner?.schema.getType(type);
    if (!isObjectType(object)) throw new Error(`${subgraph} has no type ${type}`);
    const columns = owner?.entities.find((one) => one.meta.name === type)?.meta.properties ?? {};
    for (const name of fields) {
      if (name === '__typename') continue;
      const field = object.getFields()[name];
      expect([name, field?.args.length]).toEqual([name, 0]);
      expect([name, field && isLeafType(getNamedType(field.type))]).toEqual([name, true]);
      expect([name, field && depthOf(field.type) <= 1]).toEqual([name, true]);
      expect(Object.keys(columns)).toContain(name);
    }
  });
});

function depthOf(type: GraphQLOutputType): number {
  if (isNonNullType(type)) return depthOf(type.ofType);
  return isListType(type) ? 1 + depthOf(type.ofType) : 0;
}

test.each([
  ['update vendors.vendor set name = 1'],
  ['UPDATE only vendors.vendor set name = 1'],
  ['delete from\n  vendors.vendor where id = 1'],
  ['truncate vendors.vendor'],
  ['insert into vendors.vendor (id) values (1) on conflict (id)\n do update set name = 1'],
])('a change would be found: %s', (text) => {
  expect(changesOf('vendors.vendor', new Set(['a', 'name']), [{ path: 'a.ts', text }])).toHaveLength(1);
});

test('a change of another table is none', () => {
  const text = "update vendors.vendor_alias set a = 1; insert into vendors.vendor (id) values ('update')";
  expect(changesOf('vendors.vendor', new Set(['a', 'name']), [{ path: 'a.ts', text }])).toEqual([]);
});

test('a change of columns of which nothing is kept is none', () => {
  const text = 'update vendors.vendor v set secret = $1, other = a where id = $2';
  expect(changesOf('vendors.vendor', new Set(['a', 'name']), [{ path: 'a.ts', text }])).toEqual([]);
});
