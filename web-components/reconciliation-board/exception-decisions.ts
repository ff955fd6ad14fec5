import type { CrossfootClient } from '../client/client.ts';
import type { BoardLine, LineException, Proposal } from './board.operations.ts';
import {
  applyResolution,
  assignException,
  commentException,
  declineRuleProposal,
  resolveException,
} from './decide.operations.ts';
import { nameOf, type Deed } from './decisions.ts';

/** What somebody says instead of, or beside, what is proposed. */
export interface ProposalChanges {
  readonly accountCode?: string;
  readonly memo?: string;
  readonly message?: string;
  readonly followUpOn?: string;
}

interface Applied {
  readonly exception: {
    readonly line: { readonly match: { readonly id: string } | null } | null;
  } | null;
}

const onItsWay = 'Its match is not known here yet; take it back at the line.';
const entryStays = 'Its entry is in the books; reversing it there opens the line again.';

/** What is said of each way out, and why it cannot be taken back from the board; those without a reason can. */
const outcomes: Record<
  Proposal['kind'],
  { readonly verdict: Deed['verdict']; readonly said: string; readonly lasting?: string }
> = {
  MATCH: { verdict: 'match', said: 'Matched' },
  SPLIT: { verdict: 'match', said: 'Split' },
  BOOK: { verdict: 'book', said: 'Booked', lasting: entryStays },
  MAKE_RULE: {
    verdict: 'book',
    said: 'Made a rule and booked',
    lasting: `${entryStays} The rule stays in force until it is retired.`,
  },
  RESOLVE: { verdict: 'resolve', said: 'Closed the exception of', lasting: 'The line is open again.' },
  RELEASE: { verdict: 'resolve', said: 'Released the statement of', lasting: 'Its lines are in use.' },
  ASK: { verdict: 'ask', said: 'Noted the question about', lasting: 'What was said is never changed.' },
};

/** Carries out a way out of the exception of a line; throws a Failure when it is refused. */
export async function applyProposal(
  client: CrossfootClient,
  line: BoardLine,
  { exception, proposal, changes }: Chosen,
): Promise<Deed> {
  const { exception: after } = await client.change<Applied>(applyResolution, {
    exceptionId: exception.id,
    proposalId: proposal.id,
    ...changes,
  });
  const { verdict, said, lasting } = outcomes[proposal.kind];
  const matchId = verdict === 'match' ? after?.line?.match?.id : undefined;
  return {
    verdict,
    said: `${said} ${nameOf(line)}`,
    lineIds: [line.id],
    matchIds: matchId === undefined ? [] : [matchId],
    ...(verdict === 'match' && matchId === undefined ? { lasting: onItsWay } : {}),
    ...(lasting === undefined ? {} : { lasting }),
  };
}

/** A way out of an exception, with what was changed about it. */
export interface Chosen {
  readonly exception: LineException;
  readonly proposal: Proposal;
  readonly changes: ProposalChanges;
}

/** Closes the exception of a line with words; throws a Failure when it is refused. */
export async function closeWithWords(
  client: CrossfootClient,
  line: BoardLine,
  { exceptionId, resolution }: { readonly exceptionId: string; readonly resolution: string },
): Promise<Deed> {
  await client.change(resolveException, { exceptionId, resolution });
  const { verdict, said, lasting } = outcomes.RESOLVE;
  return {
    verdict,
    said: `${said} ${nameOf(line)}`,
    lineIds: [line.id],
    matchIds: [],
    ...(lasting === undefined ? {} : { lasting }),
  };
}

/** Says something about an exception; throws a Failure when it is refused. */
export async function sayAbout(client: CrossfootClient, exceptionId: string, text: string): Promise<void> {
  await client.change(commentException, { exceptionId, text });
}

/** Makes somebody look after an exception; throws a Failure when it is refused. */
export async function giveTo(client: CrossfootClient, exceptionId: string, memberId: string): Promise<void> {
  await client.change(assignException, { exceptionId, memberId });
}

/** Says no to a proposed rule for good; throws a Failure when it is refused. */
export async function refuseRule(client: CrossfootClient, proposalId: string): Promise<void> {
  await client.change(declineRuleProposal, { bookId: client.book, proposalId });
}
