import type { Chance } from './chance.ts';
import type { Dialect } from './dialects.ts';
import type { Profile } from './profiles.ts';
import type { ItemRow } from './rows.ts';

/** How a payer names what is paid. */
export type Naming = 'well' | 'badly' | 'not';

interface World {
  readonly dialect: Dialect;
  readonly profile: Profile;
}

/** As much as a bank carries. */
const longest = 140;

const garblings: readonly ((chance: Chance, text: string) => string)[] = [
  // The digits alone.
  (_, text) => text.replace(/\D/g, '').slice(-7),
  // Two neighbours swapped.
  (chance, text) => {
    const at = chance.whole(Math.max(0, text.length - 5), Math.max(0, text.length - 2));
    return `${text.slice(0, at)}${text.charAt(at + 1)}${text.charAt(at)}${text.slice(at + 2)}`;
  },
  // The end lost.
  (chance, text) => text.slice(0, Math.max(4, text.length - chance.whole(1, 3))),
  // The letter O for a zero.
  (_, text) => text.replace(/[-/]/g, ' ').replace('0', 'O'),
  // What stands before the last part lost, with its leading zeros.
  (_, text) => `no ${(text.split(/[-/]/).at(-1) ?? text).replace(/^[A-Z]*0*/, '')}`,
  // One digit mistyped.
  (chance, text) => {
    const at = text.length - 1 - chance.whole(0, 3);
    return `${text.slice(0, at)}${(Number(text.charAt(at)) + 1) % 10 || 1}${text.slice(at + 1)}`;
  },
];

function writtenReference(chance: Chance, { ref, structured }: ItemRow): string {
  return structured !== null && chance.happens(0.5) ? structured : ref;
}

/** The remittance text and the reference field of a payment. */
export function remittance(
  chance: Chance,
  { dialect, profile }: World,
  { items, naming }: { readonly items: readonly ItemRow[]; readonly naming: Naming },
): { readonly text: string; readonly e2e: string | null } {
  const aside = chance.happens(profile.asides) ? ` ${chance.oneOf(dialect.asides)(chance)}` : '';
  const unsaid = chance.happens(0.1) ? 'NOTPROVIDED' : null;
  const [first] = items;
  if (naming === 'not' || first === undefined) {
    return { text: `${chance.oneOf(dialect.silences)}${aside}`.trim(), e2e: unsaid };
  }
  const references = items.map((item) => writtenReference(chance, item));
  // Long lists are often told in part, and cut by the bank anyway.
  const told =
    references.length > 3 && chance.happens(0.4)
      ? references.slice(0, chance.whole(1, references.length - 1))
      : references;
  const [only = ''] = told;
  const named =
    naming === 'badly' && told.length === 1
      ? chance.oneOf(garblings)(chance, first.ref)
      : told.join(chance.oneOf(dialect.separators));
  const text = `${chance.oneOf(dialect.phrases).replace('{}', () => named)}${aside}`.slice(0, longest);
  if (naming === 'badly' || items.length > 1) return { text, e2e: unsaid };
  // A structured reference has a field of its own, and the text then often stays empty.
  if (only === first.structured && chance.happens(0.6)) {
    return { text: chance.oneOf(dialect.silences), e2e: only };
  }
  return { text, e2e: chance.happens(0.25) ? only : unsaid };
}
