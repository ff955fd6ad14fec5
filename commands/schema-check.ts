import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildSchema, Kind, parse, type GraphQLSchema } from 'graphql';
import type { Config } from '#kernel/config';
import {
  goneFrom,
  judgeChanges,
  type JudgedChange,
  type KnownUsage,
} from '../gateway/changes/judge-changes.ts';
import { schemaChanges } from '../gateway/changes/schema-changes.ts';
import { hasCoordinate } from '../gateway/changes/coordinate.ts';
import { composeOrThrow } from '../gateway/graph/compose.ts';
import { readRegisteredOperations } from '../gateway/operations/registered-operations.ts';
import { profileOf } from '../gateway/usage/coordinates.ts';
import { readUsage } from './schema-usage.ts';
import { schemaFolder } from './gateway-parts.ts';
import { subgraphs } from './subgraphs.ts';

/** What is compared, and how it is told. */
export interface SchemaCheckOptions {
  /** A file, a git ref, or `recorded` for the operations that were counted. */
  readonly against: string | undefined;
  /** Two files, when the schema to judge is not the project's own. */
  readonly files: readonly string[];
  /** Whoever did not use a thing in so many days does not use it. */
  readonly days: number;
  readonly json: boolean;
}

/** The outcome of a check, as `--json` prints it. */
export interface SchemaCheckReport {
  /** Whether nothing breaks anybody. */
  readonly ok: boolean;
  readonly days: number;
  /** The first day in the span on which gateways counted; null where nothing is recorded. */
  readonly recordedSince: string | null;
  readonly changes: readonly JudgedChange[];
}

/** Compares schemas, tells whom each change concerns, and fails when one breaks somebody who uses it. */
export async function checkSchemaChanges(config: Config, options: SchemaCheckOptions): Promise<void> {
  const report = await schemaCheckReport(config, options);
  process.stdout.write(options.json ? `${JSON.stringify(report, undefined, 2)}\n` : asText(report));
  if (!report.ok) process.exitCode = 1;
}

/** The check itself. Throws an Error where a schema cannot be read. */
export async function schemaCheckReport(
  config: Config,
  options: SchemaCheckOptions,
): Promise<SchemaCheckReport> {
  const { days } = options;
  const [old, present] = schemasOf(options);
  const { uses, since } = await readUsage(config, { days });
  const usage: KnownUsage = {
    recorded: uses,
    registered: registeredUses(config, old ?? present),
    isRecorded: since !== undefined,
  };
  const changes = old
    ? schemaChanges(old, present)
    : goneFrom((coordinate) => hasCoordinate(present, coordinate), usage);
  const judged = judgeChanges(changes, usage);
  const ok = judged.every(({ verdict }) => verdict !== 'breaks');
  return { ok, days, recordedSince: since ?? null, changes: judged };
}

/** The schema before, where there is one, and the schema to judge. */
function schemasOf({ against, files }: SchemaCheckOptions): [GraphQLSchema | undefined, GraphQLSchema] {
  const [first, second] = files;
  const present = (): GraphQLSchema => buildSchema(composeOrThrow(subgraphs).apiSdl);
  if (first && second) return [schemaIn(first), schemaIn(second)];
  if (against === 'recorded') return [undefined, present()];
  const before = against ?? first;
  if (!before) {
    throw new Error(
      'Say what to compare with: schema check --against FILE, GIT_REF or recorded, or two files',
    );
  }
  return [schemaIn(before), present()];
}

function schemaIn(fileOrRef: string): GraphQLSchema {
  const text = existsSync(fileOrRef) ? readFileSync(fileOrRef, 'utf8') : textAt(fileOrRef);
  const isSupergraph = parse(text, { noLocation: true }).definitions.some(
    (one) => one.kind === Kind.ENUM_TYPE_DEFINITION && one.name.value === 'join__Graph',
  );
  if (isSupergraph) throw new Error(`${fileOrRef} is a supergraph; compare what clients see, api.graphql`);
  return buildSchema(text);
}

function textAt(ref: string): string {
  // A ref that begins with a dash would be an option.
  if (!/^[\w][\w./~^@{}-]*$/.test(ref)) throw new Error(`${ref} is neither a file nor a git ref`);
  try {
    return execFileSync('git', ['show', `${ref}:./api.graphql`], {
      cwd: schemaFolder,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (cause) {
    throw new Error(
      `${ref} is neither a file nor a git ref at which there is ${join('schema', 'api.graphql')}`,
      {
        cause,
      },
    );
  }
}

function registeredUses(config: Config, schema: GraphQLSchema): KnownUsage['registered'] {
  const manifests = [join(schemaFolder, 'operations.json'), ...config.operationFiles].filter(existsSync);
  return readRegisteredOperations(manifests).all.flatMap(({ text, file }) => {
    const document = parse(text);
    return document.definitions.flatMap((operation) =>
      operation.kind === Kind.OPERATION_DEFINITION
        ? [{ client: basename(file), ...profileOf(schema, { document, operation }) }]
        : [],
    );
  });
}

const headings = {
  breaks: 'BREAKS',
  unused: 'breaking, but unused',
  dangerous: 'dangerous',
  safe: 'safe',
} as const;

function asText({ ok, days, recordedSince, changes }: SchemaCheckReport): string {
  const lines = (['breaks', 'unused', 'dangerous', 'safe'] as const).flatMap((verdict) => {
    const found = changes.filter((change) => change.verdict === verdict);
    return found.length === 0
      ? []
      : ['', `${headings[verdict]} (${found.length})`, ...found.flatMap(linesOf)];
  });
  const basis = recordedSince
    ? `Judged by what was used in the last ${days} days, counted since ${recordedSince}, and by what is registered.`
    : 'No usage is recorded, so whatever could break somebody is taken to do so.';
  const end = ok ? 'Nothing breaks anybody.' : 'Some of it breaks somebody.';
  return `${[basis, ...lines, '', changes.length === 0 ? 'Nothing changed.' : end].join('\n')}\n`;
}

const shownUses = 10;

function linesOf({ message, uses }: JudgedChange): string[] {
  const shown = uses.slice(0, shownUses).map((use) => {
    const client = [use.client || 'unnamed client', use.version].filter(Boolean).join(' ');
    const often = use.lastUsedAt ? `${use.count} times, last ${use.lastUsedAt}` : 'registered';
    return `      ${client}: ${use.operation} (${often})`;
  });
  const more = uses.length > shownUses ? [`      and ${uses.length - shownUses} more`] : [];
  return [`  ${message}`, ...shown, ...more];
}
