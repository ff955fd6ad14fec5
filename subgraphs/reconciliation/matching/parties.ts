import { compactNumber } from '#kernel/account-number';
import { nameTokens, tokenSimilarity } from '#kernel/names';
import { append } from './append.ts';
import type { MatchItem } from './model.ts';

/** Everybody whose items we hold, under one key whatever spelling an item uses. */
export interface PartyNode {
  readonly key: string;
  /** Its place among the parties of a run. */
  readonly place: number;
  label: string;
  readonly accounts: Set<string>;
  /** The tokens of each known spelling, by their text. */
  readonly names: Map<string, readonly string[]>;
}

/** A party a bank line may come from; score in basis points. */
export interface PartyHit {
  readonly party: PartyNode;
  readonly by: 'account' | 'name';
  readonly score: number;
}

/** A party while items are read: the lowest id of its items, the name by that one, and what the one before said. */
interface Entry {
  readonly party: PartyNode;
  firstId: string;
  label: string | undefined;
  name?: string | undefined;
  aliases?: readonly string[] | undefined;
  accounts?: readonly string[];
}

/** The words of a name, the same as one text, and who may be meant once that was asked. */
interface ReadName {
  readonly tokens: readonly string[];
  readonly text: string;
  hits?: readonly PartyHit[];
}

/** A name below this similarity says nothing about who paid. */
const leastSimilarity = 7_500;
/** So many names are compared at most for one line, those with the rarest words in common first. */
const mostCompared = 120;

/** Finds the parties of bank lines by account number and by name, near-linear through token indexes. */
export class PartyIndex {
  readonly #parties = new Map<string, Entry>();
  readonly #byId = new Map<string, Entry>();
  readonly #byAccount = new Map<string, PartyNode[]>();
  readonly #byName = new Map<string, PartyNode[]>();
  /** Parties by each whole token and by the first four letters of each token. */
  readonly #byToken = new Map<string, PartyNode[]>();
  readonly #byStart = new Map<string, PartyNode[]>();
  /** What an account that one party has says. */
  readonly #owned = new Map<PartyNode, readonly PartyHit[]>();
  /** What an account that several have says together with a name. */
  readonly #shared = new Map<string, readonly PartyHit[]>();
  /** Names are written the same way again and again, and cutting them up costs more than anything else here. */
  readonly #names = new Map<string, ReadName>();
  /** The party of each item, in the order given. */
  readonly #ofItems: PartyNode[];

  constructor(items: readonly MatchItem[]) {
    this.#ofItems = items.map((item) => this.#add(item).party);
    // The item with the lowest id speaks for its party, so that the order of items says nothing.
    const inOrder = [...this.#parties.values()].sort((a, b) => (a.firstId < b.firstId ? -1 : 1));
    for (const { party, firstId, label } of inOrder) {
      party.label = label ?? firstId;
      this.#index(party);
    }
  }

  #read(name: string): ReadName {
    let read = this.#names.get(name);
    if (read === undefined) {
      const tokens = nameTokens(name);
      this.#names.set(name, (read = { tokens, text: tokens.join(' ') }));
    }
    return read;
  }

