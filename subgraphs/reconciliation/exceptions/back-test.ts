/** A bank line of the past as somebody dealt with it. */
export interface DecidedLine {
  readonly id: string;
  /** YYYY-MM-DD. */
  readonly bookedOn: string;
  readonly minor: bigint;
  readonly currency: string;
  readonly counterpartyName: string | null;
  readonly text: string;
  /** The account it was booked to; null when it was matched by hand. */
  readonly accountCode: string | null;
  readonly memo: string | null;
}

/** How a rule would have done over past lines, had it been there as soon as there was enough to learn it from. */
export interface BackTest {
  /** Lines it would have booked as somebody did. */
  readonly right: number;
  /** Lines it would have booked where somebody decided otherwise. */
  readonly wrong: number;
  /** Lines it would have left to a person: too early to know, or too large. */
  readonly none: number;
}

/** What is learned from lines of one kind. */
export interface Learned {
  readonly accountCode: string;
  /** The greatest amount, without its sign, that would be booked. */
  readonly upToMinor: bigint;
}

/** From so many equal decisions on there is something to go by. */
export const fewestToLearn = 3;

/** So many times as much as the greatest amount so far is no surprise yet. */
const amountSlack = 2n;

/** How many of a hundred decisions must be alike, beside which others count as exceptions to the rule. */
const alikeOfHundred = 95;

/** What would be done with the next line of a kind after these; nothing while they are too few or not alike. */
export function learn(lines: readonly DecidedLine[]): Learned | undefined {
  const tally = new Tally();
  for (const line of lines) tally.add(line);
  return tally.learned();
}

/**
 * Walks through the lines of one kind in the order of their days. Each is decided by what the ones before it teach, and
 * only then learned from, so that no line is judged in hindsight.
 */
export function backTest(lines: readonly DecidedLine[]): BackTest {
  const tally = new Tally();
  let [right, wrong, none] = [0, 0, 0];
  for (const line of lines.toSorted(inTime)) {
    const learned = tally.learned();
    if (!learned || sizeOf(line) > learned.upToMinor) none += 1;
    else if (line.accountCode === learned.accountCode) right += 1;
    else wrong += 1;
    tally.add(line);
  }
  return { right, wrong, none };
}

/**
 * Holds a rule that a person has thought of, and that has learned nothing, against past lines of its kind; `otherwise`
 * names those that people decided otherwise, in time.
 */
export function testRule(
  lines: readonly DecidedLine[],
  { accountCode, upToMinor }: Learned,
): { readonly test: BackTest; readonly otherwise: readonly string[] } {
  const taken = lines.filter((line) => sizeOf(line) <= upToMinor);
  const otherwise = taken.filter((line) => line.accountCode !== accountCode).toSorted(inTime);
  return {
    test: {
      right: taken.length - otherwise.length,
      wrong: otherwise.length,
      none: lines.length - taken.length,
    },
    otherwise: otherwise.map(({ id }) => id),
  };
}

class Tally {
  readonly #counts = new Map<string | null, { count: number; greatest: bigint }>();
  #total = 0;

  add(line: DecidedLine): void {
    const size = sizeOf(line);
    const known = this.#counts.get(line.accountCode) ?? { count: 0, greatest: 0n };
    const greatest = size > known.greatest ? size : known.greatest;
    this.#counts.set(line.accountCode, { count: known.count + 1, greatest });
    this.#total += 1;
  }

  learned(): Learned | undefined {
    for (const [accountCode, { count, greatest }] of this.#counts) {
      if (count * 100 < this.#total * alikeOfHundred) continue;
      if (accountCode === null || count < fewestToLearn || greatest === 0n) return undefined;
      return { accountCode, upToMinor: greatest * amountSlack };
    }
    return undefined;
  }
}

function sizeOf({ minor }: DecidedLine): bigint {
  return minor < 0n ? -minor : minor;
}

/** The earlier day first; ids are in the order in which lines came. */
export function inTime(a: DecidedLine, b: DecidedLine): number {
  const [one, other] = a.bookedOn === b.bookedOn ? [a.id, b.id] : [a.bookedOn, b.bookedOn];
  return one < other ? -1 : one > other ? 1 : 0;
}
