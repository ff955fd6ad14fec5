import { openBook } from './book.ts';
import { findAmountsOfParties } from './find-amounts-of-parties.ts';
import { findCombinations, findCompletions } from './find-combinations.ts';
import {
  findDoubtfulMentions,
  findNamedDifferences,
  findPartyDiscounts,
  findPartyFees,
} from './find-differences.ts';
import { findNamedCredits, findSilentCredits } from './find-credits.ts';
import { findGroups } from './find-groups.ts';
import { findOtherCurrencies } from './find-other-currencies.ts';
import { findReferences } from './find-references.ts';
import { findReturns } from './find-returns.ts';
import { findNamedSeries, findSilentSeries, findSplitPayments } from './find-several-lines.ts';
import { findUniqueAmounts } from './find-unique-amounts.ts';
import { findUnreportedGroups } from './find-unreported-groups.ts';
import { leaveTheRest } from './leave-the-rest.ts';
import type { MatchItem, MatchLine, MatchResult, MatchSettings } from './model.ts';
import { Run } from './run.ts';

const defaults: Required<MatchSettings> = { automaticFrom: 9_700, daysBefore: 120, daysAfter: 5 };

/** Each stage settles what it can prove and leaves the rest to the next, the strongest evidence first. */
const stages: readonly ((run: Run) => void)[] = [
  findReturns,
  findGroups,
  findReferences,
  findCompletions,
  findNamedSeries,
  findSplitPayments,
  findNamedCredits,
  findNamedDifferences,
  findUnreportedGroups,
  findAmountsOfParties,
  findCombinations,
  findSilentCredits,
  findSilentSeries,
  findPartyDiscounts,
  findOtherCurrencies,
  findPartyFees,
  findDoubtfulMentions,
  findUniqueAmounts,
  leaveTheRest,
];

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
