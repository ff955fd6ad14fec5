import { isObjectType, type GraphQLField, type GraphQLSchema } from 'graphql';
import { expect, test } from 'vitest';
import { createGraph, toSubgraphSchema } from '#kernel/graphql';
import { personal } from '#kernel/graphql-types';
import { subgraphs } from '../commands/subgraphs.ts';

/**
 * Subscribers with the same rights share one rendering of an event. A field whose value depends on the person who asks
 * must therefore be tagged, and this finds those that are not: every resolver is run over rows and loaders that answer
 * anything, and what it takes of the actor is noted.
 */
const sharedAlike = new Set(['organisationId', 'scopes', 'traceId']);

interface Declared {
  readonly resolve?: (...given: readonly unknown[]) => unknown;
  readonly tag?: string | readonly string[];
}

const isPersonal = ({ tag }: Declared): boolean => [tag].flat().includes(personal);

/** Fields that look at who asks and do not say so. A mutation's own field is no part of what is shared. */
async function untagged(schema: GraphQLSchema): Promise<string[]> {
  const found: string[] = [];
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('_') || type === schema.getMutationType()) continue;
    for (const field of Object.values(type.getFields())) {
      const declared = declaredBy(field);
      if (declared && !isPersonal(declared) && (await looksAtPerson(declared))) {
        found.push(`${type.name}.${field.name}`);
      }
    }
  }
  return found;
}

function declaredBy(field: GraphQLField<unknown, unknown>): Declared | undefined {
  return (field.extensions as { readonly pothosOptions?: Declared }).pothosOptions;
}

/** Who hands the whole actor on, without looking at anything shared, is taken to look at the person. */
async function looksAtPerson({ resolve }: Declared): Promise<boolean> {
  if (!resolve) return false;
  const seen = new Set<string>();
  let handedOut = false;
  const actor = new Proxy({}, { get: (_target, name) => (seen.add(String(name)), anything()) });
  const context = new Proxy(
    {},
    {
      get(_target, name) {
        if (name === 'actor') handedOut = true;
        if (name === 'actor') return actor;
        return anything();
      },
    },
  );
  try {
    await resolve(anything(), anything(), context, anything());
  } catch {
    // What it made of rows that are nothing is its own affair.
  }
  if (!handedOut) return false;
  return seen.size === 0 || [...seen].some((name) => !sharedAlike.has(name));
}

/** A value that can be called, read, iterated and waited for, and always answers another one. */
function anything(): object {
  const value: object = new Proxy(() => undefined, {
    get(_target, name) {
      if (name === 'then') return undefined;
      if (name === Symbol.iterator) return () => [][Symbol.iterator]();
      if (name === Symbol.toPrimitive) return () => '1';
      return anything();
    },
    apply: (_target, _self, args: unknown[]) => {
      for (const given of args) {
        if (typeof given !== 'function' || made.has(given)) continue;
        (given as (...rows: unknown[]) => unknown)(anything(), anything());
      }
      return anything();
    },
    construct: () => anything(),
  });
  made.add(value);
  return value;
}

const made = new WeakSet<object>();

test.each(subgraphs.map(({ name, schema }) => [name, schema] as const))(
  'every field of %s whose value depends on the person says so',
  async (_name, schema) => {
    expect(await untagged(schema)).toEqual([]);
  },
);

test('a field that looks at the person is found, however it does, and one that looks at rights is not', async () => {
  const graph = createGraph();
  const scopes = ['vendors:read'] as const;
  graph.builder.queryFields((t) => ({
    direct: t.string({ resolve: (_root, _args, context) => context.actor.name }),
    later: t.string({
      resolve: async (_root, _args, context) => {
        await context.read();
        return context.actor.memberId ?? '';
      },
    }),
    handedOn: t.string({
      resolve: (_root, _args, context) => ((actor: object) => Object.keys(actor).join())(context.actor),
    }),
    said: t.string({ tag: personal, resolve: (_root, _args, context) => context.actor.id }),
    rights: t.boolean({ resolve: (_root, _args, context) => context.actor.scopes.includes(scopes[0]) }),
    plain: t.string({ resolve: () => 'alike for all' }),
  }));
  expect(await untagged(toSubgraphSchema(graph))).toEqual(['Query.direct', 'Query.handedOn', 'Query.later']);
});

test('every field that is tagged does look at the person', async () => {
  const tagged = subgraphs
    .flatMap(({ schema }) => Object.values(schema.getTypeMap()))
    .flatMap((type) => (isObjectType(type) ? Object.values(type.getFields()) : []))
    .map((field) => [field.name, declaredBy(field) ?? {}] as const)
    .filter(([, declared]) => isPersonal(declared));
  expect(tagged.map(([name]) => name)).toContain('viewerCanDecide');
  for (const [name, declared] of tagged) expect([name, await looksAtPerson(declared)]).toEqual([name, true]);
});
