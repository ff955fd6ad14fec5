import { subtract } from '#kernel/money';
import { contentOfMatch } from './content-of-match.ts';
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
}

/** What a run works on. */
export interface OpenBook {
  readonly lines: readonly OpenLine[];
  readonly items: readonly MatchItem[];
  readonly suggestions: readonly Suggestion[];
  /** Open item ids a person has declined, by line. */
  readonly declined: ReadonlyMap<string, ReadonlySet<string>>;
}

/** A match with the account its lines are of, in whose currency they are. */
export interface PlacedMatch extends ProposedMatch {
  readonly bankAccountId: string;
  readonly currency: string;
}

/** What a run leads to. */
export interface Plan {
  readonly withdrawn: readonly string[];
  readonly accepted: readonly PlacedMatch[];
  readonly suggested: readonly PlacedMatch[];
  readonly unmatched: readonly UnmatchedLine[];
}

type Matcher = (lines: readonly MatchLine[], items: readonly MatchItem[]) => Promise<MatchResult>;

/** Matches the open lines and compares the outcome with the suggestions that stand; nothing declined comes back. */
export async function planMatches(book: OpenBook, match: Matcher): Promise<Plan> {
  const first = await match(book.lines, book.items);
  const blocked = first.matches.filter((one) => isDeclined(one, book.declined));
  const second = blocked.length > 0 ? await matchAgain(book, { first, blocked }, match) : noResult;
  const lines = new Map(book.lines.map((line) => [line.id, line]));
  const possible: PlacedMatch[] = [];
  const spread: ProposedMatch[] = [];
  for (const match of [...first.matches.filter((one) => !blocked.includes(one)), ...second.matches]) {
    const [line, ...others] = match.lineIds.flatMap((id) => lines.get(id) ?? []);
    if (!line) throw new Error('The matcher answered a line it was not given');
    const { bankAccountId, amount } = line;
    if (others.some((other) => other.bankAccountId !== bankAccountId)) spread.push(match);
    else possible.push({ ...match, bankAccountId, currency: amount.currency });
  }
  const standing = new Map(book.suggestions.map(({ content, id }) => [content, id]));
  const accepted = possible.filter((one) => one.automatic);
  const suggested = possible.filter((one) => !one.automatic);
  const kept = new Set(suggested.map(contentOfMatch).filter((content) => standing.has(content)));
  return {
    withdrawn: book.suggestions.filter(({ content }) => !kept.has(content)).map(({ id }) => id),
    accepted,
    suggested: suggested.filter((one) => !kept.has(contentOfMatch(one))),
    unmatched: [...first.unmatched, ...second.unmatched, ...spread.flatMap(overAccounts)],
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
