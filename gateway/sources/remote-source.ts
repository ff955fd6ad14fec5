import type { ExecutionResult } from 'graphql';
import { Pool } from 'undici';
import type { Actor } from '#kernel/actor';
import { CrossfootError } from '#kernel/errors';
import { eventToWire } from '#kernel/events';
import { requestSigner } from '#kernel/signing';
import type { ChannelRequest, ChannelResults } from '#kernel/subgraph-server';
import type { SubgraphSource } from './subgraph-source.ts';

const connectTimeoutMilliseconds = 2_000;
const answerTimeoutMilliseconds = 30_000;
const readyTimeoutMilliseconds = 2_000;

interface RemoteOptions {
  /** The subgraph's name; signatures are bound to it. */
  readonly name: string;
  /** Where its process answers, without a path. */
  readonly url: string;
  /** The installation's secret, from which the key of the channel comes. */
  readonly secret: string;
}

/** A source in another process, with its pool of connections to close. */
export interface RemoteSource extends SubgraphSource {
  readonly close: () => Promise<void>;
}

/** The source of a subgraph in another process, over the signed channel. Reads are tried twice, writes once. */
export function remoteSource(options: RemoteOptions): RemoteSource {
  const pool = new Pool(options.url, {
    connections: 32,
    connectTimeout: connectTimeoutMilliseconds,
    headersTimeout: answerTimeoutMilliseconds,
    bodyTimeout: answerTimeoutMilliseconds,
  });
  const sign = requestSigner(options.secret);

  const send = async (actor: Actor, request: ChannelRequest): Promise<unknown> => {
    const body = JSON.stringify(request);
    const answer = await pool.request({
      path: '/graphql',
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...traceHeader(actor),
        ...sign({ actor, subgraph: options.name, body }),
      },
      body,
    });
    if (answer.statusCode !== 200) {
      await answer.body.dump();
      throw new Error(`status ${answer.statusCode}`);
    }
    return answer.body.json();
  };
  const ask = async (actor: Actor, request: ChannelRequest): Promise<unknown> => {
    try {
      return await send(actor, request);
    } catch (first) {
      // A write may have happened although its answer was lost; only its caller, with its key, may repeat it.
      if (isMutation(request.query)) throw unavailable(options.name, first);
      return send(actor, request).catch((cause: unknown) => {
        throw unavailable(options.name, cause);
      });
    }
  };

  return {
    async execute({ actor, query, variables, operationName, timed }) {
      return (await ask(actor, { query, variables, operationName, timed })) as ExecutionResult;
    },
    async render({ actor, query, variables, operationName, events }) {
      const request = { query, variables, operationName, events: events.map(eventToWire) };
      const { results } = (await ask(actor, request)) as ChannelResults;
      return [...results];
    },
    async ready() {
      try {
        const signal = AbortSignal.timeout(readyTimeoutMilliseconds);
        const answer = await pool.request({ path: '/readyz', method: 'GET', signal });
        await answer.body.dump();
        return answer.statusCode === 200;
      } catch {
        return false;
      }
    },
    close: () => pool.destroy(),
  };
}

/** For whatever stands between; the subgraph itself takes the trace from the signed actor. */
function traceHeader({ traceId, spanId }: Actor): Record<string, string> {
  return traceId && spanId ? { traceparent: `00-${traceId}-${spanId}-01` } : {};
}

/** The planner prints the kind of an operation first. */
function isMutation(query: string): boolean {
  return query.trimStart().startsWith('mutation');
}

function unavailable(name: string, cause: unknown): CrossfootError {
  return new CrossfootError('UNAVAILABLE', `The part of the platform that keeps ${name} does not answer`, {
    cause,
  });
}
