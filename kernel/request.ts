import { IsolationLevel, type EntityManager, type MikroORM } from '@mikro-orm/postgresql';
import type { LoggingOptions } from '@mikro-orm/core';
import type pg from 'pg';
import type { Actor } from '#kernel/actor';
import type { CommandDoor } from '#kernel/command-door';
import type { Context } from '#kernel/context';
import { maintenanceTransaction } from '#kernel/maintenance';
import type { RequestWatch } from '#kernel/request-watch';
import type { Services } from '#kernel/services';
import type { StatementContext } from '#kernel/statement-logger';

interface RequestOptions {
  readonly orm: MikroORM;
  readonly pool: pg.Pool;
  readonly door: CommandDoor;
  readonly services: Services;
  readonly actor: Actor;
  /** Counts statements and times fields, where the request is watched. */
  readonly watch?: RequestWatch | undefined;
}

/**
 * Opens the context of one request. All its reads run in one read-only transaction of one snapshot, scoped to the
 * actor's organisation by the database; a command ends it, so that what is read afterwards shows the command's effect.
 */
export function openRequest(options: RequestOptions): { context: Context; close: () => Promise<void> } {
  const { orm, door, services, watch } = options;
  const actor = watch?.actor ?? options.actor;
  // Goes beside each statement to the mapper's logger, whose type knows only its own members.
  const seen = watch && ({ statement: watch.statement } satisfies StatementContext as LoggingOptions);
  let reading: Promise<EntityManager> | undefined;
  let kept = new Map<object, object>();

  const begin = async (): Promise<EntityManager> => {
    const em = orm.em.fork({ loggerContext: seen });
    em.setSessionContext({ variables: whoReads(actor) });
    await em.begin({ isolationLevel: IsolationLevel.REPEATABLE_READ, readOnly: true });
    return em;
  };
  const close = async (): Promise<void> => {
    const current = reading;
    reading = undefined;
    kept = new Map();
    if (!current) return;
    const em = await current.catch(() => undefined);
    await em?.rollback();
  };
  const context: Context = {
    actor,
    services,
    fieldTimer: watch?.fieldTimer,
    read: () => (reading ??= begin()),
    async sql<Row extends object>(text: string, values: readonly unknown[] = []) {
      const em = await context.read();
      const marks = [...text.matchAll(/\$(\d+)/g)].map((mark) => values[Number(mark[1]) - 1]);
      return em.execute<Row[]>(text.replace(/\$\d+/g, '?'), marks.map(arrayLiteral), 'all', seen);
    },
    async run(command, input, call) {
      await close();
      return door.run(command, input, { actor, ...call });
    },
    maintain: (work) => maintenanceTransaction(options.pool, work),
    once<T extends object>(key: object, make: () => T): T {
      const known = kept.get(key) as T | undefined;
      if (known) return known;
      const made = make();
      kept.set(key, made);
      return made;
    },
  };
  return { context, close };
}

/** What the policies of the tables ask for. */
function whoReads({ organisationId, embed }: Actor): Record<string, string> {
  const organisation = { 'crossfoot.organisation': organisationId };
  return embed?.bookId === undefined ? organisation : { ...organisation, 'crossfoot.book': embed.bookId };
}

/** The mapper spreads lists into several marks; as a literal a list stays one PostgreSQL array. */
function arrayLiteral(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const items = value.map((item) => `"${String(item).replace(/["\\]/g, '\\$&')}"`);
  return `{${items.join(',')}}`;
}
