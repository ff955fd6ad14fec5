import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { compose } from '../gateway/graph/compose.ts';
import { readSupergraph } from '../gateway/graph/federated-graph.ts';
import { subgraphs } from '../commands/subgraphs.ts';
import { embedComponents } from '../subgraphs/access/embed-features.ts';

const folder = join(import.meta.dirname, '../schema');
const { views } = readSupergraph(readFileSync(join(folder, 'supergraph.graphql'), 'utf8'));

interface Manifest {
  readonly operations: readonly { readonly name: string; readonly body: string }[];
}

const { operations } = JSON.parse(readFileSync(join(folder, 'operations.json'), 'utf8')) as Manifest;

test.each(operations.map(({ name, body }) => [name, body]))(
  'the operation %s of the components is one of the portal',
  (_name, body) => {
    expect(validate(views.portal.schema, parse(body)).map((error) => error.message)).toEqual([]);
  },
);

test('every command that a feature of a component needs is a mutation of the portal', () => {
  const mutations = Object.keys(views.portal.schema.getMutationType()?.getFields() ?? {});
  const needed = Object.values(embedComponents).flatMap(({ features }) =>
    Object.values(features as Readonly<Record<string, { commands: readonly string[] }>>).flatMap(
      ({ commands }) => commands,
    ),
  );
  expect(needed.length).toBeGreaterThan(5);
  expect(needed.filter((command) => !mutations.includes(command))).toEqual([]);
});

test('the views of the subgraphs as they are hold together', () => {
  const { errors, viewSdl } = compose(subgraphs);
  expect(errors).toEqual([]);
  expect([...viewSdl.keys()]).toEqual(['portal', 'partner']);
});
