import type { PartyNode } from './parties.ts';

/** Values by party, which are asked for too often to be looked up in a map. */
export class PartyMap<Value> {
  readonly #values: (Value | undefined)[];

  /** A map for so many parties of one run. */
  constructor(count: number) {
    this.#values = Array.from({ length: count }, () => undefined);
  }

  /** The value of a party. */
  get(party: PartyNode): Value | undefined {
    return this.#values[party.place];
  }

  /** Sets the value of a party and answers it. */
  set(party: PartyNode, value: Value): Value {
    this.#values[party.place] = value;
    return value;
  }
}

const none: readonly never[] = [];

/** Lists of values by party. */
export class PartyLists<Value> {
  /** How many parties there are, with and without a list. */
  readonly count: number;
  readonly #lists: PartyMap<Value[]>;
  readonly #parties: PartyNode[] = [];

  /** Lists for so many parties of one run. */
  constructor(count: number) {
    this.count = count;
    this.#lists = new PartyMap(count);
  }

  /** Adds a value to the list of a party. */
  add(party: PartyNode, value: Value): void {
    const list = this.#lists.get(party);
    if (list !== undefined) list.push(value);
    else {
      this.#lists.set(party, [value]);
      this.#parties.push(party);
    }
  }

  /** The list of a party, in the order in which values were added. */
  of(party: PartyNode): readonly Value[] {
    return this.#lists.get(party) ?? none;
  }

  /** The parties that have a list, in the order in which they got it. */
  parties(): readonly PartyNode[] {
    return this.#parties;
  }
}
