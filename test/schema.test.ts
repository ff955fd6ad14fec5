import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObjectType, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { describe, expect, test } from 'vitest';
import { checkSchemas, compose } from '../gateway/graph/compose.ts';
import { ownedEntities, ownersOf } from '../gateway/graph/node-schema.ts';
import { entitiesByPrefix } from '#kernel/ids';
import { subgraphs } from '../commands/subgraphs.ts';
import { violations, type Violation } from './support/schema-rules.ts';

const folder = join(import.meta.dirname, '../schema');

describe('the graph keeps its conventions', () => {
  test.each(subgraphs.map((subgraph) => [subgraph.name, subgraph.schema] as const))('%s', (name, schema) => {
    expect(violations(name, schema).map(sentence)).toEqual([]);
  });
});

describe('the subgraphs compose', () => {
  test('without errors and without hints outside the allow-list', () => {
    const { errors, hints } = compose(subgraphs);
    expect(errors).toEqual([]);
    expect(hints).toEqual([]);
  });

  test('into the schemas that are committed', () => {
    expect(checkSchemas(folder, subgraphs)).toEqual([]);
  });

  test('and the supergraph names every subgraph', () => {
    const supergraph = readFileSync(join(folder, 'supergraph.graphql'), 'utf8');
    for (const { name } of subgraphs) expect(supergraph).toContain(`@join__graph(name: "${name}"`);
  });
});

describe('every entity is found by its id alone', () => {
  const owned = subgraphs.flatMap(({ schema }) => ownedEntities(schema));

  test('because one subgraph owns it', () => {
    const keyed = subgraphs.flatMap(({ schema }) => {
      const union = schema.getType('_Entity');
      return union && 'getTypes' in union ? union.getTypes().map((type) => type.name) : [];
    });
    expect(owned.toSorted()).toEqual([...new Set(keyed)].toSorted());
  });

  test('because the prefix of its ids names it, and no prefix names anything else', () => {
    expect(Object.values(entitiesByPrefix).toSorted()).toEqual(owned.toSorted());
  });

  test('and the supergraph says who owns it', () => {
    const owners = ownersOf(readFileSync(join(folder, 'supergraph.graphql'), 'utf8'));
    const expected = subgraphs.flatMap(({ name, schema }) =>
      ownedEntities(schema).map((entity) => [entity, name] as const),
    );
    expect(owners).toEqual(new Map(expected));
  });
});

describe('nothing is answered without a right', () => {
  test.each(subgraphs.map((subgraph) => [subgraph.name, subgraph.schema] as const))(
    'every root field and every entity of %s asks for a scope',
    (_name, schema) => {
      const guarded = objectTypes(schema).filter(
        (type) => !type.name.endsWith('Payload') && !isValueType(type.name),
      );
      const unguarded = guarded.filter((type) => scopesOf(type).length === 0);
      expect(unguarded.map((type) => type.name)).toEqual([]);
    },
  );
});

const valueTypes = ['Money', 'UserError', 'PageInfo', '_Service'];
const isValueType = (name: string) =>
  valueTypes.includes(name) || /.Connection$/.test(name) || name.endsWith('Edge') || name.startsWith('__');

function objectTypes(schema: GraphQLSchema): GraphQLObjectType[] {
  return Object.values(schema.getTypeMap()).filter((type) => isObjectType(type));
}

interface PothosExtensions {
  readonly pothosOptions?: { readonly authScopes?: { readonly scope?: string } };
}

/** The scopes a type asks for: its own, or those of its fields when every one of them asks. */
function scopesOf(type: GraphQLObjectType): string[] {
  const own = (type.extensions as PothosExtensions).pothosOptions?.authScopes?.scope;
  if (own) return [own];
  // A stub is nothing but the id another row already showed.
  const fields = Object.values(type.getFields()).filter((field) => !field.name.startsWith('_'));
  if (fields.length === 1 && fields[0]?.name === 'id') return ['stub'];
  const scopes = fields.map(
    (field) => (field.extensions as PothosExtensions).pothosOptions?.authScopes?.scope,
  );
  return scopes.every((scope) => scope !== undefined) ? scopes : [];
}

function sentence(violation: Violation): string {
  return `${violation.where}: ${violation.rule}`;
}
