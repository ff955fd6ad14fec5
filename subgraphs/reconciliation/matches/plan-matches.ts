import { subtract } from '#kernel/money';
import { contentOfMatch } from './content-of-match.ts';
import { judge, type JudgedMatch, type Policy } from '../matching/act-alone.ts';
import type { MatchItem, MatchLine, MatchResult, ProposedMatch, UnmatchedLine } from '../matching/model.ts';

/** A bank line as a run of the matcher sees it, with what the run needs to store its outcome. */
export interface OpenLine extends MatchLine {
  readonly bankAccountId: string;
  readonly statementId: string;
  readonly importedBy?: string;
  readonly transactionCode?: string;
}

/** A suggestion of an earlier run. */
export interface Suggestion {
  readonly id: string;
  readonly content: string;
  readonly lineIds: readonly string[];
}

/** What a run works on. */
export interface OpenBook {
  readonly lines: readonly OpenLine[];
  readonly items: readonly MatchItem[];
  readonly suggestions: readonly Suggestion[];
  /** Open item ids a person has declined, by line. */
  readonly declined: ReadonlyMap<string, ReadonlySet<string>>;
  /** The lines to decide on; the others are there because they can be mixed up with them. */
  readonly focus: ReadonlySet<string>;
}

/** A match with the account its lines are of, in whose currency they are. */
export interface PlacedMatch extends JudgedMatch {
  readonly bankAccountId: string;
  readonly currency: string;
}

/** What a run leads to. */
export interface Plan {
  readonly withdrawn: readonly string[];
  readonly accepted: readonly PlacedMatch[];
  readonly suggested: readonly PlacedMatch[];
  /** Suggestions that stand and were found again. */
  readonly kept: readonly PlacedMatch[];
  readonly unmatched: readonly UnmatchedLine[];
}

type Matcher = (lines: readonly MatchLine[], items: readonly MatchItem[]) => Promise<MatchResult>;

/** What a plan is made by. */
export interface Planner {
  /** Calls automatic whatever need not be seen by a person, however sure it is. */
  readonly match: Matcher;
  readonly policy: Policy;
}

/** Matches the open lines and compares the outcome with the suggestions that stand; nothing declined comes back. */
export async function planMatches(book: OpenBook, { match, policy }: Planner): Promise<Plan> {
  const first = await match(book.lines, book.items);
  const blocked = first.matches.filter((one) => isDeclined(one, book.declined));
  const second = blocked.length > 0 ? await matchAgain(book, { first, blocked }, match) : noResult;
  const concerns = (lineIds: readonly string[]) => lineIds.some((id) => book.focus.has(id));
  const lines = new Map(book.lines.map((line) => [line.id, line]));
  const items = new Map(book.items.map((item) => [item.id, item]));
  const possible: PlacedMatch[] = [];
  const spread: ProposedMatch[] = [];
  for (const match of [...first.matches.filter((one) => !blocked.includes(one)), ...second.matches]) {
    if (!concerns(match.lineIds)) continue;
    const own = match.lineIds.flatMap((id) => lines.get(id) ?? []);
    const [line, ...others] = own;
    if (!line) throw new Error('The matcher answered a line it was not given');
    const { bankAccountId, amount } = line;
    if (others.some((other) => other.bankAccountId !== bankAccountId)) {
      spread.push(match);
      continue;
    }
    const rows = { lines: own, items: match.items.flatMap(({ id }) => items.get(id) ?? []) };
    possible.push({ ...judge(match, rows, policy), bankAccountId, currency: amount.currency });
  }
  const unmatched = [...first.unmatched, ...second.unmatched, ...spread.flatMap(overAccounts)];
  return compare(
    book,
    possible,
    unmatched.filter(({ lineId }) => book.focus.has(lineId)),
  );
}

/** What is new, what stays, and what has to go because the run found something else. */
function compare(
  book: OpenBook,
  possible: readonly PlacedMatch[],
  unmatched: readonly UnmatchedLine[],
): Plan {
  const standing = new Set(book.suggestions.map(({ content }) => content));
  const accepted = possible.filter((one) => one.automatic);
  const suggested = possible.filter((one) => !one.automatic);
  const kept = new Set(suggested.map(contentOfMatch).filter((content) => standing.has(content)));
  const decided = new Set([...book.focus, ...possible.flatMap((one) => one.lineIds)]);
  return {
    withdrawn: book.suggestions
      .filter(({ content, lineIds }) => !kept.has(content) && lineIds.some((id) => decided.has(id)))
      .map(({ id }) => id),
    accepted,
    suggested: suggested.filter((one) => !kept.has(contentOfMatch(one))),
    kept: suggested.filter((one) => kept.has(contentOfMatch(one))),
    unmatched,
  };
}

const noResult: MatchResult = { matches: [], unmatched: [] };

/**
 * Matches the lines of declined matches once more, without the items that were declined and with what the others left.
 * The matcher does not see the whole book this time, so a person has to agree.
 */
async function matchAgain(
  book: OpenBook,
  { first, blocked }: { first: MatchResult; blocked: readonly ProposedMatch[] },
  match: Matcher,
): Promise<MatchResult> {
  const lineIds = new Set(blocked.flatMap((one) => one.lineIds));
  const out = new Set([...lineIds].flatMap((id) => [...(book.declined.get(id) ?? [])]));
  const applied = first.matches.filter((one) => !blocked.includes(one)).flatMap((one) => one.items);
  const left = new Map(book.items.filter(({ id }) => !out.has(id)).map((item) => [item.id, item]));
  for (const use of applied) {
    const item = left.get(use.id);
    if (item) left.set(item.id, { ...item, open: subtract(item.open, use.applied) });
  }
  const again = await match(
    book.lines.filter(({ id }) => lineIds.has(id)),
    [...left.values()].filter(({ open }) => open.minor !== 0n),
  );
  return {
    matches: again.matches.map((one) => ({ ...one, automatic: false })),
    unmatched: again.unmatched.map((one) => ({
      ...one,
      detail: `What fitted best was declined or undone. ${one.detail}`,
    })),
  };
}

function isDeclined(match: ProposedMatch, declined: OpenBook['declined']): boolean {
  return match.lineIds.some((lineId) => match.items.some(({ id }) => declined.get(lineId)?.has(id)));
}

/** One entry of the ledger moves one bank account, so payments into several are for a person to settle. */
function overAccounts(match: ProposedMatch): UnmatchedLine[] {
  return match.lineIds.map((lineId) => ({
    lineId,
    reason: 'AMBIGUOUS',
    detail: 'Lines of several bank accounts seem to pay the same items; match each of them by hand.',
    relatedLineIds: match.lineIds.filter((other) => other !== lineId),
  }));
}
