import type { Book } from './book.ts';
import { isPaidAlone, type ItemNode } from './nodes.ts';
import type { PartyNode } from './parties.ts';
import { byDay, byNumber } from './stretches.ts';
import type { Order } from './stretches.ts';

interface Count {
  unbroken: number;
  all: number;
}

/** So many sets have to be proved before the days between their items are known, and this part of them is looked for. */
const leastSpreads = 20;
const usualPart = 0.98;
/** So many sets of items have to be proved before they count as a habit. */
const leastSeen = 5;
/** Sets that would be unbroken as often as this by accident prove nothing. */
const mostAccidental = 0.2;

/** The chance that so many of the elements of a sequence follow each other without a gap by accident. */
function accidentOf(count: number, all: number): number {
  let subsets = 1;
  for (let k = 1; k <= count; k += 1) subsets = (subsets * (all - k + 1)) / k;
  return (all - count + 1) / subsets;
}

/**
 * What items that are paid together have in common, learned from payments that name all they pay: whether they follow
 * each other in the ledger's order, and how far apart they are issued. Nothing is assumed of a book that has not shown it.
 */
export class Habits {
  readonly #book: Book;
  readonly #counts: Readonly<Record<Order, Count>> = {
    number: { unbroken: 0, all: 0 },
    date: { unbroken: 0, all: 0 },
  };
  readonly #spreads: number[] = [];
  #spread: number | undefined;

  constructor(book: Book) {
    this.#book = book;
  }

  /** Learns from items of one party that one payment named. */
  learn(nodes: readonly ItemNode[]): void {
    const party = nodes[0]?.party;
    if (party === undefined || nodes.length < 2 || nodes.some((node) => node.party !== party)) return;
    const days = nodes.map((node) => node.day);
    this.#spreads.push(Math.max(...days) - Math.min(...days));
    this.#spread = undefined;
    if (!nodes.every((node) => isPaidAlone(node.item))) return;
    for (const order of ['number', 'date'] as const) {
      if (order === 'number' && nodes.some((node) => node.number === undefined)) continue;
      const { all, between } = this.#placesOf(party, nodes, order);
      if (accidentOf(nodes.length, all) > mostAccidental) continue;
      this.#counts[order].all += 1;
      if (between === nodes.length) this.#counts[order].unbroken += 1;
    }
  }

  /** Within how many days items that are paid together are issued, all but the odd one; undefined when too few were seen. */
  get spread(): number | undefined {
    if (this.#spreads.length < leastSpreads) return undefined;
    if (this.#spread === undefined) {
      this.#spreads.sort((a, b) => a - b);
      this.#spread = this.#spreads[Math.floor(usualPart * (this.#spreads.length - 1))]!;
    }
    return this.#spread;
  }

  /** Which part of the items paid together follow each other in the order; 0 when too little was seen. */
  share(order: Order): number {
    const { unbroken, all } = this.#counts[order];
    return all < leastSeen ? 0 : unbroken / (all + 1);
  }

  /** How many items of a party have a place in the order, and how many from the first of some of them to the last. */
  #placesOf(party: PartyNode, nodes: readonly ItemNode[], order: Order): { all: number; between: number } {
    const compare = order === 'date' ? byDay : byNumber;
    const own = [...nodes].sort(compare);
    const [first, last] = [own[0]!, own.at(-1)!];
    let [all, between] = [0, 0];
    for (const node of this.#book.itemsOf.of(party)) {
      if (order === 'number' && node.number === undefined) continue;
      all += 1;
      if (compare(node, first) >= 0 && compare(node, last) <= 0) between += 1;
    }
    return { all, between };
  }
}
