import type { Chance } from './chance.ts';
import type { Dialect } from './dialects.ts';
import type { Profile } from './profiles.ts';

/** A customer or vendor. */
export interface Party {
  readonly id: string;
  readonly name: string;
  readonly base: string;
  readonly trade: string;
  /** The spellings of its legal form; none for a person. */
  readonly form: readonly string[];
  readonly iban: string;
  /** What it pays or asks again and again, in minor units. */
  readonly price: number;
}

interface World {
  readonly dialect: Dialect;
  readonly profile: Profile;
}

function word(chance: Chance, { syllables }: Dialect): string {
  const text = Array.from({ length: chance.whole(2, 3) }, () => chance.oneOf(syllables)).join('');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function joined(...parts: readonly (string | undefined)[]): string {
  return parts.filter(Boolean).join(' ');
}

/** Everybody a book deals with. */
export function makeParties(chance: Chance, dialect: Dialect, count: number): Party[] {
  return Array.from({ length: count }, (_, index) => {
    const person = chance.happens(0.1);
    const base =
      person || chance.happens(0.4)
        ? joined(word(chance, dialect), word(chance, dialect))
        : word(chance, dialect);
    const trade = person || chance.happens(0.4) ? '' : chance.oneOf(dialect.trades);
    const form = person ? [] : chance.oneOf(dialect.forms);
    const digits = Array.from({ length: dialect.ibanDigits }, () => chance.whole(0, 9)).join('');
    return {
      id: `P${index}`,
      name: joined(base, trade, form[0]),
      base,
      trade,
      form,
      iban: `${dialect.country}${digits}`,
      price: chance.whole(900, 250_000),
    };
  });
}

/** Somebody the book does not know. */
export function strangerName(chance: Chance, { dialect }: World): string {
  return joined(
    word(chance, dialect),
    chance.oneOf(dialect.trades),
    chance.oneOf(chance.oneOf(dialect.forms)),
  );
}

function swapped(chance: Chance, name: string): string {
  const at = chance.whole(1, Math.max(1, name.length - 3));
  return `${name.slice(0, at)}${name.charAt(at + 1)}${name.charAt(at)}${name.slice(at + 2)}`;
}

/** A party's name as it stands on a bank line: another form, capitals, cut, mistyped, with a prefix. */
export function payerName(chance: Chance, { dialect, profile: { noise } }: World, party: Party): string {
  let name = party.name;
  if (chance.happens(0.25 * noise)) {
    const trade = chance.happens(0.6) ? party.trade : '';
    name = joined(
      party.base,
      trade,
      party.form.length > 0 && chance.happens(0.7) ? chance.oneOf(party.form) : '',
    );
  }
  if (chance.happens(0.3)) name = name.toUpperCase();
  if (chance.happens(0.1 * noise)) name = name.slice(0, chance.whole(9, 20)).trim();
  if (chance.happens(0.05 * noise)) name = swapped(chance, name);
  if (chance.happens(0.04 * noise)) name = `${chance.oneOf(dialect.prefixes)}${name}`;
  return name;
}
