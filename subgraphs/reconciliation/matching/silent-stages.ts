import { findAmountsOfParties } from './find-amounts-of-parties.ts';
import { findClosedGroups } from './find-closed-groups.ts';
import { findCombinations, findRoughCombinations } from './find-combinations.ts';
import { findSilentCredits } from './find-credits.ts';
import { findDoubtfulMentions, findPartyDiscounts, findPartyFees } from './find-differences.ts';
import { findEqualParts } from './find-equal-parts.ts';
import { findPartyCurrencies } from './find-other-currencies.ts';
import { findSilentSeries } from './find-several-lines.ts';
import { findUniqueAmounts } from './find-unique-amounts.ts';
import { findUnreportedGroups } from './find-unreported-groups.ts';
import type { Run } from './run.ts';

/** The stages for lines that say who pays or nothing at all: in order, exact sums before explained differences. */
export const silentStages: readonly ((run: Run) => void)[] = [
  findUnreportedGroups,
  findAmountsOfParties,
  findCombinations,
  findSilentCredits,
  findEqualParts,
  findClosedGroups,
  findSilentSeries,
  findPartyDiscounts,
  findPartyCurrencies,
  findPartyFees,
  findRoughCombinations,
  findDoubtfulMentions,
  findUniqueAmounts,
];
