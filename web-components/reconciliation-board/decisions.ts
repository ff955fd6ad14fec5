import type { CrossfootClient } from '../client/client.ts';
import { failureOf, type Failure } from '../client/failure.ts';
import { acceptMatch, declineMatch, undoMatch } from '../match-review/decide.operations.ts';
import type { BoardLine } from './board.operations.ts';
import { bookStatementLine, matchManually } from './decide.operations.ts';

/** What somebody did, and how it is taken back. */
export interface Deed {
  readonly verdict: 'accept' | 'decline' | 'match' | 'book';
  /** What was done, as a sentence without its end: "Accepted Paper & Co.". */
  readonly said: string;
  readonly lineIds: readonly string[];
  /** The matches an undo takes back; none where it cannot be taken back from here. */
  readonly matchIds: readonly string[];
  /** Why it cannot be taken back from here. */
  readonly lasting?: string;
}

/** An open item and how much of it is paid, as an exact decimal. */
export interface PaidItem {
  readonly openItemId: string;
  readonly amount: string;
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
    lasting: 'A declined pair is not suggested again; choose the item and match it by hand.',
  };
}

/** Matches lines with items as chosen; throws a Failure when it is refused. */
export async function matchLines(
  client: CrossfootClient,
  lines: readonly BoardLine[],
  paid: readonly PaidItem[],
): Promise<Deed> {
  const lineIds = lines.map(({ id }) => id);
  const { match } = await client.change<{ match: { id: string } | null }>(matchManually, {
    lineIds,
    openItemIds: paid.map(({ openItemId }) => openItemId),
    amounts: paid.map(({ amount }) => amount),
  });
  const items = paid.length === 1 ? '1 item' : `${paid.length} items`;
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

const sideBySide = 4;

/** Does one thing to many matches, a few side by side; one refused does not stop the others. */
export async function forEachMatch(
  matchIds: readonly string[],
  change: (matchId: string) => Promise<unknown>,
  progress: (done: number) => void,
): Promise<BulkOutcome> {
  const left = [...matchIds];
  const done: string[] = [];
  let refused = 0;
  let failure: Failure | undefined;
  const work = async (): Promise<void> => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) {
      try {
        await change(id);
        done.push(id);
      } catch (thrown) {
        refused += 1;
        failure ??= failureOf(thrown);
      }
      progress(done.length + refused);
    }
  };
  await Promise.all(Array.from({ length: sideBySide }, work));
  return { done, refused, failure };
}

/** Accepts many suggestions. */
export function acceptAll(
  client: CrossfootClient,
  matchIds: readonly string[],
  progress: (done: number) => void,
): Promise<BulkOutcome> {
  return forEachMatch(matchIds, (matchId) => client.change(acceptMatch, { matchId }), progress);
}

/** Takes many accepted matches back. */
export function undoAll(
  client: CrossfootClient,
  matchIds: readonly string[],
  progress: (done: number) => void,
): Promise<BulkOutcome> {
  return forEachMatch(matchIds, (matchId) => client.change(undoMatch, { matchId }), progress);
}
