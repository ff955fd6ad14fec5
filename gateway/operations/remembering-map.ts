/** A map that forgets what was not used for longest when it is full. */
export interface RememberingMap<Key, Value> {
  get(key: Key): Value | undefined;
  /** Remembers a value and answers it. */
  keep(key: Key, value: Value): Value;
  delete(key: Key): void;
  clear(): void;
  readonly size: number;
}

/**
 * Makes one for at most `capacity` values. It has two generations instead of a list in order of use: a hit in the young
 * one costs one look-up and moves nothing.
 */
export function rememberingMap<Key, Value extends NonNullable<unknown>>(
  capacity: number,
): RememberingMap<Key, Value> {
  let young = new Map<Key, Value>();
  let old = new Map<Key, Value>();
  const keep = (key: Key, value: Value): Value => {
    if (young.size >= Math.max(1, capacity >> 1)) {
      old = young;
      young = new Map();
    }
    young.set(key, value);
    old.delete(key);
    return value;
  };
  return {
    get(key) {
      const known = young.get(key);
      if (known !== undefined) return known;
      const aged = old.get(key);
      return aged === undefined ? undefined : keep(key, aged);
    },
    keep,
    delete(key) {
      young.delete(key);
      old.delete(key);
    },
    clear() {
      young.clear();
      old.clear();
    },
    get size() {
      return young.size + old.size;
    },
  };
}
