import { execute, parse, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Actor, Scope } from '#kernel/actor';
import type { Context } from '#kernel/context';
import { createGraph, toSubgraphSchema } from '#kernel/graphql';
import { entity, extension, stub } from '#kernel/graphql-types';

/** What a router may expect of a subgraph, for each capability of federation that our subgraphs use. */
let schema: GraphQLSchema;
let sdl: string;
const loaded: string[] = [];

beforeAll(async () => {
  schema = bookShop();
  const answer = await ask('{ _service { sdl } }');
  const service = answer.data?.['_service'] as { sdl: string } | undefined;
  sdl = service?.sdl ?? '';
});

function bookShop(): GraphQLSchema {
  const graph = createGraph();
  const { builder } = graph;
  const Author = stub(graph, 'Author');
  const Book = entity<{ id: string; title: string }>(graph, 'Book', {
    description: 'Something to read.',
    scope: 'vendors:read',
    load: async (id) => {
      loaded.push(id);
      return id === 'bk_gone' ? null : { id, title: `Title of ${id}` };
    },
    fields: (t) => ({
      title: t.exposeString('title', { tag: ['partner'] }),
      author: t.field({ type: Author, nullable: true, resolve: () => ({ id: 'au_1' }) }),
    }),
  });
  extension(graph, 'Shop', {
    scope: 'vendors:read',
    fields: (t) => ({ books: t.field({ type: [Book], resolve: ({ id }) => [{ id, title: 'x' }] }) }),
  });
  builder.queryFields((t) => ({
    book: t.field({ type: Book, nullable: true, resolve: () => null }),
    forTheGatewayAlone: t.string({ inaccessible: true, resolve: () => '' }),
  }));
  return toSubgraphSchema(graph);
}

function ask(
  query: string,
  { variables, scopes = ['vendors:read'] }: { variables?: object; scopes?: readonly Scope[] } = {},
): Promise<ExecutionResult> {
  const contextValue = { actor: { scopes } as Actor } as Context;
  const variableValues = { ...variables };
  return Promise.resolve(execute({ schema, document: parse(query), contextValue, variableValues }));
}

const entities = (representations: readonly object[], fields: string, scopes?: readonly Scope[]) =>
  ask(`query ($r: [_Any!]!) { _entities(representations: $r) { __typename ${fields} } }`, {
    variables: { r: representations },
    scopes,
  });

/** The definition of a type in the schema the subgraph tells the router. */
const definition = (name: string): string =>
  new RegExp(`^(type|interface|extend schema)[^}]*${name}[^}]*\\}`, 'm').exec(sdl)?.[0] ?? '';

describe('the schema a router reads', () => {
  test('links the version of federation it is written in, and imports what it uses', () => {
    expect(sdl).toMatch(
      /extend schema\s+@link\(url: "https:\/\/specs.apollo.dev\/federation\/v2.6", import: \[/,
    );
    for (const used of ['@key', '@shareable', '@inaccessible', '@tag']) expect(sdl).toContain(`"${used}"`);
  });

  test('hides the machinery of federation', () => {
    expect(sdl).not.toMatch(/_entities|_service|_Any|_Entity/);
  });

  test('gives an entity its key, and Relay its interface', () => {
    expect(definition('Book')).toMatch(/type Book implements Node\s+@key\(fields: "id"\)\s+\{/);
  });

  test('says of a reference that another subgraph must resolve it', () => {
    expect(definition('Author')).toMatch(
      /type Author\s+@key\(fields: "id", resolvable: false\)\s+\{\s+id: ID!\s+\}/,
    );
  });

  test('adds fields to an entity of another subgraph under the same key, without claiming to own it', () => {
    expect(definition('Shop')).toMatch(/type Shop\s+@key\(fields: "id"\)\s+\{/);
  });

  test('shares value types with all other subgraphs', () => {
    for (const type of ['Money', 'PageInfo', 'UserError']) {
      expect(definition(type)).toMatch(new RegExp(`type ${type}\\s+@shareable`));
    }
  });

  test('marks what only the gateway may ask, and what each view has', () => {
    expect(sdl).toMatch(/forTheGatewayAlone: String! @inaccessible/);
    expect(sdl).toMatch(/title: String! @tag\(name: "partner"\)/);
  });
});

describe('entities a router asks for', () => {
  test('come in the order of their representations, null where there is none', async () => {
    const asked = ['bk_1', 'bk_gone', 'bk_2'].map((id) => ({ __typename: 'Book', id }));
    const { data, errors } = await entities(asked, '... on Book { title }');
    expect(errors).toBeUndefined();
    expect(data?.['_entities']).toEqual([
      { __typename: 'Book', title: 'Title of bk_1' },
      null,
      { __typename: 'Book', title: 'Title of bk_2' },
    ]);
  });

  test('of several types come from one question', async () => {
    const asked = [
      { __typename: 'Shop', id: 'sh_1' },
      { __typename: 'Book', id: 'bk_1' },
    ];
    const { data } = await entities(asked, '... on Book { id } ... on Shop { books { title } }');
    expect(data?.['_entities']).toEqual([
      { __typename: 'Shop', books: [{ title: 'x' }] },
      { __typename: 'Book', id: 'bk_1' },
    ]);
  });

  test('are refused one by one to whoever may not see them', async () => {
    const { data, errors } = await entities(
      [{ __typename: 'Book', id: 'bk_1' }],
      '... on Book { title }',
      [],
    );
    expect(data?.['_entities']).toEqual([null]);
    expect(errors).toMatchObject([{ path: ['_entities', 0, 'title'], extensions: { code: 'FORBIDDEN' } }]);
  });

  test.each([
    ['of a type that is no entity', { __typename: 'Money', id: 'x' }],
    ['without a type', { id: 'bk_1' }],
    ['of an unknown type', { __typename: 'Nothing', id: 'x' }],
  ])('%s are an error', async (_what, representation) => {
    const before = loaded.length;
    const { data, errors } = await entities([representation], '');
    expect(data?.['_entities'] ?? [null]).toEqual([null]);
    expect(errors).toHaveLength(1);
    expect(loaded).toHaveLength(before);
  });
});
