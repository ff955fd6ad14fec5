import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema } from 'graphql';
import type { Config } from '#kernel/config';
import { deprecatedCoordinates } from '../gateway/changes/coordinate.ts';
import { usageStore, type RecordedUse } from '../gateway/usage/usage-store.ts';
import { hasDatabase, withExistingDatabase } from './existing-database.ts';
import { schemaFolder } from './gateway-parts.ts';

/** Which usage is looked at. */
export interface UsageQuestion {
  readonly days: number;
  readonly client?: string | undefined;
}

/** What gateways counted, and since which day of the span; nothing where there is no database to ask. */
export async function readUsage(
  config: Config,
  { days, client }: UsageQuestion,
): Promise<{ readonly uses: readonly RecordedUse[]; readonly since: string | undefined }> {
  if (!hasDatabase(config)) return { uses: [], since: undefined };
  return withExistingDatabase(config, async ({ database }) => {
    const store = usageStore(database);
    try {
      return { uses: await store.read({ days, client }), since: await store.firstDay(days) };
    } finally {
      await store.stop();
    }
  });
}

/** Prints who used which operation, and which deprecated things they need. */
export async function printUsage(
  config: Config,
  options: UsageQuestion & { readonly json: boolean },
): Promise<void> {
  const { uses, since } = await readUsage(config, options);
  const schema = buildSchema(readFileSync(join(schemaFolder, 'api.graphql'), 'utf8'));
  const deprecated = new Set(deprecatedCoordinates(schema));
  const shown = uses.map(({ coordinates, ...use }) => ({
    ...use,
    coordinates,
    deprecated: coordinates.filter((coordinate) => deprecated.has(coordinate)),
  }));
  if (options.json) {
    process.stdout.write(
      `${JSON.stringify({ days: options.days, since: since ?? null, uses: shown }, undefined, 2)}\n`,
    );
    return;
  }
  const lines = shown.flatMap((use) => [
    `${use.client || 'unnamed client'} ${use.version}`.trimEnd() +
      `  ${use.type} ${use.name || use.hash.slice(0, 12)}  ${use.count} times, last ${use.lastUsedAt.toISOString()}`,
    ...use.deprecated.map((coordinate) => `    deprecated: ${coordinate}`),
  ]);
  const head = since
    ? `What was used in the last ${options.days} days, counted since ${since}`
    : `Nothing is recorded in the last ${options.days} days`;
  process.stdout.write(`${[head, ...lines].join('\n')}\n`);
}
