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
import { socketReceiver, type SocketReceiver } from './socket-receiver.ts';
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
  /** Its operations, by their ids, that are not answered or accepted yet. */
  readonly preparing: Map<string, PreparedOperation>;
  /** Its subscriptions under way. */
  readonly live: Set<LiveSubscription>;
}

interface PreparedOperation {
  /** Its client has given it up and taken its id for another one. */
  overtaken: boolean;
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
    const { sender } = context.extra;
    try {
      if (!sender) throw codedError('UNAUTHENTICATED', 'The connection has not said who it is');
      const begun = begin(sender, message.id, options.operationsPerSocket);
      try {
        const request = requestOf(message.payload);
        const admitted = options.admit(request, sender);
        const { operationName } = request;
        const args = { schema: options.schema(), document: admitted.document, operationName };
        const actor: Actor = { ...sender.actor, traceId };
        if (admitted.operation.operation !== 'subscription') {
          const result = await options.execute(admitted, actor);
          // What was refused before it ran is an error of the protocol; what failed while it ran is a result.
          if (!('data' in result) && result.errors) return result.errors.map(asGraphqlError);
          return { ...args, open: () => Promise.resolve(result) };
        }
        const receiver = receiverOf(context, sender, message.id);
        const subscription = await options.subscribe(admitted, { actor, receiver });
        if (begun.overtaken || !isWanted(context, message.id)) {
          subscription.stop();
          throw codedError('BAD_REQUEST', 'The operation was given up before it began');
        }
        sender.live.add(subscription);
        return { ...args, open: () => receiver.run(subscription) };
      } finally {
        sender.preparing.delete(message.id);
      }
    } catch (error) {
      const { message: text, extensions } = toClientError(error);
      options.metrics.operations.inc({ type: 'subscription', outcome: 'refused' });
      return [codedError(extensions.code, text, extensions)];
    }
  });
}

/**
 * Takes account of an operation until it is answered or accepted. The library forgets an operation when its client gives
 * it up, although it is still being prepared, and would take the next one with its id for it.
 */
function begin({ preparing, live }: KnownSender, id: string, atMost: number): PreparedOperation {
  const earlier = preparing.get(id);
  if (earlier) {
    earlier.overtaken = true;
    throw codedError(
      'BAD_REQUEST',
      'The last operation of this id is still being prepared; give each its own',
    );
  }
  if (preparing.size + live.size >= atMost) {
    throw codedError('OPERATION_TOO_COMPLEX', `A socket runs at most ${atMost} operations at a time`);
  }
  const begun: PreparedOperation = { overtaken: false };
  preparing.set(id, begun);
  return begun;
}

function receiverOf({ extra }: Connection, { live }: KnownSender, operationId: string): SocketReceiver {
  const place = { socket: extra.socket, connection: extra.request.socket, operationId };
  return socketReceiver(place, (subscription) => live.delete(subscription));
}

/** Whether its client still waits for it. */
function isWanted({ subscriptions, extra: { socket } }: Connection, id: string): boolean {
  return id in subscriptions && socket.readyState === socket.OPEN;
}

function requestOf(payload: SubscribePayload): OperationRequest {
  const persisted = persistedReference(payload);
  return {
    query: payload.query,
    ...(persisted ? { persisted } : {}),
    operationName: payload.operationName ?? undefined,
    variables: payload.variables ?? {},
  };
}

function asGraphqlError({ message, path, extensions }: GraphQLFormattedError): GraphQLError {
  return new GraphQLError(message, { path, extensions });
}
