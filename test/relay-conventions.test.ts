import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildSchema,
  getNamedType,
  getNullableType,
  isInterfaceType,
  isListType,
  isObjectType,
  type GraphQLField,
  type GraphQLObjectType,
} from 'graphql';
import { describe, expect, test } from 'vitest';

/** What Relay's compiler and its store expect of a server: https://relay.dev/graphql, for the API clients see. */
const schema = buildSchema(readFileSync(join(import.meta.dirname, '../schema/api.graphql'), 'utf8'));
const objects = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type));
// `Connection` alone is one to an accounting system.
const connections = objects.filter(({ name }) => /.Connection$/.test(name));

function fieldOf(type: GraphQLObjectType, name: string): GraphQLField<unknown, unknown> {
  const field = type.getFields()[name];
  if (!field) throw new Error(`${type.name} has no ${name}`);
  return field;
}

function objectNamed(name: string): GraphQLObjectType {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`There is no type ${name}`);
  return type;
}

const signature = ({ args, type }: GraphQLField<unknown, unknown>): string =>
  `(${args.map((arg) => `${arg.name}: ${String(arg.type)}`).join(', ')}): ${String(type)}`;

describe('global ids', () => {
  test('are found by node, one or many', () => {
    const query = objectNamed('Query');
    expect(signature(fieldOf(query, 'node'))).toBe('(id: ID!): Node');
    expect(signature(fieldOf(query, 'nodes'))).toBe('(ids: [ID!]!): [Node]!');
  });

  test('are the only field of the interface, which more than twenty types implement', () => {
    const node = schema.getType('Node');
    if (!isInterfaceType(node)) throw new Error('Node is no interface');
    expect(Object.values(node.getFields()).map((field) => `${field.name}: ${String(field.type)}`)).toEqual([
      'id: ID!',
    ]);
    expect(schema.getPossibleTypes(node).length).toBeGreaterThan(20);
  });
});

describe('connections', () => {
  test('there are some', () => {
    expect(connections.length).toBeGreaterThan(10);
  });

  test.each(connections.map((type) => [type.name, type] as const))(
    '%s has edges with node and cursor, and a place',
    (_name, type) => {
      const edges = getNullableType(fieldOf(type, 'edges').type);
      const edge = getNamedType(edges);
      if (!isListType(edges) || !isObjectType(edge))
        throw new Error(`${type.name}.edges is no list of edges`);
      expect(edge.name).toMatch(/.Edge$/);
      expect(String(fieldOf(edge, 'cursor').type)).toBe('String!');
      expect(isObjectType(getNamedType(fieldOf(edge, 'node').type))).toBe(true);
      expect(isListType(getNullableType(fieldOf(edge, 'node').type))).toBe(false);
      expect(String(fieldOf(type, 'pageInfo').type)).toBe('PageInfo!');
    },
  );

  test('the place says what is before and behind', () => {
    const fields = Object.values(objectNamed('PageInfo').getFields());
    expect(fields.map((field) => `${field.name}: ${String(field.type)}`).toSorted()).toEqual([
      'endCursor: String',
      'hasNextPage: Boolean!',
      'hasPreviousPage: Boolean!',
      'startCursor: String',
    ]);
  });

  const answering = objects.flatMap((type) =>
    Object.values(type.getFields())
      .filter((field) => connections.includes(getNamedType(field.type) as GraphQLObjectType))
      .map((field) => [`${type.name}.${field.name}`, field] as const),
  );

  test.each(answering)('%s is paged forward, and always answers a page', (_name, field) => {
    const args = Object.fromEntries(field.args.map((arg) => [arg.name, String(arg.type)]));
    expect(args).toMatchObject({ first: 'Int', after: 'String' });
    expect(String(field.type)).toMatch(/Connection!$/);
  });
});
