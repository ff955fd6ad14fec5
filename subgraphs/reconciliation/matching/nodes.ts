import type { MatchItem, MatchLine } from './model.ts';
import type { PartyHit, PartyNode } from './parties.ts';
import { serialOf } from './references.ts';

const noLines: readonly LineNode[] = [];

/** What a node keeps of its item for itself, because it is asked of every item. */
export interface ItemFigures {
  readonly day: number;
  readonly party: PartyNode;
  readonly number: number | undefined;
  readonly currency: string;
  readonly minor: bigint;
}

/** An open item with what is left of it while the stages run. */
export class ItemNode {
  readonly item: MatchItem;
  readonly day: number;
  readonly currency: string;
  readonly party: PartyNode;
  /** The number by which it has its place among others; undefined for one without. */
  readonly number: number | undefined;
  remaining: bigint;
  /** Lines that settled it in this run. */
  settledBy: readonly LineNode[] = noLines;

  constructor(item: MatchItem, { day, party, number, currency, minor }: ItemFigures) {
    this.item = item;
    this.day = day;
    this.currency = currency;
    this.party = party;
    this.number = number;
    this.remaining = minor;
  }

  /** Read anew each time: few items are asked, and millions of texts would have to be kept. */
  get serial(): string | undefined {
    return this.item.reference === undefined ? undefined : serialOf(this.item.reference);
  }
}

/** How a line names an item: by its whole reference, or by the serial number in it. */
export interface Mention {
  readonly node: ItemNode;
  readonly by: 'reference' | 'number';
  readonly key: string;
  /** How many items carry the same key. */
  readonly sharers: number;
}

/** A bank line with what it says, worked out once. */
export interface LineNode {
  readonly line: MatchLine;
  readonly day: number;
  readonly minor: bigint;
  readonly currency: string;
  /** Of what it says the keys that name a payout or payment run of this book; items are in `mentions`. */
  readonly groups: readonly string[];
  /** Numbers of four digits and more in its text. */
  numbers: readonly string[];
  mentions: readonly Mention[];
  readonly parties: readonly PartyHit[];
  done: boolean;
}

const noMentions: readonly Mention[] = [];
const noKeys: readonly string[] = [];

/** Notes that a line is decided. What it says is not asked again, and of a million lines it would be kept. */
export function decide(line: LineNode): void {
  line.done = true;
  line.mentions = noMentions;
  line.numbers = noKeys;
}

/** False for an item that is known to be in a payout or payment run, or to come by card: its party does not pay it. */
export function isPaidAlone({ groupReference, through }: MatchItem): boolean {
  return !groupReference && !through;
}
