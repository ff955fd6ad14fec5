import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ApolloServer, ApolloServerOptions, BaseContext, ContextThunk } from '@apollo/server';
import Fastify from 'fastify';
import { Kind, OperationTypeNode, type OperationDefinitionNode } from 'graphql';
import { describe, expect, test } from 'vitest';
import type { Actor } from '#kernel/actor';
import type { GatewayContext } from '../gateway/gateway-context.ts';
import { createMetrics } from '../gateway/metrics.ts';
import type { AdmittedOperation } from '../gateway/operations/admission.ts';
import { serveGraphql } from '../gateway/routes/graphql.ts';
import { serveLegacyStatus } from '../gateway/routes/legacy-status.ts';
import { guardRequests } from '../gateway/routes/request-guard.ts';
import { createLog } from '#kernel/log';

/**
 * Apollo Server's own test-suite for integrations over HTTP, against the route of the gateway: authentication and
 * admission let everybody and everything pass, what is behind them is the suite's own server.
 */
const suite = join(import.meta.dirname, 'conformance/node_modules/@apollo/server-integration-testsuite');
const installed = existsSync(suite);

interface Suite {
  readonly defineIntegrationTestSuite: (
    createServer: (
      config: ApolloServerOptions<BaseContext>,
      options?: { context?: ContextThunk },
    ) => Promise<{ server: ApolloServer; url: string; extraCleanup: () => Promise<void> }>,
    options: { noIncrementalDelivery: boolean },
  ) => void;
}

const nobody: Actor = {
  kind: 'member',
  id: 'mem_1',
  memberId: 'mem_1',
  name: 'Ana',
  organisationId: 'org_1',
  scopes: [],
  source: 'api',
};
const operation: OperationDefinitionNode = {
  kind: Kind.OPERATION_DEFINITION,
  operation: OperationTypeNode.QUERY,
  selectionSet: { kind: Kind.SELECTION_SET, selections: [] },
};

/** Serves an Apollo Server of the suite's making through our route. */
async function serve(apollo: ApolloServer, context: ContextThunk | undefined) {
  const server = Fastify({
    forceCloseConnections: true,
    // The suite asks at the root of the server.
    rewriteUrl: ({ url = '' }) => url.replace(/^\/(?=\?|$)/, '/graphql'),
  });
  guardRequests(server, { log: createLog('silent', 'gateway'), allowedOrigins: [] });
  serveLegacyStatus(server);
  // The suite says what the context of its resolvers is.
  const withItsContext = new Proxy(apollo, {
    get(target, name) {
      if (name !== 'executeHTTPGraphQLRequest') return Reflect.get(target, name) as unknown;
      return (request: Parameters<ApolloServer['executeHTTPGraphQLRequest']>[0]) =>
        target.executeHTTPGraphQLRequest({ ...request, context: context ?? request.context });
    },
  });
  serveGraphql(server, {
    apollo: withItsContext as unknown as ApolloServer<GatewayContext>,
    authenticator: { authenticate: async () => nobody, noticed: () => undefined },
    admit: (request) => ({ request, operation }) as AdmittedOperation,
    metrics: createMetrics(),
  });
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  return { server: apollo, url, extraCleanup: () => server.close() };
}

/** What does not hold here, by the end of its name, and why. */
const leftOut: Readonly<Record<string, string>> = {
  'apolloServerTests.ts > Persisted Queries':
    'the gateway knows persisted operations itself, before admission',
  'httpServerTests.ts > Persisted Queries': 'the gateway knows persisted operations itself, before admission',
  'returns PersistedQueryNotSupported to a GET request if PQs disabled': 'as above',
  'returns PersistedQueryNotSupported to a POST request if PQs disabled': 'as above',
  'returns PersistedQueryNotFound to a GET request': 'as above',
  'returns PersistedQueryNotFound to a POST request': 'as above',
  "doesn't internal server error on an APQ": 'as above',
  'CSRF prevention > default': 'refused as well, but by the media type and in words of ours',
  'throws an error if POST JSON is malformed': 'refused as well, but without the words of the parser',
  'cache-control > runs when cache-control is disabled': 'every answer says no-store: books are private',
  'cache-control not set without any hints with if-cacheable':
    'every answer says no-store: books are private',
};
const seen = new Set<string>();

/** Asked by the stand-in for jest's globals. */
function leaves(name: string): boolean {
  const found = Object.keys(leftOut).find((one) => name.endsWith(one));
  if (found) seen.add(found);
  return found !== undefined;
}

/** Hands the suite a way to start servers; it defines its tests itself, under the stand-in for jest's globals. */
function defineSuite(): void {
  if (!installed) return;
  Object.assign(globalThis, { conformanceLeavesOut: leaves });
  const own = createRequire(join(suite, 'dist/cjs/index.js'));
  const { defineIntegrationTestSuite } = own('./index.js') as Suite;
  const { ApolloServer: ItsServer } = own('@apollo/server') as { ApolloServer: typeof ApolloServer };
  defineIntegrationTestSuite(
    async (config, options) => {
      const apollo = new ItsServer(config);
      await apollo.start();
      return serve(apollo, options?.context);
    },
    // It would need a pre-release of graphql 17.
    { noIncrementalDelivery: true },
  );
}

describe("Apollo's test-suite for integrations over HTTP", () => {
  test('is installed, and all that is left out is in it', (context) => {
    context.skip(!installed, 'the suite is not installed (npm ci in test/conformance)');
    expect([...seen].toSorted()).toEqual(Object.keys(leftOut).toSorted());
  });

  defineSuite();
});
