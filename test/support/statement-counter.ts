import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';
import pg from 'pg';
import type { SubgraphSource } from '../../gateway/sources/subgraph-source.ts';

/** Counts what a request costs the database, whatever else asks it at the same time. */
export interface StatementCounter {
  /** The source, with its statements counted. */
  counted(source: SubgraphSource): SubgraphSource;
  /** Runs some work and answers the statements its requests to counted sources sent, in their order. */
  during(work: () => Promise<unknown>): Promise<readonly string[]>;
  /** Takes the counter out of the driver. */
  remove(): void;
}

type Query = (this: unknown, ...args: unknown[]) => unknown;

/** Puts a counter into the PostgreSQL driver of this process; one at a time. */
export function countStatements(): StatementCounter {
  const running = new AsyncLocalStorage<string[]>();
  let statements: string[] = [];
  // The mapper brings a copy of the driver of its own.
  const fromMapper = createRequire(createRequire(import.meta.url).resolve('@mikro-orm/postgresql'));
  const clients = new Set([pg.Client, (fromMapper('pg') as typeof pg).Client]);
  const originals = [...clients].map((client) => {
    const prototype = client.prototype as unknown as { query: Query };
    const { query } = prototype;
    prototype.query = function counting(this: unknown, ...args) {
      running.getStore()?.push(textOf(args[0]));
      return query.apply(this, args);
    };
    return () => {
      prototype.query = query;
    };
  });
  return {
    counted: (source) => ({
      ...source,
      // The gateway looks up who asks now and then, which is no part of what was asked.
      execute: (request) =>
        request.actor.organisationId === 'platform'
          ? source.execute(request)
          : running.run(statements, () => source.execute(request)),
    }),
    async during(work) {
      const mine: string[] = [];
      statements = mine;
      await work();
      statements = [];
      return mine;
    },
    remove() {
      for (const restore of originals) restore();
    },
  };
}

function textOf(query: unknown): string {
  return typeof query === 'string' ? query : String((query as { text?: unknown }).text);
}
