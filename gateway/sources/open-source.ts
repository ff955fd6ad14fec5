import type { ExecutionResult } from 'graphql';
import { Pool } from 'undici';
import { CrossfootError } from '#kernel/errors';
import type { SubgraphRequest } from '#kernel/subgraph-request';
import { onlyReads } from './operation-kind.ts';
import { postText, type TextAnswer } from './post-text.ts';
import type { SubgraphSource } from './subgraph-source.ts';

const answerTimeoutMilliseconds = 30_000;
const answerLimitBytes = 64 * 1024 * 1024;
const headers = {
  'content-type': 'application/json',
  accept: 'application/graphql-response+json, application/json',
};

/** A source with connections to close. */
export interface OpenSource extends SubgraphSource {
  readonly close: () => Promise<void>;
}

/**
 * The source of any GraphQL server, by plain HTTP. A read whose connection breaks is tried once more. Actors mean
 * nothing to it, and events of this platform cannot be rendered there.
 */
export function openSource({ name, url }: { readonly name: string; readonly url: string }): OpenSource {
  const { origin, pathname, search } = new URL(url);
  const pool = new Pool(origin, {
    connections: 64,
    connectTimeout: 2_000,
    headersTimeout: answerTimeoutMilliseconds,
    bodyTimeout: answerTimeoutMilliseconds,
    maxResponseSize: answerLimitBytes,
  });
  const path = `${pathname}${search}`;
  const send = ({ query, variables, operationName }: SubgraphRequest): Promise<ExecutionResult> => {
    const body = JSON.stringify({ query, variables, operationName });
    return postText(pool, { path, headers, body }).then(resultOf);
  };
  return {
    execute(request) {
      return send(request).catch((first: unknown) => {
        if (!onlyReads(request.query) || !isConnectionFault(first)) throw unavailable(name, first);
        return send(request).catch((cause: unknown) => {
          throw unavailable(name, cause);
        });
      });
    },
    async render() {
      throw new CrossfootError('UNAVAILABLE', `The subgraph ${name} renders no events of this platform`);
    },
    async ready() {
      const { status } = await postText(pool, { path, headers, body: '{"query":"{__typename}"}' });
      return status === 200;
    },
    close: () => pool.destroy(),
  };
}

/** Servers answer faulty operations with other statuses than 200, and say in the body what is wrong. */
function resultOf({ status, text }: TextAnswer): ExecutionResult {
  const answer = JSON.parse(text) as unknown;
  if (isResult(answer)) return answer;
  throw new Error(`status ${status} without a GraphQL answer`);
}

function isResult(answer: unknown): answer is ExecutionResult {
  return typeof answer === 'object' && answer !== null && ('data' in answer || 'errors' in answer);
}

function isConnectionFault(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE';
}

function unavailable(name: string, cause: unknown): CrossfootError {
  return new CrossfootError('UNAVAILABLE', `The subgraph ${name} does not answer`, { cause });
}
