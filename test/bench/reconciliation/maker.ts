import { Chance, scatter } from './chance.ts';
import { dialects, type Dialect, type DialectName } from './dialects.ts';
import { makeParties, payerName, type Party } from './parties.ts';
import { profiles, type Profile, type ProfileName } from './profiles.ts';
import { remittance, type Naming } from './remittance.ts';
import type { BankRow, ItemRow, TruthRow } from './rows.ts';

/** Which book is made; equal recipes make equal books. */
export interface Recipe {
  readonly seed: number;
  readonly lines: number;
  readonly profile: ProfileName;
  readonly dialect: DialectName;
}

/** Where the rows of a book go as they are made, in no useful order. */
export interface Sink {
  line(row: BankRow): void;
  item(row: ItemRow): void;
  truth(row: TruthRow): void;
}

/** What an item may differ in from an invoice or bill in the currency of the account. */
export interface ItemFields {
  readonly party: Party;
  readonly day: number;
  readonly amount: number;
  readonly currency?: string;
  readonly kind?: string;
  readonly payout?: string;
  readonly batch?: string;
}

/** A payment of a party, naming items well, badly or not at all. */
export interface PaymentFields {
  readonly party: Party;
  readonly day: number;
  readonly amount: number;
  readonly items: readonly ItemRow[];
  readonly naming: Naming;
}

/** An item with how much of it is settled. */
export type Settled = readonly [item: ItemRow, applied: number];

const firstDay = Date.UTC(2026, 0, 1);

/** Makes parties, items, payments and their truth for the events of one book. */
export class Maker {
  readonly chance: Chance;
  readonly dialect: Dialect;
  readonly profile: Profile;
  readonly span: number;
  /** Bank lines made so far. */
  made = 0;
  items = 0;
  readonly #seed: number;
  /** Document numbers are scattered over this many bits, so that neighbours tell nothing of what belongs together. */
  readonly #serialBits: number;
  readonly #sink: Sink;
  readonly #parties: readonly Party[];
  readonly #dates = new Map<number, string>();
  #groups = 0;

  constructor(recipe: Recipe, sink: Sink) {
    this.chance = new Chance(recipe.seed * 7 + recipe.lines);
    this.dialect = dialects[recipe.dialect];
    this.profile = profiles[recipe.profile];
    this.span = Math.max(60, Math.min(360, Math.round(recipe.lines / 200)));
    this.#seed = recipe.seed;
    this.#serialBits = Math.max(12, Math.ceil(Math.log2(recipe.lines * 3)));
    this.#sink = sink;
    const count = Math.max(20, Math.round(recipe.lines / this.dialect.linesPerParty));
    this.#parties = makeParties(this.chance, this.dialect, count);
  }

  party(): Party {
    return this.chance.oneOf(this.#parties);
  }

  /** A day on which a document is issued. */
  day(): number {
    return this.chance.whole(0, this.span);
  }

  /** 1 for money in, -1 for money out. */
  direction(): 1 | -1 {
    return this.chance.happens(0.6) ? 1 : -1;
  }

  /** Days until a payment. */
  lag(): number {
    const lag = Math.max(0, this.dialect.lag(this.chance));
    const { longestLag } = this.profile;
    return longestLag === undefined ? lag : Math.min(lag, this.chance.whole(0, longestLag));
  }

  amount(party: Party): number {
    const { chance, dialect } = this;
    if (chance.happens(this.profile.usualPrices)) return chance.oneOf(dialect.usualPrices);
    if (chance.happens(0.2)) return party.price;
    const [least, largest] = dialect.amounts;
    return Math.round(Math.exp(least + chance.next() * (largest - least)));
  }

  /** An open item; what nobody settles is an item no truth names. */
  item(fields: ItemFields): ItemRow {
    const { party, day, amount } = fields;
    const index = (this.items += 1);
    const serial = scatter(index, this.#seed, this.#serialBits);
    const issued = Math.max(0, day);
    const row: ItemRow = {
      id: this.#id('I', index),
      kind: fields.kind ?? (amount > 0 ? 'receivable' : 'payable'),
      ref: amount > 0 ? this.dialect.invoice(serial, issued) : this.dialect.bill(serial, issued),
      structured: this.chance.happens(this.dialect.structuredShare) ? this.dialect.structured(serial) : null,
      party: party.id,
      party_name: party.name,
      party_iban: this.chance.happens(0.7) ? party.iban : null,
      date: this.#date(issued),
      due: this.#date(issued + this.chance.oneOf(this.dialect.terms)),
      currency: fields.currency ?? this.dialect.currency,
      amount,
      payout: fields.payout ?? null,
      batch: fields.batch ?? null,
    };
    this.#sink.item(row);
    return row;
  }

  /** A payment as the bank tells it. */
  pay(fields: PaymentFields): BankRow {
    const { chance, profile } = this;
    const { party, day, amount, items, naming } = fields;
    const wrote = remittance(chance, this, { items, naming });
    return this.line({
      day,
      amount,
      name: chance.happens(profile.names) ? payerName(chance, this, party) : '',
      iban: chance.happens(profile.accounts) ? party.iban : null,
      ...wrote,
      code: 'PMNT',
    });
  }

  /** A bank line in plain fields. */
  line(
    fields: Omit<BankRow, 'id' | 'account' | 'date' | 'value_date' | 'currency'> & { day: number },
  ): BankRow {
    const { day, ...said } = fields;
    const row: BankRow = {
      id: this.#id('B', (this.made += 1)),
      account: 'main',
      date: this.#date(day),
      value_date: this.#date(day + (this.chance.happens(0.2) ? 1 : 0)),
      currency: this.dialect.currency,
      ...said,
    };
    this.#sink.line(row);
    return row;
  }

  /** Says what belongs together. */
  truth(kind: string, lines: readonly BankRow[], settled: readonly Settled[]): void {
    this.#sink.truth({
      group: this.#id('G', (this.#groups += 1)),
      kind,
      bank: lines.map(({ id }) => id),
      items: settled.map(([{ id }, applied]) => ({ id, applied })),
    });
  }

  #id(letter: string, index: number): string {
    // Each letter scatters by its own, or the first line and the first item would share a number.
    const number = scatter(index, this.#seed * 128 + letter.charCodeAt(0));
    return `${letter}${number.toString(36).padStart(7, '0')}`;
  }

  #date(day: number): string {
    let text = this.#dates.get(day);
    if (text === undefined) {
      text = new Date(firstDay + day * 86_400_000).toISOString().slice(0, 10);
      this.#dates.set(day, text);
    }
    return text;
  }
}
