import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSchema, GraphQLError } from 'graphql';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createGraph, toSubgraphSchema } from '#kernel/graphql';
import { checkSchemas, compose, composeOrThrow, writeSchemas, type ComposedSubgraph } from './compose.ts';
import { readSupergraph } from './federated-graph.ts';
import { smallSchemas } from '../fixtures/small-subgraphs.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossfoot-schema-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function small(): ComposedSubgraph[] {
  const schemas = smallSchemas({ entries: new Map(), vendors: new Map(), keys: new Map() });
  return Object.entries(schemas).map(([name, schema]) => ({ name, schema }));
}

/** A subgraph that gives a vendor's name a type of its own. */
function contradicting(): ComposedSubgraph {
  const graph = createGraph();
  const { builder } = graph;
  const Vendor = builder.objectRef<{ id: string }>('Vendor').implement({
    shareable: true,
    fields: (t) => ({ id: t.exposeID('id'), name: t.int({ resolve: () => 1 }) }),
  });
  builder.queryFields((t) => ({ odd: t.field({ type: Vendor, resolve: () => ({ id: '1' }) }) }));
  return { name: 'odd', schema: toSubgraphSchema(graph) };
}

/** A subgraph whose value type lacks a field that another gives it. */
function partial(name: string, field: string): ComposedSubgraph {
  const graph = createGraph();
  const { builder } = graph;
  const Size = builder.objectRef<object>('Size').implement({
    shareable: true,
    fields: (t) => ({ width: t.int({ resolve: () => 1 }), [field]: t.int({ resolve: () => 1 }) }),
  });
  builder.queryFields((t) => ({ [`${name}Size`]: t.field({ type: Size, resolve: () => ({}) }) }));
  return { name, schema: toSubgraphSchema(graph) };
}

test('the API shows what clients may ask and nothing of the machinery', () => {
  const { apiSdl, errors, hints } = composeOrThrow(small());
  expect([...errors, ...hints]).toEqual([]);
  expect(apiSdl).toContain('journalEntryChanged(');
  expect(apiSdl).not.toMatch(/keyActor|_entities|_service|@key|join__/);
  expect(() => buildSchema(apiSdl)).not.toThrow();
});

test('the supergraph can be planned over', () => {
  const graph = readSupergraph(composeOrThrow(small()).supergraphSdl);
  expect(graph.api.getSubscriptionType()?.getFields()['journalEntryChanged']).toBeDefined();
});

test('the same subgraphs give the same text, in whatever order they come', () => {
  expect(compose(small().toReversed())).toEqual(compose(small()));
});

test('written schemas are up to date until a subgraph changes', () => {
  const written = writeSchemas(folder, small());
  expect([...written].toSorted()).toEqual(
    ['access', 'api', 'node', 'supergraph', 'transactions', 'vendors', 'views/partner', 'views/portal'].map(
      (name) => `${name}.graphql`,
    ),
  );
  const present = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name !== 'views',
  );
  expect(present.toSorted()).toEqual([...written].toSorted());
  expect(checkSchemas(folder, small())).toEqual([]);
  const fewer = small().filter(({ name }) => name !== 'access');
  expect(checkSchemas(folder, fewer)).toEqual([
    'access.graphql',
    'api.graphql',
    'node.graphql',
    'supergraph.graphql',
    'views/partner.graphql',
    'views/portal.graphql',
  ]);
  const without = small().filter(({ name }) => name !== 'vendors');
  expect(() => checkSchemas(folder, without)).toThrow('its type Vendor is not');
});

test('a missing, an edited and a superfluous file are named, and writing mends all three', () => {
  writeSchemas(folder, small());
  rmSync(join(folder, 'api.graphql'));
  const edited = join(folder, 'vendors.graphql');
  writeFileSync(edited, readFileSync(edited, 'utf8').replace('name: String!', 'name: String'));
  writeFileSync(join(folder, 'gone.graphql'), '');
  writeFileSync(join(folder, 'README.md'), 'kept');
  expect(checkSchemas(folder, small())).toEqual(['api.graphql', 'gone.graphql', 'vendors.graphql']);
  writeSchemas(folder, small());
  expect(checkSchemas(folder, small())).toEqual([]);
  expect(readdirSync(folder)).toContain('README.md');
});

test('a folder that does not exist holds no schema', () => {
  expect(checkSchemas(join(folder, 'none'), small())).toHaveLength(8);
});

test('subgraphs that contradict each other are not composed, and the error says where', () => {
  const { errors, supergraphSdl } = compose([...small(), contradicting()]);
  expect(supergraphSdl).toBe('');
  expect(errors.join('\n')).toContain('Vendor.name');
  expect(() => composeOrThrow([...small(), contradicting()])).toThrow(/Vendor\.name/);
  expect(() => composeOrThrow([...small(), contradicting()])).not.toThrow(GraphQLError);
});

test('a hint of composition is a fault', () => {
  const subgraphs = [partial('one', 'height'), partial('two', 'depth')];
  expect(compose(subgraphs).errors.concat(compose(subgraphs).hints).join('\n')).toMatch(
    /Size\.(height|depth)/,
  );
  expect(() => writeSchemas(folder, subgraphs)).toThrow(/do not compose/);
  expect(readdirSync(folder)).toEqual([]);
});
