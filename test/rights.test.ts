import {
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scopes, type Actor } from '#kernel/actor';
import type { DomainEvent } from '#kernel/events';
import { subgraphs } from '../commands/subgraphs.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

/**
 * Default deny, field by field: whoever holds no right is refused at every root field and at every field of every
 * entity, and all other rights together do not stand in for the one that is missing.
 */
let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench(subgraphs);
  for (const { schema } of subgraphs) findEveryEntity(schema);
});
afterAll(() => bench.close());

const holding = (held: Actor['scopes']): Actor => ({ ...bench.actor(), scopes: held });

interface ScopedField {
  readonly pothosOptions: { readonly authScopes: { readonly scope: string } };
}

interface Asked {
  readonly query: string;
  readonly actor: Actor;
  /** Renders an event, as one step of a subscription does. */
  readonly event?: boolean;
}

const anEvent: Omit<DomainEvent, 'organisationId'> = {
  position: { xid: 1n, id: 1n },
  bookId: undefined,
  type: 'vendor.changed',
  subjectId: 'x',
  facts: {},
  actorId: 'x',
  occurredAt: new Date(0),
};

async function codesOf(subgraph: string, { query, actor, event }: Asked): Promise<unknown[]> {
  const running = bench.running(subgraph);
  const [answer] = event
    ? await running.render({ query, actor, events: [{ ...anEvent, organisationId: actor.organisationId }] })
    : [await running.execute({ query, actor })];
  return (answer?.errors ?? []).map((error) => error.extensions['code']);
}

describe.each(subgraphs.map((subgraph) => [subgraph.name, subgraph.schema] as const))(
  '%s',
  (name, schema) => {
    test.each(rootFields(schema))('refuses %s without its right', async (_title, operation, field) => {
      const query = `${operation} { ${field.name}${args(field)} ${selection(field.type)} }`;
      const event = operation === 'subscription';
      expect(await codesOf(name, { query, actor: holding([]), event })).toEqual(['FORBIDDEN']);
      const { authScopes } = (field.extensions as unknown as ScopedField).pothosOptions;
      const others = scopes.filter((scope) => scope !== authScopes.scope);
      expect(await codesOf(name, { query, actor: holding(others), event })).toEqual(['FORBIDDEN']);
    });

    test.each(entityFields(schema))(
      'refuses the entity field %s without its right',
      async (_title, type, field) => {
        const query = `{ _entities(representations: [{ __typename: "${type}", id: "x" }]) {
      ... on ${type} { ${field.name}${args(field)} ${selection(field.type)} } } }`;
        expect(await codesOf(name, { query, actor: holding([]) })).toEqual(['FORBIDDEN']);
      },
    );
  },
);

type Root = [title: string, operation: string, field: GraphQLField<unknown, unknown>];

function rootFields(schema: GraphQLSchema): Root[] {
  const roots = [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
    ['subscription', schema.getSubscriptionType()],
  ] as const;
  return roots.flatMap(([operation, type]) =>
    Object.values(type?.getFields() ?? {})
      .filter((field) => !field.name.startsWith('_'))
      .map((field): Root => [`${operation} ${field.name}`, operation, field]),
  );
}

function entityTypes(schema: GraphQLSchema): readonly GraphQLObjectType[] {
  const union = schema.getType('_Entity');
  return union && 'getTypes' in union ? (union.getTypes() as readonly GraphQLObjectType[]) : [];
}

/** Whatever id is asked for is found, so that nothing but the right stands between the caller and the fields. */
function findEveryEntity(schema: GraphQLSchema): void {
  for (const type of entityTypes(schema)) {
    Object.assign(type.extensions, {
      apollo: { subgraph: { resolveReference: () => ({ __typename: type.name, id: 'x' }) } },
    });
  }
}

type EntityField = [title: string, type: string, field: GraphQLField<unknown, unknown>];

function entityFields(schema: GraphQLSchema): EntityField[] {
  return entityTypes(schema).flatMap((type) =>
    Object.values(type.getFields())
      .filter((field) => field.name !== 'id')
      .map((field): EntityField => [`${type.name}.${field.name}`, type.name, field]),
  );
}

/** Values that pass for every required argument; what is refused for want of a right never looks at them. */
function args(field: GraphQLField<unknown, unknown>): string {
  const needed = field.args
    .filter((arg) => isNonNullType(arg.type))
    .map((arg) => `${arg.name}: ${sample(arg.type)}`);
  return needed.length > 0 ? `(${needed.join(', ')})` : '';
}

function sample(type: GraphQLInputType): string {
  if (isNonNullType(type)) return sample(type.ofType as GraphQLInputType);
  if (isListType(type)) return `[${sample(type.ofType as GraphQLInputType)}]`;
  if (isEnumType(type)) return type.getValues()[0]?.name ?? '';
  if (isInputObjectType(type)) {
    const needed = Object.values(type.getFields()).filter((field) => isNonNullType(field.type));
    return `{ ${needed.map((field) => `${field.name}: ${sample(field.type)}`).join(', ')} }`;
  }
  const samples: Record<string, string> = {
    Int: '1',
    Boolean: 'true',
    Date: '"2026-01-31"',
    Decimal: '"1.00"',
  };
  const more: Record<string, string> = { CurrencyCode: '"EUR"', DateTime: '"2026-01-31T00:00:00Z"' };
  return samples[type.name] ?? more[type.name] ?? '"x"';
}

function selection(type: GraphQLOutputType): string {
  if (isNonNullType(type) || isListType(type)) return selection(type.ofType as GraphQLOutputType);
  return isObjectType(type) ? '{ __typename }' : '';
}
