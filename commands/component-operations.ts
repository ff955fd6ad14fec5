import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSchema, Kind, parse, validate } from 'graphql';

/** An operation of the web components as the manifest of persisted queries lists it. */
export interface ComponentOperation {
  /** SHA-256 of the body in hexadecimal. */
  readonly id: string;
  readonly name: string;
  readonly type: 'query' | 'mutation' | 'subscription';
  /** The text exactly as the components send it. */
  readonly body: string;
}

const componentsFolder = join(import.meta.dirname, '../web-components');
const manifestFile = 'operations.json';

/** Every operation the web components send, by name; throws when one has no name or shares it with another. */
export async function componentOperations(): Promise<readonly ComponentOperation[]> {
  const texts = await Promise.all(
    globSync('*/*.operations.ts', { cwd: componentsFolder }).map(async (file) => {
      const module: unknown = await import(pathToFileURL(join(componentsFolder, file)).href);
      return textsIn(module);
    }),
  );
  const operations = texts.flat().map(operationOf);
  const names = new Set(operations.map(({ name }) => name));
  if (names.size < operations.length) throw new Error('Two operations of the components have one name');
  return operations.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Texts stand as exports of their own or together in one object. */
function textsIn(exported: unknown): string[] {
  if (typeof exported === 'string') return [exported];
  if (typeof exported !== 'object' || exported === null) return [];
  return Object.values(exported).flatMap(textsIn);
}

function operationOf(body: string): ComponentOperation {
  const [definition, ...more] = parse(body).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION || !definition.name || more.length > 0) {
    throw new Error(`The components may send one named operation at a time, not ${body.slice(0, 80)}`);
  }
  const id = createHash('sha256').update(body).digest('hex');
  return { id, name: definition.name.value, type: definition.operation, body };
}

/** The manifest of the components' operations, as Apollo's tools know it; throws when one does not fit the API. */
export async function operationsManifest(apiSdl: string): Promise<string> {
  const api = buildSchema(apiSdl);
  const operations = await componentOperations();
  const faults = operations.flatMap(({ name, body }) =>
    validate(api, parse(body)).map((error) => `${name}: ${error.message}`),
  );
  if (faults.length > 0) throw new Error(`The components do not fit the API:\n${faults.join('\n')}`);
  const manifest = { format: 'apollo-persisted-query-manifest', version: 1, operations };
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

/** Writes the manifest beside the schemas and answers its name; the schemas must be written before. */
export async function writeOperations(folder: string): Promise<string> {
  writeFileSync(join(folder, manifestFile), await operationsManifest(apiIn(folder)));
  return manifestFile;
}

/** The name of the manifest when it is missing or differs from what the components send now. */
export async function checkOperations(folder: string): Promise<readonly string[]> {
  const file = join(folder, manifestFile);
  const present = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return present === (await operationsManifest(apiIn(folder))) ? [] : [manifestFile];
}

function apiIn(folder: string): string {
  return readFileSync(join(folder, 'api.graphql'), 'utf8');
}
