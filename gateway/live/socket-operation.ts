import type { ExecutionArgs, FormattedExecutionResult, GraphQLError, GraphQLSchema } from 'graphql';
import type { Context as SocketContext, SubscribePayload } from 'graphql-ws';
import type { Extra } from 'graphql-ws/use/ws';
import type { Actor } from '#kernel/actor';
import type { Admit, AdmittedOperation, ClientProgram, OperationRequest } from '../operations/admission.ts';
import { clientProgram } from '../operations/client-program.ts';
import { codedError, toClientError } from '../error-format.ts';
import type { Metrics } from '../metrics.ts';
import { newTraceId, withTrace } from '../trace.ts';
import type { LiveResult } from './live-results.ts';
import type { Subscribe } from './subscriptions.ts';

const congestedBytes = 4 * 1024 * 1024;
const operationsOfSocket = 100;

/** What answers the operations of a socket. */
export interface SocketOperationOptions {
  readonly schema: GraphQLSchema;
  readonly admit: Admit;
  readonly subscribe: Subscribe;
  /** Answers queries and mutations, as over HTTP. */
  readonly execute: (request: OperationRequest, actor: Actor) => Promise<FormattedExecutionResult>;
  readonly metrics: Metrics;
}

/** What is kept of a connection that has said who it is. */
export interface KnownSender extends Record<PropertyKey, unknown> {
  readonly actor: Actor;
}

/** A connection; its actor is missing until its first message was accepted. */
export type Connection = SocketContext<Record<string, unknown> | undefined, Extra & { actor?: Actor }>;

/** An operation on its way through graphql-ws. */
export interface SocketOperation extends ExecutionArgs {
  readonly open: () => Promise<FormattedExecutionResult> | AsyncIterableIterator<LiveResult>;
}

/** Admits an operation and opens it if it is a subscription, so that refusals travel as the protocol's errors. */
export async function prepareOperation(
  context: Connection,
  payload: SubscribePayload,
  options: SocketOperationOptions,
): Promise<SocketOperation | GraphQLError[]> {
  const traceId = newTraceId();
  return withTrace(traceId, async () => {
    try {
      const { actor, request, admitted } = admit(context, payload, options);
      const traced: Actor = { ...actor, traceId };
      const args = {
        schema: options.schema,
        document: admitted.document,
        operationName: request.operationName,
      };
      if (admitted.operation.operation !== 'subscription') {
        return { ...args, open: () => withTrace(traceId, () => options.execute(request, traced)) };
      }
      const { socket } = context.extra;
      const congested = (): boolean => socket.bufferedAmount > congestedBytes;
      const opened = await options.subscribe(request, admitted, { actor: traced, congested });
      return { ...args, open: () => opened };
    } catch (error) {
      const { message, extensions } = toClientError(error);
      options.metrics.operations.inc({ type: 'subscription', outcome: 'refused' });
      return [codedError(extensions.code, message, extensions)];
    }
  });
}

function admit(
  context: Connection,
  payload: SubscribePayload,
  options: SocketOperationOptions,
): { actor: Actor; request: OperationRequest; admitted: AdmittedOperation } {
  const { actor } = context.extra;
  if (!actor) throw codedError('UNAUTHENTICATED', 'The connection has not said who it is');
  if (Object.keys(context.subscriptions).length > operationsOfSocket) {
    throw codedError(
      'OPERATION_TOO_COMPLEX',
      `A socket runs at most ${operationsOfSocket} operations at a time`,
    );
  }
  const request: OperationRequest = {
    query: payload.query,
    operationName: payload.operationName ?? undefined,
    variables: payload.variables ?? {},
  };
  return { actor, request, admitted: options.admit(request, { actor, client: clientOf(context) }) };
}

function clientOf(context: Connection): ClientProgram {
  return clientProgram({ ...context.extra.request.headers, ...context.connectionParams });
}
