import type { Connection, Money, Person } from '../client/values.ts';

/** The approvals of the book that wait for a decision. */
export const pendingApprovals = `query PendingApprovals($book: ID!) {
  approvalRequests(bookId: $book, status: PENDING, first: 200) {
    totalCount
    edges { node {
      id version level levels summary reason requestedAt dueAt viewerCanDecide viewerBlockedReason
      total { amount currency }
      submittedBy { id name }
      draft { id vendor { id name } document { id counterpartyName } }
    } }
  }
}`;

/** An approval as the inbox lists it. */
export interface PendingApproval {
  readonly id: string;
  readonly version: number;
  readonly level: number;
  readonly levels: number;
  readonly summary: string;
  readonly reason: string;
  readonly requestedAt: string;
  readonly dueAt: string | null;
  readonly viewerCanDecide: boolean;
  readonly viewerBlockedReason: string | null;
  readonly total: Money;
  readonly submittedBy: Person | null;
  readonly draft: {
    readonly id: string;
    readonly vendor: Person | null;
    readonly document: { readonly id: string; readonly counterpartyName: string | null } | null;
  } | null;
}

/** Answer to `pendingApprovals`. */
export interface PendingApprovals {
  readonly approvalRequests: Connection<PendingApproval>;
}
