/** A statement as one link of the chain of an account; balances in minor units of the account's currency. */
export interface ChainLink {
  /** The day of the first line. */
  readonly startsOn?: string;
  readonly endsOn?: string;
  readonly opening?: bigint;
  readonly closing?: bigint;
}

/** What does not join: the closing balance before, and what the statement opens with. */
export interface ChainGap {
  readonly endsOn: string;
  readonly closing: bigint;
  readonly opening: bigint;
}

/**
 * Whether a statement opens with what the last one before it closed with. Nothing can be said, and undefined is
 * answered, of the first statement, without balances, or where statements overlap.
 */
export function findGap(statement: ChainLink, others: readonly ChainLink[]): ChainGap | undefined {
  const { startsOn, opening } = statement;
  if (startsOn === undefined || opening === undefined) return undefined;
  let last: { endsOn: string; closings: bigint[] } | undefined;
  for (const other of others) {
    if (other.endsOn === undefined || other.closing === undefined || other.startsOn === undefined) continue;
    if (other.startsOn > startsOn) continue;
    // A statement that reaches into this one, or ends on the day on which it begins, may hold lines of both.
    if (other.endsOn >= startsOn) return undefined;
    if (last === undefined || other.endsOn > last.endsOn) last = { endsOn: other.endsOn, closings: [] };
    if (other.endsOn === last.endsOn) last.closings.push(other.closing);
  }
  if (last === undefined || last.closings.includes(opening)) return undefined;
  return { endsOn: last.endsOn, closing: last.closings[0] ?? 0n, opening };
}

/**
 * The statements that a statement goes on from within one day: they end on the day on which it begins, with what it
 * opens with. One that opens alike is no predecessor but a shorter telling of the same day.
 */
export function predecessorsOfTheDay<Link extends ChainLink>(
  statement: ChainLink,
  others: readonly Link[],
): Link[] {
  const { startsOn, opening } = statement;
  if (startsOn === undefined || opening === undefined) return [];
  return others.filter(
    (other) => other.endsOn === startsOn && other.closing === opening && other.opening !== opening,
  );
}
