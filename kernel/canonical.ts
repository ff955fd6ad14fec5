import { hash } from 'node:crypto';

/**
 * One text for one value, whatever the order of its keys, to hash and to seal (RFC 8785: no spaces, keys sorted by
 * UTF-16 code unit). A bigint becomes a string of digits, a Date its `toJSON` text; keys holding undefined are dropped,
 * undefined in a list becomes null. Throws a TypeError for what JSON would lose in silence: NaN, infinities, functions,
 * symbols, Map, Set, byte arrays, lone surrogates, cycles.
 */
export function canonicalJson(value: unknown): string {
  const text = write(value, new Set());
  if (text === undefined) throw new TypeError('undefined has no canonical JSON.');
  return text;
}

/** SHA-256 as 64 lower-case hexadecimal characters; text is hashed as UTF-8. */
export function sha256Hex(data: Uint8Array | string): string {
  return hash('sha256', data);
}

function write(value: unknown, ancestors: Set<object>): string | undefined {
  switch (typeof value) {
    case 'undefined':
      return undefined;
    case 'boolean':
      return String(value);
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`${value} has no canonical JSON.`);
      return JSON.stringify(value);
    case 'bigint':
      return `"${value}"`;
    case 'string':
      return writeString(value);
    case 'function':
    case 'symbol':
      throw new TypeError(`A ${typeof value} has no canonical JSON.`);
    case 'object':
      return value === null ? 'null' : writeObject(value, ancestors);
  }
}

function writeString(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('Text with a lone surrogate has no canonical JSON.');
  return JSON.stringify(text);
}

function writeObject(value: object, ancestors: Set<object>): string | undefined {
  if (ancestors.has(value)) throw new TypeError('A value that contains itself has no canonical JSON.');
  ancestors.add(value);
  const text = Array.isArray(value) ? writeList(value, ancestors) : writeRecord(value, ancestors);
  ancestors.delete(value);
  return text;
}

function writeList(list: readonly unknown[], ancestors: Set<object>): string {
  // Array.from visits holes too, which map would leave out.
  return `[${Array.from(list, (item) => write(item, ancestors) ?? 'null').join(',')}]`;
}

function writeRecord(value: object, ancestors: Set<object>): string | undefined {
  if (value instanceof Date && Number.isNaN(value.getTime())) {
    throw new TypeError('An invalid Date has no canonical JSON.');
  }
  if (!ArrayBuffer.isView(value) && 'toJSON' in value && typeof value.toJSON === 'function') {
    return write(value.toJSON(), ancestors);
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TypeError(`A ${value.constructor.name} has no canonical JSON.`);
  }
  const members: string[] = [];
  // The default sort compares UTF-16 code units, as RFC 8785 asks.
  for (const [key, item] of Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const text = write(item, ancestors);
    if (text !== undefined) members.push(`${writeString(key)}:${text}`);
  }
  return `{${members.join(',')}}`;
}
