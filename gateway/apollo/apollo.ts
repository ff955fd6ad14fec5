import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';
import type { Actor } from '#kernel/actor';
import type { AdmittedOperation, KnownOperation } from '../operations/admission.ts';
import { answerExtensions } from '../operations/answer-text.ts';
import { errorPresenter } from '../operations/present-errors.ts';
import type { GatewayContext } from '../gateway-context.ts';
import { gatewayInterface, type GatewayOptions } from './gateway-interface.ts';
import { operationLimits } from '../operations/limits.ts';
import type { Metrics } from '../metrics.ts';

interface ApolloOptions extends GatewayOptions {
  /** Gives errors their outward shape, where that is not the platform's. */
  readonly formatError?: (error: GraphQLFormattedError) => GraphQLFormattedError;
  readonly metrics: Metrics;
  /** Told of every operation that was parsed, validated and let through to execution. */
  readonly accepted?: (known: KnownOperation) => void;
}

/** Starts Apollo Server over the gateway. It reports to nobody, and callers get errors of one shape only. */
export async function startApollo(options: ApolloOptions): Promise<ApolloServer<GatewayContext>> {
  const { log } = options;
  const server = new ApolloServer<GatewayContext>({
    gateway: gatewayInterface(options),
    logger: log,
    // Whoever gets this far has shown a token.
    introspection: true,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    persistedQueries: false,
    parseOptions: { maxTokens: operationLimits.tokens },
    stopOnTerminationSignals: false,
    formatError: options.formatError ?? errorPresenter(log),
    plugins: [
      observe(options),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });
  await server.start();
  return server;
}

/** Answers a query or mutation that came by another way than HTTP. */
export async function answerOperation(
  server: ApolloServer<GatewayContext>,
  admitted: AdmittedOperation,
  actor: Actor,
): Promise<FormattedExecutionResult> {
  const { query, operationName, variables } = admitted.request;
  const { body } = await server.executeOperation(
    { query, operationName, variables: { ...variables } },
    { contextValue: { actor, admitted } },
  );
  if (body.kind !== 'single') throw new Error('The answer came in parts, which nobody asked for');
  return body.singleResult;
}

/** Counts operations, tells which were accepted, and names trace and cost in every answer. */
function observe({
  metrics,
  accepted,
}: Pick<ApolloOptions, 'metrics' | 'accepted'>): ApolloServerPlugin<GatewayContext> {
  return {
    async requestDidStart({ contextValue: { admitted } }) {
      const stop = metrics.operationSeconds.startTimer();
      return {
        async executionDidStart({ source }) {
          if (accepted && admitted?.text === source) accepted(admitted.known);
        },
        async willSendResponse({ operation, response }) {
          if (response.body.kind !== 'single') return;
          const result = response.body.singleResult;
          const type = operation?.operation ?? 'none';
          stop({ type });
          const outcome = !result.errors ? 'ok' : result.data ? 'errors' : 'refused';
          metrics.operations.inc({ type, outcome });
          result.extensions = { ...result.extensions, ...answerExtensions(admitted) };
        },
      };
    },
  };
}
