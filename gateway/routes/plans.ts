import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { holds, type Actor } from '#kernel/actor';
import { CrossfootError } from '#kernel/errors';
import type { Authenticator } from '../auth/authenticate.ts';
import type { ExplainOperation, ExplainRequest } from '../observability/explain-operation.ts';
import type { RecentOperations } from '../observability/recent-operations.ts';
import { actorOf, authenticated } from './request-guard.ts';
import { isOfThisMachine, type Demo } from './pages.ts';

/** What the viewer of plans shows. */
export interface PlanParts {
  readonly explain: ExplainOperation;
  readonly recent: RecentOperations;
}

interface PlanRouteOptions extends PlanParts {
  readonly authenticator: Authenticator;
  readonly demo?: Demo | undefined;
}

const folder = join(import.meta.dirname, '../observability/plan-page');

const files = {
  '/plans': ['index.html', 'text/html; charset=utf-8'],
  '/plans/viewer.css': ['viewer.css', 'text/css; charset=utf-8'],
  '/plans/viewer.js': ['viewer.js', 'text/javascript; charset=utf-8'],
  '/plans/render.js': ['render.js', 'text/javascript; charset=utf-8'],
} as const;

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/**
 * The viewer of plans and costs. Its page holds nothing; what it asks for needs the right `platform:admin`, or, in a
 * demo, any token on this machine.
 */
export function servePlans(server: FastifyInstance, options: PlanRouteOptions): void {
  const { demo, explain, recent, authenticator } = options;
  for (const [url, [name, type]] of Object.entries(files)) {
    server.get(url, async (_request, reply) =>
      reply
        .headers({ 'content-security-policy': policy, 'cache-control': 'no-cache' })
        .type(type)
        .send(await readFile(join(folder, name))),
    );
  }
  const authenticate = authenticated(authenticator);
  const preHandler = async (
    request: FastifyRequest,
    reply: Parameters<typeof authenticate>[1],
  ): Promise<void> => {
    await authenticate(request, reply);
    refuseOthers(request, demo);
  };
  server.get('/plans/token', async (request, reply) => {
    const known = isOfThisMachine(request) && isAskedByName(request) ? demo?.token : undefined;
    return reply.header('cache-control', 'no-store').send({ token: known ?? null });
  });
  server.get('/plans/recent', { preHandler }, async (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ operations: recent.list() }),
  );
  server.post('/plans', { preHandler, bodyLimit: 256 * 1024 }, async (request, reply) => {
    const { asked, token } = askedOf(request.body);
    const runner = token === undefined ? actorOf(request) : await runnerOf(token, request, authenticator);
    return reply.header('cache-control', 'no-store').send(await explain(asked, runner));
  });
}

/** A page of elsewhere may give its own name this machine's address and would then read what is sent to its origin. */
function isAskedByName(request: FastifyRequest): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(request.hostname);
}

function refuseOthers(request: FastifyRequest, demo: Demo | undefined): void {
  if (holds(actorOf(request), 'platform:admin')) return;
  if (demo && isOfThisMachine(request)) return;
  throw new CrossfootError('FORBIDDEN', 'Plans are shown to holders of the right platform:admin');
}

/** Whoever may look at plans may have an operation run under another token, because an administrator sees no rows. */
async function runnerOf(
  token: string,
  request: FastifyRequest,
  authenticator: Authenticator,
): Promise<Actor> {
  const actor = await authenticator.authenticate(`Bearer ${token}`, request.raw);
  return { ...actor, traceId: request.traceId };
}

function askedOf(body: unknown): { readonly asked: ExplainRequest; readonly token: string | undefined } {
  const { query, operationName, variables, run, token } = (body ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof query !== 'string') {
    throw new CrossfootError('FIELD_MISSING', 'The body names no operation: send {"query": …}', {
      path: ['query'],
    });
  }
  if (variables !== undefined && variables !== null && typeof variables !== 'object') {
    throw new CrossfootError('FIELD_INVALID', 'Variables are an object', { path: ['variables'] });
  }
  return {
    asked: {
      query,
      operationName: typeof operationName === 'string' && operationName !== '' ? operationName : undefined,
      variables: (variables ?? {}) as Readonly<Record<string, unknown>>,
      run: run === true,
    },
    token: typeof token === 'string' && token !== '' ? token : undefined,
  };
}
