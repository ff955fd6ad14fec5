const ownProperty = { enumerable: true, writable: true, configurable: true };

/**
 * A copy of an answer that its reader may change, faster than structuredClone: answers are trees of plain objects,
 * lists and leaves. Leaves that are objects, such as dates, are not copied.
 */
export function plainCopy<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plainCopy) as Value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return value;
  const copy: Record<string, unknown> = {};
  for (const key in value) {
    // A client may give a field this name; assigning to it would set the prototype.
    if (key === '__proto__')
      Object.defineProperty(copy, key, { value: plainCopy(value[key]), ...ownProperty });
    else copy[key] = plainCopy(value[key]);
  }
  return copy as Value;
}
