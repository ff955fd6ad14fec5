import type { CrossfootClient } from '../client/client.ts';
import { failureOf, refused, type Failure } from '../client/failure.ts';
import { nodesOf, type Money } from '../client/values.ts';
import { acceptMatch, declineMatch } from '../match-review/decide.operations.ts';
import {
  boardSuggestions,
  declinedPairs,
  type BoardLine,
  type BoardSuggestion,
  type BoardSuggestions,
  type DeclinedPairs,
} from './board.operations.ts';
import {
  acceptMatches,
  bookStatementLine,
  matchManually,
  undoMatches,
  withdrawDeclinedPair,
} from './decide.operations.ts';

/** What somebody did, and how it is taken back. */
export interface Deed {
  readonly verdict: 'accept' | 'decline' | 'match' | 'book' | 'resolve' | 'ask';
  /** What was done, as a sentence without its end: "Accepted Paper & Co.". */
  readonly said: string;
  readonly lineIds: readonly string[];
  /** The matches an undo takes back. */
  readonly matchIds: readonly string[];
  /** The match that was declined, whose pairs an undo lets be suggested again. */
  readonly declinedId?: string;
  /** Why it cannot be taken back from here. */
  readonly lasting?: string;
}

/** Open items and how much of each is paid, with an account for what is left. */
export interface Payment {
  readonly applied: readonly { readonly openItemId: string; readonly amount: Money }[];
  readonly differenceAccountCode?: string;
}

/** How a line is called in a message. */
export function nameOf(line: Pick<BoardLine, 'counterpartyName' | 'reference' | 'remittance'>): string {
  return line.counterpartyName ?? line.reference ?? (line.remittance.slice(0, 40) || 'Bank line');
}

function namesOf(lines: readonly BoardLine[]): string {
  return lines.length === 1 && lines[0] ? nameOf(lines[0]) : `${lines.length} lines`;
}

/** Accepts the suggestion that lines share; throws a Failure when it is refused. */
export async function acceptLines(
  client: CrossfootClient,
  lines: readonly BoardLine[],
  matchId: string,
): Promise<Deed> {
  await client.change(acceptMatch, { matchId });
  const lineIds = lines.map(({ id }) => id);
  return { verdict: 'accept', said: `Accepted ${namesOf(lines)}`, lineIds, matchIds: [matchId] };
}

/** Declines the suggestion of a line with a reason; throws a Failure when it is refused. */
export async function declineLine(
  client: CrossfootClient,
  line: BoardLine,
  { matchId, reason }: { matchId: string; reason: string },
): Promise<Deed> {
  await client.change(declineMatch, { matchId, reason });
  return {
    verdict: 'decline',
    said: `Declined the suggestion for ${nameOf(line)}`,
    lineIds: [line.id],
    matchIds: [],
    declinedId: matchId,
  };
}

/** Matches lines with items as chosen; throws a Failure when it is refused. */
export async function matchLines(
  client: CrossfootClient,
  lines: readonly BoardLine[],
  payment: Payment,
): Promise<Deed> {
  const lineIds = lines.map(({ id }) => id);
  const openItemIds = payment.applied.map(({ openItemId }) => openItemId);
  const { match } = await client.change<{ match: { id: string } | null }>(matchManually, {
    lineIds,
    openItemIds,
    ...payment,
  });
  const items = openItemIds.length === 1 ? '1 item' : `${openItemIds.length} items`;
  const said = `Matched ${namesOf(lines)} with ${items}`;
  return { verdict: 'match', said, lineIds, matchIds: match ? [match.id] : [] };
}

/** Books a line to an account; throws a Failure when it is refused. */
export async function bookLine(
  client: CrossfootClient,
  line: BoardLine,
  { accountCode, memo }: { accountCode: string; memo: string },
): Promise<Deed> {
  await client.change(bookStatementLine, { lineId: line.id, accountCode, ...(memo ? { memo } : {}) });
  return {
    verdict: 'book',
    said: `Booked ${nameOf(line)} to ${accountCode}`,
    lineIds: [line.id],
    matchIds: [],
    lasting: 'Its entry is in the books; reversing it there opens the line again.',
  };
}

/** What became of many matches: which went through, and why the first other one did not. */
export interface BulkOutcome {
  readonly done: readonly string[];
  readonly refused: number;
  readonly failure: Failure | undefined;
}

interface ManyMatches {
  readonly matches: readonly { readonly id: string }[] | null;
}

/** As many matches as one request takes. */
const atOnce = 200;

async function changeMany(
  client: CrossfootClient,
  operation: string,
  { matchIds, progress }: { matchIds: readonly string[]; progress: (done: number) => void },
): Promise<BulkOutcome> {
  const done: string[] = [];
  let failure: Failure | undefined;
  for (let from = 0; from < matchIds.length && !failure; from += atOnce) {
    const some = matchIds.slice(from, from + atOnce);
    try {
      const { matches, errors } = await client.attempt<ManyMatches>(operation, { matchIds: some });
      done.push(...(matches ?? []).map(({ id }) => id));
      failure ??= refused(errors);
    } catch (thrown) {
      failure = failureOf(thrown);
    }
    progress(Math.min(matchIds.length, from + atOnce));
  }
  return { done, refused: matchIds.length - done.length, failure };
}

/** Accepts many suggestions. */
export function acceptAll(
  client: CrossfootClient,
  matchIds: readonly string[],
  progress: (done: number) => void,
): Promise<BulkOutcome> {
  return changeMany(client, acceptMatches, { matchIds, progress });
}

/**
 * Takes back what was done: accepted matches are undone, and what was declined by that, or declined at first, may be
 * suggested again.
 */
export async function takeBack(
  client: CrossfootClient,
  deed: Pick<Deed, 'matchIds' | 'declinedId'>,
  progress: (done: number) => void,
): Promise<BulkOutcome> {
  const { matchIds, declinedId } = deed;
  const outcome = await changeMany(client, undoMatches, { matchIds, progress });
  const declined = new Set(declinedId ? [declinedId] : outcome.done);
  try {
    await suggestAgain(client, declined);
  } catch (thrown) {
    return { ...outcome, refused: outcome.refused + 1, failure: outcome.failure ?? failureOf(thrown) };
  }
  return outcome;
}

const pairPages = 4;

async function suggestAgain(client: CrossfootClient, matchIds: ReadonlySet<string>): Promise<void> {
  let after: string | null = null;
  for (let page = 0; page < pairPages && matchIds.size > 0; page += 1) {
    const { declinedPairs: pairs }: DeclinedPairs = await client.run<DeclinedPairs>(declinedPairs, {
      book: client.book,
      after,
    });
    const own = nodesOf(pairs).filter(({ match }) => match && matchIds.has(match.id));
    for (const { id } of own) await client.change(withdrawDeclinedPair, { declinedPairId: id });
    after = pairs.pageInfo.endCursor;
    if (!pairs.pageInfo.hasNextPage) return;
  }
}

const suggestionPages = 40;

/** All that is suggested in the book, up to twenty thousand. */
export async function allSuggestions(client: CrossfootClient): Promise<readonly BoardSuggestion[]> {
  const found: BoardSuggestion[] = [];
  let after: string | null = null;
  for (let page = 0; page < suggestionPages; page += 1) {
    const { matches }: BoardSuggestions = await client.run<BoardSuggestions>(boardSuggestions, {
      book: client.book,
      after,
    });
    found.push(...nodesOf(matches));
    after = matches.pageInfo.endCursor;
    if (!matches.pageInfo.hasNextPage) break;
  }
  return found;
}
