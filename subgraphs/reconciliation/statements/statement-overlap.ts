/** A statement as overlaps are looked for: its days, its balances in minor units, and what its lines are. */
export interface Telling {
  readonly id: string;
  /** The first day it covers; the day of its first line; the last day it covers. */
  readonly from?: string | undefined;
  readonly startsOn?: string | undefined;
  readonly endsOn?: string | undefined;
  readonly opening?: bigint | undefined;
  readonly closing?: bigint | undefined;
}

/** A line by what it is and its day; `statementId` names the statement that brought it. */
export interface ToldLine {
  readonly id: string;
  readonly identity: string;
  readonly on: string;
  readonly statementId?: string | undefined;
}

/** Where two statements of the same days part. */
export interface Overlap {
  /** The statement that tells it otherwise; undefined when several brought the lines. */
  readonly otherId?: string | undefined;
  /** Lines of the new statement that the other does not have though it covers their days. */
  readonly more: readonly ToldLine[];
  /** Stored lines that the new statement does not have though it covers their days. */
  readonly missing: readonly ToldLine[];
}

/**
 * Holds a new statement against what is stored of the same days. A statement with both balances tells all that happened
 * on the days between its first and its last, which alone may be partial; two that begin on one day with one balance
 * tell the same until the shorter ends. Whatever one has there and the other has not is one movement told twice, or
 * missing in one of them.
 */
export function findOverlap(
  own: Telling,
  lines: readonly ToldLine[],
  stored: { readonly statements: readonly Telling[]; readonly lines: readonly ToldLine[] },
): Overlap | undefined {
  const known = new Set(stored.lines.map(({ identity }) => identity));
  const told = new Set(lines.map(({ identity }) => identity));
  for (const other of stored.statements) {
    if (!isComplete(other)) continue;
    const alike = isComplete(own) && beginsAlike(own, other);
    const fresh = lines.filter((line) => !known.has(line.identity));
    const left = alike
      ? stored.lines.filter((line) => line.statementId === other.id && !told.has(line.identity))
      : [];
    const parted = partedOf(own, other, { fresh, left });
    if (parted.more.length + parted.missing.length > 0) return { otherId: other.id, ...parted };
  }
  if (!isComplete(own)) return undefined;
  const missing = stored.lines.filter((line) => isWithin(own, line.on) && !told.has(line.identity));
  if (missing.length === 0) return undefined;
  const others = new Set(missing.map(({ statementId }) => statementId));
  return { otherId: others.size === 1 ? missing[0]?.statementId : undefined, more: [], missing };
}

function partedOf(
  own: Telling,
  other: Telling,
  { fresh, left }: { readonly fresh: readonly ToldLine[]; readonly left: readonly ToldLine[] },
): Pick<Overlap, 'more' | 'missing'> {
  const inside = fresh.filter((line) => isWithin(other, line.on));
  if (!isComplete(own) || !beginsAlike(own, other)) return { more: inside, missing: [] };
  if (endsBefore(own, other)) return { more: fresh, missing: [] };
  if (endsBefore(other, own)) return { more: inside, missing: left };
  // Of one and the same day: the one that was made later has all lines of the other.
  return fresh.length > 0 && left.length > 0 ? { more: fresh, missing: left } : { more: inside, missing: [] };
}

function isComplete({ opening, closing }: Telling): boolean {
  return opening !== undefined && closing !== undefined;
}

function isWithin({ from, endsOn }: Telling, on: string): boolean {
  return from !== undefined && endsOn !== undefined && from < on && on < endsOn;
}

/** One that ends with what it began with may be followed by another of the same day that begins alike. */
function beginsAlike(a: Telling, b: Telling): boolean {
  const moves = a.opening !== a.closing && b.opening !== b.closing;
  return moves && a.startsOn !== undefined && a.startsOn === b.startsOn && a.opening === b.opening;
}

function endsBefore(a: Telling, b: Telling): boolean {
  return a.endsOn !== undefined && b.endsOn !== undefined && a.endsOn < b.endsOn;
}
