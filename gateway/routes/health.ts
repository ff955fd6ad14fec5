import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import type { EventReader } from '#kernel/relay';
import type { SubgraphSources } from '../sources/subgraph-source.ts';
import type { Drain } from './drain.ts';

const answerWithinMilliseconds = 3_000;

interface HealthOptions {
  readonly sources: SubgraphSources;
  readonly reader: Pick<EventReader, 'end'>;
  readonly registry: Registry;
  readonly drain: Drain;
}

/** `/livez`: the process runs; `/readyz`: it can answer and is not about to stop; `/metrics`: for Prometheus. */
export function serveHealth(server: FastifyInstance, options: HealthOptions): void {
  server.get('/livez', () => ({ status: 'ok' }));
  server.get('/readyz', async (_request, reply) => {
    if (options.drain.isDraining) return reply.code(503).send({ status: 'stopping', parts: {} });
    const checks = [
      ['database', () => options.reader.end().then(() => true)] as const,
      ...Object.entries(options.sources).map(([name, source]) => [name, () => source.ready()] as const),
    ];
    const parts = Object.fromEntries(
      await Promise.all(checks.map(async ([name, check]) => [name, await passes(check)] as const)),
    );
    const ready = Object.values(parts).every(Boolean);
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ok' : 'unavailable', parts });
  });
  server.get('/metrics', async (_request, reply) =>
    reply.type(options.registry.contentType).send(await options.registry.metrics()),
  );
}

async function passes(check: () => Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), answerWithinMilliseconds);
  });
  try {
    return await Promise.race([check(), late]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
