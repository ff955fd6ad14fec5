/** The answer for one entity: leaves by the names they were asked under. */
export type EntityValue = Readonly<Record<string, unknown>>;

/** Where an entity belongs. */
export interface EntityPlace {
  /** The organisation and what was last dropped of it as a whole, as one text. */
  readonly realm: string;
  readonly type: string;
  readonly id: string;
}

/** Kept answers for entities, within bounds of memory and age. */
export interface EntityStore {
  /** A kept answer that is still good; `slot` names who asks for what. */
  get(place: EntityPlace, slot: string): EntityValue | undefined;
  keep(place: EntityPlace, slot: string, value: EntityValue): void;
  /** Forgets all that is kept of one entity. */
  forget(place: EntityPlace): void;
  readonly bytes: number;
}

interface Kept {
  readonly values: Map<string, { readonly value: EntityValue; readonly until: number }>;
  bytes: number;
}

interface StoreOptions {
  readonly capacityBytes: number;
  readonly keptMilliseconds: number;
  readonly now: () => number;
}

/** What an entity costs besides its text: two maps' cells and the objects in them. */
const overheadBytes = 300;

/**
 * A store that gives up what was not used for longest when it is full. Like the remembering map it has two generations
 * instead of a list in order of use, so that finding what is used often moves nothing.
 */
export function createEntityStore({ capacityBytes, keptMilliseconds, now }: StoreOptions): EntityStore {
  let young = new Map<string, Kept>();
  let old = new Map<string, Kept>();
  let youngBytes = 0;
  let oldBytes = 0;
  const forget = (key: string): void => {
    youngBytes -= young.get(key)?.bytes ?? 0;
    oldBytes -= old.get(key)?.bytes ?? 0;
    young.delete(key);
    old.delete(key);
  };
  const age = (): void => {
    if (youngBytes <= capacityBytes / 2) return;
    old = young;
    oldBytes = youngBytes;
    young = new Map();
    youngBytes = 0;
  };
  /** Puts what is used back among the young. */
  const renew = (key: string, kept: Kept): void => {
    old.delete(key);
    oldBytes -= kept.bytes;
    young.set(key, kept);
    youngBytes += kept.bytes;
    age();
  };
  return {
    get(place, slot) {
      const key = keyOf(place);
      const recent = young.get(key);
      const kept = recent ?? old.get(key);
      const found = kept?.values.get(slot);
      if (!kept || !found) return undefined;
      if (found.until <= now()) {
        forget(key);
        return undefined;
      }
      if (!recent) renew(key, kept);
      return found.value;
    },
    keep(place, slot, value) {
      const key = keyOf(place);
      const kept = young.get(key) ?? old.get(key) ?? { values: new Map(), bytes: 0 };
      if (kept.values.has(slot)) return;
      const size = 2 * (key.length + slot.length) + bytesOf(value) + overheadBytes;
      forget(key);
      kept.values.set(slot, { value, until: now() + keptMilliseconds });
      kept.bytes += size;
      young.set(key, kept);
      youngBytes += kept.bytes;
      age();
    },
    forget: (place) => forget(keyOf(place)),
    get bytes() {
      return youngBytes + oldBytes;
    },
  };
}

/** An estimate: names of fields are shared, and most leaves are text. */
function bytesOf(value: EntityValue): number {
  let bytes = 0;
  for (const name in value) {
    const leaf = value[name];
    if (typeof leaf === 'string') bytes += 16 + 2 * leaf.length;
    else bytes += Array.isArray(leaf) ? 64 * (leaf.length + 1) : 16;
  }
  return bytes;
}

function keyOf({ realm, type, id }: EntityPlace): string {
  return `${realm}\0${type}\0${id}`;
}
