import { daysBetween, type CalendarDate } from '#kernel/calendar';

/** A movement as pairing looks at it: announced by the bank, or booked. */
export interface PairedMovement {
  readonly id: string;
  /** What it is, whatever id it has here: decides between pairs that are equally good. */
  readonly identity: string;
  readonly on: CalendarDate;
  readonly minor: bigint;
  readonly currency: string;
  readonly name: string;
  readonly text: string;
  /** Keyed hash of the other side's account. */
  readonly account?: string | undefined;
  readonly bankReference?: string | undefined;
  /** References of the payment: that of the payer, that of the creditor. */
  readonly references: readonly string[];
}

/** By what a booked movement was recognised as the announced one. */
export type PairedBy = 'REFERENCE' | 'AMOUNT' | 'PARTY';

/** An announced movement and the booked one that came of it. */
export interface Pair {
  readonly pendingId: string;
  readonly bookedId: string;
  readonly by: PairedBy;
}

/** A booked line may be dated a little before its announcement, by its day of value. */
const daysBefore = 4;
/** What a booked card payment may have more or less than the authorisation, in percent: tips, weights, rates. */
const [leastPercent, mostPercent] = [80n, 130n];
/** Words that banks write where there is no reference. */
const noReference = /^(?:NONREF|NOTPROVIDED|NOT PROVIDED|UNKNOWN|0*)$/i;

interface Edge extends Pair {
  readonly order: readonly (number | bigint | string)[];
}

/**
 * Finds which booked movement came of which announced one: by the bank's reference or that of the payer, whatever the
 * amount; else by amount and party; else by party and an amount that is near, as after a tip. Each is used once, the
 * surest and nearest pairs first, so the answer depends on what there is and not on the order in which it came.
 */
export function pairPending(
  pending: readonly PairedMovement[],
  booked: readonly PairedMovement[],
  days: number,
): Pair[] {
  const edges = edgesBetween(pending, booked, days);
  const usedPending = new Set<string>();
  const usedBooked = new Set<string>();
  const pairs: Pair[] = [];
  for (const { pendingId, bookedId, by } of edges.toSorted(byOrder)) {
    if (usedPending.has(pendingId) || usedBooked.has(bookedId)) continue;
    usedPending.add(pendingId);
    usedBooked.add(bookedId);
    pairs.push({ pendingId, bookedId, by });
  }
  return pairs;
}

/** What so many booked movements have in common says nothing of any of them. */
const mostOfKey = 500;

/** Only movements that share a key are held against each other, so that a busy account costs no more for each line. */
function edgesBetween(
  pending: readonly PairedMovement[],
  booked: readonly PairedMovement[],
  days: number,
): Edge[] {
  const byKey = new Map<string, PairedMovement[]>();
  for (const one of booked) {
    for (const key of [...keysOf(one), `amount ${one.minor}`]) {
      const known = byKey.get(key);
      if (known) known.push(one);
      else byKey.set(key, [one]);
    }
  }
  const edges: Edge[] = [];
  for (const one of pending) {
    const unnamed = one.name === '' && one.text === '' ? [`amount ${one.minor}`] : [];
    const near = [...keysOf(one), ...unnamed].map((key) => byKey.get(key) ?? []);
    const candidates = new Set(near.filter((list) => list.length <= mostOfKey).flat());
    for (const other of candidates) {
      const edge = edgeOf(one, other, days);
      if (edge) edges.push(edge);
    }
  }
  return edges;
}

/** Under what a movement is found: its references, and its party alone and with the amount. */
function keysOf(one: PairedMovement): string[] {
  const parties = [...wordsOf(one), ...(one.account === undefined ? [] : [`#${one.account}`])];
  return [
    ...[...(one.bankReference === undefined ? [] : [one.bankReference]), ...one.references]
      .filter(isReference)
      .map((reference) => `reference ${reference}`),
    ...parties.flatMap((party) => [`party ${party}`, `party ${party} ${one.minor}`]),
  ];
}

function edgeOf(pending: PairedMovement, booked: PairedMovement, days: number): Edge | undefined {
  if (pending.currency !== booked.currency || pending.minor > 0n !== booked.minor > 0n) return undefined;
  const gap = daysBetween(pending.on, booked.on);
  if (gap < -daysBefore || gap > days) return undefined;
  const rank = rankOf(pending, booked);
  if (rank === undefined) return undefined;
  const difference = size(booked.minor - pending.minor);
  return {
    pendingId: pending.id,
    bookedId: booked.id,
    by: rank <= 1 ? 'REFERENCE' : rank <= 3 ? 'AMOUNT' : 'PARTY',
    order: [rank, difference, Math.abs(gap), gap, pending.identity, booked.identity],
  };
}

/** How surely one came of the other, the surest is 0; undefined when nothing says so. */
function rankOf(pending: PairedMovement, booked: PairedMovement): number | undefined {
  if (sameReference(pending.bankReference, booked.bankReference)) return 0;
  const [named, other] = [pending, booked].map(({ references }) => references.filter(isReference));
  if (named?.some((reference) => other?.includes(reference))) return 1;
  // Two payments that name themselves differently are two, however alike.
  if (named && other && named.length > 0 && other.length > 0) return undefined;
  const alike = sameParty(pending, booked);
  if (pending.minor === booked.minor) {
    if (alike) return 2;
    return pending.name === '' && pending.text === '' ? 3 : undefined;
  }
  return alike && isNear(pending.minor, booked.minor) ? 4 : undefined;
}

function sameReference(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && a === b && isReference(a);
}

function isReference(text: string): boolean {
  return !noReference.test(text);
}

function sameParty(a: PairedMovement, b: PairedMovement): boolean {
  if (a.account !== undefined && a.account === b.account) return true;
  const [here, there] = [wordsOf(a), wordsOf(b)];
  const shared = [...here].filter((word) => there.has(word)).length;
  // Most of the words of the one that has fewer: banks add days, places and numbers of cards.
  return shared > 0 && 2 * shared >= Math.min(here.size, there.size);
}

/** The words by which a party is known: with letters, and long enough to say something. */
function wordsOf({ name, text }: PairedMovement): Set<string> {
  const folded = (name === '' ? text : name).normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const words = folded.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length >= 3 && /\p{L}/u.test(word));
  return new Set(words.filter((word) => !commonWords.has(word)));
}

const commonWords = new Set(
  'the and und von der die das gmbh ltd inc llc sarl card karte carte payment zahlung paiement purchase pos visa mastercard debit credit pending vorgemerkt'.split(
    ' ',
  ),
);

function isNear(pending: bigint, booked: bigint): boolean {
  const [announced, came] = [size(pending), size(booked)];
  return came * 100n >= announced * leastPercent && came * 100n <= announced * mostPercent;
}

function size(minor: bigint): bigint {
  return minor < 0n ? -minor : minor;
}

function byOrder(a: Edge, b: Edge): number {
  for (const [at, left] of a.order.entries()) {
    const right = b.order[at] ?? '';
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}
