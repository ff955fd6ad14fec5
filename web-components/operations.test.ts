import { existsSync, globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSchema, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { simulatedSchema } from './test-support/simulated-schema.ts';

const here = import.meta.dirname;
const published = resolve(here, '../schema/api.graphql');
const files = globSync('*/*.operations.ts', { cwd: here });
const operations = (
  await Promise.all(
    files.map(async (file) => {
      const module = (await import(pathToFileURL(resolve(here, file)).href)) as Record<string, unknown>;
      return Object.entries(module).flatMap(([name, value]) =>
        typeof value === 'string' ? [[`${file} ${name}`, value] as const] : topics(file, value),
      );
    }),
  )
).flat();

function topics(file: string, value: unknown): (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).map(([name, text]) => [`${file} ${name}`, String(text)] as const);
}

function faults(schema: string, operation: string): string[] {
  return validate(buildSchema(schema), parse(operation)).map((error) => error.message);
}

test('the check sees the operations of every element', () => {
  expect(operations.length).toBeGreaterThanOrEqual(25);
});

test.each(operations)('%s fits the simulated gateway', (_name, operation) => {
  expect(faults(simulatedSchema, operation)).toEqual([]);
});

test.skipIf(!existsSync(published)).each(operations)('%s fits the published API', (_name, operation) => {
  expect(faults(readFileSync(published, 'utf8'), operation)).toEqual([]);
});
