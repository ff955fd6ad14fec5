import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Tracing } from '#kernel/tracing';

const quiet = new Set(['/livez', '/readyz', '/metrics']);

/** Records each request as the first span of its trace here, under the caller's own if it has one. */
export function traceRequests(server: FastifyInstance, tracing: Tracing): void {
  server.addHook('onRequest', (request, _reply, done) => {
    const route = request.routeOptions.url;
    if (route === undefined || !quiet.has(route)) {
      request.span = tracing.begin(`${request.method} ${route ?? ''}`.trim(), {
        traceId: request.traceId,
        parent: parentOf(request),
        kind: 'server',
        facts: { 'http.request.method': request.method, 'http.route': route },
      });
    }
    done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    const { span } = request;
    if (span) {
      span.set({ 'http.response.status_code': reply.statusCode });
      if (reply.statusCode >= 500) span.fail(String(reply.statusCode));
      span.end();
    }
    done();
  });
  server.addHook('onRequestAbort', (request, done) => {
    request.span?.fail('aborted');
    request.span?.end();
    done();
  });
}

/** The caller's span, where its trace goes on here. */
function parentOf({ headers, traceId }: FastifyRequest): { spanId: string; sampled: boolean } | undefined {
  const [, trace, spanId = '', flags = ''] = String(headers['traceparent']).split('-');
  if (trace !== traceId || /^0{16}$/.test(spanId)) return undefined;
  return { spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}
