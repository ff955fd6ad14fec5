import type { JudgedMatch } from '../matching/act-alone.ts';
import type { UnmatchedLine } from '../matching/model.ts';
import type { Ask } from './find-concerned.ts';
import { loadOpenBook } from './load-open-book.ts';
import { planMatches } from './plan-matches.ts';
import { loadPolicy } from './policy.ts';
import { runMatcher } from './run-matcher.ts';
import { withoutPayouts } from './without-payouts.ts';

/** What a run over a book would lead to. */
export interface Proposals {
  readonly accepted: readonly JudgedMatch[];
  readonly suggested: readonly JudgedMatch[];
  /** Suggestions that stand and would go on standing. */
  readonly kept: readonly JudgedMatch[];
  readonly unmatched: readonly UnmatchedLine[];
  /** Suggestions that a run would take back. */
  readonly withdrawn: readonly string[];
}

/** Does what a run over all that is open would do, and keeps nothing. */
export async function proposeMatches(ask: Ask, bookId: string): Promise<Proposals> {
  const book = await withoutPayouts({ query: ask }, bookId, await loadOpenBook(ask, bookId, 'all'));
  return planMatches(book, { match: runMatcher, policy: await loadPolicy(ask, bookId) });
}
