import { words } from '../base/format.ts';
import type { CrossfootClient } from '../client/client.ts';
import { nodesOf, type Money } from '../client/values.ts';
import {
  waitingApprovals,
  waitingMatches,
  type WaitingApproval,
  type WaitingApprovals,
  type WaitingMatch,
  type WaitingMatches,
} from './review-queue.operations.ts';

/** What a row is about. */
export type RowKind = 'approval' | 'match';

/** One line of the queue, whatever it is about. */
export interface QueueRow {
  readonly key: string;
  readonly kind: RowKind;
  readonly id: string;
  /** Version an approval is decided at; 0 for a match. */
  readonly version: number;
  readonly title: string;
  readonly detail: string;
  readonly amount: Money | undefined;
  readonly confidence: string | undefined;
  /** Why the viewer cannot decide it, if so. */
  readonly blocked: string | undefined;
  readonly since: string;
  readonly dueAt: string | undefined;
}

function approvalRow(request: WaitingApproval): QueueRow {
  const { draft } = request;
  const document = draft?.document;
  const what = [document ? words(document.kind) : undefined, document?.number].filter(Boolean).join(' ');
  const level = request.levels > 1 ? `level ${request.level} of ${request.levels}` : undefined;
  const title = draft?.vendor?.name ?? document?.counterpartyName ?? draft?.description ?? 'Draft';
  return {
    key: `approval:${request.id}`,
    kind: 'approval',
    id: request.id,
    version: request.version,
    title,
    detail: [what || draft?.description, level].filter(Boolean).join(' · '),
    amount: request.total,
    confidence: draft?.confidence,
    blocked: request.viewerCanDecide ? undefined : (request.viewerBlockedReason ?? 'You cannot decide this.'),
    since: request.requestedAt,
    dueAt: request.dueAt ?? undefined,
  };
}

function matchRow(match: WaitingMatch): QueueRow {
  const line = match.lines[0];
  const item = match.items[0]?.openItem;
  const more = match.items.length > 1 ? ` and ${match.items.length - 1} more` : '';
  return {
    key: `match:${match.id}`,
    kind: 'match',
    id: match.id,
    version: 0,
    title: line?.counterpartyName ?? line?.reference ?? line?.remittance ?? 'Bank line',
    detail: item ? `Likely ${item.reference ?? item.label}${more}` : 'Bank line',
    amount: line?.amount,
    confidence: match.confidence,
    blocked: undefined,
    since: match.createdAt,
    dueAt: undefined,
  };
}

/** The rows of the queue, what has waited longest first. */
export function queueRows(
  approvals: readonly WaitingApproval[],
  matches: readonly WaitingMatch[],
): readonly QueueRow[] {
  const rows = [...approvals.map(approvalRow), ...matches.map(matchRow)];
  return rows.sort((a, b) => a.since.localeCompare(b.since) || a.key.localeCompare(b.key));
}

/** Fetches what waits. One half is still useful when the session may not see the other. */
export async function loadQueue(client: CrossfootClient): Promise<readonly QueueRow[]> {
  const [approvals, matches] = await Promise.allSettled([
    client.run<WaitingApprovals>(waitingApprovals, { book: client.book }),
    client.run<WaitingMatches>(waitingMatches, { book: client.book }),
  ]);
  if (approvals.status === 'rejected' && matches.status === 'rejected') throw approvals.reason;
  return queueRows(
    approvals.status === 'fulfilled' ? nodesOf(approvals.value.approvalRequests) : [],
    matches.status === 'fulfilled' ? nodesOf(matches.value.matches) : [],
  );
}
