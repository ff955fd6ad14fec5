import type { ExecutionResult } from 'graphql';
import { errors, Pool } from 'undici';
import type { Actor } from '#kernel/actor';
import { CrossfootError } from '#kernel/errors';
import { eventToWire } from '#kernel/events';
import { requestSigner } from '#kernel/signing';
import type { ChannelRequest, ChannelResults } from '#kernel/subgraph-server';
import { createBreaker } from './breaker.ts';
import type { ConnectionFigures } from './connection-figures.ts';
import { onlyReads } from './operation-kind.ts';
import { postText } from './post-text.ts';
import type { SubgraphSource } from './subgraph-source.ts';

const connections = 32;
const connectTimeoutMilliseconds = 2_000;
const readyTimeoutMilliseconds = 2_000;
/** Below the time after which subgraphs close idle connections, so that none is closed under a request. */
const keepAliveMilliseconds = 30_000;
/** More than any page of the largest size needs. */
const answerLimitBytes = 64 * 1024 * 1024;
const breakerDefaults = { failures: 10, pauseMilliseconds: 500, longestPauseMilliseconds: 8_000 };

interface RemoteOptions {
  /** The subgraph's name; signatures are bound to it. */
  readonly name: string;
  /** Where its process answers, without a path. */
  readonly url: string;
  /** The secrets from which the keys of the channel come; the first signs. */
  readonly secrets: string | readonly string[];
  /** How long an answer may take; half a minute where nothing else is said. */
  readonly answerTimeoutMilliseconds?: number | undefined;
  readonly answerLimitBytes?: number;
  readonly breaker?: Partial<typeof breakerDefaults>;
}

/** A source in another process, with its pool of connections to close. */
export interface RemoteSource extends SubgraphSource {
  readonly figures: () => ConnectionFigures;
  readonly close: () => Promise<void>;
}

/**
 * The source of a subgraph in another process, over the signed channel. A read whose connection breaks is tried once
 * more; a write is tried once. After failures in a row nothing is sent for a while, and callers are told at once.
 */
export function remoteSource(options: RemoteOptions): RemoteSource {
  const pool = openPool(options);
  const breaker = createBreaker({ ...breakerDefaults, ...options.breaker, now: () => performance.now() });
  const sign = requestSigner(options.secrets);

  const send = async (actor: Actor, request: ChannelRequest): Promise<unknown> => {
    const body = JSON.stringify(request);
    const { status, text } = await postText(pool, {
      path: '/graphql',
      headers: {
        'content-type': 'application/json',
        ...traceHeader(actor),
        ...sign({ actor, subgraph: options.name, body }),
      },
      body,
    });
    if (status !== 200) throw new RefusedByStatus(status);
    return JSON.parse(text) as unknown;
  };
  const sendWatched = async (actor: Actor, request: ChannelRequest): Promise<unknown> => {
    if (!breaker.admits()) throw unavailable(options.name);
    try {
      const answer = await send(actor, request);
      breaker.succeeded();
      return answer;
    } catch (error) {
      // Whoever answers, if only to refuse, is there.
      if (isAbsence(error)) breaker.failed();
      else breaker.succeeded();
      throw error;
    }
  };
  const ask = async (actor: Actor, request: ChannelRequest): Promise<unknown> => {
    try {
      return await sendWatched(actor, request);
    } catch (error) {
      // A write may have happened although its answer was lost; only its caller, with its key, may repeat it.
      const again = onlyReadsOrRenders(request) && isBrokenConnection(error);
      if (!again) throw asUnavailable(options.name, error);
    }
    return sendWatched(actor, request).catch((error: unknown) => {
      throw asUnavailable(options.name, error);
    });
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
    ready: () => isReady(pool),
    figures() {
      const { connected, running, pending } = pool.stats;
      return { connected, running, waiting: pending, breaker: breaker.state };
    },
    close: () => pool.destroy(),
  };
}

async function isReady(pool: Pool): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(readyTimeoutMilliseconds);
    const answer = await pool.request({ path: '/readyz', method: 'GET', signal });
    await answer.body.dump();
    return answer.statusCode === 200;
  } catch {
    return false;
  }
}

/** For whatever stands between; the subgraph itself takes the trace from the signed actor. */
function traceHeader({ traceId, spanId }: Actor): Record<string, string> {
  return traceId && spanId ? { traceparent: `00-${traceId}-${spanId}-01` } : {};
}

function openPool(options: RemoteOptions): Pool {
  const { answerTimeoutMilliseconds = 30_000 } = options;
  return new Pool(options.url, {
    connections,
    connectTimeout: connectTimeoutMilliseconds,
    headersTimeout: answerTimeoutMilliseconds,
    bodyTimeout: answerTimeoutMilliseconds,
    keepAliveTimeout: keepAliveMilliseconds,
    keepAliveMaxTimeout: keepAliveMilliseconds,
    maxResponseSize: options.answerLimitBytes ?? answerLimitBytes,
  });
}

/** An answer that is a refusal by its status alone. */
class RefusedByStatus extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`status ${status}`);
    this.status = status;
  }
}

/** Whether nobody there is able to answer, now or in time. */
function isAbsence(error: unknown): boolean {
  if (error instanceof RefusedByStatus) return error.status >= 500;
  return !(error instanceof errors.ResponseExceededMaxSizeError) && !(error instanceof SyntaxError);
}

/** Whether asking again may help. Who is slow is not asked twice, and who refuses would refuse again. */
function isBrokenConnection(error: unknown): boolean {
  if (error instanceof CrossfootError || error instanceof RefusedByStatus || !isAbsence(error)) return false;
  return !(
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.BodyTimeoutError ||
    error instanceof errors.ConnectTimeoutError
  );
}

/** Rendering an event reads, too. */
function onlyReadsOrRenders({ query, events }: ChannelRequest): boolean {
  return events !== undefined || onlyReads(query);
}

function asUnavailable(name: string, error: unknown): CrossfootError {
  return error instanceof CrossfootError ? error : unavailable(name, error);
}

function unavailable(name: string, cause?: unknown): CrossfootError {
  return new CrossfootError('UNAVAILABLE', `The part of the platform that keeps ${name} does not answer`, {
    cause,
  });
}
