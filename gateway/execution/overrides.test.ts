import { parse, type OperationDefinitionNode } from 'graphql';
import { expect, test } from 'vitest';
import { createLog } from '#kernel/log';
import { anybody, federate } from '../fixtures/federation.ts';
import { createExecutor } from './executor.ts';
import { byPercent } from './overrides.ts';

function move(label: string) {
  const named = (by: string) => ({ Query: { name: () => `from ${by}`, place: () => by } });
  return federate({
    old: { typeDefs: 'type Query { name: String place: String @shareable }', resolvers: named('old') },
    young: {
      typeDefs: `type Query { name: String @override(from: "old", label: "${label}") place: String @shareable }`,
      resolvers: named('young'),
    },
  });
}

test.each([
  ['percent(100)', 'from young'],
  ['percent(0)', 'from old'],
  ['moving', 'from old'],
])('an override labelled %s gives the field %s', async (label, name) => {
  expect((await move(label).ask('{ name }')).data).toEqual({ name });
});

test('labels are decided for each execution', async () => {
  const { graph, sources } = move('moving');
  let moved = false;
  const executor = createExecutor({
    graph,
    sources,
    log: createLog('silent', 'test'),
    overrides: () => moved,
  });
  const document = parse('{ name }');
  const compiled = executor.compile(document, document.definitions[0] as OperationDefinitionNode);
  const names: unknown[] = [];
  for (const now of [false, true, false]) {
    moved = now;
    if (compiled.kind === 'query')
      names.push((await compiled.execute({ variables: {}, actor: anybody })).data?.['name']);
  }
  expect(names).toEqual(['from old', 'from young', 'from old']);
});

test('a share of executions is about as large as its label says', () => {
  const held = Array.from({ length: 10_000 }, () => byPercent('percent(25)')).filter(Boolean).length;
  expect(held).toBeGreaterThan(2_000);
  expect(held).toBeLessThan(3_000);
});
