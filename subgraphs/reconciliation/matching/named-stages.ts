import { findCompletions } from './find-combinations.ts';
import { findNamedCredits } from './find-credits.ts';
import { findNamedDifferences } from './find-differences.ts';
import { findFurtherParts } from './find-equal-parts.ts';
import { findGroups } from './find-groups.ts';
import { findNearReferences } from './find-near-references.ts';
import { findNamedCurrencies } from './find-other-currencies.ts';
import { findReferences } from './find-references.ts';
import { findReturns } from './find-returns.ts';
import { findNamedSeries, findSplitPayments } from './find-several-lines.ts';
import type { Run } from './run.ts';

/** The stages for lines that say what they pay: in order, the strongest evidence first. */
export const namedStages: readonly ((run: Run) => void)[] = [
  findReturns,
  findGroups,
  findReferences,
  findCompletions,
  findNamedSeries,
  findSplitPayments,
  findNamedCredits,
  findNearReferences,
  findNamedDifferences,
  findNamedCurrencies,
  findFurtherParts,
];
