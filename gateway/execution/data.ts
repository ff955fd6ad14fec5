/** An object as a subgraph answered it. The executor owns it and merges other answers into it. */
export type Data = Record<string, unknown>;

/** Where something stands in an answer. */
export type AnswerPath = readonly (string | number)[];

/** Whether a value of an answer is an object, not a list. */
export function isData(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A field of an answer; never what every object inherits, whatever clients call their fields. */
export function fieldOf(data: Data, key: string): unknown {
  const value = data[key];
  // Answers hold no functions, so that one has been inherited, like the prototype itself.
  if (typeof value === 'function') return undefined;
  if (key === '__proto__' && !Object.hasOwn(data, key)) return undefined;
  return value;
}

/** Sets a field of an answer, `__proto__` as a field like any other. */
export function setField(data: Data, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(data, key, { value, configurable: true, enumerable: true, writable: true });
  } else {
    data[key] = value;
  }
}

/**
 * Merges what a subgraph answered into what is there: objects field by field, lists of one length element by element,
 * and all else replaces. Several targets may get parts of one source; it is merged, but never written to, by that.
 */
export function mergeInto(target: Data, source: Data): void {
  if (target === source) return;
  for (const key in source) {
    const value = source[key];
    if (value === undefined) continue;
    if (typeof value !== 'object' || value === null) setField(target, key, value);
    else setField(target, key, merged(fieldOf(target, key), value));
  }
}

function merged(present: unknown, value: object): unknown {
  if (present === value || typeof present !== 'object' || present === null) return value;
  if (Array.isArray(value)) {
    if (!Array.isArray(present) || present.length !== value.length) return value;
    for (let index = 0; index < value.length; index += 1) {
      const element: unknown = value[index];
      present[index] =
        typeof element === 'object' && element !== null ? merged(present[index], element) : element;
    }
    return present;
  }
  if (Array.isArray(present)) return value;
  mergeInto(present as Data, value as Data);
  return present;
}
