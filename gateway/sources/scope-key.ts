import type { Actor } from '#kernel/actor';

/** Changes with every request and decides nothing a subgraph answers. */
const ofTheRequest: ReadonlySet<string> = new Set<keyof Actor>(['traceId', 'spanId']);

/** Who somebody is and with which credential, but not what they may see; the kind decides about that, too. */
const ofThePerson: ReadonlySet<string> = new Set<keyof Actor>([
  'id',
  'name',
  'memberId',
  'source',
  'credentialId',
  'expiresAt',
]);

const noProperties: ReadonlySet<string> = new Set();
const scopeKeys = new WeakMap<Actor, string>();
const rightsKeys = new WeakMap<Actor, string>();
const sortedScopes = new WeakMap<readonly string[], string>();

/**
 * One text for everything of an actor that a subgraph's answer can depend on: two requests with the same text may be
 * answered alike. A property that is new to Actor belongs to the key until somebody decides otherwise here.
 */
export function scopeKeyOf(actor: Actor): string {
  return remembered(scopeKeys, actor, noProperties);
}

/**
 * The same without the person: the organisation, the rights and every restriction. Only for what all who have the same
 * rights see alike.
 */
export function rightsKeyOf(actor: Actor): string {
  return remembered(rightsKeys, actor, ofThePerson);
}

function remembered(keys: WeakMap<Actor, string>, actor: Actor, without: ReadonlySet<string>): string {
  const known = keys.get(actor);
  if (known !== undefined) return known;
  const made = keyOf(actor, without);
  keys.set(actor, made);
  return made;
}

function keyOf(actor: Actor, without: ReadonlySet<string>): string {
  const parts: string[] = [];
  for (const name of Object.keys(actor).toSorted()) {
    if (ofTheRequest.has(name) || without.has(name)) continue;
    const value: unknown = actor[name as keyof Actor];
    if (value === undefined) continue;
    const text = name === 'scopes' ? sorted(actor.scopes) : JSON.stringify(value);
    parts.push(`${JSON.stringify(name)}:${text}`);
  }
  return parts.join();
}

/** The list stays the same object when a request puts its trace id to a remembered actor. */
function sorted(scopes: readonly string[]): string {
  const known = sortedScopes.get(scopes);
  if (known !== undefined) return known;
  const made = JSON.stringify([...new Set(scopes)].toSorted());
  sortedScopes.set(scopes, made);
  return made;
}
