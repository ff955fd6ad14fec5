import {
  GraphQLError,
  type ExecutionArgs,
  type FormattedExecutionResult,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql';
import type { Context as SocketContext, SubscribePayload } from 'graphql-ws';
import type { Extra } from 'graphql-ws/use/ws';
import type { Actor } from '#kernel/actor';
import { persistedReference } from '../operations/persisted.ts';
import { codedError, toClientError } from '../error-format.ts';
import type { Metrics } from '../metrics.ts';
import type { Admit, AdmittedOperation, ClientProgram, OperationRequest } from '../operations/admission.ts';
import { newTraceId, withTrace } from '../trace.ts';
import type { OpenConnection } from './open-connections.ts';
import { socketReceiver } from './socket-receiver.ts';
import type { LiveSubscription, Subscribe } from './live-subscription.ts';

/** What answers the operations of a socket. */
export interface SocketOperationOptions {
  /** The present schema. */
  readonly schema: () => GraphQLSchema;
  readonly admit: Admit;
  readonly subscribe: Subscribe;
  /** Answers queries and mutations, as over HTTP. */
  readonly execute: (admitted: AdmittedOperation, actor: Actor) => Promise<FormattedExecutionResult>;
  readonly operationsPerSocket: number;
  readonly metrics: Metrics;
}

/** What is kept of a connection that has said who it is. */
export interface KnownSender extends Record<PropertyKey, unknown> {
  actor: Actor;
  readonly client: ClientProgram;
  readonly open: OpenConnection;
  /** Its subscriptions under way. */
  readonly live: Set<LiveSubscription>;
}

/** A connection; its sender is missing until its first message was accepted. */
export type Connection = SocketContext<
  Record<string, unknown> | undefined,
  Extra & { sender?: KnownSender | undefined }
>;

/** An operation on its way through graphql-ws. */
export interface SocketOperation extends ExecutionArgs {
  readonly open: () => Promise<FormattedExecutionResult> | AsyncIterableIterator<never>;
}

/** Admits an operation and opens it if it is a subscription, so that refusals travel as the protocol's errors. */
export async function prepareOperation(
  context: Connection,
  message: { readonly id: string; readonly payload: SubscribePayload },
  options: SocketOperationOptions,
): Promise<SocketOperation | GraphQLError[]> {
  const traceId = newTraceId();
  return withTrace(traceId, async () => {
    try {
      const { sender, request, admitted } = admit(context, message.payload, options);
      const actor: Actor = { ...sender.actor, traceId };
      const { operationName } = request;
      const args = { schema: options.schema(), document: admitted.document, operationName };
      if (admitted.operation.operation !== 'subscription') {
        const result = await options.execute(admitted, actor);
        // What was refused before it ran is an error of the protocol; what failed while it ran is a result.
        if (!('data' in result) && result.errors) return result.errors.map(asGraphqlError);
        return { ...args, open: () => Promise.resolve(result) };
      }
      const { socket, request: upgrade } = context.extra;
      const place = { socket, connection: upgrade.socket, operationId: message.id };
      const receiver = socketReceiver(place, (subscription) => sender.live.delete(subscription));
      const subscription = await options.subscribe(admitted, { actor, receiver });
      sender.live.add(subscription);
      return { ...args, open: () => receiver.run(subscription) };
    } catch (error) {
      const { message: text, extensions } = toClientError(error);
      options.metrics.operations.inc({ type: 'subscription', outcome: 'refused' });
      return [codedError(extensions.code, text, extensions)];
    }
  });
}

function asGraphqlError({ message, path, extensions }: GraphQLFormattedError): GraphQLError {
  return new GraphQLError(message, { path, extensions });
}

function admit(
  context: Connection,
  payload: SubscribePayload,
  options: SocketOperationOptions,
): { sender: KnownSender; request: OperationRequest; admitted: AdmittedOperation } {
  const { sender } = context.extra;
  if (!sender) throw codedError('UNAUTHENTICATED', 'The connection has not said who it is');
  const { operationsPerSocket } = options;
  if (Object.keys(context.subscriptions).length > operationsPerSocket) {
    throw codedError(
      'OPERATION_TOO_COMPLEX',
      `A socket runs at most ${operationsPerSocket} operations at a time`,
    );
  }
  const persisted = persistedReference(payload);
  const request: OperationRequest = {
    query: payload.query,
    ...(persisted ? { persisted } : {}),
    operationName: payload.operationName ?? undefined,
    variables: payload.variables ?? {},
  };
  return { sender, request, admitted: options.admit(request, sender) };
}
