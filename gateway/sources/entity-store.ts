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
  /** Forgets everything. */
  clear(): void;
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

/** A store that gives up what was not used for longest when it is full. */
export function createEntityStore({ capacityBytes, keptMilliseconds, now }: StoreOptions): EntityStore {
  const entities = new Map<string, Kept>();
  let bytes = 0;
  const remove = (key: string): void => {
    bytes -= entities.get(key)?.bytes ?? 0;
    entities.delete(key);
  };
  return {
    get(place, slot) {
      const key = keyOf(place);
      const kept = entities.get(key);
      const found = kept?.values.get(slot);
      if (!kept || !found) return undefined;
      if (found.until <= now()) {
        remove(key);
        return undefined;
      }
      // The first of a map is the one that was not used for longest.
      entities.delete(key);
      entities.set(key, kept);
      return found.value;
    },
    keep(place, slot, value) {
      const key = keyOf(place);
      const kept = entities.get(key) ?? { values: new Map(), bytes: 0 };
      if (kept.values.has(slot)) return;
      const size = 2 * (key.length + slot.length + JSON.stringify(value).length) + overheadBytes;
      kept.values.set(slot, { value, until: now() + keptMilliseconds });
      kept.bytes += size;
      bytes += size;
      entities.delete(key);
      entities.set(key, kept);
      for (const oldest of entities.keys()) {
        if (bytes <= capacityBytes) break;
        remove(oldest);
      }
    },
    forget: (place) => remove(keyOf(place)),
    clear() {
      entities.clear();
      bytes = 0;
    },
    get bytes() {
      return bytes;
    },
  };
}

function keyOf({ realm, type, id }: EntityPlace): string {
  return `${realm}\0${type}\0${id}`;
}
