import { append } from './append.ts';
import { PartyMap } from './by-party.ts';
import { isPaidAlone } from './nodes.ts';
import type { Book } from './book.ts';
import type { ItemNode } from './nodes.ts';
import type { PartyNode } from './parties.ts';
import { within } from './within.ts';

/** A list is cleared of what is settled once that is this part of it. */
const mostSettled = 1 / 4;

/** To look at an item costs so many times what it costs to look at a number. */
const manyTimes = 8;

const none: readonly ItemNode[] = [];

/**
 * The items that parties pay themselves and that are still open, in date order. A party may have tens of thousands, so
 * stages ask for days or for an amount, and what is settled leaves the lists as a run goes on.
 */
export class OpenItems {
  readonly #book: Book;
  readonly #lists: PartyMap<{ nodes: readonly ItemNode[]; settled: number }>;
  /** What the items of a party came to: numbers in a row are gone through far faster than items. */
  readonly #amounts: PartyMap<readonly number[]>;
  /** Items of which a part is paid: what is left of them is not found by the amount they began with. */
  readonly #partly = new Map<PartyNode, ItemNode[]>();

  constructor(book: Book) {
    this.#book = book;
    this.#lists = new PartyMap(book.itemsOf.count);
    this.#amounts = new PartyMap(book.itemsOf.count);
  }

  /** Notes that something of an item was paid. */
  paid(node: ItemNode): void {
    if (!isPaidAlone(node.item)) return;
    const { party } = node;
    if (node.remaining !== 0n) {
      if (!this.#partly.get(party)?.includes(node)) append(this.#partly, party, node);
      return;
    }
    const list = this.#lists.get(party);
    if (list !== undefined) list.settled += 1;
    else this.#lists.set(party, { nodes: this.#book.itemsOf.of(party), settled: 1 });
  }

  /** The open items of a party. */
  of(party: PartyNode): readonly ItemNode[] {
    return this.#roughly(party).filter((node) => node.remaining !== 0n);
  }

  /** The open items of a party that were issued from one day to another. */
  between(party: PartyNode, from: number, to: number): ItemNode[] {
    return within(this.#roughly(party), from, to).filter((node) => node.remaining !== 0n);
  }

  /** The items of a party of which exactly this much is open. */
  equal(party: PartyNode, currency: string, minor: bigint): ItemNode[] {
    if (minor === 0n) return [];
    const isEqual = (node: ItemNode) => node.remaining === minor && node.currency === currency;
    const whole = this.#wholeOf(party, currency, minor).filter(isEqual);
    const rest = (this.#partly.get(party) ?? none).filter(
      (node) => isEqual(node) && node.item.open.minor !== minor,
    );
    if (rest.length === 0) return whole;
    return [...whole, ...rest].sort((a, b) => a.day - b.day || (a.item.id < b.item.id ? -1 : 1));
  }

  /** The items of a party that came to about this much, some of them settled, by whichever list is far shorter. */
  #wholeOf(party: PartyNode, currency: string, minor: bigint): readonly ItemNode[] {
    const { byAmount, itemsOf } = this.#book;
    const own = itemsOf.of(party);
    if (byAmount.count(currency, minor) * manyTimes < own.length)
      return byAmount.get(currency, minor).filter((node) => node.party === party);
    const amounts =
      this.#amounts.get(party) ??
      this.#amounts.set(
        party,
        own.map((node) => Number(node.item.open.minor)),
      );
    const amount = Number(minor);
    let found: ItemNode[] | undefined;
    for (let at = 0; at < amounts.length; at += 1) if (amounts[at] === amount) (found ??= []).push(own[at]!);
    return found ?? none;
  }

  /** The list of a party, with some items that are settled. */
  #roughly(party: PartyNode): readonly ItemNode[] {
    const list = this.#lists.get(party);
    if (list === undefined) return this.#book.itemsOf.of(party);
    if (list.settled > list.nodes.length * mostSettled) {
      list.nodes = list.nodes.filter((node) => node.remaining !== 0n);
      list.settled = 0;
    }
    return list.nodes;
  }
}
