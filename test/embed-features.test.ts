import type { GraphQLInputType } from 'graphql';
import { isEnumType, isInputObjectType, isListType, isNonNullType, type GraphQLSchema } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scopes, type Actor } from '#kernel/actor';
import { subgraphs } from '../commands/subgraphs.ts';
import { embedComponents, embedRights, type ComponentName } from '../subgraphs/access/embed-features.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

/** What tokens for embedded components can do, over every mutation there is. */
let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench(subgraphs);
});
afterAll(() => bench.close());

interface Mutation {
  readonly name: string;
  readonly subgraph: string;
  readonly scope: string;
  readonly text: string;
}

const mutations: readonly Mutation[] = subgraphs.flatMap(({ name: subgraph, schema }) =>
  Object.values(schema.getMutationType()?.getFields() ?? {}).map((field) => ({
    name: field.name,
    subgraph,
    scope: (field.extensions as unknown as { pothosOptions: { authScopes: { scope: string } } }).pothosOptions
      .authScopes.scope,
    text: `mutation { ${field.name}(input: ${sample(schema, field.args[0]?.type)}) { errors { code } } }`,
  })),
);

const everyCombination = Object.entries(embedComponents).flatMap(([component, { features }]) =>
  ['', ...Object.keys(features)].map((feature) => [component as ComponentName, feature] as const),
);

/** The token of a component with a feature, or without any; with all rights there are, so that only the grant holds. */
function holder(component: ComponentName, feature: string): Actor {
  const features = feature ? [feature] : [];
  const { commands } = embedRights([component], features);
  const embed = { components: [component], features, commands };
  return { ...bench.actor(), kind: 'embed', scopes, embed };
}

test.each(everyCombination)(
  'a token for %s %s runs its own mutations and no other',
  async (component, feature) => {
    const actor = holder(component, feature);
    const ran: string[] = [];
    for (const { name, subgraph, text } of mutations) {
      const { data, errors } = await bench.running(subgraph).execute({ query: text, actor });
      expect(errors).toBeUndefined();
      const payload = data?.[name] as { errors: { code: string }[] };
      if (!payload.errors.some(({ code }) => code === 'FORBIDDEN')) ran.push(name);
    }
    expect(ran.toSorted()).toEqual([...(actor.embed?.commands ?? [])].toSorted());
  },
);

test('every command a feature runs exists and asks for the right the feature gives', () => {
  const scopeOf = new Map(mutations.map(({ name, scope }) => [name, scope]));
  const granted = Object.values(embedComponents).flatMap(({ features }) =>
    Object.values(features as Record<string, { scope: string; commands: readonly string[] }>),
  );
  expect(granted.length).toBeGreaterThan(10);
  for (const { scope, commands } of granted) {
    for (const command of commands) expect([command, scopeOf.get(command)]).toEqual([command, scope]);
  }
});

test('an actor of embedded components without a grant runs nothing', async () => {
  const { text, subgraph } = mutations[0] as Mutation;
  const actor: Actor = { ...bench.actor(), kind: 'embed', scopes };
  const { data } = await bench.running(subgraph).execute({ query: text, actor });
  expect(JSON.stringify(data)).toContain('FORBIDDEN');
});

/** A value that passes the type; whether it passes the command does not matter here. */
function sample(schema: GraphQLSchema, type: GraphQLInputType | undefined): string {
  if (!type) return '{}';
  if (isNonNullType(type)) return sample(schema, type.ofType as GraphQLInputType);
  if (isListType(type)) return `[${sample(schema, type.ofType as GraphQLInputType)}]`;
  if (isEnumType(type)) return type.getValues()[0]?.name ?? '';
  if (isInputObjectType(type)) {
    const needed = Object.values(type.getFields()).filter(({ type: inner }) => isNonNullType(inner));
    return `{ ${needed.map((field) => `${field.name}: ${sample(schema, field.type)}`).join(', ')} }`;
  }
  const values: Record<string, string> = {
    Int: '1',
    Boolean: 'true',
    Date: '"2026-01-31"',
    DateTime: '"2026-01-31T00:00:00Z"',
    Decimal: '"1.00"',
    CurrencyCode: '"EUR"',
  };
  return values[type.name] ?? '"x"';
}
