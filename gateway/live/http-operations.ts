import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FormattedExecutionResult } from 'graphql';
import type { Actor } from '#kernel/actor';
import { CrossfootError } from '#kernel/errors';
import type { Authenticator } from '../auth/authenticate.ts';
import { codedError, toClientError, type ClientError } from '../error-format.ts';
import type { Metrics } from '../metrics.ts';
import type { Admit, AdmittedOperation } from '../operations/admission.ts';
import { clientProgram } from '../operations/client-program.ts';
import { operationOf } from '../operations/operation-request.ts';
import { actorOf, authenticated } from '../routes/request-guard.ts';
import { httpStream } from './http-stream.ts';
import type { OpenConnections } from './open-connections.ts';
import { eventStreamFormat, multipartFormat, type StreamFormat } from './stream-formats.ts';
import type { LiveSubscription, Subscribe } from './live-subscription.ts';

const bodyLimitBytes = 1024 * 1024;

/** What subscriptions over HTTP need. */
export interface HttpOperationOptions {
  readonly authenticator: Authenticator;
  readonly admit: Admit;
  readonly subscribe: Subscribe;
  /** Answers queries and mutations. */
  readonly execute: (admitted: AdmittedOperation, actor: Actor) => Promise<FormattedExecutionResult>;
  readonly connections: OpenConnections;
  readonly metrics: Metrics;
}

/** Subscriptions in the body of HTTP answers. */
export interface HttpOperations {
  /** Adds `/graphql/stream`: one operation a request, by GET or POST, answered with server-sent events. */
  serve(server: FastifyInstance): void;
  /** Answers a subscription in the form its client takes; throws coded errors before anything was sent. */
  answer(request: FastifyRequest, reply: FastifyReply, live: LiveAnswer): Promise<void>;
  /** Ends every stream and tells where to resume; from now on none is accepted. */
  stop(): void;
}

/** The form in which a request to `/graphql` takes a subscription: Apollo's multipart form, or events as urql does. */
export function liveFormatOf(request: FastifyRequest, admitted: AdmittedOperation): StreamFormat | undefined {
  if (admitted.operation.operation !== 'subscription') return undefined;
  const accepted = request.headers.accept ?? '';
  if (/multipart\/mixed[^,]*;\s*subscriptionSpec="?1\.0"?/i.test(accepted)) return multipartFormat;
  return /text\/event-stream/i.test(accepted) ? eventStreamFormat : undefined;
}

/** A subscription and the form of its answer. */
export interface LiveAnswer {
  readonly admitted: AdmittedOperation;
  readonly format: StreamFormat;
}

/** An HTTP exchange whose answer is a stream. */
interface Exchange extends LiveAnswer {
  readonly reply: FastifyReply;
  readonly actor: Actor;
}

/** Makes the HTTP side of live operations. */
export function createHttpOperations(options: HttpOperationOptions): HttpOperations {
  const { connections, metrics } = options;
  const running = new Set<LiveSubscription>();
  let stopped: ClientError | undefined;

  const subscribe = async ({ reply, actor, admitted, format }: Exchange): Promise<void> => {
    if (stopped) throw codedError('UNAVAILABLE', stopped.message);
    const stream = httpStream(reply, format);
    let subscription: LiveSubscription | undefined;
    let ended: ClientError | undefined;
    const connection = connections.open(actor, ({ message }) => {
      ended = toClientError(codedError('SUBSCRIPTION_AUTH_EXPIRED', message));
      subscription?.end(ended);
    });
    try {
      subscription = await options.subscribe(admitted, { actor, receiver: stream.receiver });
    } catch (error) {
      connection.close();
      throw error;
    }
    const accepted = subscription;
    running.add(accepted);
    stream.open(() => {
      running.delete(accepted);
      connection.close();
      accepted.stop();
    });
    // Either may have come while the subscription was accepted.
    const ending = ended ?? stopped;
    if (ending) accepted.end(ending);
    else accepted.start();
  };
  const answerEventStream = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const actor = actorOf(request);
    try {
      const operation = operationOf(request);
      if (!operation) throw new CrossfootError('BAD_REQUEST', 'The request holds no operation');
      const admitted = options.admit(operation, { actor, client: clientProgram(request.headers) });
      const kind = admitted.operation.operation;
      if (request.method === 'GET' && kind === 'mutation') {
        throw new CrossfootError('BAD_REQUEST', 'A GET changes nothing; send mutations by POST');
      }
      if (kind === 'subscription') await subscribe({ reply, actor, admitted, format: eventStreamFormat });
      else answerOnce(reply, await options.execute(admitted, actor));
    } catch (error) {
      const shown = toClientError(error);
      if (shown.extensions.code === 'TOO_MANY_CONNECTIONS') throw error;
      metrics.operations.inc({ type: 'subscription', outcome: 'refused' });
      // The protocol tells of refusals in the stream, because an EventSource shows nothing of other answers.
      answerOnce(reply, { errors: [shown] });
    }
    return reply;
  };
  return {
    serve(server) {
      server.route({
        method: ['GET', 'POST'],
        url: '/graphql/stream',
        bodyLimit: bodyLimitBytes,
        preHandler: authenticated(options.authenticator),
        handler: answerEventStream,
      });
    },
    answer: (request, reply, live) => subscribe({ reply, actor: actorOf(request), ...live }),
    stop() {
      stopped = toClientError(codedError('UNAVAILABLE', 'The gateway is stopping'));
      for (const subscription of running) subscription.end(stopped);
    },
  };
}

/** Answers with one result and ends the stream. */
function answerOnce(reply: FastifyReply, result: object): void {
  const stream = httpStream(reply, eventStreamFormat);
  stream.open(() => undefined);
  stream.message(JSON.stringify(result));
  stream.receiver.end(undefined);
}
