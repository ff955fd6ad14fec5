import SchemaBuilder from '@pothos/core';
import DirectivesPlugin from '@pothos/plugin-directives';
import FederationPlugin from '@pothos/plugin-federation';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { holds, type Scope } from '#kernel/actor';
import { isCalendarDate } from '#kernel/calendar';
import type { Context } from '#kernel/context';
import { remedies, type ErrorCode, type UserError } from '#kernel/errors';
import { outward, viewsPlugin } from '#kernel/graphql-views';
import { formatMoney, isCurrency, parseDecimal, type Money } from '#kernel/money';

/** The types shared by the builders of all subgraphs. */
export interface GraphTypes {
  Context: Context;
  AuthScopes: { scope: Scope };
  DefaultFieldNullability: false;
  DefaultInputFieldRequiredness: false;
  Scalars: {
    ID: { Input: string; Output: string };
    Decimal: { Input: string; Output: string };
    CurrencyCode: { Input: string; Output: string };
    Date: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    Cursor: { Input: string; Output: string };
  };
}

/** The Pothos builder of one subgraph. */
export type Builder = PothosSchemaTypes.SchemaBuilder<PothosSchemaTypes.ExtendDefaultTypes<GraphTypes>>;

/** A builder with the value types every subgraph prints identically. */
export interface Graph {
  readonly builder: Builder;
  readonly money: ReturnType<typeof moneyType>;
  readonly userError: ReturnType<typeof userErrorType>;
  readonly pageInfo: ReturnType<typeof pageInfoType>;
  /** GraphQL enums and shared inputs by name, filled as they are defined. */
  readonly inputTypes: Map<string, unknown>;
  /** Connection types by node type name. */
  readonly connections: Map<string, unknown>;
}

/** Where a page of a connection stands. */
export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

/** Makes the builder of a subgraph: scalars, value types, default deny. */
export function createGraph(): Graph {
  const builder = new SchemaBuilder<GraphTypes>({
    plugins: [ScopeAuthPlugin, DirectivesPlugin, FederationPlugin, viewsPlugin],
    defaultFieldNullability: false,
    scopeAuth: {
      authScopes: (context) => ({ scope: (scope: Scope) => holds(context.actor, scope) }),
      unauthorizedError: (_parent, _context, info, result) =>
        graphqlError('FORBIDDEN', `${info.parentType.name}.${info.fieldName} needs a scope you do not hold`, {
          reason: result.message,
        }),
      // Subgraphs may be asked for a subscription step long after the socket opened; each step is checked anew.
      authorizeOnSubscribe: false,
    },
  });
  builder.queryType({ description: 'What can be read.' });
  defineScalars(builder);
  return {
    builder,
    money: moneyType(builder),
    userError: userErrorType(builder),
    pageInfo: pageInfoType(builder),
    inputTypes: new Map<string, unknown>(),
    connections: new Map<string, unknown>(),
  };
}

/** A GraphQL error with a code of the error table and what to do about it. */
export function graphqlError(
  code: ErrorCode,
  message: string,
  more: Record<string, unknown> = {},
): GraphQLError {
  return new GraphQLError(message, { extensions: { code, remedy: remedies[code], ...more } });
}

/** Turns the builder into the subgraph's executable federation schema. */
export function toSubgraphSchema(graph: Graph): GraphQLSchema {
  return graph.builder.toSubGraphSchema({ linkUrl: 'https://specs.apollo.dev/federation/v2.6' });
}

function defineScalars(builder: Builder): void {
  const scalar = (
    name: 'Decimal' | 'CurrencyCode' | 'Date' | 'Cursor',
    description: string,
    accepts: (value: string) => boolean,
  ) => {
    builder.scalarType(name, {
      description,
      serialize: (value) => value,
      parseValue: (value) => {
        if (typeof value === 'string' && accepts(value)) return value;
        throw graphqlError(
          'FIELD_INVALID',
          `${JSON.stringify(value)?.slice(0, 60)} is not a ${name}: ${description}`,
        );
      },
    });
  };
  scalar('Decimal', 'An exact decimal number as text, for example "1284.50".', (value) => {
    try {
      parseDecimal(value);
      return true;
    } catch {
      return false;
    }
  });
  scalar('CurrencyCode', 'An ISO 4217 currency code in force, for example EUR.', isCurrency);
  scalar('Date', 'A day of the calendar, YYYY-MM-DD; not an instant.', isCalendarDate);
  scalar('Cursor', 'A place in the order of events; pass it back as it came.', (value) => value.length < 100);
  builder.scalarType('DateTime', {
    description: 'An instant, RFC 3339 in UTC.',
    serialize: (value) => value.toISOString() as unknown as Date,
    parseValue: (value) => {
      const instant = new Date(String(value));
      if (Number.isNaN(instant.getTime()))
        throw graphqlError('FIELD_INVALID', 'A DateTime looks like 2026-01-31T12:00:00Z');
      return instant;
    },
  });
}

function moneyType(builder: Builder) {
  return builder.objectRef<Money>('Money').implement({
    description: 'An amount in one currency.',
    shareable: true,
    views: outward,
    fields: (t) => ({
      amount: t.field({
        type: 'Decimal',
        description: "The exact amount with all of the currency's decimals.",
        resolve: (money) => formatMoney(money),
      }),
      currency: t.field({
        type: 'CurrencyCode',
        description: 'The ISO 4217 code.',
        resolve: (money) => money.currency,
      }),
    }),
  });
}

function userErrorType(builder: Builder) {
  return builder.objectRef<UserError>('UserError').implement({
    description: 'Something the caller can put right.',
    shareable: true,
    views: outward,
    fields: (t) => ({
      code: t.exposeString('code', { description: 'A stable code, for programs.' }),
      message: t.exposeString('message', { description: 'What is wrong, for people.' }),
      remedy: t.exposeString('remedy', { description: 'What to do about it.' }),
      path: t.field({
        type: ['String'],
        description: 'Where in the input, outermost first; empty when it concerns the whole.',
        resolve: (error) => [...error.path],
      }),
    }),
  });
}

function pageInfoType(builder: Builder) {
  return builder.objectRef<PageInfo>('PageInfo').implement({
    description: 'Where a page stands in its connection.',
    shareable: true,
    views: outward,
    fields: (t) => ({
      hasNextPage: t.exposeBoolean('hasNextPage', { description: 'Whether more follows.' }),
      hasPreviousPage: t.exposeBoolean('hasPreviousPage', { description: 'Whether something came before.' }),
      startCursor: t.exposeString('startCursor', {
        nullable: true,
        description: 'Cursor of the first edge.',
      }),
      endCursor: t.exposeString('endCursor', {
        nullable: true,
        description: 'Cursor of the last edge; pass it as `after`.',
      }),
    }),
  });
}