  #keyOf(item: MatchItem): string {
    if (item.partyId) return `id ${item.partyId}`;
    const name = this.#read(item.counterpartyName ?? '').text;
    if (name) return `name ${name}`;
    const account = item.counterpartyAccounts?.[0];
    return account ? `account ${compactNumber(account)}` : `item ${item.id}`;
  }

  #add(item: MatchItem): Entry {
    const { id, partyId, counterpartyName: name, counterpartyAccounts: accounts, aliases } = item;
    // Asked by the id as it is, because to put a key together for every item costs more than to find it.
    let entry = partyId ? this.#byId.get(partyId) : this.#parties.get(this.#keyOf(item));
    if (entry === undefined) {
      const key = this.#keyOf(item);
      const place = this.#parties.size;
      const party = { key, place, label: id, accounts: new Set<string>(), names: new Map() };
      this.#parties.set(key, (entry = { party, firstId: id, label: name }));
      if (partyId) this.#byId.set(partyId, entry);
    } else if (id < entry.firstId) [entry.firstId, entry.label] = [id, name];
    // Most items of a party say the same of it as the one before.
    if (accounts !== undefined && accounts.length > 0 && accounts !== entry.accounts) {
      for (const account of accounts) entry.party.accounts.add(compactNumber(account));
      entry.accounts = accounts;
    }
    if (name === entry.name && aliases === entry.aliases) return entry;
    [entry.name, entry.aliases] = [name, aliases];
    for (const each of [name, ...(aliases ?? [])]) {
      const { tokens, text } = this.#read(each ?? '');
      if (tokens.length > 0) entry.party.names.set(text, tokens);
    }
    return entry;
  }

  #index(party: PartyNode): void {
    for (const account of party.accounts) append(this.#byAccount, account, party);
    for (const name of party.names.keys()) append(this.#byName, name, party);
    const tokens = new Set([...party.names.values()].flat());
    for (const token of tokens) append(this.#byToken, token, party);
    for (const start of new Set([...tokens].map((token) => token.slice(0, 4))))
      append(this.#byStart, start, party);
  }

  /** How many parties there are; their places are below. */
  get count(): number {
    return this.#parties.size;
  }

  /** The party the item at a place belongs to: by its party id, else by name, else by account. */
  at(place: number): PartyNode {
    return this.#ofItems[place]!;
  }

  /** The parties behind an account and a name, best first; at most five. */
  find(account = '', name = ''): readonly PartyHit[] {
    const owners = this.#ownersOf(account);
    const owner = owners[0];
    if (owner === undefined) return this.#named(this.#read(name));
    return owners.length === 1 ? this.#ownedBy(owner) : this.#sharedBy(owners, name);
  }

  /** Most accounts are written without blanks already, and to find one costs less than to look for any in it. */
  #ownersOf(account: string): readonly PartyNode[] {
    if (account === '') return nobody;
    return this.#byAccount.get(account) ?? this.#byAccount.get(compactNumber(account)) ?? nobody;
  }

  #ownedBy(party: PartyNode): readonly PartyHit[] {
    let hits = this.#owned.get(party);
    if (hits === undefined) this.#owned.set(party, (hits = [{ party, by: 'account', score: 10_000 }]));
    return hits;
  }

  /** One account of several parties (a factor, a family) tells less than an account of one. */
  #sharedBy(owners: readonly PartyNode[], name: string): readonly PartyHit[] {
    const read = this.#read(name);
    const key = `${owners.map((party) => party.key).join('|')}|${read.text}`;
    let hits = this.#shared.get(key);
    if (hits === undefined) {
      const owned = owners.map((party): PartyHit => ({ party, by: 'account', score: 9_000 }));
      const others = this.#search(read).filter(({ party }) => !owners.includes(party));
      this.#shared.set(key, (hits = best([...owned, ...others])));
    }
    return hits;
  }

  #named(read: ReadName): readonly PartyHit[] {
    return (read.hits ??= best(this.#search(read)));
  }

  #search(read: ReadName): PartyHit[] {
    const hits: PartyHit[] = [];
    for (const party of this.#similar(read)) {
      let score = 0;
      for (const name of party.names.values()) score = Math.max(score, tokenSimilarity(read.tokens, name));
      if (score >= leastSimilarity) hits.push({ party, by: 'name', score: Math.min(score, 9_800) });
    }
    return hits;
  }

  /** Parties of exactly this name; without any, those that share its rarest words or beginnings of words. */
  #similar({ tokens, text }: ReadName): Iterable<PartyNode> {
    const same = this.#byName.get(text);
    if (same !== undefined) return same;
    const lists = tokens
      .flatMap((token) => [this.#byToken.get(token) ?? [], this.#byStart.get(token.slice(0, 4)) ?? []])
      .sort((a, b) => a.length - b.length);
    const found = new Set<PartyNode>();
    for (const list of lists) {
      if (found.size > 0 && found.size + list.length > mostCompared) break;
      for (const party of list.slice(0, mostCompared)) found.add(party);
    }
    return found;
  }
}

const nobody: readonly PartyNode[] = [];
const noHits: readonly PartyHit[] = [];

function best(hits: PartyHit[]): readonly PartyHit[] {
  if (hits.length === 0) return noHits;
  return hits.sort((a, b) => b.score - a.score || (a.party.key < b.party.key ? -1 : 1)).slice(0, 5);
}
