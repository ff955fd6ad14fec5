import { openBook } from './book.ts';
import { leaveTheRest } from './leave-the-rest.ts';
import type { MatchItem, MatchLine, MatchResult, MatchSettings } from './model.ts';
import { namedStages } from './named-stages.ts';
import { Run } from './run.ts';
import { silentStages } from './silent-stages.ts';

/** From which confidence, in basis points, a match stands by itself in a book without a history of its own. */
export const shippedThreshold = 9_700;

const defaults: Required<MatchSettings> = {
  automaticFrom: shippedThreshold,
  daysBefore: 120,
  daysAfter: 5,
};

/** Each stage settles what it can prove and leaves the rest to the next, the strongest evidence first. */
const stages = [...namedStages, ...silentStages, leaveTheRest];

/**
 * Matches bank lines with open items. Pure: the same lines and items give the same result in whatever order they
 * come. Every line ends in exactly one match or in `unmatched`; no line and no item is used beyond its amount.
 */
export function matchLines(
  lines: readonly MatchLine[],
  items: readonly MatchItem[],
  settings: MatchSettings = {},
): MatchResult {
  const run = new Run(openBook(lines, items), {
    automaticFrom: settings.automaticFrom ?? defaults.automaticFrom,
    daysBefore: settings.daysBefore ?? defaults.daysBefore,
    daysAfter: settings.daysAfter ?? defaults.daysAfter,
  });
  for (const stage of stages) stage(run);
  return { matches: run.matches, unmatched: run.unmatched };
}
