import type { Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';

/** Which status of a request may follow which. A change of the draft after its approval opens the question again. */
export const approvalTransitions = {
  PENDING: ['APPROVED', 'REJECTED', 'CANCELLED'],
  AUTO_APPROVED: ['PENDING'],
  APPROVED: ['PENDING'],
  REJECTED: [],
  CANCELLED: [],
} as const satisfies Record<string, readonly string[]>;

/** One status of an approval request. */
export type ApprovalStatus = keyof typeof approvalTransitions;

/** A request as commands lock it. */
export interface RequestRow {
  readonly id: string;
  readonly book_id: string;
  readonly draft_id: string;
  /** The version of the draft it asks about. */
  readonly draft_version: number;
  readonly status: ApprovalStatus;
  readonly level: number;
  readonly levels: number;
  readonly version: number;
  readonly submitters: readonly string[];
}

/** Locks the request of a draft, or undefined when it has none. */
export function lockRequestOfDraft(
  transaction: Transaction,
  draftId: string,
): Promise<RequestRow | undefined> {
  return transaction.maybe<RequestRow>(
    `select id, book_id, draft_id, draft_version, status, level, levels, version, submitters
       from approvals.approval_request where draft_id = $1 for update`,
    [draftId],
  );
}

/** Locks a request by its id; throws NOT_FOUND. */
export function lockRequest(transaction: Transaction, id: string): Promise<RequestRow> {
  return transaction.require<RequestRow>(
    `There is no approval request ${id}`,
    `select id, book_id, draft_id, draft_version, status, level, levels, version, submitters
       from approvals.approval_request where id = $1 for update`,
    [id],
  );
}

/** Whether a request may go from one status to another. */
export function mayBecome(from: ApprovalStatus, to: ApprovalStatus): boolean {
  return (approvalTransitions[from] as readonly ApprovalStatus[]).includes(to);
}

/** Ends a request; throws ALREADY_DECIDED when it has ended before. */
export async function endRequest(
  transaction: Transaction,
  request: RequestRow,
  to: ApprovalStatus,
): Promise<void> {
  if (!mayBecome(request.status, to)) {
    throw new CrossfootError('ALREADY_DECIDED', `The request is ${request.status} already`);
  }
  await transaction.query(
    'update approvals.approval_request set status = $2, decided_at = $3, version = version + 1 where id = $1',
    [request.id, to, transaction.now],
  );
}
