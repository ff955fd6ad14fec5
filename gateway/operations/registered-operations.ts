import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Operations that clients announced before they were shipped. */
export interface RegisteredOperations {
  /** The text behind an id: its SHA-256 in hexadecimal, or the id a manifest gave it. */
  textOf(id: string): string | undefined;
  /** Whether a text with this SHA-256 is registered. */
  has(hash: string): boolean;
  /** Every registered text with what its manifest calls it, and the file it came from. */
  readonly all: readonly RegisteredOperation[];
}

/** One registered text. */
export interface RegisteredOperation {
  readonly hash: string;
  readonly text: string;
  readonly name: string | undefined;
  readonly file: string;
}

/** None at all. */
export const noRegisteredOperations: RegisteredOperations = registeredOperations([]);

interface Entry extends RegisteredOperation {
  readonly id: string;
}

/**
 * Reads manifests: Apollo's format, or an object from ids to texts as Relay and others write it.
 * Throws an Error that names the file when one cannot be read, or gives a text an id that is the hash of another.
 */
export function readRegisteredOperations(files: readonly string[]): RegisteredOperations {
  return registeredOperations(files.flatMap(readManifest));
}

function registeredOperations(entries: readonly Entry[]): RegisteredOperations {
  const texts = new Map<string, string>();
  const byHash = new Map<string, RegisteredOperation>();
  for (const { id, hash, text, name, file } of entries) {
    const known = texts.get(id);
    if (known !== undefined && known !== text) {
      throw new Error(`${file}: the id ${id} already stands for another operation`);
    }
    texts.set(id, text);
    texts.set(hash, text);
    byHash.set(hash, { hash, text, name, file });
  }
  return {
    textOf: (id) => texts.get(id),
    has: (hash) => byHash.has(hash),
    all: [...byHash.values()],
  };
}

function readManifest(file: string): Entry[] {
  const manifest = parsed(file);
  const operations = manifest['operations'];
  const listed = manifest['format'] === 'apollo-persisted-query-manifest' && Array.isArray(operations);
  const raw = listed
    ? operations.map((one: Readonly<Record<string, unknown>>) => [one['id'], one['body'], one['name']])
    : Object.entries(manifest);
  return raw.map(([id, text, name]) => {
    if (typeof id !== 'string' || typeof text !== 'string') {
      throw new Error(`${file} is no manifest of operations: each needs an id and a text`);
    }
    const hash = createHash('sha256').update(text).digest('hex');
    const plain = plainId(id);
    // A name that looks like a hash is believed to be one, so it must not stand for another text.
    if (/^[0-9a-f]{64}$/.test(plain) && plain !== hash) {
      throw new Error(`${file}: ${id} is not the SHA-256 of its operation`);
    }
    return { id: plain, hash, text, name: typeof name === 'string' ? name : undefined, file };
  });
}

function parsed(file: string): Readonly<Record<string, unknown>> {
  try {
    const manifest: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof manifest === 'object' && manifest !== null && !Array.isArray(manifest)) {
      return manifest as Readonly<Record<string, unknown>>;
    }
  } catch (cause) {
    throw new Error(`${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
  throw new Error(`${file} is no manifest of operations`);
}

/** An id without the prefix that says what kind it is. */
export function plainId(id: string): string {
  return id.startsWith('sha256:') ? id.slice('sha256:'.length).toLowerCase() : id;
}
