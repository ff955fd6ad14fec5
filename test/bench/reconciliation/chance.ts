/** A reproducible source of chance: equal seeds give equal draws on every machine. */
export class Chance {
  readonly #state: Uint32Array;

  constructor(seed: number) {
    this.#state = Uint32Array.of(seed, seed ^ 0x5bd1e995, 0x2545f491, 1);
    for (let warm = 0; warm < 16; warm += 1) this.next();
  }

  /** The next draw, 0 or more and below 1 (sfc32). */
  next(): number {
    const state = this.#state;
    const [a = 0, b = 0, c = 0, counter = 0] = state;
    const sum = (a + b + counter) >>> 0;
    state[0] = b ^ (b >>> 9);
    state[1] = c + (c << 3);
    state[2] = ((c << 21) | (c >>> 11)) + sum;
    state[3] = counter + 1;
    return sum / 2 ** 32;
  }

  /** A whole number from the lowest to the highest, both included. */
  whole(lowest: number, highest: number): number {
    return lowest + Math.floor(this.next() * (highest - lowest + 1));
  }

  /** True with the probability. */
  happens(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of the values. */
  oneOf<Value>(values: readonly Value[]): Value {
    return values[Math.floor(this.next() * values.length)]!;
  }
}

/** A number of so many bits under which no other number hides; scatters what was counted up. */
export function scatter(index: number, seed: number, bits = 32): number {
  const mask = bits === 32 ? 0xffffffff : (1 << bits) - 1;
  const shift = bits >> 1;
  let value = (index ^ Math.imul(seed + 1, 0x9e3779b1)) & mask;
  value = Math.imul(value ^ ((value & mask) >>> shift), 0x21f0aaad) & mask;
  value = Math.imul(value ^ ((value & mask) >>> shift), 0x735a2d97) & mask;
  return ((value ^ ((value & mask) >>> shift)) & mask) >>> 0;
}
