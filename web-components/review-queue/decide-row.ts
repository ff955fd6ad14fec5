import { decideRequest, type DecideRequest } from '../approval-card/decide.operations.ts';
import type { CrossfootClient } from '../client/client.ts';
import { acceptMatch, declineMatch } from '../match-review/decide.operations.ts';
import type { QueueRow } from './queue-rows.ts';

/** Approves the request or accepts the match of a row; throws a Failure when it is refused. */
export async function approveRow(client: CrossfootClient, row: QueueRow): Promise<void> {
  if (row.kind === 'match') await client.change(acceptMatch, { matchId: row.id });
  else await client.change(decideRequest, decision(row, { verdict: 'APPROVE' }));
}

/** Rejects the request or declines the match of a row, with the reason; throws a Failure when it is refused. */
export async function rejectRow(client: CrossfootClient, row: QueueRow, reason: string): Promise<void> {
  if (row.kind === 'match') await client.change(declineMatch, { matchId: row.id, reason });
  else await client.change(decideRequest, decision(row, { verdict: 'REJECT', comment: reason }));
}

function decision(row: QueueRow, verdict: Pick<DecideRequest, 'verdict' | 'comment'>): DecideRequest {
  return { approvalRequestId: row.id, version: row.version, ...verdict };
}
